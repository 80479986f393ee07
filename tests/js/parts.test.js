import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { firstAfter, readParts, sampleAt } from "../../static/js/parts.js";

/** A part that `webapp.parts.pack` made, and what `read_series` reads in it. */
const GOLDEN = JSON.parse(await readFile(new URL("../data/part.json", import.meta.url), "utf8"));

/** @param {string[]} parts in base64 @returns {ArrayBuffer} as the server sends them */
function sent(parts) {
  const bytes = parts.map((part) => Buffer.from(part, "base64"));
  const lengths = bytes.map(({ length }) => new Uint8Array(Uint32Array.of(length).buffer));
  const whole = Buffer.concat(bytes.flatMap((part, i) => [lengths[i], part]));
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}

/** @param {number} t_s @param {number} value @returns {import("../../static/js/parts.js").Sample} */
function still(t_s, value) {
  return { t_s, aspect: 1, image: new Float32Array(4).fill(value), world: new Float32Array(3).fill(value) };
}

test("a part is read as the server reads it", async () => {
  const [samples] = await readParts(sent([GOLDEN.part]));
  assert.equal(samples.length, GOLDEN.samples.length);
  samples.forEach(({ t_s, aspect, image, world }, i) => {
    const expected = GOLDEN.samples[i];
    assert.ok(Math.abs(t_s - expected.t_s) < 1e-6);
    assert.equal(aspect, GOLDEN.aspect);
    for (const [found, values] of [[image, expected.image], [world, expected.world]]) {
      assert.equal(found === null, values === null);
      found?.forEach((/** @type {number} */ value, /** @type {number} */ at) => {
        if (values[at] === null) assert.ok(Number.isNaN(value));
        else assert.ok(Math.abs(value - values[at]) < 1e-5, `${i} ${at}: ${value} for ${values[at]}`);
      });
    }
  });
});

test("several parts come in order, and none is no parts", async () => {
  assert.equal((await readParts(sent([GOLDEN.part, GOLDEN.part]))).length, 2);
  assert.deepEqual(await readParts(new ArrayBuffer(0)), []);
});

test("what is no part is refused", async () => {
  await assert.rejects(readParts(sent([Buffer.from("XX and twenty bytes more").toString("base64")])));
});

test("between two samples the pose is blended, over a gap it stands still", () => {
  const samples = [still(1, 0), still(1.1, 1), still(5, 3)];
  assert.ok(Math.abs((sampleAt(samples, 1.05)?.world?.[0] ?? NaN) - 0.5) < 1e-6);
  assert.equal(sampleAt(samples, 3)?.world?.[0], 1);
  assert.equal(sampleAt(samples, 9)?.world?.[0], 3);
  assert.equal(sampleAt(samples, 0.9), null);
});

test("nobody in view is not blended with somebody", () => {
  const samples = [still(1, 1), { t_s: 1.1, aspect: 1, image: null, world: null }, still(1.2, 1)];
  assert.equal(sampleAt(samples, 1.05)?.world?.[0], 1);
  assert.equal(sampleAt(samples, 1.15)?.image, null);
});

test("the first sample after a time is found among thousands", () => {
  const samples = Array.from({ length: 5000 }, (_, i) => still(i / 25, 0));
  for (const at of [0, 1, 777, 4998]) assert.equal(firstAfter(samples, at / 25), at + 1);
  assert.equal(firstAfter(samples, -1), 0);
});
