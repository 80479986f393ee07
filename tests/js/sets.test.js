import assert from "node:assert/strict";
import { test } from "node:test";

import { lastSeconds, restView, setLine, shownSet, unit } from "../../static/js/rest.js";
import { heldInSet } from "../../static/js/sets.js";
import { spoken } from "../../static/js/speech.js";
import { counts, initial, reduce } from "../../static/js/state.js";
import { screen } from "../../static/js/words.js";
import { READY as FREE } from "./ready.js";

/**
 * @typedef {import("../../static/js/state.js").Happening} Happening
 * @typedef {import("../../static/js/wire.js").Ready} Ready
 * @typedef {import("../../static/js/wire.js").SetRecord} SetRecord
 */

const TARGET = { amount: 2, rest_s: 30, sets: 2 };
const READY = { ...FREE, target: TARGET };
const PLANK = {
  ...READY,
  exercise: { ...READY.exercise, name: "plank", kind: /** @type {const} */ ("hold") },
  target: { amount: 30, rest_s: 30, sets: 2 },
};

/** @param {Partial<SetRecord>} set @returns {SetRecord} */
const record = (set) => ({
  ...{ number: 1, exercise: "squat", end_s: 0, count: 0, held_s: 0, state: "started", target: null },
  ...set,
});
/** @param {Partial<SetRecord>} set @param {number} [ago_ms] @returns {Happening} */
const set = (set, ago_ms = 0) => ({ type: "set", set: record(set), ago_ms });
/** @param {number} number @param {number} within @param {number} [depth] @returns {Happening} */
const rep = (number, within, depth = 1) => ({
  type: "rep",
  rep: { number, set: within, depth, faults: [], reason: "" },
});

/** @param {Ready} ready @param {[number, Happening][]} story */
function live(ready, story) {
  const options = /** @type {const} */ ({ countdown_s: 0, start: "hand" });
  /** @type {[number, Happening][]} */
  const begun = [
    [0, { type: "camera", camera: "open" }],
    [1, { type: "ready", ready }],
    [2, { type: "pose", seen: true, progress: null }],
    [2, { type: "start" }],
  ];
  return [...begun, ...story].reduce((state, [at, what]) => reduce(state, what, at), initial(options, 0));
}

/** @type {[number, Happening][]} */
const FIRST_SET = [
  [100, set({})],
  [200, rep(1, 1, 0.9)],
  [300, rep(2, 1, 1)],
  [300, set({ state: "reached", count: 2 })],
];

test("a set that reaches its target is followed by a rest that says what was and what comes", () => {
  const resting = live(READY, FIRST_SET);
  assert.equal(screen(resting), "rest");
  const view = restView(reduce(resting, { type: "tick" }, 10_300));
  assert.equal(view?.digits, "20");
  assert.ok(Math.abs((view?.part ?? 0) - 2 / 3) < 0.01);
  assert.equal(view?.was, "Set 1: 2 repetitions, depth 95% (target 100%)");
  assert.equal(view?.next, "Next: set 2 of 2, 2 repetitions");
});

test("the rest ends by itself, and the next set is counted from nothing", () => {
  const again = reduce(live(READY, FIRST_SET), { type: "tick" }, 30_300);
  assert.deepEqual([screen(again), again.count, setLine(again)], ["live", 0, "Set 2 of 2"]);
  const third = reduce(again, rep(3, 2), 31_000);
  assert.deepEqual([third.count, third.total], [1, 3]);
});

test("the digits of a rest are those of the set before it, whatever comes next", () => {
  const resting = live(READY, FIRST_SET);
  assert.deepEqual([resting.count, shownSet(resting), setLine(resting)], [2, "Set 1 of 2", "Set 2 of 2"]);
  const lost = reduce(resting, { type: "link", link: "lost" }, 400);
  assert.equal(shownSet(lost), "Set 1 of 2");
  assert.equal(shownSet(reduce(resting, { type: "tick" }, 30_300)), "Set 2 of 2");
});

