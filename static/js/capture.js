/**
 * Turns the camera's frames into JPEG bytes. A frame that is sent is kept as a picture until its pose comes back, so
 * that both can be shown together.
 */

import { context2d } from "./dom.js";
import { Pace } from "./pace.js";
import { within } from "./viewport.js";

/** Longest side of a kept picture: enough for the window, whatever the camera delivers. */
const KEPT_PX = 1280;
/** The light is judged by a thumbnail. */
const THUMB = { width: 32, height: 18 };
/** The pixels stay in main memory, where the JPEG encoder reads them. */
const READABLE = { alpha: false, willReadFrequently: true };

/**
 * @typedef {import("./dom.js").Canvas} Picture
 * @typedef {{picture: Picture, capture_ms: number}} Kept
 */

/** Takes frames while `pace` allows, and keeps them until they are answered. */
export class Capture {
  #video;
  #seq = 0;
  #send;
  #onFrame;
  #running = false;
  /** One frame is compressed at a time, so that none overtakes another. */
  #busy = false;
  #last_ms = 0;
  /** @type {Map<number, Kept>} */
  #kept = new Map();
  /** Pictures to reuse. @type {Picture[]} */
  #spare = [];
  #small;
  #thumb;

  /**
   * @param {HTMLVideoElement} video
   * @param {(seq: number, t_ms: number, jpeg: ArrayBuffer) => void} send
   * @param {() => void} onFrame called for each new frame, sent or not
   */
  constructor(video, send, onFrame) {
    this.#video = video;
    this.#send = send;
    this.#onFrame = onFrame;
    this.pace = new Pace(1);
    this.#small = context2d(blank(), READABLE);
    this.#thumb = context2d(Object.assign(blank(), THUMB), READABLE);
    this.#requestFrame();
  }

  /** Send frames from now on. @param {number} inFlight */
  start(inFlight) {
    this.pace.inFlight = inFlight;
    this.pace.clear();
    this.#running = true;
  }

  /** Stop sending, and forget the frames in flight. */
  stop() {
    this.#running = false;
    this.pace.clear();
    for (const seq of [...this.#kept.keys()]) this.#release(seq);
  }

  /**
   * The picture that an answer belongs to, or null if it was given up. Releases all older ones.
   *
   * @param {number} seq
   * @returns {Kept | null}
   */
  acknowledge(seq) {
    this.pace.acknowledge(seq, performance.now());
    const kept = this.#kept.get(seq) ?? null;
    for (const number of [...this.#kept.keys()]) if (number <= seq) this.#release(number);
    return kept;
  }

  /** A few pixels of the camera's picture, four bytes each. @returns {Uint8ClampedArray} */
  sample() {
    this.#thumb.drawImage(this.#video, 0, 0, THUMB.width, THUMB.height);
    return this.#thumb.getImageData(0, 0, THUMB.width, THUMB.height).data;
  }

  #requestFrame() {
    const video = this.#video;
    if ("requestVideoFrameCallback" in video) {
      video.requestVideoFrameCallback((now, { captureTime }) => this.#handleFrame(captureTime ?? now));
    } else {
      requestAnimationFrame((now) => this.#handleFrame(now));
    }
  }

  /** @param {number} capture_ms on the page's own clock */
  #handleFrame(capture_ms) {
    this.#requestFrame();
    if (!this.#video.videoWidth) return;
    const now_ms = performance.now();
    for (const seq of this.pace.forgetStale(now_ms)) this.#release(seq);
    if (this.#running && !this.#busy && this.pace.mayTake(now_ms)) void this.#take(performance.timeOrigin + capture_ms);
    this.#onFrame();
  }

  /** @param {number} capture_ms since 1970 */
  async #take(capture_ms) {
    if (capture_ms <= this.#last_ms) return;
    this.#last_ms = capture_ms;
    this.#seq += 1;
    const seq = this.#seq;
    this.pace.track(seq, performance.now());
    const picture = this.#keep(seq, capture_ms);
    this.#busy = true;
    const jpeg = await this.#encode(picture).catch(() => null); // skip this frame: the next one follows
    this.#busy = false;
    if (jpeg && this.#running && this.#kept.has(seq)) this.#send(seq, capture_ms, jpeg);
    else this.#drop(seq);
  }

  /** @param {number} seq */
  #drop(seq) {
    this.pace.drop(seq);
    this.#release(seq);
  }

  /** @param {number} seq @param {number} capture_ms */
  #keep(seq, capture_ms) {
    const picture = this.#spare.pop() ?? blank();
    const { videoWidth: width, videoHeight: height } = this.#video;
    paint(context2d(picture, READABLE), this.#video, within({ width, height }, KEPT_PX));
    this.#kept.set(seq, { picture, capture_ms });
    return picture;
  }

  /** @param {Picture} picture @returns {Promise<ArrayBuffer | null>} */
  async #encode(picture) {
    const { longest_px, quality } = this.pace.step;
    const size = within(picture, longest_px);
    let source = picture;
    if (size.width !== picture.width) {
      paint(this.#small, picture, size);
      source = this.#small.canvas;
    }
    const blob = await compress(source, quality);
    return blob && blob.arrayBuffer();
  }

  /** @param {number} seq */
  #release(seq) {
    const kept = this.#kept.get(seq);
    this.#kept.delete(seq);
    if (kept) this.#spare.push(kept.picture);
  }
}

/** An OffscreenCanvas compresses at once; a canvas element waits until the browser is idle. @returns {Picture} */
function blank() {
  return "OffscreenCanvas" in window ? new OffscreenCanvas(1, 1) : document.createElement("canvas");
}

/** @param {Picture} picture @param {number} quality @returns {Promise<Blob | null>} */
function compress(picture, quality) {
  const type = "image/jpeg";
  if ("convertToBlob" in picture) return picture.convertToBlob({ type, quality });
  return new Promise((done) => picture.toBlob(done, type, quality));
}

/**
 * @param {import("./dom.js").Drawing} drawing
 * @param {CanvasImageSource} source
 * @param {{width: number, height: number}} size
 */
function paint(drawing, source, { width, height }) {
  const { canvas } = drawing;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  drawing.drawImage(source, 0, 0, width, height);
}
