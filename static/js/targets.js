/** The target of a set, as chosen in the set-up or given in the address. Pure. */

/**
 * @typedef {import("./wire.js").Target} Target
 *
 * @typedef {"amount" | "sets" | "rest" | "weight"} Field
 * @typedef {Record<Field, string>} Fields as typed; empty for none
 * @typedef {[number, number]} Range the least and the most
 * @typedef {Record<Field, Range>} Limits the server's
 */

const USUAL_REST_S = 60;
const NO_BREAK = "\u00a0";

/**
 * The target that was typed, or null if there is none or it is not valid.
 *
 * @param {Pick<Fields, "amount" | "sets" | "rest">} fields
 * @param {Limits} limits
 * @returns {Target | null}
 */
export function target({ amount, sets, rest }, limits) {
  const fields = { amount, sets, rest, weight: "" };
  if (!amount.trim() || Object.keys(mistakes(fields, "reps", limits)).length > 0) return null;
  const rest_s = rest.trim() ? Number(rest) : USUAL_REST_S;
  return { amount: Number(amount), rest_s, sets: sets.trim() ? Number(sets) : null };
}

/** @param {string} typed @param {Range} range @returns {number | null} */
export function weight_kg(typed, [least, most]) {
  const kg = Number(typed.replace(",", "."));
  return typed.trim() && kg >= least && kg <= most ? kg : null;
}

/** Which weights are valid. @param {Range} range */
export function weightRange([least, most]) {
  return `Enter a weight between ${least} and ${most} kg.`;
}

/**
 * What is missing or not valid, by field.
 *
 * @param {Fields} fields
 * @param {"reps" | "hold"} kind
 * @param {Limits} limits
 * @returns {Partial<Fields>} empty if all is well
 */
export function mistakes({ amount, sets, rest, weight }, kind, limits) {
  const one = kind === "hold" ? "second" : "repetition";
  const missing = !amount.trim() && (sets.trim() || rest.trim()) ? `Enter the ${one}s of a set, too.` : "";
  const unfit = weight.trim() && weight_kg(weight, limits.weight) === null;
  const all = {
    amount: missing || wrong(amount, limits.amount, one),
    sets: wrong(sets, limits.sets, "set"),
    rest: wrong(rest, limits.rest, "second", " of rest"),
    weight: unfit ? weightRange(limits.weight) : "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, said]) => said));
}

/**
 * The target in a few words, which break before the rest only.
 *
 * @param {Target | null} wanted
 * @param {"reps" | "hold"} kind
 */
export function inShort(wanted, kind) {
  if (!wanted) return "Target";
  const one = kind === "hold" ? `${wanted.amount} s` : String(wanted.amount);
  const all = wanted.sets === 1 ? one : wanted.sets ? `${wanted.sets} × ${one}` : `sets of ${one}`;
  const unusual = wanted.sets !== 1 && wanted.rest_s !== USUAL_REST_S;
  const parts = [`Target: ${all}`, ...(unusual ? [`rest ${wanted.rest_s} s`] : [])];
  return parts.map((part) => part.replaceAll(" ", NO_BREAK)).join(", ");
}

/**
 * The target in the address, as if it had been typed; null for none.
 *
 * @param {URLSearchParams} query
 * @returns {Pick<Fields, "amount" | "sets" | "rest"> | null}
 */
export function targetIn(query) {
  const text = (/** @type {string} */ name) => query.get(name) ?? "";
  return text("target") ? { amount: text("target"), sets: text("sets"), rest: text("rest") } : null;
}

/**
 * The options in the address.
 *
 * @param {URLSearchParams} query
 * @returns {import("./state.js").Options}
 */
export function optionsIn(query) {
  const seconds = Number(query.get("countdown") ?? 3);
  const start = query.get("start");
  return {
    countdown_s: Number.isFinite(seconds) ? Math.min(30, Math.max(0, seconds)) : 3,
    start: start === "hand" || start === "now" ? start : "checks",
  };
}

/**
 * The address of another exercise, which keeps the options but not the target.
 *
 * @param {string} path
 * @param {URLSearchParams} query of this page
 */
export function onward(path, query) {
  const kept = new URLSearchParams([...query].filter(([name]) => name === "countdown" || name === "start"));
  return `${path}${kept.toString() && `?${kept}`}`;
}

/** What is wrong with a number. @type {(typed: string, range: Range, one: string, of?: string) => string} */
function wrong(typed, [least, most], one, of = "") {
  if (!typed.trim()) return "";
  const number = Number(typed);
  if (number > most) return `At most ${most} ${one}s${of}.`;
  if (number < least) return `At least ${least} ${one}${least === 1 ? "" : "s"}${of}.`;
  return Number.isInteger(number) ? "" : `Enter a whole number of ${one}s${of}.`;
}