test("whoever begins the next set has rested enough", () => {
  const early = reduce(live(READY, FIRST_SET), set({ number: 2 }), 9000);
  assert.deepEqual([screen(early), early.count], ["live", 0]);
  assert.equal(reduce(early, rep(3, 2), 9100).count, 1);
  const late = reduce(reduce(live(READY, FIRST_SET), rep(3, 2), 9000), set({ number: 2 }), 9000);
  assert.deepEqual([screen(late), late.count], ["live", 1]); // the order of the two does not matter
});

test("a rest can be skipped, and is no pause", () => {
  assert.equal(screen(reduce(live(READY, FIRST_SET), { type: "start" }, 5000)), "live");
  assert.equal(screen(reduce(live(READY, FIRST_SET), { type: "pause" }, 5000)), "rest");
});

test("after the last set nothing is counted down: stop, or one more", () => {
  const done = live(READY, [
    ...FIRST_SET,
    [400, set({ number: 2 })],
    [500, set({ number: 2, state: "reached", count: 2 })],
    [99_000, { type: "tick" }],
  ]);
  const view = restView(done);
  assert.deepEqual([view?.title, view?.digits, view?.go], ["All sets done", "2/2", "One more set"]);
  assert.equal(setLine(reduce(done, { type: "start" }, 99_100)), "Set 3");
  const third = reduce(done, set({ number: 3 }), 99_200);
  assert.equal(restView(reduce(third, set({ number: 3, state: "reached" }), 99_300))?.digits, "3");
});

test("a page that is reloaded after the last set begins no other by itself", () => {
  const sets = [1, 2].map((number) => record({ number, state: "reached", count: 2 }));
  const reloaded = (/** @type {SetRecord[]} */ done) => {
    const start = { ...initial({ countdown_s: 3, start: "checks" }, 0), camera: /** @type {const} */ ("open") };
    return reduce(start, { type: "ready", ready: { ...READY, count: 4, sets: done } }, 10);
  };
  assert.equal(restView(reloaded(sets))?.title, "All sets done");
  assert.equal(counts(reloaded(sets)), false);
  assert.equal(reloaded(sets.slice(0, 1)).phase, "setup");
});

test("nothing is counted after the last set until one more is asked for; in a rest or without a target it is", () => {
  const one = { ...READY, target: { ...TARGET, sets: 1 } };
  const done = live(one, FIRST_SET);
  assert.deepEqual([screen(done), counts(done)], ["rest", false]);
  assert.equal(counts(reduce(done, { type: "tick" }, 99_000)), false);
  assert.equal(counts(reduce(done, { type: "start" }, 99_000)), true);
  assert.equal(counts(live(READY, FIRST_SET)), true);
  const noticed = live(FREE, [[100, set({})], [200, rep(1, 1)], [25_000, set({ state: "resting", count: 1 }, 20_000)]]);
  assert.deepEqual([screen(noticed), counts(noticed)], ["rest", true]);
});

test("a rest that is noticed counts up from the last repetition, for as long as it lasts", () => {
  const noticed = live(FREE, [
    [100, set({})],
    [200, rep(1, 1)],
    [25_000, set({ state: "resting", count: 1 }, 20_000)],
    [90_000, { type: "tick" }],
  ]);
  assert.equal(screen(noticed), "rest");
  const view = restView(noticed);
  assert.deepEqual([view?.digits, view?.part, view?.go], ["1:25", null, ""]);
  assert.equal(view?.next, "The next repetition begins set 2.");
});

test("one set without a target is not called a set", () => {
  assert.equal(setLine(live(FREE, [[100, set({})], [200, rep(1, 1)]])), "");
});

test("below the digits stands what they are to reach", () => {
  assert.equal(unit(live(READY, []), "reps", null), "of 2 repetitions");
  assert.equal(unit(live(FREE, [[200, rep(1, 1)]]), "reps", null), "repetition");
  assert.equal(unit(live(PLANK, []), "hold", 20), "of 30 seconds held");
  assert.equal(unit(live({ ...PLANK, target: null }, []), "hold", 20), "of 20 seconds held");
});

