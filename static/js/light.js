/** Whether the light is good enough to see a body. Pure. */

/** Below this luma (0 to 255), limbs are lost in noise. */
const DARK = 45;
/** This part of the picture may be dark: black bars, dark walls. */
const DARK_PART = 0.8;
/** With more than this part overexposed, and the rest as dark as this on average, a person is only a silhouette. */
const BURNT_PART = 0.45;
const BURNT = 250;
const SILHOUETTE = 100;

/**
 * Luma after ITU-R BT.601, section 2.5.1.
 *
 * @param {Uint8ClampedArray} rgba four bytes a pixel
 * @returns {{name: "light", done: boolean, message: string}}
 */
export function judgeLight(rgba) {
  let dark = 0;
  let burnt = 0;
  let unburntLuma = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    const luma = 0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2];
    if (luma < DARK) dark += 1;
    if (luma > BURNT) burnt += 1;
    else unburntLuma += luma;
  }
  const pixels = rgba.length / 4;
  if (dark / pixels > DARK_PART) return check("Too dark to see you well: switch on a light.");
  const isSilhouette = unburntLuma <= SILHOUETTE * (pixels - burnt);
  if (burnt / pixels > BURNT_PART && isSilhouette) return check("Too bright behind you: turn away from the window.");
  return { name: "light", done: true, message: "" };
}

/**
 * @param {string} message
 * @returns {{name: "light", done: false, message: string}}
 */
function check(message) {
  return { name: "light", done: false, message };
}
