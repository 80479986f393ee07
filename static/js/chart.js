/** The curve of one exercise, with each repetition marked by shape and colour, and a line at the current time. */

import uPlot from "../vendor/uplot.js";
import { clock } from "./clock.js";
import { nearest } from "./timeline.js";

/** @typedef {import("./timeline.js").Mark} Mark */

/**
 * @typedef {object} Drawn
 * @property {string} title
 * @property {string} unit empty for a ratio
 * @property {number | null} target
 * @property {number | null} low
 * @property {number | null} high
 * @property {number[]} t_s
 * @property {{side: string, values: (number | null)[]}[]} lines
 */

const HEIGHT_PX = 260;
const TAPPED_WITHIN_PX = 16;
/** At most this many marks are shown at a time. */
const MOST_MARKS = 48;

const MARK_PX = { most: 5, least: 2 };
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const LABEL_ROOM_PX = 24;
const COLOURS = { both: "--ink", left: "--limb-left", right: "--limb-right" };
const LOOKS = { good: "--bar", fault: "--mind-fill", partial: "--line-strong", hold: "--bar" };

/** @typedef {(on: CanvasRenderingContext2D, x: number, y: number, r: number) => void} Shape */

/** @type {Record<string, Shape>} */
const SHAPES = {
  good: (on, x, y, r) => on.arc(x, y, r, 0, 2 * Math.PI),
  hold: (on, x, y, r) => on.arc(x, y, r, 0, 2 * Math.PI),
  fault: (on, x, y, r) => tracePolygon(on, [[x, y - 1.4 * r], [x + 1.3 * r, y + r], [x - 1.3 * r, y + r]]),
  partial: (on, x, y, r) => tracePolygon(on, [[x, y - 1.3 * r], [x + 1.3 * r, y], [x, y + 1.3 * r], [x - 1.3 * r, y]]),
};

/** @param {CanvasRenderingContext2D} on @param {[number, number][]} points */
function tracePolygon(on, points) {
  on.moveTo(...points[points.length - 1]);
  for (const point of points) on.lineTo(...point);
}

export class Chart {
  #plot;
  #drawn;
  #marks;
  #now = Object.assign(document.createElement("div"), { className: "now" });
  #now_s = 0;
  #chosen = "";

  /**
   * @param {HTMLElement} place
   * @param {Drawn} drawn
   * @param {Mark[]} marks
   * @param {(t_s: number, mark: Mark | null) => void} onTap
   */
  constructor(place, drawn, marks, onTap) {
    this.#drawn = drawn;
    this.#marks = marks;
    /** @type {[number[], ...(number | null)[][]]} */
    const data = [drawn.t_s, ...drawn.lines.map((line) => line.values)];
    this.#plot = new uPlot(this.#options(place), data, place);
    this.#plot.over.append(this.#now);
    const [from_s, until_s] = [drawn.t_s[0], drawn.t_s[drawn.t_s.length - 1]];
    if (marks.length > MOST_MARKS) this.#look(from_s, from_s + ((until_s - from_s) * MOST_MARKS) / marks.length);
    this.#plot.over.addEventListener("click", (event) => this.#onClick(event, onTap));
    new ResizeObserver(() => this.#plot.setSize({ width: place.clientWidth, height: HEIGHT_PX })).observe(place);
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", () => this.#plot.redraw(false, true));
    }
    void document.fonts.ready.then(() => this.#plot.redraw(false, true));
  }

  /** Show the replay's position. @param {number} t_s @param {Mark | null} mark */
  showTime(t_s, mark) {
    this.#now_s = t_s;
    this.#follow(t_s);
    this.#place();
    if ((mark?.key ?? "") === this.#chosen) return;
    this.#chosen = mark?.key ?? "";
    this.#plot.redraw(false, false);
  }

  /** Scroll when the time leaves the visible range. @param {number} t_s */
  #follow(t_s) {
    const { min = 0, max = 0 } = this.#plot.scales.x;
    const { t_s: times_s } = this.#drawn;
    const outside = (t_s < min && min > times_s[0]) || (t_s > max && max < times_s[times_s.length - 1]);
    if (outside) this.#look(t_s - 0.05 * (max - min), t_s + 0.95 * (max - min));
  }

  /** @param {number} min @param {number} max */
  #look(min, max) {
    this.#plot.setScale("x", { min, max });
  }

