"""Marks on the layers of a network."""

from xml.etree import ElementTree

import pytest

from webapp.pose import layer_marks


def layer(kind, taken, given, side):
    return ElementTree.fromstring(
        f"""<layer type="{kind}"><data strides="1, 1"/>
        <input><port><dim>1</dim><dim>{taken}</dim><dim>{side}</dim><dim>{side}</dim></port><port><dim>9</dim></port></input>
        <output><port><dim>1</dim><dim>{given}</dim><dim>{side}</dim><dim>{side}</dim></port></output></layer>"""
    )


def marks(mark, one):
    mark(one)
    return {note.get("name"): note.get("value") for note in one.iterfind("rt_info/attribute")}


@pytest.mark.parametrize(("taken", "given"), [(24, 96), (3, 16)])
def test_convolutions_whose_channels_fill_registers_and_the_one_of_the_picture_get_the_avx2_kernels(taken, given):
    assert marks(layer_marks.avx2_kernels, layer("Convolution", taken, given, 64)) == {
        "primitives_priority": "cpu:jit_avx2_1x1,cpu:jit_avx2"
    }


def test_a_convolution_of_each_map_alone_gets_the_kernel_for_those():
    assert marks(layer_marks.avx2_kernels, layer("GroupConvolution", 96, 96, 64)) == {
        "primitives_priority": "cpu:jit_avx2_dw"
    }


@pytest.mark.parametrize(
    ("kind", "taken", "given"), [("Convolution", 241, 128), ("Convolution", 64, 39), ("MaxPool", 64, 64)]
)
def test_channels_that_leave_a_register_part_empty_and_other_layers_are_left_as_they_are(kind, taken, given):
    assert marks(layer_marks.avx2_kernels, layer(kind, taken, given, 64)) == {}


@pytest.mark.parametrize(
    ("kind", "kernels"), [("Convolution", "jit_avx512_1x1,cpu:jit_avx512"), ("GroupConvolution", "jit_avx512_dw")]
)
def test_every_convolution_but_that_of_the_picture_gets_the_avx512_kernels(kind, kernels):
    expected = {"primitives_priority": f"cpu:{kernels}"}
    assert marks(layer_marks.avx512_kernels, layer(kind, 64, 39, 64)) == expected
    assert marks(layer_marks.avx512_kernels_in_blocks, layer(kind, 64, 96, 64)) == expected
    assert marks(layer_marks.avx512_kernels, layer("Convolution", 3, 24, 128)) == {}
    assert marks(layer_marks.avx512_kernels, layer("MaxPool", 64, 64, 64)) == {}


def test_in_blocks_of_channels_the_convolution_of_the_picture_gets_them_too_and_one_that_fills_no_half_block_does_not():
    assert marks(layer_marks.avx512_kernels_in_blocks, layer("Convolution", 3, 24, 128)) != {}
    assert marks(layer_marks.avx512_kernels_in_blocks, layer("Convolution", 48, 39, 64)) == {}


def test_layers_on_maps_of_at_most_two_by_two_cells_are_computed_exactly():
    assert [marks(layer_marks.exact_end, layer("Convolution", 64, 64, side)) for side in (1, 2, 4)] == [
        {"precise": None},
        {"precise": None},
        {},
    ]


def test_a_layer_keeps_the_notes_that_it_has():
    noted = layer("Convolution", 64, 64, 2)
    noted.append(ElementTree.fromstring("<rt_info><attribute name='fused_names'/></rt_info>"))
    assert marks(layer_marks.exact_end, noted) == {"fused_names": None, "precise": None}
