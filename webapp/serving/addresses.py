"""Names and addresses of this machine on the local network."""

import socket
from contextlib import suppress

_ELSEWHERE = ("192.0.2.1", 9)
"""A documentation address (RFC 5737): connecting a UDP socket to it sends nothing but selects the outgoing address."""


def network_address() -> str | None:
    """Return this machine's address on its network; None if it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(_ELSEWHERE)
        address: str = probe.getsockname()[0]
        return address
    return None


def local_names() -> list[str]:
    """Return this machine's addresses and name on its network, the likeliest first."""
    name = socket.gethostname().partition(".")[0]
    found = [network_address()]
    with suppress(OSError):
        found += [str(row[4][0]) for row in socket.getaddrinfo(name, None, socket.AF_INET)]
    return [*dict.fromkeys(one for one in found if one), f"{name}.local"]
