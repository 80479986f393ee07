/** Finding an exercise by typing. Pure. */

/**
 * Whether a search matches a text: each word searched for begins a word of the text, or the whole search occurs in the
 * text when spaces and punctuation are ignored ("pushup" finds "Push-up").
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
