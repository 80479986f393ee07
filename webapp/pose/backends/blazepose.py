"""BlazePose over OpenVINO: the default engine."""

from functools import partial

from webapp.pose import landmarks, layer_marks, openvino
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.bars import BetweenBars
from webapp.pose.blazepose import BlazePoseStream
from webapp.pose.cuts import AnewAfterCuts
from webapp.pose.network_engine import NetworkEngine
from webapp.pose.openvino import PixelInput


def open_engine(row: EngineRow, opening: Opening) -> NetworkEngine:
    """Compile the detector, always in f32, and the landmark network. Raises BackendUnavailable if that fails."""
    weights, cache_folder = opening.weights, opening.cache_folder
    detector = openvino.load(weights[0], (0, 1), PixelInput(127.5, 127.5), cache_folder=cache_folder)
    landmarker = openvino.load(
        weights[1],
        landmarks.OUTPUTS,
        PixelInput(0.0, 255.0),
        precision=opening.precision,
        amx_mark=layer_marks.avx512_kernels_in_blocks if row.name == "blazepose-heavy" else layer_marks.avx512_kernels,
        cache_folder=cache_folder,
    )
    open_stream = partial(BlazePoseStream, detector, landmarker)
    return NetworkEngine(row.name, lambda: BetweenBars(AnewAfterCuts(open_stream)), landmarker)
