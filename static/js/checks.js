/** The checks of the set-up, and when they let a workout start by itself. Pure. */

/**
 * @typedef {import("./wire.js").Check} Check
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Checks
 * @property {Check[]} checks those that are needed first, advice last
 * @property {number | null} clearSince_ms since when every check is done
 * @property {number | null} placedSince_ms since when every check that is needed is done
 */

/** Counting works without these. */
const ADVICE = ["alone", "light"];
/** All checks must stay done for this long before the countdown starts automatically. */
const CLEAR_FOR_MS = 1000;
/** Advice is waited for only this long. */
const ADVISED_FOR_MS = 5000;

/** Before anything is known of how the person stands. */
export const UNPLACED = { clearSince_ms: null, placedSince_ms: null };

/**
 * Merge new checks into the known ones: the server's, or the light, which the browser measures by itself and which is
 * not enough to start.
 *
 * @param {Checks} before
 * @param {Check[]} news
 * @param {number} now_ms
 * @returns {Checks}
 */
export function mergeChecks({ checks, clearSince_ms, placedSince_ms }, news, now_ms) {
  const all = [...news, ...checks.filter((old) => !news.some(({ name }) => name === old.name))];
  const needed = all.filter(({ name }) => !ADVICE.includes(name));
  const advice = all.filter(({ name }) => ADVICE.includes(name));
  const placed = isDone(needed, "body") && needed.every(({ done }) => done);
  const clear = placed && advice.every(({ done }) => done);
  return {
    checks: [...needed, ...advice],
    clearSince_ms: clear ? (clearSince_ms ?? now_ms) : null,
    placedSince_ms: placed ? (placedSince_ms ?? now_ms) : null,
  };
}

/**
 * Whether to start by itself: as wanted, or once the person has stood right for long enough.
 *
 * @param {Pick<State, "options" | "wanted" | "clearSince_ms" | "placedSince_ms" | "now_ms">} state
 */
export function letStart({ options, wanted, clearSince_ms, placedSince_ms, now_ms }) {
  if (wanted || options.start === "now") return true;
  if (options.start === "hand") return false;
  const [clear_ms, placed_ms] = [clearSince_ms, placedSince_ms].map((since_ms) => now_ms - (since_ms ?? Infinity));
  return clear_ms >= CLEAR_FOR_MS || placed_ms >= ADVISED_FOR_MS;
}

/** @param {Check[]} checks @param {string} name */
export function isDone(checks, name) {
  return checks.some((check) => check.name === name && check.done);
}
