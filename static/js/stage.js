/** The picture that fills the window: sends frames, and shows each with the pose found in it. */

import { Capture } from "./capture.js";
import { loadFigure } from "./figure.js";
import { judgeLight } from "./light.js";
import { Meter } from "./meter.js";
import { Overlay } from "./overlay.js";
import { screen } from "./words.js";

/** After this long without an answer the live picture is shown instead, so that it never freezes. */
const LIVE_PICTURE_MS = 400;

/** @typedef {import("./state.js").State} State */

/** The camera's video and the canvas over it. */
export class Stage {
  #meter;
  #state;
  #shown_ms = -Infinity;
  /** @type {import("./figure.js").Figure | null} */
  #figure = null;

  /**
   * @param {Document} page
   * @param {(seq: number, t_ms: number, jpeg: ArrayBuffer) => void} send
   * @param {() => State} state returns the current state
   */
  constructor(page, send, state) {
    this.video = /** @type {HTMLVideoElement} */ (page.getElementById("camera"));
    this.overlay = new Overlay(/** @type {HTMLCanvasElement} */ (page.getElementById("picture")));
    this.capture = new Capture(this.video, send, () => this.#showCamera());
    this.#meter = new Meter();
    this.#state = state;
  }

  /** Load the outline that shows where to stand. @param {string} address of the exercise's figure; empty for none */
  async load(address) {
    this.#figure = await loadFigure(address);
  }

  /** The light of the picture, or null while there is none. @returns {import("./wire.js").Check | null} */
  light() {
    return this.video.videoWidth ? judgeLight(this.capture.sample()) : null;
  }

  /** The live picture, while no answers come. */
  #showCamera() {
    if (performance.now() - this.#shown_ms < LIVE_PICTURE_MS || this.#state().camera !== "open") return;
    this.#drawOutline(this.overlay.drawPicture(this.video));
  }

  /**
   * Show a frame together with the pose found in it.
   *
   * @param {import("./wire.js").PoseAnswer} answer
   * @returns {Parameters<import("./hud.js").Hud["measure"]>[0] | null} figures for the display, or null
   */
  showPose({ seq, image }) {
    const kept = this.capture.acknowledge(seq);
    const { ready, note } = this.#state();
    if (!kept || !ready) return null;
    const view = this.overlay.drawPicture(kept.picture);
    this.#drawOutline(view);
    const marks = { joints: ready.exercise.joints, rings: note?.joints ?? [] };
    if (image) this.overlay.drawSkeleton(view, image, ready.skeleton, marks);
    this.#reportShown(seq, kept.capture_ms);
    return { ...this.#meter.read(), ...this.capture.pace.step, engine: ready.engine };
  }

  /** Draw the outline until the person stands right. @param {import("./viewport.js").Viewport} view */
  #drawOutline(view) {
    const state = this.#state();
    if (this.#figure && screen(state) === "setup" && state.placedSince_ms === null) {
      this.overlay.drawOutline(view, this.#figure);
    }
  }

  /** @param {number} seq @param {number} capture_ms */
  #reportShown(seq, capture_ms) {
    this.#shown_ms = performance.now();
    const drawn_ms = performance.timeOrigin + this.#shown_ms;
    window.dispatchEvent(new CustomEvent("posecoach:drawn", { detail: { seq, capture_ms, drawn_ms } }));
    this.#meter.add(drawn_ms, drawn_ms - capture_ms);
  }
}
