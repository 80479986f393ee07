/**
 * How many frames are in flight, and how large and how frequent they may be. Pure: the caller passes the time.
 */

/**
 * @typedef {{longest_px: number, quality: number, gap_ms: number}} Step
 * `gap_ms`: the least time between two frames.
 */

/** From the best picture down to the smallest that a pose engine still handles well. @type {readonly Step[]} */
export const STEPS = Object.freeze([
  { longest_px: 640, quality: 0.8, gap_ms: 0 },
  { longest_px: 640, quality: 0.65, gap_ms: 45 },
  { longest_px: 480, quality: 0.65, gap_ms: 60 },
  { longest_px: 384, quality: 0.6, gap_ms: 85 },
  { longest_px: 320, quality: 0.5, gap_ms: 120 },
]);

const LATE_MS = 220;
const EARLY_MS = 110;
/** Answers to wait for before a step is changed: quick to lower, slow to raise. */
const LOWER_AFTER = 8;
const RAISE_AFTER = 60;
/** An answer that takes longer is given up. */
export const STALE_MS = 3000;
/** After this many unanswered frames in a row, the connection is considered dead. */
const DEAD_AFTER = 4;
/** Weight of a new age in the running mean. */
const NEW_AGE_WEIGHT = 0.2;

/** The frames in flight, oldest first, and their step. */
export class Pace {
  /** Smoothed age of the answers in milliseconds. @type {number | null} */
  #age_ms = null;
  #sinceChange = 0;
  #last_ms = -Infinity;
  /** Whether an answer came since the connection was made: opening an engine may take a while. */
  #heard = false;

  /** @param {number} inFlight how many frames may be in flight */
  constructor(inFlight) {
    this.inFlight = inFlight;
    /** @type {Map<number, number>} when each unanswered frame was sent */
    this.waiting = new Map();
    this.level = 0;
    /** Unanswered frames in a row. */
    this.lost = 0;
  }

  /** @returns {Step} */
  get step() {
    return STEPS[this.level];
  }

  /** Whether the connection is dead, whatever the socket says. */
  get dead() {
    return this.#heard && this.lost >= DEAD_AFTER;
  }

  /**
   * Whether a frame may be sent now.
   *
   * @param {number} now_ms
   */
  mayTake(now_ms) {
    // With some tolerance, or a camera at 30 frames per second would miss every other turn.
    return this.waiting.size < this.inFlight && now_ms - this.#last_ms >= this.step.gap_ms - 8;
  }

  /**
   * Count a frame as in flight.
   *
   * @param {number} seq
   * @param {number} now_ms
   */
  track(seq, now_ms) {
    this.waiting.set(seq, now_ms);
    this.#last_ms = now_ms;
  }

  /**
   * Acknowledge every frame up to `seq`, which was answered.
   *
   * @param {number} seq
   * @param {number} now_ms
   */
  acknowledge(seq, now_ms) {
    this.lost = 0;
    this.#heard = true;
    const sent_ms = this.waiting.get(seq);
    for (const number of this.waiting.keys()) if (number <= seq) this.waiting.delete(number);
    if (sent_ms !== undefined) this.#adapt(now_ms - sent_ms);
  }

  /** Forget a frame that is not sent after all. @param {number} seq */
  drop(seq) {
    this.waiting.delete(seq);
  }

  /** Forget the frames in flight, because the connection is gone. */
  clear() {
    this.waiting.clear();
    this.lost = 0;
    this.#heard = false;
  }

  /** @param {number} age_ms */
  #adapt(age_ms) {
    this.#age_ms = this.#age_ms === null ? age_ms : this.#age_ms + NEW_AGE_WEIGHT * (age_ms - this.#age_ms);
    this.#sinceChange += 1;
    if (Math.min(age_ms, this.#age_ms) > LATE_MS && this.#sinceChange >= LOWER_AFTER) this.#change(1);
    else if (this.#age_ms < EARLY_MS && this.#sinceChange >= RAISE_AFTER) this.#change(-1);
  }

  /** @param {1 | -1} way */
  #change(way) {
    this.level = Math.min(STEPS.length - 1, Math.max(0, this.level + way));
    this.#sinceChange = 0;
  }

  /**
   * Give up frames that have waited too long.
   *
   * @param {number} now_ms
   * @returns {number[]} their numbers
   */
  forgetStale(now_ms) {
    const stale = [...this.waiting].filter(([, sent_ms]) => now_ms - sent_ms >= STALE_MS).map(([seq]) => seq);
    for (const seq of stale) {
      this.waiting.delete(seq);
      this.lost += 1;
      this.#adapt(STALE_MS);
    }
    return stale;
  }
}
