"""The kernels for processors that have AVX2 and not AVX-512: OpenVINO takes them, and they see the same.

Where there is AVX-512, which the product leaves to OpenVINO, the same marks choose that family's wider kernels.
"""

from collections import Counter

import numpy as np
import openvino as ov
import pytest

from webapp.evaluation import mannequin
from webapp.pose import openvino
from webapp.pose.arithmetic import processor_flags
from webapp.pose.backends import open_backend

if "avx2" not in processor_flags():
    pytest.skip("this processor has no AVX2", allow_module_level=True)


@pytest.fixture(params=["blazepose-lite", "blazepose-full"])
def see_with(request, monkeypatch):
    def see(avx2_kernels, cache_folder=None):
        monkeypatch.setattr(openvino, "ends_at_avx2", lambda: avx2_kernels)
        backend = open_backend(request.param, precision="f32", cache_folder=cache_folder)
        pose = backend.open().estimate(mannequin.draw(), 0.0)
        backend.close()
        return pose

    return see


def kernels(network):
    core = ov.Core()
    compiled = core.compile_model(core.read_model(network), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    operations = compiled.get_runtime_model().get_ordered_ops()
    return Counter(
        operation.rt_info["primitiveType"].astype(str)
        for operation in operations
        if "Convolution" in operation.rt_info["layerType"].astype(str)
    )


def test_almost_all_convolutions_are_computed_by_kernels_for_blocks_of_channels(see_with, tmp_path):
    see_with(avx2_kernels=True, cache_folder=tmp_path)
    for network in tmp_path.glob("*.xml"):
        used = kernels(network)
        ours = sum(times for name, times in used.items() if name.startswith(("jit_avx2_", "jit_avx512_")))
        assert ours >= 0.9 * used.total(), used


def test_joints_are_where_the_other_kernels_see_them_within_a_tenth_of_a_pixel(see_with):
    ours, others = see_with(avx2_kernels=True), see_with(avx2_kernels=False)
    height, width, _ = mannequin.draw().shape
    apart = np.abs(ours.image[:, :2] - others.image[:, :2]) * (width, height)
    assert 0 < apart.max() < 0.1
    np.testing.assert_allclose(ours.world, others.world, atol=0.001)
