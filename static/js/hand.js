/** One raised hand brings back the controls for somebody too far away to touch. Pure. */

/** A hand held up for this long is a sign; a shorter one is a swing. */
const MEANT_MS = 1000;
/** Joints with a lower visibility are ignored. */
const SEEN = 0.5;
/** How far the top of the head is above the face, as a part of the distance from shoulders to face. */
const CROWN = 0.5;
const FACE = ["nose", "left_eye", "right_eye", "left_ear", "right_ear"];
const VALUES = 4;

/** Notices each time a hand is raised. */
export class RaisedHand {
  /** @type {number | null} */
  #since_ms = null;
  #told = false;

  /**
   * @param {Float32Array | null} image joints x 4: x, y, z, visibility; null for nobody in view
   * @param {string[]} joints their names
   * @param {number} now_ms
   * @returns {boolean} true once each time a hand is raised
   */
  update(image, joints, now_ms) {
    if (!image || !isRaised(image, joints)) {
      this.#since_ms = null;
      this.#told = false;
      return false;
    }
    this.#since_ms ??= now_ms;
    if (this.#told || now_ms - this.#since_ms < MEANT_MS) return false;
    this.#told = true;
    return true;
  }
}

/** Whether exactly one hand is up: two belong to an exercise. @param {Float32Array} image @param {string[]} joints */
function isRaised(image, joints) {
  const height = (/** @type {string} */ name) => heightOf(image, joints.indexOf(name));
  const face = Math.max(...FACE.map(height).filter(Number.isFinite));
  if (!Number.isFinite(face)) return false;
  const [left, right] = ["left", "right"].map((side) => {
    const crown = face + CROWN * (face - height(`${side}_shoulder`));
    return height(`${side}_wrist`) > Math.max(face, crown);
  });
  return left !== right;
}

/** In heights of the picture; NaN while not visible. @param {Float32Array} image @param {number} joint */
function heightOf(image, joint) {
  const visibility = image[joint * VALUES + 3];
  return visibility >= SEEN ? 1 - image[joint * VALUES + 1] : NaN;
}
