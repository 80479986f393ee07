/** What is spoken when something changes. Pure; `voice.js` decides whether to speak at all. */

import { lastSeconds, restView, setLine } from "./rest.js";

/** @typedef {import("./state.js").State} State */

/**
 * The words for a change, or null for silence: a new rest, its last seconds, a count, a cue.
 *
 * @param {State} before
 * @param {State} state
 * @returns {string | null}
 */
export function spoken(before, state) {
  if (state.phase === "rest") return resting(before, state);
  if (state.phase !== "live") return null;
  if (before.phase === "rest") return state.count > 0 ? String(state.count) : setLine(state) || "Go";
  if (state.count > before.count && before.ready) return String(state.count);
  return state.note && state.note !== before.note ? state.note.text : null;
}

/** @param {State} before @param {State} state */
function resting(before, state) {
  const left = lastSeconds(state);
  if (left !== null) return left === lastSeconds(before) ? null : String(left);
  if (before.phase === "rest" || !state.rest) return null;
  const { last, until_ms, since_ms } = state.rest;
  if (last) return `${restView(state)?.title}.`;
  // A rest that the server merely noticed is no news to the person resting.
  return until_ms === null ? null : `Rest ${Math.round((until_ms - since_ms) / 1000)} seconds.`;
}
