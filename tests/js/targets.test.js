import assert from "node:assert/strict";
import { test } from "node:test";

import { inShort, mistakes, onward, optionsIn, target, targetIn, weight_kg } from "../../static/js/targets.js";

const NOTHING = { amount: "", sets: "", rest: "", weight: "" };
/** @type {import("../../static/js/targets.js").Limits} */
const LIMITS = { amount: [1, 200], sets: [1, 50], rest: [0, 900], weight: [20, 400] };

/** @param {Partial<typeof NOTHING>} fields @param {"reps" | "hold"} kind */
const wrong = (fields, kind = "reps") => mistakes({ ...NOTHING, ...fields }, kind, LIMITS);

test("nothing typed is no target", () => {
  assert.equal(target({ amount: "", sets: "3", rest: "60" }, LIMITS), null);
  assert.deepEqual(wrong({}), {});
});

test("an amount alone is a target for as many sets as it becomes", () => {
  assert.deepEqual(target({ amount: "10", sets: "", rest: "" }, LIMITS), { amount: 10, rest_s: 60, sets: null });
});

test("a number beyond the limits is no target and is answered with the limit", () => {
  assert.deepEqual(wrong({ amount: "201" }), { amount: "At most 200 repetitions." });
  assert.deepEqual(wrong({ amount: "0" }, "hold"), { amount: "At least 1 second." });
  const both = wrong({ amount: "8", sets: "51", rest: "-5" });
  assert.deepEqual(both, { sets: "At most 50 sets.", rest: "At least 0 seconds of rest." });
  assert.equal(target({ amount: "8", sets: "51", rest: "" }, LIMITS), null);
  for (const amount of ["1", "200"]) assert.deepEqual(wrong({ amount, sets: "50", rest: "900" }), {});
});

test("what is no whole number is not rounded but asked for", () => {
  for (const amount of ["9.6", "many"]) assert.match(wrong({ amount }).amount ?? "", /whole number of repetitions/);
});

test("a weight that nobody has is none, and is answered with those that are valid", () => {
  assert.equal(weight_kg("72,5", LIMITS.weight), 72.5);
  for (const typed of ["", "0", "5000", "heavy"]) assert.equal(weight_kg(typed, LIMITS.weight), null);
  for (const weight of ["500", "19.9", "heavy"]) assert.match(wrong({ weight }).weight ?? "", /between 20 and 400 kg/);
  for (const weight of ["", "72,5", "20", "400"]) assert.deepEqual(wrong({ weight }), {});
});

test("sets or a rest without an amount are answered with what is missing", () => {
  assert.match(wrong({ sets: "3" }).amount ?? "", /repetitions of a set/);
  assert.match(wrong({ rest: "30" }, "hold").amount ?? "", /seconds of a set/);
  assert.deepEqual(wrong({ amount: "8", sets: "3" }), {});
});

test("a target is said in a few words that break before the rest, if that is not the usual one", () => {
  assert.equal(inShort(null, "reps"), "Target");
  assert.equal(inShort({ amount: 10, rest_s: 60, sets: 3 }, "reps"), "Target:\u00a03\u00a0×\u00a010");
  const other = inShort({ amount: 30, rest_s: 45, sets: null }, "hold");
  assert.equal(other, "Target: sets of 30 s, rest 45 s".replaceAll(/(?<!,) /g, "\u00a0"));
});

test("the address says how to begin and what to reach", () => {
  const query = new URLSearchParams("start=now&countdown=0&target=10&sets=3&rest=20");
  assert.deepEqual(optionsIn(query), { start: "now", countdown_s: 0 });
  assert.deepEqual(targetIn(query), { amount: "10", sets: "3", rest: "20" });
  assert.equal(targetIn(new URLSearchParams("start=now")), null);
});

test("another exercise is begun as this one was, with a target of its own", () => {
  assert.equal(onward("/workout/lunge", new URLSearchParams("target=9&countdown=0")), "/workout/lunge?countdown=0");
  assert.equal(onward("/workout/lunge", new URLSearchParams("target=9")), "/workout/lunge");
});
