/** The camera: asking for it, its troubles by name, and which ones there are. */

/** Enough for a full window; a pose engine needs far less. */
const WISH = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** What a browser's refusal means, after Media Capture and Streams, section 10.2 (getUserMedia). */
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

/** Why there is no picture. */
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
 * @param {() => void} onEnd the camera was pulled out or taken away
 * @returns {Promise<{mirrored: boolean, device: string}>}
 */
export async function openCamera(video, device, onEnd) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  closeCamera(video);
  const which = device ? { deviceId: { exact: device } } : { facingMode: "user" };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...WISH, ...which }, audio: false });
    closeCamera(video); // another one may have been opened meanwhile
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

/** Let go of the camera: its light goes out. @param {HTMLVideoElement} video */
export function closeCamera(video) {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  for (const track of stream?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

/**
 * The cameras of this machine; browsers tell their names only once one of them is allowed.
 *
 * @returns {Promise<{device: string, label: string}[]>}
 */
export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === "videoinput")
    .map(({ deviceId, label }, i) => ({ device: deviceId, label: label || `Camera ${i + 1}` }));
}
