/** Frames per second and delay over the last seconds. Pure. */

const SPAN_MS = 2000;

/** A moving average over the frames shown. */
export class Meter {
  /** @type {{at_ms: number, delay_ms: number}[]} */
  #frames = [];

  /** @param {number} at_ms @param {number} delay_ms from the camera to the picture */
  add(at_ms, delay_ms) {
    this.#frames.push({ at_ms, delay_ms });
    while (this.#frames[0].at_ms < at_ms - SPAN_MS) this.#frames.shift();
  }

  /** @returns {{fps: number, delay_ms: number}} */
  read() {
    const frames = this.#frames;
    if (frames.length < 2) return { fps: 0, delay_ms: frames[0]?.delay_ms ?? 0 };
    const span_ms = frames[frames.length - 1].at_ms - frames[0].at_ms;
    const sum_ms = frames.reduce((sum, { delay_ms }) => sum + delay_ms, 0);
    return { fps: (1000 * (frames.length - 1)) / span_ms, delay_ms: sum_ms / frames.length };
  }
}
