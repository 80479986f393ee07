/** Which pose engine a workout runs on, and what is said of it. Pure. */

/**
 * @typedef {object} Offer
 * @property {string} name
 * @property {string} title
 * @property {string} lacks parts of the body that it never finds, in words; empty for none
 * @property {boolean} depth whether it knows how far things are
 * @property {string} misses those of them that this exercise needs; with any, it cannot be chosen
 */

/**
 * The engine to run on: the one wished for if it can follow the exercise, else the server's own, else any that can.
 *
 * @param {Offer[]} offers
 * @param {string} wish as remembered, or empty
 * @param {string} usual the server's own
 * @param {string} [failed] one that could not be opened
 * @returns {string} a name; empty to let the server decide
 */
export function pick(offers, wish, usual, failed = "") {
  const able = offers.filter(({ name, misses }) => !misses && name !== failed).map(({ name }) => name);
  return [wish, usual].find((name) => able.includes(name)) ?? able[0] ?? "";
}

/**
 * What is worth knowing before one begins: why another engine runs than the one wished for, and what it cannot see.
 *
 * @param {Offer[]} offers
 * @param {string} wish
 * @param {string} name the one that runs
 * @returns {string}
 */
export function about(offers, wish, name) {
  const runs = offers.find((offer) => offer.name === name);
  const refused = offers.find((offer) => offer.name === wish && offer.misses && offer !== runs);
  return [refused ? instead(refused, runs) : "", runs ? lacking(runs) : ""].filter(Boolean).join(" ");
}

/** @param {Offer} refused @param {Offer | undefined} runs */
function instead({ title, misses }, runs) {
  const other = runs ? `Using ${runs.title} instead.` : "No engine here can follow it.";
  return `This exercise needs the ${misses}, which ${title} does not track. ${other}`;
}

/** @param {Offer} offer */
function lacking({ lacks, depth }) {
  const joints = lacks ? `Does not track ${lacks}.` : "";
  return [joints, depth ? "" : "2-D only."].filter(Boolean).join(" ");
}
