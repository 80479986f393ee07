import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { decodePose, decodeReady, encodeStart, record, WireError } from "../../static/js/wire.js";

/** @param {string} name @returns {Promise<Record<string, any[]>>} */
async function golden(name) {
  return JSON.parse(await readFile(new URL(`../data/${name}`, import.meta.url), "utf8"));
}

/** @param {{base64: string}} text */
const bytes = ({ base64 }) => Buffer.from(base64, "base64");

test("start is sent as the server reads it", async () => {
  const up = await golden("wire_up.json");
  assert.deepEqual([encodeStart("squat")], up.start);
  assert.deepEqual([encodeStart("squat", { resume: "secret" })], up.start_again);
  assert.deepEqual([encodeStart("squat", { resume: "secret", engine: "efficientpose-rt" })], up.start_on_an_engine);
  assert.deepEqual(encodeStart("squat", { engine: "", target: null, body_kg: null }), up.start[0]);
});

test("a target and a weight are sent as the server reads them", async () => {
  const up = await golden("wire_up.json");
  const target = { amount: 8, rest_s: 90, sets: 3 };
  assert.deepEqual([encodeStart("squat", { target, body_kg: 72.5 })], up.start_with_a_target);
  const other = { resume: "secret", target: { amount: 30, rest_s: 60, sets: null } };
  const [sent] = up.start_another_exercise;
  assert.deepEqual(encodeStart("plank", other), { ...sent, target: { ...sent.target, rest_s: 60 } });
  assert.deepEqual([encodeStart("squat", { resume: "secret", target: null })], up.start_without_its_target);
});

test("ready is read as the server sends it", async () => {
  const { ready } = await golden("wire_down.json");
  const read = decodeReady(ready[0]);
  assert.equal(read.exercise.target_s, 20);
  assert.equal(read.skeleton.joints.length, read.skeleton.sides.length);
  assert.ok(read.skeleton.edges.every(([a, b]) => a < read.skeleton.joints.length && b < read.skeleton.joints.length));
});

test("ready tells the sets so far and the target, and lives without them", async () => {
  const { ready } = await golden("wire_down.json");
  const read = decodeReady(ready[0]);
  assert.deepEqual(read.target, { amount: 8, rest_s: 60, sets: 3 });
  assert.deepEqual(read.sets.map(({ number, state }) => [number, state]), [[1, "resting"], [2, "reached"]]);
  const without = decodeReady({ ...ready[0], sets: undefined, target: undefined });
  assert.deepEqual([without.sets, without.target], [[], null]);
});

test("a pose is read joint by joint, unseen ones as no number", async () => {
  const { pose, ready } = await golden("wire_down.json");
  const { seq, image, progress } = decodePose(pose[0], bytes(pose[1]), pose[2]);
  assert.equal(seq, 7);
  assert.equal(progress, 0.5);
  assert.equal(image?.length, 4 * decodeReady(ready[0]).skeleton.joints.length);
  assert.deepEqual(Array.from(image?.slice(0, 4) ?? []), [NaN, NaN, NaN, 0]);
  assert.ok(Math.abs((image?.[4] ?? 0) - 0.03125) < 1e-6);
});

test("nobody in view is a fact and no error", async () => {
  const { pose_nobody: nobody } = await golden("wire_down.json");
  assert.deepEqual(decodePose(nobody[0], nobody[1], nobody[2]), { seq: 8, image: null, progress: null });
});

test("records pass as they are", async () => {
  const down = await golden("wire_down.json");
  for (const name of ["rep", "hold", "set", "cue", "setup", "error"]) {
    assert.equal(record(down[name][0], name), down[name][0]);
  }
});

test("another version of the wire asks for a reload", async () => {
  const { ready } = await golden("wire_down.json");
  assert.throws(() => decodeReady({ ...ready[0], v: 2 }), /reload/);
});

test("what is not of the wire's form is refused", () => {
  for (const wrong of [null, "ready", 5, { v: 1 }]) assert.throws(() => decodeReady(wrong), WireError);
  assert.throws(() => decodePose("7", null, null), WireError);
  assert.throws(() => decodePose(7, new Uint8Array(15), null), WireError);
  assert.throws(() => decodePose(7, "AAAA", null), WireError);
  assert.throws(() => record("text", "rep"), WireError);
});