  #place() {
    this.#now.style.transform = `translateX(${this.#plot.valToPos(this.#now_s, "x")}px)`;
  }

  /** @param {HTMLElement} place @returns {uPlot.Options} */
  #options(place) {
    /** @param {string} name */
    const read = (name) => () => getComputedStyle(place).getPropertyValue(name).trim();
    const font = `12px ${getComputedStyle(place).fontFamily}`;
    const grid = { stroke: read("--line"), width: 1 };
    const axis = { stroke: read("--ink-soft"), font, grid, ticks: { show: false } };
    const { unit, lines } = this.#drawn;
    const sign = unit === "°" ? unit : "";
    return {
      width: place.clientWidth,
      height: HEIGHT_PX,
      padding: [LABEL_ROOM_PX, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, dist: 8 } },
      scales: { x: { time: false }, y: { range: (_, low, high) => this.#range(low, high) } },
      axes: [
        { ...axis, size: 34, space: 60, incrs: TICKS_S, values: (_, splits) => splits.map(clock) },
        { ...axis, size: 48, values: (_, splits) => splits.map((value) => `${round(value)}${sign}`) },
      ],
      series: [
        {},
        ...lines.map(({ side }) => ({
          label: side,
          stroke: read(COLOURS[/** @type {"both"} */ (side)] ?? COLOURS.both),
          width: 1.6,
          points: { show: false },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => this.#drawBehind(plot, read)],
        draw: [(plot) => this.#drawOver(plot, read)],
        setScale: [() => this.#plot && this.#place()],
      },
    };
  }

  /** @param {number | null} low @param {number | null} high @returns {[number, number]} that includes the target */
  #range(low, high) {
    const limits = [this.#drawn.target, this.#drawn.low, this.#drawn.high].filter((value) => value !== null);
    const [least, most] = [Math.min(low ?? 0, ...limits), Math.max(high ?? 1, ...limits)];
    const room = Math.max(0.05, (most - least) * 0.08);
    return [least - room, most + room];
  }

  /** Drawn behind the curve: each repetition's span, and the target. @type {Draw} */
  #drawBehind(plot, read) {
    const { left, top, width, height } = plot.bbox;
    within(plot, (on) => {
      for (const mark of this.#marks) {
        const from = plot.valToPos(mark.start_s, "x", true);
        const until = plot.valToPos(mark.end_s, "x", true);
        on.globalAlpha = mark.key === this.#chosen ? 0.26 : 0.12;
        on.fillStyle = read(LOOKS[mark.look])();
        on.fillRect(from, top, Math.max(1, until - from), height);
      }
      on.globalAlpha = 1;
      on.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      on.strokeStyle = read("--ink")();
      on.lineWidth = 1.2 * devicePixelRatio;
      for (const limit of [this.#drawn.target, this.#drawn.low, this.#drawn.high]) {
        if (limit === null) continue;
        const y = plot.valToPos(limit, "y", true);
        on.beginPath();
        on.moveTo(left, y);
        on.lineTo(left + width, y);
        on.stroke();
      }
    });
  }

  /** Drawn over the curve: a shape where each repetition was deepest, and its number. @type {Draw} */
  #drawOver(plot, read) {
    const { left, top, width } = plot.bbox;
    const ratio = devicePixelRatio;
    const { min = 0, max = 1 } = plot.scales.x;
    const looked = this.#marks.filter((mark) => mark.end_s >= min && mark.start_s <= max);
    const apart = width / ratio / Math.max(1, looked.length);
    const size = Math.max(MARK_PX.least, Math.min(MARK_PX.most, apart)) * ratio;
    within(plot, (on) => {
      for (const mark of looked) this.#drawShape(plot, on, mark, size, read);
    });
    plot.ctx.save();
    plot.ctx.fillStyle = read("--ink-soft")();
    plot.ctx.font = `${12 * ratio}px ${getComputedStyle(plot.root).fontFamily}`;
    plot.ctx.textAlign = "center";
    let last = -Infinity;
    for (const { label, start_s: start, end_s: end } of looked) {
      const x = plot.valToPos((start + end) / 2, "x", true);
      const wide = plot.ctx.measureText(label).width + 8 * ratio;
      if (!label || x < left || x > left + width || x - last < wide) continue;
      plot.ctx.fillText(label, x, top - 8 * ratio);
      last = x;
    }
    plot.ctx.restore();
  }

  /** @type {(plot: uPlot, on: CanvasRenderingContext2D, mark: Mark, size: number, read: Read) => void} */
  #drawShape(plot, on, mark, size, read) {
    const value = this.#valueAt(mark);
    if (value === null) return;
    on.beginPath();
    SHAPES[mark.look](on, plot.valToPos(mark.far_s, "x", true), plot.valToPos(value, "y", true), size);
    on.closePath();
    on.fillStyle = read(mark.look === "partial" ? "--surface" : LOOKS[mark.look])();
    on.fill();
    on.lineWidth = Math.min(1.5 * devicePixelRatio, size / 3);
    on.strokeStyle = read(mark.look === "partial" ? "--ink-soft" : "--surface")();
    on.stroke();
  }

  /** @param {Mark} mark @returns {number | null} the curve's value at its shape */
  #valueAt({ far_s, side }) {
    const { t_s: times_s, lines } = this.#drawn;
    /** @param {number} i */
    const away_s = (i) => Math.abs(times_s[i] - far_s);
    const at = times_s.reduce((best, _, i) => (away_s(i) < away_s(best) ? i : best), 0);
    const values = (lines.find((line) => line.side === side) ?? lines[0]).values;
    return values[at] ?? null;
  }

  /** @param {MouseEvent} event @param {(t_s: number, mark: Mark | null) => void} onTap */
  #onClick(event, onTap) {
    const x = event.clientX - this.#plot.rect.left;
    const t_s = this.#plot.posToVal(x, "x");
    const within_s = Math.abs(this.#plot.posToVal(x + TAPPED_WITHIN_PX, "x") - t_s);
    onTap(t_s, nearest(this.#marks, t_s, within_s));
  }
}

/** @typedef {(name: string) => () => string} Read a colour of the style sheet */
/** @typedef {(plot: uPlot, read: Read) => void} Draw */

/** Draw clipped to the axes. @param {uPlot} plot @param {(on: CanvasRenderingContext2D) => void} draw */
function within({ ctx, bbox: { left, top, width, height } }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - 4, width, height + 8);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
