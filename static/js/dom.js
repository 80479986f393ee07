/** Finding the page's elements, drawing on its canvases, and writing only what has changed. */

/**
 * @typedef {HTMLCanvasElement | OffscreenCanvas} Canvas
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Drawing
 */

/**
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {HTMLElement} throws where the template lacks it
 */
export function find(within, selector) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page lacks ${selector}`);
  return found;
}

/**
 * @param {Canvas} canvas
 * @param {CanvasRenderingContext2DSettings} [options]
 * @returns {Drawing} throws where the browser cannot draw
 */
export function context2d(canvas, options) {
  const drawing = /** @type {Drawing | null} */ (canvas.getContext("2d", options));
  if (!drawing) throw new Error("this browser cannot draw on a canvas");
  return drawing;
}

// Text that stays the same is not written again: a screen reader would repeat it, and the browser lay it out anew.

/** @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
export function setData(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** @param {Element} element @param {string} name @param {string} value */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
