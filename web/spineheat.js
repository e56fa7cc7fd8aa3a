// spineheat.js - the same levels over time: each column a moment, the stronger the shade the more drug in the fluid. One colour in shades, on a
// canvas; what it shows stands in words in its label and as figures in the table beside it.
// SPDX-License-Identifier: Apache-2.0
import { html, useLayoutEffect, useRef } from "./html.js";
import { HEIGHT, levelRows, roundUp, scaleText, shareOf, TOP } from "./levels.js";
import { momentText } from "./moment.js";
import { useWidth } from "./spinedraw.js";
import { civilAt, figureText } from "./twin.js";

const LEFT = 34;
/* So many shades: a reader tells no more apart, and neighbours of one shade are drawn at once. */
const SHADES = 24;
const NAMED = ["C1", "C4", "T1", "T4", "T8", "T12", "L1", "L3", "L5", "S2"];

function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function mark(pen, rows, tip, width) {
    pen.globalAlpha = 1;
    pen.fillStyle = colour("--quiet");
    pen.strokeStyle = colour("--text");
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "right";
    rows.filter((row) => NAMED.includes(row.level)).forEach((row) => pen.fillText(row.level, LEFT - 6, row.middle + 4));
    pen.setLineDash([5, 4]);
    pen.beginPath();
    pen.moveTo(LEFT, tip);
    pen.lineTo(width, tip);
    pen.stroke();
    pen.setLineDash([]);
}

/** When the columns begin and end, by the pump's clock: the day too where it is not the same one. */
function times(pen, view, begin, end, width) {
    const isLong = end - begin > 12 * 3600000;
    const short = (ms) => (isLong ? momentText(civilAt(view, ms)).slice(5, 17) : civilAt(view, ms).slice(11, 19));
    pen.textAlign = "left";
    pen.fillText(short(begin), LEFT, TOP - 12);
    pen.textAlign = "right";
    pen.fillText(`${short(end)}, now`, width - 2, TOP - 12);
}

/** What nobody saw is hatched; what was seen is drawn over it. */
function unseen(pen, width, foot) {
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP, width - LEFT, foot - TOP);
    pen.clip();
    pen.strokeStyle = colour("--line");
    pen.beginPath();
    for (let x = LEFT - (foot - TOP); x < width; x += 9) {
        pen.moveTo(x, foot);
        pen.lineTo(x + foot - TOP, TOP);
    }
    pen.stroke();
    pen.restore();
}

function draw(canvas, width, { view, seen, most, isLog, tipLevel }) {
    const fine = window.devicePixelRatio || 1;
    canvas.width = width * fine;
    canvas.height = HEIGHT * fine;
    const pen = canvas.getContext("2d");
    pen.scale(fine, fine);
    const rows = levelRows(view.drugs[0].levels.map((one) => one.level));
    const foot = rows[rows.length - 1].top + rows[rows.length - 1].height;
    const span = Math.max(1, seen.end - seen.begin);
    const x = (ms) => LEFT + (ms - seen.begin) / span * (width - LEFT);
    unseen(pen, width, foot);
    for (const column of seen.columns) {
        const from = Math.round(x(column.from) * fine) / fine;
        const wide = Math.round(x(column.to) * fine) / fine - from; // shades would add up where columns overlap
        pen.globalAlpha = 1;
        pen.fillStyle = colour("--page");
        pen.fillRect(from, TOP, wide, foot - TOP);
        pen.fillStyle = colour("--curve-2");
        column.values.forEach((value, i) => {
            const shade = Math.round(shareOf(value, most, isLog) * SHADES) / SHADES;
            if (shade === 0) return;
            pen.globalAlpha = shade;
            pen.fillRect(from, rows[i].top, wide, rows[i].height);
        });
    }
    const tip = rows.find((row) => row.level === tipLevel)?.middle;
    if (tip) mark(pen, rows, tip, width);
    times(pen, view, seen.begin, seen.end, width);
}

/** The shades from nothing to the most, with their figures. */
function Legend({ most, unit, isLog }) {
    return html`<svg class="shades" viewBox="0 0 320 34" width="320" height="34" aria-hidden="true">
        ${Array.from({ length: 8 }, (unused, i) => html`<rect class="shade" x=${i * 30} y="2" width="30" height="12" fill-opacity=${(i + 1) / 8} />`)}
        <path class="not-seen" d="M254 14 L266 2 M260 14 L272 2 M266 14 L278 2 M272 14 L284 2" /><text x="254" y="29">not known</text>
        <text x="0" y="29">${isLog ? `${scaleText(most / 1e5)} or less` : "0"}</text>
        <text x="240" y="29" text-anchor="end">${scaleText(most)} ${unit}</text></svg>`;
}

/** `spanMs`: how far back; null: all that was seen. */
export function SpineHeat({ view, track, drug, isLog, spanMs }) {
    const canvas = useRef(null);
    const [place, width] = useWidth(420);
    const tipLevel = view.catheter.tip_level;
    const seen = track.columns(drug.drug, spanMs);
    const most = roundUp(Math.max(0, ...seen.columns.map((column) => Math.max(...column.values))));
    useLayoutEffect(() => draw(canvas.current, width, { view, seen, most, isLog, tipLevel }));
    const at = drug.levels.findIndex((one) => one.level === tipLevel);
    const first = seen.columns[0]?.values[at];
    const label = `${drug.drug} in the fluid by level over time, from ${momentText(civilAt(view, seen.begin))} to now: ` +
        `beside the tip ${figureText(first)} ${drug.unit} then, ${figureText(drug.levels[at]?.csf)} now`;
    return html`<div class="heat-place" ref=${place}><canvas class="heat" ref=${canvas} role="img" aria-label=${label}></canvas></div>
        <${Legend} most=${most} unit=${drug.unit} isLog=${isLog} />`;
}
