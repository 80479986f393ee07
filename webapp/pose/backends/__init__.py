"""The table of pose engines, and how to open one.

An engine is a row here and a module that is imported only when the engine is opened: a missing library or file of
weights never breaks the list, and a module that fails to load is reported instead of disappearing from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from webapp.errors import BackendUnavailable
from webapp.pose import PoseBackend, arithmetic, libraries
from webapp.pose import weights as weights_on_disk
from webapp.pose.choice import EngineChoice
from webapp.skeleton import COCO18, JOINTS, MPII16


@dataclass(frozen=True, slots=True)
class EngineRow:
    """One row of the table.

    module: the module of this package, with `open_engine(row, opening) -> PoseBackend`.
    weights: names in `models/manifest.toml`, in the module's order.
    joints: indices of the skeleton's joints that it finds; the others are NaN with visibility 0.
    has_depth: whether it estimates depth and world points.
    input_px: side of the picture that the network sees; parameters_m and gflop: millions of parameters and 10^9
        operations of one call; 0 without a network.
    accuracy: as published in `source`; licence: of the weights.
    keeps_accuracy_in: the fastest arithmetic that counts every clip as f32 does, moves joints by at most 0.5% of the
        region and PCK@0.2 by at most 0.3 points (docs/speed.md).
    needs_pixels: whether pictures are decoded for it; if not, it gets black ones of their size.
    packages, system_libraries: what has to be installed beside the weights, named as they are imported and loaded.
    """

    name: str
    title: str
    module: str
    weights: tuple[str, ...]
    joints: tuple[int, ...] = tuple(range(len(JOINTS)))
    has_depth: bool = True
    input_px: int = 0
    parameters_m: float = 0.0
    gflop: float = 0.0
    accuracy: str = ""
    source: str = ""
    licence: str = "Apache-2.0"
    keeps_accuracy_in: str = arithmetic.F32
    needs_pixels: bool = True
    packages: tuple[str, ...] = ("openvino",)
    system_libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """Arguments for opening an engine: its verified files of weights, the arithmetic, the recording to replay.

    cache_folder: for built networks; None for no cache.
    """

    weights: tuple[Path, ...] = ()
    precision: str = arithmetic.F32
    series: Path | None = None
    cache_folder: Path | None = None


class EngineModule(Protocol):
    """The interface of every module of this package."""

    def open_engine(self, row: EngineRow, opening: Opening) -> PoseBackend:
        """Load the weights. Raises BackendUnavailable if they or their library cannot be used."""
        ...


_BLAZEPOSE = {
    # variant: (parameters in millions, GFLOP, published accuracy)
    "lite": (1.36, 0.33, "yoga mAP 45.0, PCK@0.2 90.2"),
    "full": (3.17, 0.70, "yoga mAP 62.6, PCK@0.2 95.5"),
    "heavy": (13.8, 3.78, "yoga mAP 68.1, PCK@0.2 96.4"),
}


def _blazepose(
    module: str, runtime: str, packages: tuple[str, ...], system_libraries: tuple[str, ...] = ()
) -> list[EngineRow]:
    return [
        EngineRow(
            name=f"{module}-{variant}",
            title=f"BlazePose {variant} on {runtime}",
            module=module,
            weights=("blazepose-detector", f"blazepose-{variant}"),
            input_px=256,
            parameters_m=parameters_m,
            gflop=gflop,
            accuracy=accuracy,
            source="model card MediaPipe BlazePose GHUM 3D, yoga set"
            " (AlphaPose ResNet50 there: mAP 63.4, PCK@0.2 96.0; Apple Vision: 32.8, 82.7)",
            keeps_accuracy_in=arithmetic.MIXED if (module, variant) == ("blazepose", "full") else arithmetic.F32,
            packages=packages,
            system_libraries=system_libraries,
        )
        for variant, (parameters_m, gflop, accuracy) in _BLAZEPOSE.items()
    ]


_EFFICIENTPOSE = {
    # variant: (side in pixels, parameters in millions, GFLOP, published accuracy)
    "rt": (224, 0.46, 0.87, "PCKh@50 82.88, PCKh@10 23.56"),
    "i": (256, 0.72, 1.67, "PCKh@50 85.18, PCKh@10 26.49"),
    "ii": (368, 1.73, 7.70, "PCKh@50 88.18, PCKh@10 30.17"),
    "iii": (480, 3.23, 23.35, "PCKh@50 89.51, PCKh@10 30.90"),
    "iv": (600, 6.56, 72.89, "PCKh@50 89.75, PCKh@10 35.63"),
    "rt-lite": (224, 0.40, 0.86, "PCKh@50 80.6, PCKh@10 23.1"),
    "i-lite": (256, 0.59, 1.54, "PCKh@50 83.7, PCKh@10 27.7"),
    "ii-lite": (368, 1.46, 7.25, ""),
}


def _efficientpose_title(variant: str) -> str:
    name, _, lite = variant.partition("-")
    return f"EfficientPose {name.upper()} Lite" if lite else f"EfficientPose {name.upper()}"


def _efficientpose() -> list[EngineRow]:
    return [
        EngineRow(
            name=f"efficientpose-{variant}",
            title=_efficientpose_title(variant),
            module="efficientpose",
            weights=(f"efficientpose-{variant}",),
            joints=_those_of(MPII16),
            has_depth=False,
            input_px=input_px,
            parameters_m=parameters_m,
            gflop=gflop,
            accuracy=accuracy,
            source="arXiv 2004.12186, table 3 (Lite: the authors' README); MPII validation",
        )
        for variant, (input_px, parameters_m, gflop, accuracy) in _EFFICIENTPOSE.items()
    ]


def _those_of(order: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(sorted(joint for joint in order if joint is not None))


_ENGINES: tuple[EngineRow, ...] = (
    *_blazepose("blazepose", "OpenVINO", ("openvino",)),
    *_blazepose("mediapipe", "MediaPipe Tasks", ("mediapipe", "flatbuffers"), libraries.OPENGL),
    *_efficientpose(),
    EngineRow(
        name="openpose",
        title="OpenPose, MobileNetV2",
        module="openpose",
        weights=("openpose",),
        joints=_those_of(COCO18),
        has_depth=False,
        input_px=432,
        parameters_m=2.21,
        gflop=8.4,
        accuracy="PCKh@50 87.60, PCKh@10 22.76 (with VGG-19)",
        source="arXiv 2004.12186, table 3; MPII validation",
        licence="MIT",
    ),
    EngineRow("replay", "A recorded landmark series", "replay", weights=(), licence="none needed", packages=()),
    EngineRow("null", "No engine: one fixed pose", "null", (), licence="none needed", needs_pixels=False, packages=()),
)


def engines() -> Mapping[str, EngineRow]:
    """Return all engines by name, whether or not they can be opened here."""
    return {engine.name: engine for engine in _ENGINES}


def usable(models: Sequence[Path] = ()) -> list[str]:
    """Return the names of the engines whose libraries and weights are on this machine."""
    return [name for name, row in engines().items() if _is_usable(row, models)]


def _is_usable(row: EngineRow, models: Sequence[Path]) -> bool:
    try:
        check_usable(row, models)
    except BackendUnavailable:
        return False
    return True


def unknown(name: str, models: Sequence[Path] = ()) -> str:
    """Return the sentence about a name that no engine has."""
    return (
        f"There is no engine {name!r}. Choose from {', '.join(usable(models))}; "
        "`posecoach models` lists all engines, and how to get the others."
    )


def engine(name: str, models: Sequence[Path] = ()) -> EngineRow:
    """Return the row of that name. Raises BackendUnavailable if there is none; it names those usable with `models`."""
    try:
        return engines()[name]
    except KeyError as exc:
        raise BackendUnavailable(unknown(name, models)) from exc


def computed_in(name: str, precision: str) -> str:
    """Return the arithmetic that an engine uses on this processor for a requested `precision`."""
    if precision != arithmetic.AUTO:
        return precision
    return engine(name).keeps_accuracy_in if arithmetic.has_bf16() else arithmetic.F32


def exact_name(name: str, precision: str) -> str:
    """Return the engine's name, with its arithmetic unless that is f32: the key of cached series."""
    computed = computed_in(name, precision)
    return name if computed == arithmetic.F32 else f"{name}-{computed}"


