"""BlazePose over OpenVINO: the default engine."""

from webapp.pose import PoseStream, landmarks, openvino
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.blazepose import BlazePoseStream


def open_engine(row: EngineRow, opening: Opening) -> "BlazePose":
    """Compile the detector and the landmark network; BackendUnavailable when that fails."""
    detector, landmarker = opening.weights
    return BlazePose(
        row.name,
        openvino.load(detector, (0, 1), mean=127.5, scale=127.5, kept=opening.kept),
        openvino.load(
            landmarker, landmarks.OUTPUTS, mean=0.0, scale=255.0, precision=opening.precision, kept=opening.kept
        ),
    )


class BlazePose:
    """The two networks, shared by all streams of a worker."""

    def __init__(self, name: str, detector: openvino.Network, landmarker: openvino.Network) -> None:
        self._name = name
        self._networks: tuple[openvino.Network, openvino.Network] | None = (detector, landmarker)

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._name

    def open(self) -> PoseStream:
        """Begin to track one person."""
        if self._networks is None:
            raise RuntimeError("the engine is closed")
        return BlazePoseStream(*self._networks)

    def call_network(self) -> None:
        """Run the landmark network alone, on what it saw last: for measuring."""
        assert self._networks is not None, "an engine that is measured is open"
        landmarker = self._networks[1]
        landmarker(landmarker.pixels)

    def close(self) -> None:
        """Let go of the networks; open streams keep them until they end."""
        self._networks = None
