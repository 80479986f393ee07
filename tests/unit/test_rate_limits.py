"""Rate limits of a browser and of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.allowance import Allowance
from webapp.errors import TooMany
from webapp.gateway.connection_limit import limited_as
from webapp.gateway.rate_limits import Addresses, RateLimits
from webapp.settings import Settings

LIMITS = RateLimits(
    messages_per_s=10,
    bytes_per_s=1000,
    connections=3,
    starts_per_minute=3,
    address_messages_per_s=25,
    address_bytes_per_s=2500,
)


def browser(addresses=None):
    addresses = addresses or Addresses(LIMITS)
    addresses.connected("a")
    return addresses.browser("a")


@pytest.mark.parametrize(
    ("address", "limited"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_all_ipv6_addresses_of_a_subscriber_are_limited_as_one(address, limited):
    assert limited_as(address) == limited


def test_tokens_are_taken_at_once_and_then_as_they_are_refilled():
    allowance = Allowance(per_s=10, at_once=5)
    assert [allowance.take(1, 100.0) for _ in range(5)] == [0.0] * 5
    assert allowance.take(1, 100.0) == pytest.approx(0.1)
    assert allowance.take(1, 100.11) == 0.0


def test_a_refusal_takes_nothing():
    allowance = Allowance(per_s=10, at_once=1)
    allowance.take(1, 0.0)
    for _ in range(100):
        allowance.take(1, 0.05)
    assert allowance.take(1, 0.1001) == 0.0


def test_more_than_ever_lies_ready_is_taken_on_credit():
    allowance = Allowance(per_s=10, at_once=10)
    assert allowance.take(100, 50.0) == 0.0
    assert allowance.take(1, 50.0) == pytest.approx(9.1)


@given(st.lists(st.tuples(st.floats(0, 0.5), st.floats(0.01, 20)), max_size=60))
def test_the_amount_let_through_stays_within_rate_first_reserve_and_one_credit(steps):
    allowance, now_s, taken = Allowance(per_s=10, at_once=5), 1000.0, 0.0
    for pause_s, amount in steps:
        now_s += pause_s
        taken += amount if allowance.take(amount, now_s) == 0.0 else 0.0
    assert taken <= 5 + 10 * (now_s - 1000.0) + 20 + 1e-6


def test_a_browser_may_send_its_messages_and_its_bytes_and_no_more():
    limit = browser()
    for _ in range(10):
        limit.take(10, 100.0)
        assert limit.wait_s == 0.0
    with pytest.raises(TooMany, match="10 frames"):
        limit.take(10, 100.0)
    assert limit.wait_s == pytest.approx(0.1)
    heavy = browser()
    heavy.take(900, 100.0)
    with pytest.raises(TooMany):
        heavy.take(900, 100.0)
    heavy.take(900, 100.9)


def test_the_browsers_of_an_address_may_send_so_much_together_and_wait_for_each_other():
    addresses = Addresses(LIMITS)
    three = [browser(addresses) for _ in range(3)]
    for one in three[:2]:
        for _ in range(10):
            one.take(100, 100.0)
    for _ in range(5):
        three[2].take(10, 100.0)
    with pytest.raises(TooMany, match=r"25 frames and 0\.0025 MB a second are allowed from one address"):
        three[2].take(10, 100.0)
    assert three[2].wait_s == pytest.approx(3 / 25)
    three[2].take(10, 100.0 + three[2].wait_s)


def test_the_bytes_of_an_address_are_limited_as_well():
    addresses = Addresses(LIMITS)
    three = [browser(addresses) for _ in range(3)]
    for one in three[:2]:
        one.take(1000, 100.0)
    with pytest.raises(TooMany, match="one address"):
        three[2].take(1000, 100.0)
    assert three[2].wait_s == pytest.approx(3 * 0.2)


def test_a_browsers_refused_frames_do_not_count_against_its_address():
    addresses = Addresses(LIMITS)
    greedy, modest = browser(addresses), browser(addresses)
    greedy.take(1000, 100.0)
    for _ in range(100):
        with pytest.raises(TooMany, match="one browser"):
            greedy.take(1000, 100.0)
    for _ in range(10):
        modest.take(100, 100.0)


def test_a_gym_of_forty_behind_one_router_is_never_over_the_limit():
    usual = Settings()
    ours = (usual.max_fps, usual.max_bytes_per_s, usual.connections_per_address, usual.starts_per_minute)
    addresses = Addresses(RateLimits(*ours, usual.max_address_fps, usual.max_address_bytes_per_s))
    for _ in range(40):
        addresses.connected("gym")
    browsers = [addresses.browser("gym") for _ in range(40)]
    for frame in range(10 * 30):
        for one in browsers:
            one.take(40_000, 100.0 + frame / 30)


def test_an_address_is_forgotten_with_its_last_connection():
    addresses = Addresses(LIMITS)
    browser(addresses).take(2500, 100.0)
    addresses.disconnected("a")
    browser(addresses).take(2500, 100.0)


def test_an_address_has_room_again_when_a_connection_is_gone():
    addresses = Addresses(LIMITS)
    for _ in range(3):
        addresses.connected("a")
    with pytest.raises(TooMany):
        addresses.connected("a")
    addresses.connected("b")
    addresses.disconnected("a")
    addresses.connected("a")


def test_an_address_begins_so_many_workouts_a_minute():
    addresses = Addresses(LIMITS)
    for _ in range(3):
        addresses.started("a", 100.0)
    with pytest.raises(TooMany, match="try again in 2"):
        addresses.started("a", 100.0)
    addresses.started("b", 100.0)
    addresses.started("a", 120.1)


def test_a_start_that_found_the_server_full_does_not_count():
    addresses = Addresses(LIMITS)
    for _ in range(10):
        addresses.started("a", 100.0)
        addresses.not_started("a")
    for _ in range(3):
        addresses.started("a", 100.0)
    with pytest.raises(TooMany):
        addresses.started("a", 100.0)