test("a set of holds adds up what was held before the pose was left", () => {
  /** @type {(number: number, held_s: number, state: "started" | "ended") => Happening} */
  const hold = (number, held_s, state) => ({ type: "hold", hold: { number, pose: "plank", set: 1, held_s, state } });
  const held = live(PLANK, [
    [100, hold(1, 0, "started")],
    [200, { type: "pose", seen: true, progress: 12 }],
    [300, hold(1, 12, "ended")],
    [400, hold(2, 0, "started")],
    [450, { type: "pose", seen: true, progress: 0.1 }],
    [500, { type: "pose", seen: true, progress: 3 }],
  ]);
  assert.equal(heldInSet(held), 15);
  assert.equal(heldInSet({ ...held, target: null }), 3);
});

test("the seconds of a hold wait while its start moves on, and end as they were counted", () => {
  /** @type {(held_s: number, state: "started" | "running" | "ended") => Happening} */
  const hold = (held_s, state) => ({ type: "hold", hold: { number: 1, pose: "plank", set: 1, held_s, state } });
  /** @type {(progress: number) => Happening} */
  const answer = (progress) => ({ type: "pose", seen: true, progress });
  /** @type {[number, Happening][]} */
  const settles = [
    [100, hold(0.4, "started")],
    [1900, answer(1.9)],
    [1950, answer(1.1)],
    [2000, answer(1.2)],
    [2100, hold(1.3, "running")],
  ];
  const seconds = settles.map((_, index) => heldInSet({ ...live(PLANK, settles.slice(0, index + 1)), target: null }));
  assert.deepEqual(seconds, [0.4, 1.9, 1.9, 1.9, 1.9]);
  assert.equal(heldInSet({ ...live(PLANK, [...settles, [9000, hold(8.2, "ended")]]), target: null }), 8.2);
});

test("whoever holds on after the target was reached adds nothing to the next set", () => {
  const plank = { exercise: "plank", held_s: 30 };
  const resting = live(PLANK, [
    [100, set({ ...plank, held_s: 0 })],
    [110, { type: "hold", hold: { number: 1, pose: "plank", set: 1, held_s: 0, state: "started" } }],
    [30_100, { type: "pose", seen: true, progress: 30 }],
    [30_110, set({ ...plank, state: "reached" })],
  ]);
  assert.equal(restView(resting)?.was, "Set 1: 30 seconds held");
  const next = [61_000, 62_000].reduce(
    (state, at) => reduce(state, { type: "pose", seen: true, progress: at / 1000 - 30 }, at),
    reduce(resting, { type: "tick" }, 60_200),
  );
  assert.deepEqual([screen(next), setLine(next), heldInSet(next)], ["live", "Set 2 of 2", 0]);
});

test("a workout that is taken up goes on with its set", () => {
  const sets = [
    { number: 1, exercise: "squat", end_s: 9, count: 2, held_s: 0, state: "reached", target: 2 },
    { number: 2, exercise: "squat", end_s: 50, count: 1, held_s: 0, state: "started", target: 2 },
  ];
  const state = live({ ...READY, count: 3, sets: /** @type {SetRecord[]} */ (sets) }, []);
  assert.deepEqual([state.count, setLine(state)], [1, "Set 2 of 2"]);
  assert.equal(reduce(state, rep(4, 2), 100).count, 2);
});

test("another exercise of the same workout begins at nothing, with its own sets", () => {
  const squats = { number: 1, exercise: "squat", end_s: 9, count: 12, held_s: 0, state: "ended", target: null };
  const lunge = { ...READY, count: 12, exercise: { ...READY.exercise, name: "lunge" } };
  const state = live({ ...lunge, sets: [/** @type {SetRecord} */ (squats)] }, []);
  assert.deepEqual([state.count, setLine(state)], [0, "Set 1 of 2"]);
  const one = reduce(reduce(state, set({ number: 2, exercise: "lunge" }), 50), rep(13, 2), 60);
  assert.deepEqual([one.count, setLine(one)], [1, "Set 1 of 2"]);
});

