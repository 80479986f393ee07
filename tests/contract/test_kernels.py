"""The convolution kernels that we choose instead of OpenVINO's: it takes them, and engines see the same with them.

The marks of AVX2 also work where there is AVX-512: there they choose that family's wider kernels.
"""

import numpy as np
import openvino as ov
import pytest

from webapp.evaluation import mannequin
from webapp.pose import openvino
from webapp.pose.arithmetic import processor_flags
from webapp.pose.backends import open_backend

if "avx2" not in processor_flags():
    pytest.skip("this processor has no AVX2", allow_module_level=True)

DETECTOR, LANDMARKS = 2, 4  # outputs
ENGINES = ["blazepose-lite", "blazepose-full", "blazepose-heavy"]
AVX512 = pytest.param("has_amx", marks=pytest.mark.skipif("avx512f" not in processor_flags(), reason="no AVX-512"))


@pytest.fixture(params=ENGINES)
def see_with(request, monkeypatch):
    def see(processor, cache_folder=None):
        """processor: the condition under which kernels are chosen; None to leave them to OpenVINO."""
        for condition in ("ends_at_avx2", "has_amx"):
            monkeypatch.setattr(openvino, condition, lambda answer=condition == processor: answer)
        backend = open_backend(request.param, precision="f32", cache_folder=cache_folder)
        pose = backend.open().estimate(mannequin.draw(), 0.0)
        backend.close()
        return pose

    return see


def own_part(network):
    """The number of the network's outputs, and the part of its convolutions that the kernels of our choice compute."""
    core = ov.Core()
    compiled = core.compile_model(core.read_model(network), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    operations = compiled.get_runtime_model().get_ordered_ops()
    used = [
        operation.rt_info["primitiveType"].astype(str)
        for operation in operations
        if "Convolution" in operation.rt_info["layerType"].astype(str)
    ]
    return len(compiled.outputs), sum(name.startswith(("jit_avx2_", "jit_avx512_")) for name in used) / len(used)


@pytest.mark.parametrize("processor", ["ends_at_avx2", AVX512])
def test_almost_all_convolutions_are_computed_by_the_kernels_chosen(see_with, processor, tmp_path):
    see_with(processor, cache_folder=tmp_path)
    parts = dict(map(own_part, tmp_path.glob("*.xml")))
    assert parts.keys() == {DETECTOR, LANDMARKS}
    assert parts[LANDMARKS] >= 0.9
    assert processor == "has_amx" or parts[DETECTOR] >= 0.9


@pytest.mark.parametrize("processor", ["ends_at_avx2", AVX512])
def test_joints_are_where_the_other_kernels_see_them_within_a_tenth_of_a_pixel(see_with, processor):
    ours, others = see_with(processor), see_with(None)
    height, width, _ = mannequin.draw().shape
    apart = np.abs(ours.image[:, :2] - others.image[:, :2]) * (width, height)
    assert 0 < apart.max() < 0.1
    np.testing.assert_allclose(ours.world, others.world, atol=0.001)
