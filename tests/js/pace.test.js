import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, STALE_MS, STEPS } from "../../static/js/pace.js";

/**
 * Send a frame a second and answer each after `age_ms`.
 * @type {(pace: Pace, frames: number, age_ms: number, from: number) => number}
 */
function run(pace, frames, age_ms, from) {
  for (let seq = from; seq < from + frames; seq += 1) {
    const at = seq * 1000;
    pace.track(seq, at);
    pace.acknowledge(seq, at + age_ms);
  }
  return from + frames;
}

test("no more frames are under way than the server allows", () => {
  const pace = new Pace(2);
  pace.track(1, 0);
  assert.ok(pace.mayTake(33));
  pace.track(2, 33);
  assert.ok(!pace.mayTake(66));
  pace.acknowledge(1, 70);
  assert.ok(pace.mayTake(71));
});

test("an answer acknowledges the frames before it", () => {
  const pace = new Pace(2);
  pace.track(1, 0);
  pace.track(2, 33);
  pace.acknowledge(2, 80);
  assert.equal(pace.waiting.size, 0);
});

test("a frame that is not sent after all gives its place free, and no other", () => {
  const pace = new Pace(2);
  pace.track(5, 0);
  pace.track(6, 33);
  pace.drop(6);
  assert.deepEqual([...pace.waiting.keys()], [5]);
  assert.ok(pace.mayTake(66));
});

test("a frame that is never answered gives its place free", () => {
  const pace = new Pace(1);
  pace.track(1, 0);
  assert.ok(!pace.mayTake(STALE_MS - 1));
  assert.deepEqual(pace.forgetStale(STALE_MS - 1), []);
  assert.deepEqual(pace.forgetStale(STALE_MS), [1]);
  assert.ok(pace.mayTake(STALE_MS));
  assert.equal(pace.lost, 1);
});

test("a dropped link frees every place", () => {
  const pace = new Pace(1);
  pace.track(1, 0);
  pace.clear();
  assert.ok(pace.mayTake(33));
});

test("late answers lower the picture step by step, down to the least", () => {
  const pace = new Pace(2);
  const seq = run(pace, 12, 400, 1);
  assert.equal(pace.level, 1);
  run(pace, 500, 400, seq);
  assert.equal(pace.step, STEPS.at(-1));
});

test("a line that falls silent is dead, one that never spoke is waited for", () => {
  const pace = new Pace(2);
  const silence = () => {
    for (let seq = 10; seq < 14; seq += 1) {
      pace.track(seq, 0);
      pace.forgetStale(STALE_MS);
    }
  };
  silence();
  assert.ok(!pace.dead);
  pace.track(1, 0);
  pace.acknowledge(1, 40);
  assert.ok(!pace.dead);
  silence();
  assert.ok(pace.dead);
  pace.clear();
  assert.ok(!pace.dead);
});

test("quick answers raise it again, slowly, up to the best", () => {
  const pace = new Pace(2);
  let seq = run(pace, 30, 400, 1);
  const lowered = pace.level;
  seq = run(pace, 40, 40, seq);
  assert.equal(pace.level, lowered);
  run(pace, 1000, 40, seq);
  assert.equal(pace.level, 0);
});

test("a lower step leaves time between frames", () => {
  const pace = new Pace(2);
  pace.level = STEPS.length - 1;
  pace.track(1, 0);
  assert.ok(!pace.mayTake(66));
  assert.ok(pace.mayTake(120));
});