test("a rest's last three seconds are counted aloud, each once", () => {
  let state = live(READY, FIRST_SET);
  const said = [];
  for (let at = 400; at <= 30_400; at += 100) {
    const next = reduce(state, { type: "tick" }, at);
    const words = spoken(state, next);
    if (words) said.push(words);
    state = next;
  }
  assert.deepEqual(said, ["3", "2", "1", "Set 2 of 2"]);
  assert.equal(lastSeconds(state), null);
});

test("counts and a rest's beginning are spoken, a rest that was noticed is not", () => {
  const before = live(READY, FIRST_SET.slice(0, 2));
  const two = reduce(before, rep(2, 1), 300);
  assert.equal(spoken(before, two), "2");
  assert.equal(spoken(two, reduce(two, set({ state: "reached", count: 2 }), 310)), "Rest 30 seconds.");
  const free = live(FREE, [[100, set({})], [200, rep(1, 1)]]);
  assert.equal(spoken(free, reduce(free, set({ state: "resting", count: 1 }, 20_000), 21_000)), null);
});

test("in a flow each pose is named when it comes, and again with its seconds when it is left", () => {
  const poses = { tree: "Tree", warrior_two: "Warrior II" };
  const flow = { ...PLANK, exercise: { ...PLANK.exercise, name: "yoga_flow", poses } };
  /** @type {(state: "started" | "ended", held_s: number) => Happening} */
  const hold = (state, held_s) => ({ type: "hold", hold: { number: 1, pose: "warrior_two", set: 1, held_s, state } });
  const come = live(flow, [[100, hold("started", 0.4)]]);
  assert.equal(come.note?.text, "Warrior II.");
  assert.equal(spoken(live(flow, []), come), "Warrior II.");
  const left = live(flow, [
    [100, hold("started", 0.4)],
    [9100, hold("ended", 9)],
  ]);
  assert.equal(left.note?.text, "Warrior II: held 9.0 seconds.");
});

test("the name of a flow's pose stays while it is held, and comes back after a cue", () => {
  const flow = { ...PLANK, exercise: { ...PLANK.exercise, name: "yoga_flow", poses: { tree: "Tree" } } };
  /** @type {(state: "started" | "running", held_s: number) => Happening} */
  const hold = (state, held_s) => ({ type: "hold", hold: { number: 1, pose: "tree", set: 1, held_s, state } });
  const cue = { rule: "knee", message: "Straighten your knee.", severity: 1, joints: [] };
  const named = live(flow, [[100, hold("started", 0.4)], [60_000, { type: "tick" }]]);
  assert.equal(named.note?.text, "Tree.");
  const cued = reduce(reduce(named, { type: "cue", cue }, 61_000), { type: "tick" }, 70_000);
  assert.equal(cued.note, null);
  assert.equal(reduce(cued, hold("running", 70), 70_100).note?.text, "Tree.");
});

test("leaving a pose of a flow calls nobody back into it", () => {
  const flow = { ...PLANK, exercise: { ...PLANK.exercise, name: "yoga_flow", poses: { plank: "Plank" } } };
  /** @type {(state: "started" | "broken", held_s: number) => Happening} */
  const hold = (state, held_s) => ({ type: "hold", hold: { number: 1, pose: "plank", set: 1, held_s, state } });
  /** @type {[number, Happening][]} */
  const left = [
    [100, hold("started", 0.4)],
    [5100, hold("broken", 5)],
  ];
  assert.equal(live(flow, left).note, null);
  assert.equal(live(PLANK, left).note?.text, "Out of the pose: come back into it.");
});

test("a workout with sets can end in the set-up of its next exercise, one without cannot", () => {
  const ended = /** @type {(ready: Ready) => string} */ (
    (ready) => [{ type: "ready", ready }, { type: "stop" }].reduce(
      (state, what) => reduce(state, /** @type {Happening} */ (what), 10),
      initial({ countdown_s: 3, start: "hand" }, 0),
    ).phase
  );
  const done = { number: 1, exercise: "squat", end_s: 9, count: 3, held_s: 0, state: "ended", target: null };
  assert.equal(ended({ ...FREE, sets: [/** @type {SetRecord} */ (done)], count: 3 }), "done");
  assert.equal(ended(FREE), "setup");
});
