import assert from "node:assert/strict";
import { test } from "node:test";

import { judgeLight } from "../../static/js/light.js";

/**
 * Of 100 pixels, `dark` are of grey `value` and the others of grey `other`.
 * @type {(dark: number, value: number, other: number) => Uint8ClampedArray}
 */
function picture(dark, value, other) {
  const pixels = Array.from({ length: 100 }, (_, i) => (i < dark ? value : other));
  return new Uint8ClampedArray(pixels.flatMap((grey) => [grey, grey, grey, 255]));
}

test("an ordinary room is bright enough", () => {
  assert.ok(judgeLight(picture(50, 60, 140)).done);
});

test("a dark room is said to be dark", () => {
  assert.match(judgeLight(picture(90, 10, 120)).message, /Too dark/);
});

test("black bars beside a bright picture are no darkness", () => {
  assert.ok(judgeLight(picture(70, 0, 120)).done);
});

test("a person who is seen well before a white wall is bright enough", () => {
  assert.ok(judgeLight(picture(40, 180, 255)).done);
});

test("a window behind the person is said to be too bright", () => {
  assert.match(judgeLight(picture(40, 30, 255)).message, /Too bright/);
});
