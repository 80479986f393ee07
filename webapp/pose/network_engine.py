"""An engine made of networks, which are loaded once for all streams of a worker."""

from collections.abc import Callable

from webapp.pose import PoseStream
from webapp.pose.openvino import Network


class NetworkEngine:
    """A `PoseBackend`: `begin` opens a stream on the networks; `every_frame` is the network run for each frame."""

    def __init__(self, name: str, begin: Callable[[], PoseStream], every_frame: Network) -> None:
        self._name = name
        self._open: tuple[Callable[[], PoseStream], Network] | None = (begin, every_frame)

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._name

    def open(self) -> PoseStream:
        """Open a stream for one person."""
        if self._open is None:
            raise RuntimeError("the engine is closed")
        return self._open[0]()

    def call_network(self) -> None:
        """Run the bare network on its last pixels, for measurements."""
        assert self._open is not None, "an engine that is measured is open"
        network = self._open[1]
        network(network.pixels)

    def close(self) -> None:
        """Release the networks; open streams keep them until they end."""
        self._open = None