def _check_precision(row: EngineRow, precision: str) -> None:
    if row.module == "mediapipe" and precision not in (arithmetic.AUTO, arithmetic.F32):
        raise BackendUnavailable("MediaPipe supports only f32: leave out --precision and POSECOACH_PRECISION.")
    if row.input_px and precision not in arithmetic.offered():
        raise BackendUnavailable(arithmetic.unsupported(precision))


def weights_of(row: EngineRow, models: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the verified files of an engine's weights. Raises BackendUnavailable if one is missing or wrong."""
    known = weights_on_disk.manifest()
    return tuple(weights_on_disk.find(known[name], models) for name in row.weights)


def check_usable(row: EngineRow, models: Sequence[Path] = (), precision: str = arithmetic.AUTO) -> None:
    """Raise BackendUnavailable if the engine cannot be opened here, as far as that is known without its library.

    The message names the command to run.
    """
    _check_precision(row, precision)
    libraries.check(row.packages, row.system_libraries)
    weights_of(row, models)


def open_choice(choice: EngineChoice) -> PoseBackend:
    """Load the chosen engine; raises BackendUnavailable as `open_backend` does."""
    return open_backend(
        choice.backend,
        models=choice.models,
        precision=choice.precision,
        series=choice.series,
        cache_folder=choice.cache_folder,
    )


def open_backend(
    name: str,
    *,
    models: Sequence[Path] = (),
    precision: str = arithmetic.AUTO,
    series: Path | None = None,
    cache_folder: Path | None = None,
) -> PoseBackend:
    """Load an engine.

    models: folders of weights, searched first. series: the recording for `replay`. cache_folder: for built networks,
    so that they open faster the next time.

    Raises BackendUnavailable if a library or weights are missing or wrong; its message names the command to run.
    """
    row = engine(name, models)
    _check_precision(row, precision)
    libraries.check(row.packages, row.system_libraries)
    opening = Opening(weights_of(row, models), computed_in(name, precision), series, cache_folder)
    module = cast("EngineModule", import_module(f"{__name__}.{row.module}"))
    return module.open_engine(row, opening)
