/** The target of a set, as chosen in the set-up or given in the address. Pure. */

/**
 * @typedef {import("./wire.js").Target} Target
 *
 * @typedef {"amount" | "sets" | "rest" | "weight"} Field
 * @typedef {Record<Field, string>} Fields as typed; empty for none
 */

const USUAL_REST_S = 60;

/** The least and the most that can be entered. @type {Record<Field, [number, number]>} */
const LIMITS = { amount: [1, 1000], sets: [1, 50], rest: [0, 900], weight: [20, 400] };

/**
 * The target that was typed, or null without an amount.
 *
 * @param {Pick<Fields, "amount" | "sets" | "rest">} fields
 * @returns {Target | null}
 */
export function target({ amount, sets, rest }) {
  const wanted = whole("amount", amount);
  return wanted === null
    ? null
    : { amount: wanted, rest_s: whole("rest", rest) ?? USUAL_REST_S, sets: whole("sets", sets) };
}

/** @param {string} typed @returns {number | null} */
export function weight_kg(typed) {
  const kg = Number(typed.replace(",", "."));
  const [least, most] = LIMITS.weight;
  return typed.trim() && kg >= least && kg <= most ? kg : null;
}

/** Which weights are valid. */
export function weightRange() {
  const [least, most] = LIMITS.weight;
  return `Enter a weight between ${least} and ${most} kg.`;
}

/**
 * The note below the fields: the usual one, or what is missing or not valid.
 *
 * @param {Fields} fields
 * @param {"reps" | "hold"} kind
 * @param {string} usual
 */
export function fieldsNote({ amount, sets, rest, weight }, kind, usual) {
  if (weight.trim() && weight_kg(weight) === null) return weightRange();
  const incomplete = (sets.trim() || rest.trim()) && target({ amount, sets, rest }) === null;
  return incomplete ? `Enter the ${kind === "hold" ? "seconds" : "repetitions"} of a set, too.` : usual;
}

/**
 * The target in a few words.
 *
 * @param {Target | null} wanted
 * @param {"reps" | "hold"} kind
 */
export function inShort(wanted, kind) {
  if (!wanted) return "Target";
  const one = kind === "hold" ? `${wanted.amount} s` : String(wanted.amount);
  const all = wanted.sets === 1 ? one : wanted.sets ? `${wanted.sets} × ${one}` : `sets of ${one}`;
  const unusual = wanted.sets !== 1 && wanted.rest_s !== USUAL_REST_S;
  return `Target: ${all}${unusual ? `, rest ${wanted.rest_s} s` : ""}`;
}

/**
 * The target in the address.
 *
 * @param {URLSearchParams} query
 * @returns {Target | null}
 */
export function targetIn(query) {
  const text = (/** @type {string} */ name) => query.get(name) ?? "";
  return target({ amount: text("target"), sets: text("sets"), rest: text("rest") });
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

/** @param {Field} field @param {string} typed @returns {number | null} */
function whole(field, typed) {
  const number = Number(typed);
  const [least, most] = LIMITS[field];
  return typed.trim() && Number.isFinite(number) ? Math.round(Math.min(most, Math.max(least, number))) : null;
}
