/** What a reloaded page needs to take its workout up again; kept for this tab alone. */

import { readJson, write } from "./storage.js";

/** @typedef {{resume: string, active_ms: number}} Kept */

/** @param {string} exercise */
const key = (exercise) => `posecoach.${exercise}`;

/** @param {string} exercise @returns {Kept | null} */
export function recall(exercise) {
  return /** @type {Kept | null} */ (readJson("sessionStorage", key(exercise)));
}

/** @param {string} exercise @param {Kept} kept */
export function remember(exercise, kept) {
  write("sessionStorage", key(exercise), JSON.stringify(kept));
}

/** @param {string} exercise */
export function forget(exercise) {
  write("sessionStorage", key(exercise), "");
}
