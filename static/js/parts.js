/** Reads a workout's landmarks as the server stores them, in parts of a few seconds; format: `webapp/parts.py`. */

const JOINTS = 33;
const CHANNELS = 7 * JOINTS;
const HEADER_BYTES = 18;
const IMAGE_STEPS = [2048, 2048, 256, 20];
const STEPS_PER_METRE = 400;
const UNKNOWN = -(2 ** 15);

/** Samples further apart are not blended: the person was out of view, or paused. */
const BLENDED_S = 0.7;

/**
 * @typedef {object} Sample
 * @property {number} t_s seconds on the capturing device's clock
 * @property {number} aspect width / height of the picture
 * @property {Float32Array | null} image x, y, z and visibility of every joint; null if nobody is in view
 * @property {Float32Array | null} world x, y, z in metres from mid-hip
 */

/**
 * @param {ArrayBuffer} body parts, each after its length
 * @returns {Promise<Sample[][]>} the samples of every part
 */
export async function readParts(body) {
  const view = new DataView(body);
  const parts = [];
  for (let at = 0; at < body.byteLength; ) {
    const length = view.getUint32(at, true);
    parts.push(readPart(body.slice(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Promise.all(parts);
}

/** @param {ArrayBuffer} part @returns {Promise<Sample[]>} */
async function readPart(part) {
  const header = new DataView(part);
  const form = String.fromCharCode(header.getUint8(0), header.getUint8(1)) + header.getUint8(2);
  if (form !== "PC1") throw new Error(`a part of the form ${form}`);
  const steps = header.getUint8(3);
  const count = header.getUint16(4, true);
  const aspect = header.getFloat32(6, true);
  let t_s = header.getFloat64(10, true);
  const body = await inflate(part.slice(HEADER_BYTES));
  const after = new DataView(body.buffer, body.byteOffset, 2 * count);
  const inView = body.subarray(2 * count, 3 * count);
  const seen = inView.reduce((sum, one) => sum + one, 0);
  const values = decodeSteps(body.subarray(3 * count), seen);
  /** @type {Sample[]} */
  const samples = [];
  let row = 0;
  for (let i = 0; i < count; i += 1) {
    t_s += after.getUint16(2 * i, true) / 1000;
    samples.push({ t_s, aspect, ...(inView[i] ? readPose(values, seen, row, steps) : { image: null, world: null }) });
    row += inView[i];
  }
  return samples;
}

/** @param {ArrayBuffer} packed @returns {Promise<Uint8Array>} */
async function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Whole steps, channel by channel, from their differences along time.
 *
 * @param {Uint8Array} body the low bytes of all, then the high ones
 * @param {number} count of samples that show somebody
 */
function decodeSteps(body, count) {
  const values = new Int16Array(CHANNELS * count);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    for (let i = 0; i < count; i += 1) {
      const at = channel * count + i;
      const signless = body[at] | (body[CHANNELS * count + at] << 8);
      const step = (signless >> 1) ^ -(signless & 1);
      values[at] = i === 0 ? step : values[at - 1] + step;
    }
  }
  return values;
}

/** @param {Int16Array} values @param {number} count @param {number} row @param {number} width of the steps */
function readPose(values, count, row, width) {
  /** @param {number} channel @param {number} steps */
  const at = (channel, steps) => {
    const whole = values[channel * count + row];
    return whole === UNKNOWN ? NaN : whole / steps;
  };
  const image = Float32Array.from({ length: 4 * JOINTS }, (_, i) =>
    at(i, i % 4 === 3 ? IMAGE_STEPS[3] : IMAGE_STEPS[i % 4] / width),
  );
  const world = Float32Array.from({ length: 3 * JOINTS }, (_, i) => at(4 * JOINTS + i, STEPS_PER_METRE / width));
  return { image, world };
}

/**
 * The pose at a time: blended from the samples before and after it, or the one before it where they lie far apart.
 *
 * @param {Sample[]} samples in order of time
 * @param {number} t_s
 * @returns {Sample | null} null before the first
 */
export function sampleAt(samples, t_s) {
  const next = firstAfter(samples, t_s);
  if (next === 0) return null;
  const [a, b] = [samples[next - 1], samples[next]];
  if (!b?.image || !b.world || !a.image || !a.world || b.t_s - a.t_s > BLENDED_S) return a;
  const part = (t_s - a.t_s) / (b.t_s - a.t_s);
  return { t_s, aspect: a.aspect, image: blend(a.image, b.image, part), world: blend(a.world, b.world, part) };
}

/** @param {Sample[]} samples @param {number} t_s @returns {number} index of the first sample later than that */
export function firstAfter(samples, t_s) {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle].t_s <= t_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Float32Array} a @param {Float32Array} b @param {number} part */
function blend(a, b, part) {
  return a.map((value, i) => value + (b[i] - value) * part);
}
