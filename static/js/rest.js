/** What the page says about sets and rests. Pure. */

import { clock } from "./clock.js";
import { ordinal } from "./sets.js";

/** The last seconds of a rest are counted aloud. */
const COUNTED_ALOUD = 3;

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} RestView
 * @property {string} title
 * @property {string} digits seconds left, time rested, or number of sets done
 * @property {number | null} part left of the rest, 0 to 1; null without an end
 * @property {string} was summary of the set
 * @property {string} next
 * @property {string} go label of the button that starts the next set; empty for none
 */

/**
 * The set that the digits belong to: in a rest, the one before it.
 *
 * @param {State} state
 */
export function shownSet(state) {
  return setLine(state, ordinal(state) - (state.phase === "rest" ? 1 : 0));
}

/**
 * The current set, or the next one; empty without a target while there is only one.
 *
 * @param {State} state
 * @param {number} number
 */
export function setLine(state, number = ordinal(state)) {
  const { target } = state;
  if (target?.sets && number <= target.sets) return `Set ${number} of ${target.sets}`;
  return target || number > 1 ? `Set ${number}` : "";
}

/**
 * The words below the digits.
 *
 * @param {State} state
 * @param {"reps" | "hold"} kind
 * @param {number | null} usual_s how long to hold this exercise, without a target
 */
export function unit({ count, target }, kind, usual_s) {
  const amount = target?.amount ?? (kind === "hold" ? usual_s : null);
  if (kind === "hold") return amount ? `of ${amount} seconds held` : "seconds held";
  return amount ? `of ${repetitions(amount)}` : noun(count);
}

/**
 * The rest in words and digits, or null outside a rest.
 *
 * @param {State} state
 * @returns {RestView | null}
 */
export function restView(state) {
  const { phase, rest } = state;
  if (phase !== "rest" || !rest) return null;
  const was = done(rest, ordinal(state) - 1, state);
  if (rest.last) return finished(state, was);
  if (rest.until_ms === null) return { ...open(state, rest), was };
  const left_ms = Math.max(0, rest.until_ms - state.now_ms);
  const whole_ms = Math.max(1, rest.until_ms - rest.since_ms);
  const next = `Next: ${lower(setLine(state))}, ${amount(state)}`;
  return { title: "Rest", digits: seconds(left_ms), part: left_ms / whole_ms, was, next, go: "Skip rest" };
}

/**
 * The last seconds of a rest, which are counted aloud; null before them, and without an end.
 *
 * @param {State} state
 * @returns {number | null}
 */
export function lastSeconds({ phase, rest, now_ms }) {
  if (phase !== "rest" || !rest || rest.until_ms === null) return null;
  const left = Math.ceil((rest.until_ms - now_ms) / 1000);
  return left >= 1 && left <= COUNTED_ALOUD ? left : null;
}

/** @param {State} state @param {string} was @returns {RestView} */
function finished(state, was) {
  const { target, now_ms, rest } = state;
  const sets = target?.sets ?? 1;
  const all = ordinal(state) - 1;
  const many = all > sets ? String(all) : `${all}/${sets}`;
  const digits = all > 1 ? many : clock((now_ms - (rest?.since_ms ?? now_ms)) / 1000);
  const title = all > 1 ? "All sets done" : "Target reached";
  return { title, digits, part: 1, was, next: "Stop, or add one more set.", go: "One more set" };
}

/** @param {State} state @param {import("./sets.js").Rest} rest */
function open(state, { since_ms }) {
  const begins = isHold(state) ? "The next hold" : "The next repetition";
  const next = `${begins} begins ${lower(setLine(state))}.`;
  return { title: "Resting", digits: clock((state.now_ms - since_ms) / 1000), part: null, next, go: "" };
}

/** @param {import("./sets.js").Rest} rest @param {number} number @param {State} state */
function done({ set, depth }, number, state) {
  const what = isHold(state) ? `${Math.round(set.held_s)} seconds held` : repetitions(set.count);
  return `Set ${number}: ${what}${depth === null ? "" : `, depth ${Math.round(100 * depth)}% (target 100%)`}`;
}

/** @param {State} state */
function amount(state) {
  const { target } = state;
  return isHold(state) ? `${target?.amount} seconds` : repetitions(target?.amount ?? 0);
}

/** @param {State} state */
function isHold({ ready }) {
  return ready?.exercise.kind === "hold";
}

/** @param {number} left_ms */
function seconds(left_ms) {
  return left_ms < 100_000 ? String(Math.ceil(left_ms / 1000)) : clock(Math.ceil(left_ms / 1000));
}

/** @param {number} count */
function repetitions(count) {
  return `${count} ${noun(count)}`;
}

/** @param {number} count */
function noun(count) {
  return count === 1 ? "repetition" : "repetitions";
}

/** @param {string} sentence */
function lower(sentence) {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
