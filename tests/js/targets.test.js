import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsNote, inShort, onward, optionsIn, target, targetIn, weight_kg } from "../../static/js/targets.js";

const NOTHING = { amount: "", sets: "", rest: "", weight: "" };

test("nothing typed is no target", () => {
  assert.equal(target({ amount: "", sets: "3", rest: "60" }), null);
  assert.equal(target({ amount: "many", sets: "", rest: "" }), null);
});

test("an amount alone is a target for as many sets as it becomes", () => {
  assert.deepEqual(target({ amount: "10", sets: "", rest: "" }), { amount: 10, rest_s: 60, sets: null });
});

test("what is typed is kept within what the server takes", () => {
  assert.deepEqual(target({ amount: "0", sets: "99999", rest: "-5" }), { amount: 1, rest_s: 0, sets: 50 });
  assert.equal(target({ amount: "9.6", sets: "", rest: "" })?.amount, 10);
});

test("a weight that nobody has is none", () => {
  assert.equal(weight_kg("72,5"), 72.5);
  for (const typed of ["", "0", "5000", "heavy"]) assert.equal(weight_kg(typed), null);
});

test("a weight that does not count is answered with those that do", () => {
  const note = (/** @type {string} */ weight) => fieldsNote({ ...NOTHING, weight }, "reps", "as ever");
  for (const typed of ["500", "19.9", "heavy"]) assert.match(note(typed), /between 20 and 400 kg/);
  for (const typed of ["", "72,5", "20", "400"]) assert.equal(note(typed), "as ever");
});

test("sets or a rest without an amount are answered with what is missing", () => {
  assert.match(fieldsNote({ ...NOTHING, sets: "3" }, "reps", "as ever"), /repetitions of a set/);
  assert.match(fieldsNote({ ...NOTHING, rest: "30" }, "hold", "as ever"), /seconds of a set/);
  assert.equal(fieldsNote({ ...NOTHING, amount: "8", sets: "3" }, "reps", "as ever"), "as ever");
});

test("a target is said in a few words, its rest where it is not the usual one", () => {
  assert.equal(inShort(null, "reps"), "Target");
  assert.equal(inShort({ amount: 10, rest_s: 60, sets: 3 }, "reps"), "Target: 3 × 10");
  assert.equal(inShort({ amount: 30, rest_s: 45, sets: null }, "hold"), "Target: sets of 30 s, rest 45 s");
});

test("the address says how to begin and what to reach", () => {
  const query = new URLSearchParams("start=now&countdown=0&target=10&sets=3&rest=20");
  assert.deepEqual(optionsIn(query), { start: "now", countdown_s: 0 });
  assert.deepEqual(targetIn(query), { amount: 10, rest_s: 20, sets: 3 });
  assert.equal(targetIn(new URLSearchParams("start=now")), null);
});

test("another exercise is begun as this one was, with a target of its own", () => {
  assert.equal(onward("/workout/lunge", new URLSearchParams("target=9&countdown=0")), "/workout/lunge?countdown=0");
  assert.equal(onward("/workout/lunge", new URLSearchParams("target=9")), "/workout/lunge");
});
