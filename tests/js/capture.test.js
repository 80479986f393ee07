import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Capture } from "../../static/js/capture.js";

/** Whether a picture can be compressed at the moment. */
let works = true;

/** A canvas without pixels. */
class Canvas {
  width = 1;
  height = 1;

  getContext() {
    return { canvas: this, drawImage: () => {} };
  }

  async convertToBlob() {
    if (!works) throw new DOMException("no memory", "EncodingError");
    return { arrayBuffer: async () => new ArrayBuffer(1) };
  }
}

/** A video element whose frames come when told to. */
class Video {
  videoWidth = 640;
  videoHeight = 360;
  /** @type {(now: number, metadata: object) => void} */
  #ask = () => {};

  /** @param {(now: number, metadata: object) => void} callback */
  requestVideoFrameCallback(callback) {
    this.#ask = callback;
  }

  /** Show a frame, and wait until it is compressed. @param {number} at_ms */
  async frame(at_ms) {
    this.#ask(at_ms, {});
    await new Promise((done) => setImmediate(done));
  }
}

beforeEach(() => {
  works = true;
  Object.assign(globalThis, { window: { OffscreenCanvas: Canvas }, OffscreenCanvas: Canvas });
});
afterEach(() => Object.assign(globalThis, { window: undefined, OffscreenCanvas: undefined }));

test("a frame that cannot be compressed leaves the one before it in flight", async () => {
  const video = new Video();
  /** @type {number[]} */
  const sent = [];
  const element = /** @type {HTMLVideoElement} */ (/** @type {unknown} */ (video));
  const capture = new Capture(element, (seq) => sent.push(seq), () => {});
  capture.start(2);
  await video.frame(1000);
  works = false;
  await video.frame(1033);
  assert.deepEqual(sent, [1]);
  assert.deepEqual([...capture.pace.waiting.keys()], [1]);
  assert.equal(capture.acknowledge(1)?.capture_ms, performance.timeOrigin + 1000);
});
