import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from webapp.errors import SettingsError
from webapp.serving.certificate import AUTHORITY, Pair, local_certificate

TODAY = datetime.now(UTC)
HOME = ["192.168.0.7", "kitchen.local"]


def names(pair):
    kept = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    return {str(name.value) for name in kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value}


def believed(folder, pair, kind, name) -> bool:
    """Whether OpenSSL, which trusts the folder's authority, accepts the certificate for a name."""
    verified = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", folder / AUTHORITY, kind, name, pair.certificate],
        capture_output=True,
        check=False,
    )
    return verified.returncode == 0


def test_the_certificate_is_for_this_machine_and_its_local_addresses(tmp_path):
    assert names(local_certificate(tmp_path, HOME)) == {"localhost", "127.0.0.1", "::1", *HOME}


def test_a_name_of_the_open_network_is_left_out(tmp_path):
    assert "example.org" not in names(local_certificate(tmp_path, ["example.org", "8.8.8.8"]))


def test_it_is_kept_from_start_to_start(tmp_path):
    first = local_certificate(tmp_path, HOME).certificate.read_bytes()
    assert local_certificate(tmp_path, HOME).certificate.read_bytes() == first


@pytest.mark.parametrize("change", [{"names": ["192.168.0.8"]}, {"now": TODAY + timedelta(days=380)}])
def test_a_new_address_or_its_age_renews_the_certificate_and_keeps_the_authority(tmp_path, change):
    first = local_certificate(tmp_path, HOME, TODAY).certificate.read_bytes()
    authority = (tmp_path / AUTHORITY).read_bytes()
    again = local_certificate(tmp_path, **{"names": HOME, "now": TODAY, **change})
    assert again.certificate.read_bytes() != first
    assert (tmp_path / AUTHORITY).read_bytes() == authority


@pytest.mark.parametrize(("key", "name"), [("server.key", "192.168.0.7"), ("authority.key", "192.168.0.8")])
def test_a_certificate_left_beside_a_new_key_by_a_killed_server_is_made_anew(tmp_path, key, name):
    local_certificate(tmp_path, HOME)
    local_certificate(tmp_path / "other", HOME)
    (tmp_path / "other" / key).replace(tmp_path / key)
    pair = local_certificate(tmp_path, [name])
    assert isinstance(pair.context(), ssl.SSLContext)
    assert believed(tmp_path, pair, "-verify_ip", name)


def test_nobody_else_may_read_the_keys(tmp_path):
    local_certificate(tmp_path, HOME)
    assert {stat.S_IMODE(key.stat().st_mode) for key in tmp_path.glob("*.key")} == {0o600}


@pytest.mark.parametrize(("name", "fine"), [("192.168.0.7", True), ("kitchen.local", True), ("example.org", False)])
def test_openssl_believes_it_for_local_names_alone(tmp_path, name, fine):
    kind = "-verify_ip" if name[0].isdigit() else "-verify_hostname"
    assert believed(tmp_path, local_certificate(tmp_path, HOME), kind, name) is fine


def test_a_server_speaks_tls_with_it(tmp_path):
    assert isinstance(local_certificate(tmp_path, HOME).context(), ssl.SSLContext)


def test_a_certificate_with_another_key_is_refused_with_the_reason(tmp_path):
    one, other = local_certificate(tmp_path / "one", HOME), local_certificate(tmp_path / "other", HOME)
    with pytest.raises(SettingsError, match="not a certificate and its private key"):
        Pair(one.certificate, other.key).context()


def test_a_certificate_that_is_not_there_is_named_with_its_settings(tmp_path):
    gone = tmp_path / "gone.pem"
    with pytest.raises(SettingsError, match=f"^{gone} cannot be read .No such file or directory.; correct --cert"):
        Pair(gone, gone).context()


def test_a_damaged_key_is_named(tmp_path):
    local_certificate(tmp_path, HOME)
    (tmp_path / "authority.key").write_text("nothing")
    with pytest.raises(SettingsError, match="certificate in"):
        local_certificate(tmp_path, ["192.168.0.8"])
