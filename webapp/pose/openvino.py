"""OpenVINO's only home: turns a `.tflite` file into a function from pixels to arrays, on one thread.

OpenVINO reads TensorFlow Lite files directly. A network is compiled with the requested outputs only, so that operations
that only others need are never computed (for BlazePose's segmentation mask a third of the whole).
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from webapp.errors import BackendUnavailable
from webapp.pose import RgbImage, layer_marks
from webapp.pose.arithmetic import BF16, F32, MIXED, ends_at_avx2, has_amx, unsupported

try:
    import openvino as ov
    from openvino.preprocess import PrePostProcessor
except ImportError as exc:
    raise BackendUnavailable(f"OpenVINO is not installed or does not load ({exc}): run `make setup`.") from exc

PerChannel = float | list[float]
"""One number for all three channels, or one for each, in the model's channel order."""


@dataclass(frozen=True, slots=True)
class PixelInput:
    """What a network gets of each pixel: (pixel - mean) / scale, blue first if `bgr` is set."""

    mean: PerChannel
    scale: PerChannel
    bgr: bool = False


LayerMark = Callable[[ElementTree.Element], None]
"""Marks a layer of a network in OpenVINO's XML, or leaves it as it is."""

_core = ov.Core()


class Network:
    """A compiled model from uint8 pixels to float32 arrays.

    Called with (height, width, 3) pixels of exactly the model's size, it returns one array for each output, in the
    requested order. The next call overwrites the arrays: copy what you need first.
    """

    def __init__(self, compiled: ov.CompiledModel) -> None:
        self._request = compiled.create_infer_request()
        self._input: npt.NDArray[np.float32] = self._request.get_input_tensor(0).data[0]
        self.pixels: RgbImage = np.zeros(self._input.shape, np.uint8)
        self._outputs: list[npt.NDArray[np.float32]] = [
            self._request.get_output_tensor(number).data[0] for number in range(len(compiled.outputs))
        ]

    def __call__(self, pixels: RgbImage) -> Sequence[npt.NDArray[np.float32]]:
        """Run the model; `self.pixels` is a reusable input buffer of the right size."""
        np.copyto(self._input, pixels)
        self._request.infer(share_outputs=True)  # without this it returns copies
        return self._outputs


def load(
    weights: Path,
    outputs: Sequence[int] | str,
    pixels: PixelInput,
    *,
    precision: str = F32,
    amx_mark: LayerMark | None = None,
    cache_folder: Path | None = None,
) -> Network:
    """Compile a `.tflite` file.

    outputs: the numbers of the outputs; or the type of an operation, to make the input of the first such operation the
        only output and leave out everything after it.
    amx_mark: marks its layers in f32 on processors with AMX; for a network that this makes faster.
    cache_folder: for built networks: from there they open in half the time, and their weights are memory-mapped, so
        that workers share them.
    Raises BackendUnavailable if the file cannot be read or the processor lacks the precision.
    """
    _check(precision)
    mark = _mark(precision, amx_mark)

    def build() -> ov.Model:
        model = _read(weights)
        part = ov.Model(_output_nodes(model, outputs), model.get_parameters())
        fed = _with_pixel_input(part, pixels)
        return fed if mark is None else _marked(fed, mark)

    try:
        recipe = (ov.__version__, _sha256(weights), outputs, pixels, mark and mark.__name__)
        model = build() if cache_folder is None else _cached(cache_folder, repr(recipe), build)
        return Network(_core.compile_model(model, "CPU", _options(precision)))
    except RuntimeError as exc:
        reason = str(exc).strip().splitlines()[-1]
        raise BackendUnavailable(f"OpenVINO cannot load {weights.name} ({reason}): run `make setup`.") from exc


def _check(precision: str) -> None:
    if _hint(precision).upper() not in {F32.upper(), *_core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")}:
        raise BackendUnavailable(unsupported(precision))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cached(folder: Path, recipe: str, build: Callable[[], ov.Model]) -> ov.Model:
    """Return the cached network of this recipe, or build and cache it.

    A full or read-only disk, or a damaged file, costs only time and memory.
    """
    path = folder / f"{hashlib.sha256(recipe.encode()).hexdigest()[:24]}.xml"
    try:
        if not path.is_file():
            _write(build(), path)
        return _core.read_model(path)
    except (OSError, RuntimeError):
        with suppress(OSError):
            path.unlink()
        return build()


def _write(model: ov.Model, path: Path) -> None:
    """Write the network under temporary names first, because several workers may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{os.getpid()}-{path.name}")
    ov.save_model(model, half, compress_to_fp16=False)
    for suffix in (".bin", ".xml"):  # last the file whose existence is checked
        half.with_suffix(suffix).replace(path.with_suffix(suffix))


def _read(weights: Path) -> ov.Model:
    """Read a model through a link named `.tflite`, because OpenVINO recognises the format by the name."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / "model.tflite"
        named.symlink_to(weights.resolve())
        return _core.read_model(named)


def _output_nodes(model: ov.Model, outputs: Sequence[int] | str) -> list[ov.Node | ov.Output]:
    if not isinstance(outputs, str):
        return [model.get_results()[number] for number in outputs]
    for operation in model.get_ordered_ops():
        if operation.get_type_name() == outputs:
            return [operation.input(0).get_source_output()]
    raise RuntimeError(f"it has no {outputs}")


def _with_pixel_input(model: ov.Model, pixels: PixelInput) -> ov.Model:
    """Return the model with an input of pixels from 0 to 255, as float32: with uint8 OpenVINO would reorder them first.

    (That takes 0.3 to 1 ms of BlazePose full's 5 to 8 ms; converting 256 x 256 pixels to float32 takes 0.03 ms.)
    """
    steps = PrePostProcessor(model)
    steps.input().tensor().set_layout(ov.Layout("NHWC"))
    if pixels.bgr:
        steps.input().preprocess().reverse_channels()
    if pixels.mean:
        steps.input().preprocess().mean(pixels.mean)
    steps.input().preprocess().scale(pixels.scale)
    return steps.build()


def _hint(precision: str) -> str:
    return BF16 if precision == MIXED else precision


def _mark(precision: str, amx_mark: LayerMark | None) -> LayerMark | None:
    if precision == MIXED:
        return layer_marks.exact_end
    if ends_at_avx2():
        return layer_marks.avx2_kernels
    return amx_mark if precision == F32 and has_amx() else None


def _marked(model: ov.Model, mark: LayerMark) -> ov.Model:
    with tempfile.TemporaryDirectory() as folder:
        xml, weights = Path(folder, "model.xml"), Path(folder, "model.bin")
        ov.serialize(model, xml, weights)
        tree = ElementTree.parse(xml)  # noqa: S314 - just written by OpenVINO
        for layer in tree.iterfind("layers/layer"):
            mark(layer)
        tree.write(xml)
        return _core.read_model(xml.read_bytes(), weights.read_bytes())


def _options(precision: str) -> dict[str, object]:
    return {
        "INFERENCE_PRECISION_HINT": _hint(precision),
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,  # every worker would pin itself to the same core
    }
