/** Which pose engine a workout runs on, and what to know about it. Pure. */

/**
 * @typedef {object} Offer
 * @property {string} name
 * @property {string} title
 * @property {boolean} depth whether it estimates depth
 * @property {string} lacks parts of the body that it never tracks, in words; empty for none
 * @property {string} misses those of them that this exercise needs; if any, it cannot be chosen
 */

/**
 * The engine to use: the preferred one if it can follow the exercise, else the server's own, else any that can.
 *
 * @param {Offer[]} offers
 * @param {string} wish the preferred engine, or empty
 * @param {string} usual the server's own
 * @param {string} [failed] an engine that could not be opened
 * @returns {string} a name; empty to let the server decide
 */
export function pick(offers, wish, usual, failed = "") {
  const able = offers.filter(({ name, misses }) => !misses && name !== failed).map(({ name }) => name);
  return [wish, usual].find((name) => able.includes(name)) ?? able[0] ?? "";
}

/**
 * What to know before starting: why the preferred engine is not used, and what the used one cannot see.
 *
 * @param {Offer[]} offers
 * @param {string} wish
 * @param {string} name the engine in use
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
