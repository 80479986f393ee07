import assert from "node:assert/strict";
import { test } from "node:test";

import { LEAD_S, markAt, nearest, neighbour, overGap, partAt, setAt, spanOf } from "../../static/js/timeline.js";

/** @param {string} key @param {number} start @returns {import("../../static/js/timeline.js").Mark} */
const rep = (key, start) => ({
  key, label: key, set: 1, look: "good", words: "", start_s: start, end_s: start + 2, far_s: start + 1, side: "both",
  joints: [],
});
const REPS = [rep("r1", 1), rep("r2", 4), rep("r3", 7)];

test("what is done at a time is known, and nothing between repetitions", () => {
  assert.equal(markAt(REPS, 4.5)?.key, "r2");
  assert.equal(markAt(REPS, 3.5), null);
});

test("next is the repetition that begins next, also from within one", () => {
  assert.equal(neighbour(REPS, 0, 1)?.key, "r1");
  assert.equal(neighbour(REPS, 1, 1)?.key, "r2");
  assert.equal(neighbour(REPS, 4 - LEAD_S, 1)?.key, "r3");
  assert.equal(neighbour(REPS, 7, 1), null);
});

test("back goes to the beginning of this repetition first, then to the one before", () => {
  assert.equal(neighbour(REPS, 5.5, -1)?.key, "r2");
  assert.equal(neighbour(REPS, 4, -1)?.key, "r1");
  assert.equal(neighbour(REPS, 4.8, -1)?.key, "r1"); // it has played on since
  assert.equal(neighbour(REPS, 1, -1), null);
});

test("a tap near a repetition means it, one far away means the time", () => {
  assert.equal(nearest(REPS, 3.9, 0.5)?.key, "r2");
  assert.equal(nearest(REPS, 5, 0.5)?.key, "r2");
  assert.equal(nearest(REPS, 20, 0.5), null);
});

test("the replay goes on where the next part begins when nothing was seen for a while", () => {
  assert.equal(overGap([0, 5, 60], 9.9, 10.2), 10.2);
  assert.equal(overGap([0, 5, 60], 9.9, 11), 60);
  assert.equal(overGap([0, 5], 9.9, 11), 11);
});

test("a time lies in the part that began before it", () => {
  assert.deepEqual([-1, 0, 4.9, 5, 61].map((t_s) => partAt([0, 5, 60], t_s)), [0, 0, 0, 1, 2]);
});

test("between two sets it is the next one that is looked at, after the last the last", () => {
  const marks = [REPS[0], { ...REPS[1], set: 2 }, { ...REPS[2], set: 2 }];
  assert.deepEqual([0, 2, 3.5, 5, 99].map((t_s) => setAt(marks, t_s)), [1, 1, 2, 2, 2]);
  assert.deepEqual(spanOf(marks, 2), [4, 9]);
  assert.equal(setAt([], 1), 0);
});
