import re
from ipaddress import ip_address

import pytest

from webapp.commands.greeting import greeting
from webapp.serving.addresses import local_names, network_address


def lines(host="127.0.0.1", network="192.168.0.7", https=False, own_authority=False):
    return greeting(host, 5000, network, https=https, own_authority=own_authority).splitlines()


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "localhost"),
        ("::1", "localhost"),
        ("192.168.0.7", "192.168.0.7"),
        ("fd00::7", "[fd00::7]"),
        ("coach.example.org", "coach.example.org"),
    ],
)
def test_one_address_is_one_line(host, name):
    assert lines(host) == [f"PoseCoach listens on http://{name}:5000"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_on_every_network_shows_a_phone_the_way(host):
    first, second, *code = lines(host, https=True)
    assert first == "PoseCoach listens on https://localhost:5000"
    assert second == "For a phone on this network: https://192.168.0.7:5000"
    assert len(code) >= 14  # 25 modules and a border, two in each line
    assert all(re.fullmatch(r"(\x1b\[[0-9;]*m|[ \u2580\u2584\u2588])+", line) for line in code), code


def test_without_https_it_says_what_a_phones_camera_needs():
    assert "add --https" in lines("0.0.0.0")[-1]


def test_with_an_authority_of_its_own_it_says_how_the_warning_goes_away():
    assert "https://192.168.0.7:5000/authority.pem" in lines("0.0.0.0", https=True, own_authority=True)[-1]


def test_an_address_that_no_certificate_of_its_own_covers_is_not_said_to_become_trusted():
    last = lines("0.0.0.0", network="192.0.2.2", https=True, own_authority=True)[-1]
    assert "authority.pem" not in last
    assert "--certificate" in last


def test_a_machine_on_no_network_shows_no_way():
    assert len(lines("0.0.0.0", network=None)) == 1


def test_this_machine_has_names_and_addresses():
    *addresses, name = local_names()
    assert name.endswith(".local")
    assert all(ip_address(one) for one in addresses)
    assert network_address() in {*addresses, None}
