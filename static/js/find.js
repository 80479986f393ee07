/** Finding an exercise by typing. Pure. */

/** Shorter words are not searched for typing mistakes: too many words are alike. */
const LEAST_MISTYPED = 5;
const LEAST_STEM = 3;

/**
 * Whether a search matches a text: each word searched for begins a word of the text, or the whole search occurs in the
 * text when spaces and punctuation are ignored ("pushup" finds "Push-up"). Plurals and one typing mistake are forgiven.
 *
 * @param {string} wanted
 * @param {string} text
 */
export function matches(wanted, text) {
  const words = split(text);
  const asked = split(wanted);
  const whole = stem(asked.join(""));
  return asked.every((one) => words.some((word) => meant(one, word))) || words.join("").includes(whole);
}

/** What is said if nothing matches a search. @param {string} wanted */
export function nothingFound(wanted) {
  return `No exercise matches “${wanted.trim()}”.`;
}

/** @param {string} asked @param {string} word */
function meant(asked, word) {
  if (word.startsWith(stem(asked))) return true;
  return asked.length >= LEAST_MISTYPED && (mistyped(asked, word) || mistyped(stem(asked), word));
}

/** A word without the ending of a plural. @param {string} word */
function stem(word) {
  const bare = word.replace(/e?s$/, "");
  return bare.length < LEAST_STEM ? word : bare;
}

/** Whether two words differ in one letter left out, added, replaced or swapped. @param {string} a @param {string} b */
function mistyped(a, b) {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const [x, y] = [a.slice(same), b.slice(same)];
  const swapped = x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2);
  return swapped || x.slice(1) === y || x === y.slice(1) || x.slice(1) === y.slice(1);
}

/** @param {string} text @returns {string[]} words without accents */
function split(text) {
  return text.normalize("NFD").toLowerCase().replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
}
