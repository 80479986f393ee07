import assert from "node:assert/strict";
import { test } from "node:test";

import { fit, pictureTransform, toCanvas, within } from "../../static/js/viewport.js";

const WIDE = { width: 640, height: 360 };

test("a picture of the window's shape fills it", () => {
  const view = fit(WIDE, { width: 1280, height: 720 }, false);
  assert.deepEqual([view.left, view.top, view.width, view.height], [0, 0, 1280, 720]);
});

test("a little is cut off rather than leaving bars", () => {
  const view = fit({ width: 640, height: 480 }, { width: 1280, height: 800 }, false);
  assert.equal(view.width, 1280);
  assert.ok(view.top < 0);
});

test("no more than a fifth of the picture is hidden in an upright window", () => {
  const view = fit(WIDE, { width: 390, height: 844 }, false);
  assert.ok(390 / view.width > 0.77);
  assert.ok(view.top > 0);
});

test("an upright picture keeps head and feet in every window, and fills an upright one", () => {
  const upright = { width: 720, height: 1280 };
  for (const [width, height] of [[1366, 768], [844, 390], [768, 1024], [390, 844]]) {
    const view = fit(upright, { width, height }, true);
    assert.deepEqual([view.top, view.height], [0, height]);
  }
  assert.ok(fit(upright, { width: 390, height: 844 }, true).left < 0);
});

test("on a phone held upright the set-up's panel has its room below a wide picture", () => {
  const PANEL = 225;
  for (const height of [664, 844]) {
    const view = fit({ width: 640, height: 480 }, { width: 390, height }, true);
    assert.ok(view.top > 0);
    assert.ok(view.top + view.height < height - PANEL);
  }
});

test("mirroring moves left to right and leaves top at the top", () => {
  const canvas = { width: 1280, height: 720 };
  assert.deepEqual(toCanvas(fit(WIDE, canvas, false), 0.25, 0.1), [320, 72]);
  assert.deepEqual(toCanvas(fit(WIDE, canvas, true), 0.25, 0.1), [960, 72]);
});

test("the picture and the points on it are placed alike", () => {
  for (const mirrored of [false, true]) {
    const view = fit(WIDE, { width: 900, height: 844 }, mirrored);
    const [a, , , d, e, f] = pictureTransform(view);
    const [x, y] = toCanvas(view, 0.2, 0.7);
    assert.ok(Math.abs(a * 0.2 * view.width + e - x) < 1e-9);
    assert.ok(Math.abs(d * 0.7 * view.height + f - y) < 1e-9);
  }
});

test("a picture is made smaller, never larger, and keeps its aspect", () => {
  assert.deepEqual(within({ width: 1280, height: 720 }, 640), { width: 640, height: 360 });
  assert.deepEqual(within({ width: 720, height: 1280 }, 640), { width: 360, height: 640 });
  assert.deepEqual(within({ width: 320, height: 240 }, 640), { width: 320, height: 240 });
});
