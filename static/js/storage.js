/** What this browser remembers, for good or for this tab. Where storage is switched off, nothing is remembered. */

/** The key of the body weight, as typed. */
export const WEIGHT = "posecoach.weight";

/** @typedef {"localStorage" | "sessionStorage"} Area for good, or for this tab */

/**
 * @param {Area} area
 * @param {string} key
 * @returns {string} empty if there is none
 */
export function read(area, key) {
  try {
    return window[area].getItem(key) ?? "";
  } catch {
    return ""; // merely touching a storage that is switched off throws
  }
}

/**
 * @param {Area} area
 * @param {string} key
 * @returns {unknown} null if there is none, or it is not JSON
 */
export function readJson(area, key) {
  try {
    return JSON.parse(read(area, key) || "null");
  } catch {
    return null;
  }
}

/**
 * @param {Area} area
 * @param {string} key
 * @param {string} value empty to forget it
 */
export function write(area, key, value) {
  try {
    if (value) window[area].setItem(key, value);
    else window[area].removeItem(key);
  } catch {
    // Switched off, or full: the choice is made anew next time.
  }
}
