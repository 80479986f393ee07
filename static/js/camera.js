/** The camera: opening it, naming what goes wrong, and listing what is available. */

/**
 * Sharp enough for a full window; the pose engines need far less. Without `resizeMode`, a browser cuts an upright
 * picture to this shape, and with it head and feet.
 */
const WISH = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, resizeMode: "none" };

/** What a browser's error means, by Media Capture and Streams, section 10.2 (getUserMedia). */
const REASONS = new Map(
  /** @type {[string, import("./state.js").Camera][]} */ ([
    ["NotAllowedError", "refused"],
    ["SecurityError", "refused"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
  ]),
);

/** Numbers the requests: only the latest one may use the element. */
let latest = 0;

/** The camera cannot be used; says why. */
export class CameraError extends Error {
  /** @param {import("./state.js").Camera} reason */
  constructor(reason) {
    super(`camera: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Play the camera in a video element.
 *
 * @param {HTMLVideoElement} video
 * @param {string} device of `cameras()`, or empty for the one that faces the person
 * @param {() => void} onEnd called when the camera is unplugged or taken away
 * @returns {Promise<{mirrored: boolean, device: string} | null>} null if another camera was asked for, or the camera
 *   closed, in the meantime
 */
export async function openCamera(video, device, onEnd) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  closeCamera(video);
  const request = latest;
  const which = device ? { deviceId: { exact: device } } : { facingMode: "user" };
  /** @type {MediaStream | null} */
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { ...WISH, ...which }, audio: false });
    if (request === latest) {
      video.srcObject = stream;
      await video.play();
    }
  } catch (error) {
    stop(stream);
    if (request !== latest) return null;
    video.srcObject = null;
    throw new CameraError(REASONS.get(error instanceof DOMException ? error.name : "") ?? "busy");
  }
  if (request !== latest) {
    stop(stream);
    return null;
  }
  const [track] = stream.getVideoTracks();
  track.addEventListener("ended", onEnd, { once: true });
  const { facingMode, deviceId } = track.getSettings();
  return { mirrored: facingMode !== "environment", device: deviceId ?? "" };
}

/** Release the camera, so that its light goes out, also one still being opened. @param {HTMLVideoElement} video */
export function closeCamera(video) {
  latest += 1;
  stop(/** @type {MediaStream | null} */ (video.srcObject));
  video.srcObject = null;
}

/** @param {MediaStream | null} stream */
function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * The cameras of this device. Browsers reveal their names only once one of them is allowed.
 *
 * @returns {Promise<{device: string, label: string}[]>}
 */
export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === "videoinput")
    .map(({ deviceId, label }, i) => ({ device: deviceId, label: label || `Camera ${i + 1}` }));
}
