import assert from "node:assert/strict";
import { test } from "node:test";

import { RaisedHand } from "../../static/js/hand.js";

const JOINTS = ["nose", "left_eye", "right_eye", "left_shoulder", "right_shoulder", "left_wrist", "right_wrist"];
const STANDING = { nose: 0.2, left_eye: 0.18, right_eye: 0.18, left_shoulder: 0.3, right_shoulder: 0.3 };
const DOWN = { ...STANDING, left_wrist: 0.6, right_wrist: 0.6 };
const LEFT_UP = { ...DOWN, left_wrist: 0.08 };

/** @param {Record<string, number>} heights y of each joint that is seen @returns {Float32Array} */
function pose(heights) {
  return Float32Array.from(JOINTS.flatMap((name) => [0.5, heights[name] ?? NaN, 0, name in heights ? 1 : 0]));
}

/** @param {RaisedHand} hand @param {Record<string, number> | null} heights @param {number[]} times_ms */
const told = (hand, heights, times_ms) => times_ms.map((now) => hand.update(heights && pose(heights), JOINTS, now));

test("a hand above the head for a second is told once", () => {
  assert.deepEqual(told(new RaisedHand(), LEFT_UP, [0, 500, 999, 1000, 5000]), [false, false, false, true, false]);
});

test("whoever lowers it and raises it again asks again", () => {
  const hand = new RaisedHand();
  told(hand, LEFT_UP, [0, 1000]);
  told(hand, DOWN, [1500]);
  assert.deepEqual(told(hand, LEFT_UP, [2000, 3000]), [false, true]);
});

test("a hand that passes the head is not meant, nor one of somebody who was out of view meanwhile", () => {
  for (const between of [DOWN, null]) {
    const hand = new RaisedHand();
    told(hand, LEFT_UP, [0, 900]);
    told(hand, between, [950]);
    assert.deepEqual(told(hand, LEFT_UP, [1000, 1900]), [false, false]);
  }
});

test("both hands up, or one at the ear, belong to an exercise", () => {
  assert.ok(!told(new RaisedHand(), { ...LEFT_UP, right_wrist: 0.08 }, [0, 2000]).includes(true));
  assert.ok(!told(new RaisedHand(), { ...DOWN, right_wrist: 0.17 }, [0, 2000]).includes(true));
});

test("without a face, a shoulder or a wrist that is seen nobody has raised a hand", () => {
  const { left_shoulder, right_shoulder, left_wrist } = LEFT_UP;
  const faceless = { left_shoulder, right_shoulder, left_wrist };
  const shoulderless = { nose: LEFT_UP.nose, left_wrist };
  for (const heights of [faceless, shoulderless, STANDING]) {
    assert.ok(!told(new RaisedHand(), heights, [0, 2000]).includes(true));
  }
});

test("an engine that has no such joints sees no raised hand", () => {
  assert.ok(![0, 2000].some((now) => new RaisedHand().update(pose(LEFT_UP), ["hip"], now)));
});
