import assert from "node:assert/strict";
import { test } from "node:test";

import { letStart, mergeChecks, UNPLACED } from "../../static/js/checks.js";

const BODY = { name: "body", done: true, message: "" };
const FAR = { name: "distance", done: false, message: "Come closer." };
const CROWD = { name: "alone", done: false, message: "Someone else is in view." };
const DARK = { name: "light", done: false, message: "Too dark to see you well." };
/** @type {import("../../static/js/checks.js").Checks} */
const NONE = { checks: [], ...UNPLACED };
const OPTIONS = /** @type {const} */ ({ countdown_s: 3, start: "checks" });

/** @param {import("../../static/js/checks.js").Checks} checks @param {number} now_ms */
const starts = (checks, now_ms) => letStart({ ...checks, options: OPTIONS, wanted: false, now_ms });

test("what is needed is asked for before what is only advised", () => {
  const all = mergeChecks(mergeChecks(NONE, [BODY, FAR, CROWD], 0), [DARK], 10);
  assert.deepEqual(all.checks.map(({ name }) => name), ["body", "distance", "light", "alone"]);
});

test("bad light or somebody else in view delays the start by a few seconds only", () => {
  for (const advice of [DARK, CROWD]) {
    const placed = mergeChecks(NONE, [BODY, advice], 1000);
    assert.deepEqual([5990, 6000].map((now_ms) => starts(placed, now_ms)), [false, true]);
  }
});

test("those seconds begin anew when the person stands wrong in between", () => {
  const right = { ...FAR, done: true };
  const again = [[BODY, DARK], [FAR], [right]].reduce((all, news, at) => mergeChecks(all, news, 2000 * at), NONE);
  assert.deepEqual([8990, 9000].map((now_ms) => starts(again, now_ms)), [false, true]);
});

test("without the body, at a wrong distance or from a wrong view nothing starts", () => {
  const side = { name: "view", done: false, message: "Turn sideways to the camera." };
  for (const news of [[{ ...BODY, done: false }], [BODY, FAR], [BODY, side], [{ ...DARK, done: true }]]) {
    assert.equal(starts(mergeChecks(NONE, news, 0), 60_000), false);
  }
});
