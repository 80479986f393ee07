"""What `posecoach serve` prints when it listens: the address, and a QR code of it for a phone."""

import io
from ipaddress import ip_address

import segno

from webapp.serving.certificate import covers

LOCALHOST = "localhost"
_CAMERA_NEEDS_HTTPS = "A phone's browser allows the camera on https pages only: add --https."
_AUTHORITY = "Its browser warns of the certificate until you trust {}/authority.pem there."
_NOT_LOCAL = "Its browser warns: a self-made certificate is for private addresses only. Use --certificate for this one."


def greeting(host: str, port: int, network: str | None, *, https: bool, own_authority: bool) -> str:
    """Return the lines to print; `network` is this machine's address on its network, if the server listens there."""
    scheme = "https" if https else "http"
    everywhere = _is_everywhere(host)
    lines = [f"PoseCoach listens on {scheme}://{_name(host)}:{port}"]
    if everywhere and network is not None:
        address = f"{scheme}://{network}:{port}"
        lines += [f"For a phone on this network: {address}", _qr_code(address)]
        lines += [] if https else [_CAMERA_NEEDS_HTTPS]
        if own_authority:
            lines += [_AUTHORITY.format(address) if covers(network) else _NOT_LOCAL]
    return "\n".join(lines)


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _name(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified or address.is_loopback:
        return LOCALHOST
    return f"[{host}]" if address.version == 6 else host


def _qr_code(text: str) -> str:
    drawn = io.StringIO()
    segno.make(text, micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue().rstrip("\n")
