"""An engine that is networks and what is done around them: they are loaded once for all streams of a worker."""

from collections.abc import Callable

from webapp.pose import PoseStream
from webapp.pose.openvino import Network


class NetworkEngine:
    """A `PoseBackend`; `begin` makes a stream on the networks, of which each frame takes the one `every_frame`."""

    def __init__(self, name: str, begin: Callable[[], PoseStream], every_frame: Network) -> None:
        self._name = name
        self._open: tuple[Callable[[], PoseStream], Network] | None = (begin, every_frame)

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._name

    def open(self) -> PoseStream:
        """Begin to follow one person."""
        if self._open is None:
            raise RuntimeError("the engine is closed")
        return self._open[0]()

    def call_network(self) -> None:
        """Run the bare network on the pixels that it saw last, to be measured."""
        assert self._open is not None, "an engine that is measured is open"
        network = self._open[1]
        network(network.pixels)

    def close(self) -> None:
        """Let go of the networks; open streams keep them until they end."""
        self._open = None
