/** The time line of a replay: its marks, and skipping gaps in which nobody was in view. Pure. */

/** How long before a repetition the replay starts when it jumps there. */
export const LEAD_S = 0.3;

/** Within this time of a mark's beginning, back leads to the mark before: while playing, one cannot be quicker. */
const SOON_S = 1.0;

/** Longer than this without a sample is a gap. */
const GAP_S = 1;

/**
 * @typedef {object} Mark a repetition or hold
 * @property {string} key
 * @property {string} label its number, or empty
 * @property {number} set
 * @property {"good" | "fault" | "partial" | "hold"} look
 * @property {string} words
 * @property {number} start_s
 * @property {number} end_s
 * @property {number} far_s
 * @property {string} side
 * @property {number[]} joints that its faults are about
 */

/** @param {Mark[]} marks @param {number} t_s @returns {Mark | null} the mark at that time */
export function markAt(marks, t_s) {
  return marks.find((mark) => t_s >= mark.start_s && t_s <= mark.end_s) ?? null;
}

/**
 * @param {Mark[]} marks in order of time
 * @param {number} t_s
 * @returns {number} the set under way, or the next one
 */
export function setAt(marks, t_s) {
  return (marks.find((mark) => mark.end_s >= t_s) ?? marks[marks.length - 1])?.set ?? 0;
}

/** @param {Mark[]} marks @param {number} set @returns {[number, number]} its start and end */
export function spanOf(marks, set) {
  const own = marks.filter((mark) => mark.set === set);
  return [Math.min(...own.map((mark) => mark.start_s)), Math.max(...own.map((mark) => mark.end_s))];
}

/**
 * The next or the previous mark. From within a mark, back leads to its own beginning and, soon after that,
 * to the mark before.
 *
 * @param {Mark[]} marks in order of time
 * @param {number} t_s
 * @param {1 | -1} way
 * @returns {Mark | null}
 */
export function neighbour(marks, t_s, way) {
  if (way === 1) return marks.find((mark) => mark.start_s - LEAD_S > t_s + 0.01) ?? null;
  const before = marks.filter((mark) => mark.start_s < t_s - SOON_S);
  return before[before.length - 1] ?? null;
}

/** @param {Mark[]} marks @param {number} t_s @param {number} within_s @returns {Mark | null} the nearest to a time */
export function nearest(marks, t_s, within_s) {
  let best = null;
  let least = within_s;
  for (const mark of marks) {
    const away = Math.max(mark.start_s - t_s, t_s - mark.end_s, 0) + Math.abs(t_s - mark.far_s) / 1e3;
    if (away < least) [best, least] = [mark, away];
  }
  return best;
}

/**
 * Where the replay continues: at `t_s`, or in a gap at the beginning of the next part.
 *
 * @param {number[]} parts_s when each part begins
 * @param {number} last_s the last sample before `t_s`
 * @param {number} t_s
 */
export function overGap(parts_s, last_s, t_s) {
  if (t_s - last_s <= GAP_S) return t_s;
  return parts_s.find((start_s) => start_s > t_s) ?? t_s;
}

/** @param {number[]} parts_s @param {number} t_s @returns {number} the part that a time lies in */
export function partAt(parts_s, t_s) {
  let part = 0;
  while (part + 1 < parts_s.length && parts_s[part + 1] <= t_s) part += 1;
  return part;
}
