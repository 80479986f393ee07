"""How much a browser and an address may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.allowance import Allowance
from webapp.errors import TooMany
from webapp.gateway.shares import Addresses, MessageShare, Shares

SHARES = Shares(messages_per_s=10, bytes_per_s=1000, connections=2, starts_per_minute=3)


def test_what_lies_ready_is_taken_at_once_and_then_as_it_comes_back():
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
def test_never_more_than_the_rate_and_the_first_reserve_and_one_credit(steps):
    allowance, now_s, taken = Allowance(per_s=10, at_once=5), 1000.0, 0.0
    for pause_s, amount in steps:
        now_s += pause_s
        taken += amount if allowance.take(amount, now_s) == 0.0 else 0.0
    assert taken <= 5 + 10 * (now_s - 1000.0) + 20 + 1e-6


def test_a_browser_may_send_its_messages_and_its_bytes_and_no_more():
    share = MessageShare(SHARES)
    for _ in range(10):
        share.take(10, 100.0)
        assert share.wait_s == 0.0
    with pytest.raises(TooMany, match="10 frames"):
        share.take(10, 100.0)
    assert share.wait_s == pytest.approx(0.1)
    heavy = MessageShare(SHARES)
    heavy.take(900, 100.0)
    with pytest.raises(TooMany):
        heavy.take(900, 100.0)
    heavy.take(900, 100.9)


def test_an_address_has_room_again_when_a_connection_is_gone():
    addresses = Addresses(SHARES)
    addresses.connected("a")
    addresses.connected("a")
    with pytest.raises(TooMany):
        addresses.connected("a")
    addresses.connected("b")
    addresses.disconnected("a")
    addresses.connected("a")


def test_an_address_begins_so_many_workouts_a_minute():
    addresses = Addresses(SHARES)
    for _ in range(3):
        addresses.started("a", 100.0)
    with pytest.raises(TooMany, match="try again in 2"):
        addresses.started("a", 100.0)
    addresses.started("b", 100.0)
    addresses.started("a", 120.1)


def test_a_start_that_found_the_server_full_does_not_count():
    addresses = Addresses(SHARES)
    for _ in range(10):
        addresses.started("a", 100.0)
        addresses.not_started("a")
    for _ in range(3):
        addresses.started("a", 100.0)
    with pytest.raises(TooMany):
        addresses.started("a", 100.0)
