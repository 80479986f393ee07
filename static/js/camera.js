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
 * @returns {Promise<{mirrored: boolean, device: string}>}
 */
export async function openCamera(video, device, onEnd) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  closeCamera(video);
  const which = device ? { deviceId: { exact: device } } : { facingMode: "user" };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...WISH, ...which }, audio: false });
    closeCamera(video); // another camera may have been opened in the meantime
    video.srcObject = stream;
    await video.play();
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", onEnd, { once: true });
    const { facingMode, deviceId } = track.getSettings();
    return { mirrored: facingMode !== "environment", device: deviceId ?? "" };
  } catch (error) {
    closeCamera(video);
    throw new CameraError(REASONS.get(error instanceof DOMException ? error.name : "") ?? "busy");
  }
}

/** Release the camera, so that its light goes out. @param {HTMLVideoElement} video */
export function closeCamera(video) {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  for (const track of stream?.getTracks() ?? []) track.stop();
  video.srcObject = null;
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
