"""Marks on the layers of a network in OpenVINO's file format (`.xml`), which its Python interface cannot set."""

from xml.etree.ElementTree import Element, SubElement

_EXACT_CELLS = 2

_PICTURE_CHANNELS = 3
_REGISTER = 8  # float32 in an AVX2 register

_AVX2_KERNELS = {"Convolution": "cpu:jit_avx2_1x1,cpu:jit_avx2", "GroupConvolution": "cpu:jit_avx2_dw"}
_AVX512_KERNELS = {"Convolution": "cpu:jit_avx512_1x1,cpu:jit_avx512", "GroupConvolution": "cpu:jit_avx512_dw"}


def exact_end(layer: Element) -> None:
    """Have the layer computed in f32 if its maps have at most 2 x 2 cells: such layers produce the coordinates."""
    if layer.get("type") not in ("Const", "Parameter", "Result") and _map_cells(layer) <= _EXACT_CELLS:
        _mark(layer, "precise")


def avx2_kernels(layer: Element) -> None:
    """Have a convolution computed by oneDNN's AVX2 kernels for maps in blocks of eight channels.

    By itself OpenVINO takes the matrix product `brgconv_avx2`, which is slower. Channels that do not fill the registers
    are left to it: for those the kernels fall back to `jit_gemm`, which is slower still.
    """
    kernels = _AVX2_KERNELS.get(layer.get("type", ""))
    if kernels is None:
        return
    taken, given = _channels(layer, "input"), _channels(layer, "output")
    if (taken % _REGISTER == 0 or taken == _PICTURE_CHANNELS) and given % _REGISTER == 0:
        _mark(layer, "primitives_priority", value=kernels)


def avx512_kernels(layer: Element) -> None:
    """Have a convolution computed by oneDNN's AVX-512 kernels instead of the matrix product `brgconv_avx512`.

    The first convolution is left to that product: it puts the channels last, and those after it keep them there.
    """
    if _channels(layer, "input") != _PICTURE_CHANNELS:
        _take_avx512(layer)


def avx512_kernels_in_blocks(layer: Element) -> None:
    """Likewise with the first convolution, whose kernel gives maps in blocks of sixteen channels.

    The few whose channels do not fill half a block are left to the product.
    """
    if _channels(layer, "output") % _REGISTER == 0:
        _take_avx512(layer)


def _take_avx512(layer: Element) -> None:
    kernels = _AVX512_KERNELS.get(layer.get("type", ""))
    if kernels is not None:
        _mark(layer, "primitives_priority", value=kernels)


def _mark(layer: Element, name: str, **value: str) -> None:
    notes = layer.find("rt_info")
    if notes is None:
        notes = Element("rt_info")
        layer.insert(0 if layer.find("data") is None else 1, notes)
    SubElement(notes, "attribute", {"name": name, "version": "0"} | value)


def _map_cells(layer: Element) -> int:
    """Return the side of the layer's maps; 0 if its output is not a stack of maps."""
    sides = [int(side.text or 0) for side in layer.findall("output/port[1]/dim")]
    return sides[2] if len(sides) == 4 else 0


def _channels(layer: Element, end: str) -> int:
    """Return the number of maps that a convolution takes ("input") or gives ("output")."""
    return int(layer.findtext(f"{end}/port[1]/dim[2]", "0"))
