"""Under which names and addresses other devices on the local network find this machine."""

import socket
from contextlib import suppress

_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): to connect a UDP socket to it sends nothing, and tells the way."""


def network_address() -> str | None:
    """Return the address that this machine has on its network; None when it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(_ELSEWHERE)
        address: str = probe.getsockname()[0]
        return address
    return None


def local_names() -> list[str]:
    """Return the addresses and the name of this machine on its network, the likeliest first."""
    name = socket.gethostname().partition(".")[0]
    found = [network_address()]
    with suppress(OSError):
        found += [str(row[4][0]) for row in socket.getaddrinfo(name, None, socket.AF_INET)]
    return [*dict.fromkeys(one for one in found if one), f"{name}.local"]
