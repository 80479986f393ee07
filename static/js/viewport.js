/**
 * Maps points of the camera's picture to the canvas. Mirroring happens only here: the data is never mirrored, so left
 * stays left. Pure.
 */

/** At most this part of the picture may be cropped to fill more of the window; of an upright one, only at the sides. */
const MOST_CROPPED = 0.22;

/** A picture with room to spare sits high, below the title, leaving space for text and buttons beneath. */
const HIGH = 0.15;

/**
 * @typedef {object} Viewport
 * @property {number} left of the picture's edge on the canvas, in canvas pixels; negative where it is cut off
 * @property {number} top
 * @property {number} width of the whole picture on the canvas
 * @property {number} height
 * @property {boolean} mirrored
 */

/**
 * Fit a picture into a canvas: filled when little is cut off, else as large as the allowed cut makes it.
 *
 * @param {{width: number, height: number}} picture
 * @param {{width: number, height: number}} canvas
 * @param {boolean} mirrored
 * @returns {Viewport}
 */
export function fit(picture, canvas, mirrored) {
  const across = canvas.width / picture.width;
  const down = canvas.height / picture.height;
  const needsAll = picture.height > picture.width && across > down; // a body fills it from head to feet
  const cropped = needsAll ? 0 : MOST_CROPPED;
  const scale = Math.min(Math.max(across, down), Math.min(across, down) / (1 - cropped));
  const width = picture.width * scale;
  const height = picture.height * scale;
  const spare = canvas.height - height;
  return { left: (canvas.width - width) / 2, top: spare * (spare > 0 ? HIGH : 0.5), width, height, mirrored };
}

/**
 * Canvas position of a point of the picture.
 *
 * @param {Viewport} viewport
 * @param {number} x 0 to 1 of the unmirrored picture
 * @param {number} y
 * @returns {[number, number]}
 */
export function toCanvas(viewport, x, y) {
  const across = viewport.mirrored ? 1 - x : x;
  return [viewport.left + across * viewport.width, viewport.top + y * viewport.height];
}

/**
 * Transform (a, b, c, d, e, f of a canvas) under which the picture drawn at 0, 0 in `width` x `height` lies right.
 *
 * @param {Viewport} viewport
 * @returns {[number, number, number, number, number, number]}
 */
export function pictureTransform(viewport) {
  return viewport.mirrored
    ? [-1, 0, 0, 1, viewport.left + viewport.width, viewport.top]
    : [1, 0, 0, 1, viewport.left, viewport.top];
}

/**
 * The size of a picture whose longer side is at most `longest`, with its aspect kept, in whole pixels.
 *
 * @param {{width: number, height: number}} picture
 * @param {number} longest
 * @returns {{width: number, height: number}}
 */
export function within(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  return {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  };
}
