"""The arithmetic of an engine if none is chosen."""

import pytest

from webapp.errors import BackendUnavailable
from webapp.pose import arithmetic
from webapp.pose.backends import check_usable, computed_in, engine, engines, exact_name


@pytest.fixture
def with_bf16(monkeypatch):
    monkeypatch.setattr(arithmetic, "has_bf16", lambda: True)


@pytest.fixture
def without_bf16(monkeypatch):
    monkeypatch.setattr(arithmetic, "has_bf16", lambda: False)


@pytest.mark.usefixtures("with_bf16")
def test_only_the_engine_that_keeps_its_accuracy_is_computed_in_less_than_f32_by_itself():
    assert {name for name in engines() if computed_in(name, "auto") != "f32"} == {"blazepose-full"}
    assert computed_in("blazepose-full", "auto") == "mixed"


@pytest.mark.usefixtures("without_bf16")
def test_a_processor_without_bf16_computes_everything_in_f32_and_offers_nothing_else():
    assert {computed_in(name, "auto") for name in engines()} == {"f32"}
    assert arithmetic.offered() == ("auto", "f32")


@pytest.mark.usefixtures("without_bf16")
def test_an_arithmetic_requested_by_name_is_never_replaced():
    assert computed_in("blazepose-full", "bf16") == "bf16"


@pytest.mark.usefixtures("without_bf16")
@pytest.mark.parametrize("precision", ["mixed", "bf16"])
def test_an_arithmetic_that_the_processor_lacks_is_refused_without_the_engines_library(precision):
    with pytest.raises(BackendUnavailable, match=f"does not support {precision} arithmetic: use --precision auto"):
        check_usable(engine("blazepose-full"), precision=precision)


@pytest.mark.usefixtures("without_bf16")
def test_an_engine_without_arithmetic_opens_whatever_is_asked_for():
    check_usable(engine("null"), precision="bf16")


@pytest.mark.usefixtures("with_bf16")
def test_mediapipe_takes_f32_only():
    with pytest.raises(BackendUnavailable, match="only f32"):
        check_usable(engine("mediapipe-full"), precision="bf16")


@pytest.mark.usefixtures("with_bf16")
def test_each_arithmetics_series_is_cached_under_its_own_name():
    assert len({exact_name("blazepose-full", one) for one in ("f32", "mixed", "bf16")}) == 3
    assert exact_name("blazepose-full", "auto") == exact_name("blazepose-full", "mixed")
    assert exact_name("blazepose-lite", "auto") == "blazepose-lite"


def test_the_processors_flags_agree_with_openvino():
    openvino = pytest.importorskip("openvino")
    if arithmetic.has_bf16():
        assert "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
