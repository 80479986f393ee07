"""BlazePose as run by MediaPipe's own PoseLandmarker (Tasks API, VIDEO mode); MediaPipe's only home.

The landmarker gets the same files of weights as our own pipeline, packed in its format: an uncompressed zip of two
`.tflite` files that state the normalisation of their pixels (TFLite metadata, `metadata_schema.fbs`, as the model's
buffer `TFLITE_METADATA`).
"""

import io
import zipfile

import numpy as np

from webapp.errors import BackendUnavailable, PoseError
from webapp.pose import PoseStream, RgbImage, picture
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.increasing_times import IncreasingTimes
from webapp.pose.quiet_stderr import quiet_stderr
from webapp.records import FloatArray, Pose

try:
    with quiet_stderr():
        import flatbuffers
        import mediapipe
        from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata
        from mediapipe.tasks.metadata import schema_py_generated as schema
        from mediapipe.tasks.python import BaseOptions, vision
except ImportError as exc:
    raise BackendUnavailable(f"MediaPipe is not installed or does not load ({exc}): run `make setup`.") from exc

_METADATA = b"TFLITE_METADATA"
_MODEL_IDENTIFIER = b"TFL3"
_METADATA_IDENTIFIER = b"M001"


def open_engine(row: EngineRow, opening: Opening) -> "MediaPipe":
    """Pack the weights and try them. Raises BackendUnavailable if MediaPipe or a library it needs does not load."""
    detector, landmarker = opening.weights
    backend = MediaPipe(row.name, task_bundle(detector.read_bytes(), landmarker.read_bytes()))
    backend.open().close()
    return backend


class MediaPipe:
    """The packed weights; every stream has its own landmarker."""

    def __init__(self, name: str, bundle: bytes) -> None:
        self._name = name
        self._bundle: bytes | None = bundle

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._name

    def open(self) -> PoseStream:
        """Open a stream for one person."""
        if self._bundle is None:
            raise RuntimeError("the engine is closed")
        return MediaPipeStream(_landmarker(self._bundle))

    def close(self) -> None:
        """Release the weights; open streams have their own."""
        self._bundle = None


def _landmarker(bundle: bytes) -> vision.PoseLandmarker:
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=bundle), running_mode=vision.RunningMode.VIDEO
    )
    try:
        with quiet_stderr():
            return vision.PoseLandmarker.create_from_options(options)
    except OSError as exc:
        raise BackendUnavailable(
            f"MediaPipe lacks a system library ({exc}): run `apt-get install libegl1 libgles2`."
        ) from exc
    except (RuntimeError, ValueError) as exc:
        raise BackendUnavailable(f"MediaPipe does not accept the weights ({exc}): run `make setup`.") from exc


class MediaPipeStream:
    """One landmarker."""

    others = 0  # it looks for one person and does not report others

    def __init__(self, landmarker: vision.PoseLandmarker) -> None:
        self._landmarker = landmarker
        self._times = IncreasingTimes()
        self._last_ms: int | None = None

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, None for nobody. Raises ValueError if `t_s` does not increase."""
        self._times.check(t_s)
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture.without_gaps(rgb))
        t_ms = self._milliseconds(t_s)
        try:
            with quiet_stderr():  # it prints warnings about its own graph
                found = self._landmarker.detect_for_video(image, t_ms)
        except (RuntimeError, ValueError) as exc:
            raise PoseError(f"MediaPipe failed on a frame: {exc}") from exc
        if not found.pose_landmarks:
            return None
        return _pose(found, rgb.shape[1] / rgb.shape[0])

    def _milliseconds(self, t_s: float) -> int:
        """Return whole milliseconds, increasing from frame to frame even if two frames are closer than that."""
        t_ms = round(t_s * 1000)
        if self._last_ms is not None:
            t_ms = max(t_ms, self._last_ms + 1)
        self._last_ms = t_ms
        return t_ms

    def close(self) -> None:
        """Free the landmarker, which fails noisily at the interpreter's exit otherwise."""
        self._landmarker.close()


def _pose(found: vision.PoseLandmarkerResult, aspect: float) -> Pose:
    image: FloatArray = np.array(
        [(point.x, point.y, point.z, point.visibility) for point in found.pose_landmarks[0]], dtype=np.float32
    )
    world: FloatArray = np.array(
        [(point.x, point.y, point.z) for point in found.pose_world_landmarks[0]], dtype=np.float32
    )
    return Pose(image, world, aspect)


def task_bundle(detector: bytes, landmarker: bytes) -> bytes:
    """Return the bundle of BlazePose's two networks; the detector sees [-1, 1], the landmark network [0, 1]."""
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as file:
        file.writestr("pose_detector.tflite", with_normalisation(detector, mean=127.5, std=127.5))
        file.writestr("pose_landmarks_detector.tflite", with_normalisation(landmarker, mean=0.0, std=255.0))
    return bundle.getvalue()


def with_normalisation(tflite: bytes, mean: float, std: float) -> bytes:
    """Return the model with metadata that its input is (pixel - mean) / std."""
    model = schema.ModelT.InitFromPackedBuf(tflite, 0)
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(_metadata(mean, std, len(model.subgraphs[0].outputs)), dtype=np.uint8)
    entry = schema.MetadataT()
    entry.name = _METADATA
    entry.buffer = len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or []), entry]
    return _packed(model, _MODEL_IDENTIFIER)


def _metadata(mean: float, std: float, outputs: int) -> bytes:
    options = metadata.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    step = metadata.ProcessUnitT()
    step.optionsType = metadata.ProcessUnitOptions.NormalizationOptions
    step.options = options
    pixels = metadata.TensorMetadataT()
    pixels.processUnits = [step]
    part = metadata.SubGraphMetadataT()
    part.inputTensorMetadata = [pixels]
    part.outputTensorMetadata = [metadata.TensorMetadataT() for _ in range(outputs)]
    whole = metadata.ModelMetadataT()
    whole.subgraphMetadata = [part]
    return _packed(whole, _METADATA_IDENTIFIER)


def _packed(table: schema.ModelT | metadata.ModelMetadataT, identifier: bytes) -> bytes:
    builder = flatbuffers.Builder()
    builder.Finish(table.Pack(builder), identifier)
    return bytes(builder.Output())
