/** Finding an exercise by what is typed of it. Pure. */

/**
 * Whether the text holds what is looked for: each word of it begins a word of the text, or all of it stands somewhere
 * in the text, whatever is between its letters ("pushup" finds "Push-up").
 *
 * @param {string} wanted
 * @param {string} text
 */
export function matches(wanted, text) {
  const words = split(text);
  const asked = split(wanted);
  return asked.every((one) => words.some((word) => word.startsWith(one))) || words.join("").includes(asked.join(""));
}

/** @param {string} text @returns {string[]} words without accents */
function split(text) {
  return text.normalize("NFD").toLowerCase().replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
}
