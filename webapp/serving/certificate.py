"""A certificate for the local network: cryptography's only home.

Browsers allow the camera on https pages only, and nobody signs certificates for an address such as 192.168.0.7. So the
server is its own authority, created once and stored; a phone has to trust it only once. The authority is restricted to
local names and private addresses (RFC 5280, section 4.2.1.10), so that its key is worth little to a thief.
"""

import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from webapp.errors import SettingsError

AUTHORITY = "authority.pem"
_AUTHORITY_KEY, _CHAIN, _KEY = "authority.key", "server.pem", "server.key"
_AUTHORITY_LASTS, _SERVER_LASTS, _RENEWED_BEFORE = timedelta(days=3650), timedelta(days=397), timedelta(days=30)
"""Browsers refuse server certificates valid for more than 398 days."""
_LOCAL_NAMES = ("localhost", "local", "lan", "home.arpa", "internal")
_LOCAL_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
) + tuple(ip_network(text) for text in ("::1/128", "fc00::/7", "fe80::/10"))


@dataclass(frozen=True, slots=True)
class Pair:
    """PEM files of a certificate chain and its private key."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return a server's TLS context. Raises SettingsError if the files cannot be read or do not match."""
        for path in (self.certificate, self.key):
            _check_readable(path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as exc:
            raise SettingsError(
                f"{self.certificate} and {self.key} are not a certificate and its private key in PEM format: {exc}"
            ) from exc
        return context


def _check_readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as exc:
        raise SettingsError(
            f"{path} cannot be read ({exc.strerror}); correct --certificate or --certificate-key."
        ) from exc


def covers(name: str) -> bool:
    """Return whether a self-made certificate can be for this name or address: only if it is local."""
    return _subject(name) is not None


def local_certificate(folder: Path, names: Sequence[str], now: datetime | None = None) -> Pair:
    """Return the folder's certificate for these names and addresses, created or renewed if necessary.

    Names that are not local are left out. Raises SettingsError if the folder cannot be used.
    """
    now = now or datetime.now(UTC)
    pair = Pair(folder / _CHAIN, folder / _KEY)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        authority, authority_key = _authority(folder, now)
        wanted = _subjects(names)
        if not _serves(pair, authority, wanted, now):
            _make_server(pair, authority, authority_key, wanted, now)
    except (OSError, ValueError, TypeError) as exc:
        raise SettingsError(f"The certificate in {folder} cannot be read or created: {exc}") from exc
    return pair


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key = folder / AUTHORITY, folder / _AUTHORITY_KEY
    if certificate.is_file() and key.is_file():
        kept, kept_key = x509.load_pem_x509_certificate(certificate.read_bytes()), _read_key(key)
        if kept.public_key() == kept_key.public_key() and kept.not_valid_after_utc - now > _SERVER_LASTS:
            return kept, kept_key
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PoseCoach on the local network")])
    built = (
        _draft(name, name, private.public_key(), now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(_allowed(), None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(private, hashes.SHA256())
    )
    _write_key(key, private)
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    return built, private


def _allowed() -> list[x509.GeneralName]:
    return [*map(x509.DNSName, _LOCAL_NAMES), *map(x509.IPAddress, _LOCAL_NETWORKS)]


def _subjects(names: Sequence[str]) -> list[x509.GeneralName]:
    """Return the local names and addresses, without duplicates, the machine's own first."""
    found: list[x509.GeneralName] = []
    for name in ("localhost", "127.0.0.1", "::1", *names):
        subject = _subject(name)
        if subject is not None and subject not in found:
            found.append(subject)
    return found


def _subject(name: str) -> x509.GeneralName | None:
    try:
        address = ip_address(name)
    except ValueError:
        return x509.DNSName(name) if name.rpartition(".")[2] in _LOCAL_NAMES else None
    return x509.IPAddress(address) if any(address in network for network in _LOCAL_NETWORKS) else None


def _serves(pair: Pair, authority: x509.Certificate, wanted: Sequence[x509.GeneralName], now: datetime) -> bool:
    """Return whether the files can be used; a server killed in between leaves an old certificate beside a new key."""
    if not (pair.certificate.is_file() and pair.key.is_file()):
        return False
    kept = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    signed = kept.issuer == authority.subject and kept.extensions.get_extension_for_class(
        x509.AuthorityKeyIdentifier
    ).value == x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(authority))
    if not signed or kept.public_key() != _read_key(pair.key).public_key():
        return False
    return set(wanted) <= set(names) and kept.not_valid_after_utc - now > _RENEWED_BEFORE


def _make_server(
    pair: Pair,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    wanted: Sequence[x509.GeneralName],
    now: datetime,
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PoseCoach")])
    built = (
        _draft(name, authority.subject, private.public_key(), now, _SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(authority)), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_key(pair.key, private)
    pem = serialization.Encoding.PEM
    pair.certificate.write_bytes(built.public_bytes(pem) + authority.public_bytes(pem))


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # phones' clocks differ
        .not_valid_after(now + lasts - timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _public(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("its key is not an elliptic-curve key")
    return key


def _read_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{file} is not an elliptic-curve key")
    return key


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a key that only its owner may read, replacing a former one."""
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as made:
        made.write(text)
