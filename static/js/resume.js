/** What a reloaded page needs to go on with its workout; kept by the browser for this tab alone. */

/**
 * @typedef {{resume: string, active_ms: number}} Kept
 */

/** @param {string} exercise */
const key = (exercise) => `posecoach.${exercise}`;

/** @param {string} exercise @returns {Kept | null} */
export function recall(exercise) {
  try {
    return JSON.parse(sessionStorage.getItem(key(exercise)) ?? "null");
  } catch {
    return null; // storage is switched off, or holds what is not ours
  }
}

/** @param {string} exercise @param {Kept} kept */
export function remember(exercise, kept) {
  try {
    sessionStorage.setItem(key(exercise), JSON.stringify(kept));
  } catch {
    // Without storage a reloaded page starts anew; nothing else depends on it.
  }
}

/** @param {string} exercise */
export function forget(exercise) {
  try {
    sessionStorage.removeItem(key(exercise));
  } catch {
    // As above.
  }
}
