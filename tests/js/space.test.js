import assert from "node:assert/strict";
import { test } from "node:test";

import { floorLines, hasDepth, metresPerHeight, placeJoints, project, roomOf, rotate } from "../../static/js/space.js";

/** @typedef {import("../../static/js/space.js").Place} Place */

const FRONT = { yaw: 0, pitch: 0 };
const SQUARE = { width: 400, height: 400 };
const ROOM = { centre: /** @type {Place} */ ([0, 0, 0]), floor: 1, radius: 1 };

/** A body of three joints, seen 0.25 heights of the picture large a metre, moved to the right. */
function body() {
  const world = [[0, -0.5, 0.2], [0.5, 0, -0.2], [0, 0.5, 0]];
  const image = world.flatMap(([x, y, z]) => [(x * 0.25 + 0.9) / 1.5, y * 0.25 + 0.5, z, 0.9]);
  return { t_s: 0, aspect: 1.5, image: Float32Array.from(image), world: Float32Array.from(world.flat()) };
}

test("the picture tells how many metres it is high", () => {
  assert.ok(Math.abs(metresPerHeight([body()]) - 4) < 1e-4);
});

test("a body stands where the picture shows it, and is as deep as the engine says", () => {
  const points = placeJoints(body(), 4);
  const expected = [[3.6, 1.5, 0.2], [4.1, 2, -0.2], [3.6, 2.5, 0]];
  points.forEach((point, i) => {
    assert.ok(point);
    point.forEach((value, axis) => assert.ok(Math.abs(value - expected[i][axis]) < 1e-4));
  });
});

test("a joint that is not seen has no place", () => {
  const sample = body();
  sample.image[7] = 0.1;
  assert.equal(placeJoints(sample, 4)[1], null);
  assert.ok(placeJoints(sample, 4)[0]);
});

test("without depth the body is flat and keeps the picture's shape", () => {
  const sample = { ...body(), world: new Float32Array(9).fill(NaN) };
  assert.equal(hasDepth(sample), false);
  const [a, b] = placeJoints(sample, 2);
  assert.ok(a && b);
  assert.ok(Math.abs(b[0] - a[0] - 0.25) < 1e-6);
  assert.ok(Math.abs(b[1] - a[1] - 0.25) < 1e-6);
  assert.equal(a[2], 0);
});

test("from the front x stays x, from the side depth becomes width", () => {
  /** @type {Place} */
  const point = [0.5, 0.25, 1];
  assert.deepEqual(rotate(point, FRONT, ROOM), point);
  const [x, y, z] = rotate(point, { yaw: Math.PI / 2, pitch: 0 }, ROOM);
  assert.ok(Math.abs(x - 1) < 1e-9 && y === 0.25 && Math.abs(z + 0.5) < 1e-9);
});

test("a full turn changes nothing, and no turn changes how far a point is from the middle", () => {
  /** @type {Place} */
  const point = [0.3, -0.7, 0.4];
  const whole = rotate(point, { yaw: 2 * Math.PI, pitch: 0 }, ROOM);
  whole.forEach((value, axis) => assert.ok(Math.abs(value - point[axis]) < 1e-9));
  const [x, y, z] = rotate(point, { yaw: 1.1, pitch: 0.6 }, ROOM);
  assert.ok(Math.abs(Math.hypot(x, y, z) - Math.hypot(...point)) < 1e-9);
});

test("from above the floor is seen: what is near lies lower in the picture than what is far", () => {
  const [near, far] = [-1, 1].map((z) => project(rotate([0, 1, z], { yaw: 0, pitch: 0.3 }, ROOM), ROOM, SQUARE));
  assert.ok(near[1] > far[1]);
});

test("the middle of the room is the middle of the picture, and what is nearer is larger", () => {
  assert.deepEqual(project([0, 0, 0], ROOM, SQUARE), [200, 200]);
  assert.ok(project([0.5, 0, -1], ROOM, SQUARE)[0] > project([0.5, 0, 1], ROOM, SQUARE)[0]);
});

test("the room holds the body, and a stray point does not make it large", () => {
  /** @type {Place[]} */
  const standing = Array.from({ length: 500 }, (_, i) => [0.1 * (i % 3), -0.9 + (1.8 * i) / 499, 0]);
  const room = roomOf([[...standing, [40, 40, 40], null]]);
  assert.ok(room.radius < 1.2, String(room.radius));
  assert.ok(Math.abs(room.floor - 0.9) < 0.05);
  assert.deepEqual(roomOf([]).centre, [0, 0, 0]);
});

test("the floor's lines lie on the floor, all round the body", () => {
  const lines = floorLines(ROOM);
  assert.ok(lines.flat().every(([, y]) => y === ROOM.floor));
  assert.equal(Math.max(...lines.flat().map(([x]) => x)), 1);
});
