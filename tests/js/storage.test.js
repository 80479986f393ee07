import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { read, readJson, write } from "../../static/js/storage.js";

/** A browser's storage as far as it is used here. */
class Kept {
  /** @type {Map<string, string>} */
  #values = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.#values.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#values.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#values.delete(key);
  }
}

beforeEach(() => Object.assign(globalThis, { window: { localStorage: new Kept() } }));
afterEach(() => Object.assign(globalThis, { window: undefined }));

test("what is written is read again, and nothing once it is forgotten", () => {
  write("localStorage", "key", "value");
  assert.equal(read("localStorage", "key"), "value");
  write("localStorage", "key", "");
  assert.equal(read("localStorage", "key"), "");
});

test("what is not JSON reads as nothing", () => {
  write("localStorage", "key", "{");
  assert.equal(readJson("localStorage", "key"), null);
  write("localStorage", "key", '{"a": 1}');
  assert.deepEqual(readJson("localStorage", "key"), { a: 1 });
});

test("storage that is switched off remembers nothing and breaks nothing", () => {
  const off = () => {
    throw new Error("the operation is insecure");
  };
  Object.assign(globalThis, { window: Object.defineProperty({}, "localStorage", { get: off }) });
  write("localStorage", "key", "value");
  assert.equal(read("localStorage", "key"), "");
  assert.equal(readJson("localStorage", "key"), null);
});
