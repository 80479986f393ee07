import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

import { boxIn, pointsIn } from "../../static/js/figure.js";

const FOLDER = new URL("../../static/figures/", import.meta.url);

/** @returns {Promise<[string, import("../../static/js/figure.js").Figure][]>} */
async function figures() {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => [name, JSON.parse(await readFile(new URL(name, FOLDER), "utf8"))]),
  );
}

test("every figure is whole: its edges, sides, heads and frames fit together", async () => {
  const all = await figures();
  assert.ok(all.length > 0);
  for (const [name, figure] of all) {
    const points = figure.sides.length;
    assert.ok(figure.frames.every((frame) => frame.length === 2 * points), name);
    assert.equal(figure.heads.length, figure.frames.length, name);
    assert.ok([...figure.edges.flat(), ...figure.torso].every((point) => point >= 0 && point < points), name);
    assert.ok([figure.rest, figure.peak].every((frame) => frame >= 0 && frame < figure.frames.length), name);
    assert.ok(figure.aspect > 0 && figure.fps > 0, name);
  }
});

test("every figure stays in its box", async () => {
  for (const [name, { frames }] of await figures()) {
    for (const value of frames.flat()) assert.ok(value === null || (value >= -0.001 && value <= 1.001), name);
  }
});

test("a figure's box keeps its shape and stands on the floor of its room", () => {
  const figure = /** @type {import("../../static/js/figure.js").Figure} */ ({ aspect: 0.5 });
  const box = boxIn(figure, { left: 10, top: 20, width: 400, height: 200 });
  assert.deepEqual(box, { left: 160, top: 20, width: 100, height: 200 });
  const flat = boxIn({ ...figure, aspect: 4 }, { left: 0, top: 0, width: 400, height: 200 });
  assert.deepEqual(flat, { left: 0, top: 100, width: 400, height: 100 });
});

test("an unseen point has no place", () => {
  const figure = /** @type {import("../../static/js/figure.js").Figure} */ ({ frames: [[0.5, 1, null, null]] });
  assert.deepEqual(pointsIn(figure, 0, { left: 0, top: 0, width: 10, height: 10 }), [[5, 10], null]);
});
