import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { CameraError, closeCamera, openCamera } from "../../static/js/camera.js";

/** A camera's track, as far as it is used here. */
class Track {
  live = true;
  /** @param {string} device */
  constructor(device) {
    this.device = device;
  }

  stop() {
    this.live = false;
  }

  getSettings() {
    return { deviceId: this.device, facingMode: "user" };
  }

  addEventListener() {}
}

/** A video element. Like a real one, it never begins to play a picture that is taken from it. */
class Video {
  /** @type {{getTracks: () => Track[]} | null} */
  srcObject = null;

  async play() {
    const before = this.srcObject;
    await Promise.resolve();
    if (this.srcObject !== before) throw new DOMException("interrupted by a new load request", "AbortError");
  }
}

/** Cameras that open when told to. */
class Devices {
  /** @type {Map<string, (track: Track | null) => void>} */
  #asked = new Map();

  /** @param {{video: {deviceId: {exact: string}}}} wish */
  getUserMedia({ video }) {
    return new Promise((done, fail) => {
      this.#asked.set(video.deviceId.exact, (track) => {
        if (track) done({ getTracks: () => [track], getVideoTracks: () => [track] });
        else fail(new DOMException("", "NotReadableError"));
      });
    });
  }

  /** @param {string} device */
  open(device) {
    const track = new Track(device);
    this.#asked.get(device)?.(track);
    return track;
  }

  /** @param {string} device */
  refuse(device) {
    this.#asked.get(device)?.(null);
  }
}

let mediaDevices = new Devices();
let shown = new Video();

beforeEach(() => {
  mediaDevices = new Devices();
  shown = new Video();
  Object.assign(globalThis, { window: { isSecureContext: true } });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
});
afterEach(() => {
  Object.assign(globalThis, { window: undefined });
  Object.defineProperty(globalThis, "navigator", { value: undefined, configurable: true });
});

const video = () => /** @type {HTMLVideoElement} */ (/** @type {unknown} */ (shown));
/** @param {string} device */
const choose = (device) => openCamera(video(), device, () => {});

test("of two cameras chosen quickly the later one is shown, whichever opens first", async () => {
  for (const order of [["a", "b"], ["b", "a"]]) {
    const answers = [choose("a"), choose("b")];
    const [a, b] = order.map((device) => mediaDevices.open(device)).sort((x, y) => x.device.localeCompare(y.device));
    assert.deepEqual(await Promise.all(answers), [null, { mirrored: true, device: "b" }]);
    assert.deepEqual([a.live, b.live], [false, true]);
    assert.deepEqual(shown.srcObject?.getTracks(), [b]);
  }
});

test("a camera chosen while another begins to play takes its place", async () => {
  const first = choose("a");
  const a = mediaDevices.open("a");
  await Promise.resolve(); // the first one plays from here on
  assert.deepEqual(shown.srcObject?.getTracks(), [a]);
  const second = choose("b");
  const b = mediaDevices.open("b");
  assert.deepEqual(await Promise.all([first, second]), [null, { mirrored: true, device: "b" }]);
  assert.deepEqual([a.live, b.live], [false, true]);
});

test("a camera that fails after another was chosen is no news", async () => {
  const answers = [choose("a"), choose("b")];
  const b = mediaDevices.open("b");
  mediaDevices.refuse("a");
  assert.deepEqual(await Promise.all(answers), [null, { mirrored: true, device: "b" }]);
  assert.ok(b.live);
});

test("a camera that fails says why and shows nothing", async () => {
  const answer = choose("a");
  mediaDevices.refuse("a");
  await assert.rejects(answer, (error) => error instanceof CameraError && error.reason === "busy");
  assert.equal(shown.srcObject, null);
});

test("a camera that opens after it was closed is released", async () => {
  const answer = choose("a");
  closeCamera(video());
  const a = mediaDevices.open("a");
  assert.equal(await answer, null);
  assert.ok(!a.live);
  assert.equal(shown.srcObject, null);
});
