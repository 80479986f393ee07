/** Time as people read it. Pure. */

/**
 * @param {number} s
 * @returns {string} minutes and seconds, such as 0:07 or 12:30
 */
export function clock(s) {
  const whole = Math.max(0, Math.floor(s));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
