// curve.js - what a pump told over time: a line drawn by uPlot, and beside it the same numbers as a table, for who cannot see a
// canvas and for who wants to read one (X7).
// SPDX-License-Identifier: Apache-2.0
import uPlot from "./uplot.js";
import { html, useEffect, useLayoutEffect, useRef } from "./html.js";
import { momentText } from "./moment.js";

/** One state a second for a day: what comes later takes the place of the oldest. */
const SAMPLES_MAX = 86400;
const HEIGHT = 220;

/** Times (s) and values of some curves. All the memory of a day is taken at once, so that a page which stays open does not grow. */
export class Samples {
    constructor(curves) {
        this.kept = Array.from({ length: curves + 1 }, () => new Float64Array(SAMPLES_MAX));
        this.count = 0;
        this.texts = [];
        this.version = 0;
    }

    get at() {
        return this.kept[0].subarray(0, this.count);
    }

    /** Of each curve. */
    get values() {
        return this.kept.slice(1).map((list) => list.subarray(0, this.count));
    }

    /** `at` seconds; one value of each curve. `text` is kept for the last rows alone: the table's cells. */
    push(at, values, text) {
        if (this.count > 0 && at <= this.kept[0][this.count - 1]) return;
        if (this.count >= SAMPLES_MAX) {
            // A tenth at once: to move 86,400 numbers for each new one would cost more than the drawing.
            const cut = SAMPLES_MAX / 10;
            this.kept.forEach((list) => list.copyWithin(0, cut));
            this.count -= cut;
        }
        [at, ...values].forEach((value, i) => (this.kept[i][this.count] = value ?? NaN));
        this.count += 1;
        this.texts.push(text);
        if (this.texts.length > 12) this.texts.shift();
        this.version += 1;
    }
}

function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** From the first value to the last, and at least two minutes, so that the first ones are no dot at the edge. uPlot's own bounds are not
 * asked: for a single value they are a whole day. */
function span(u) {
    const at = u.data[0];
    if (at.length === 0) return [0, 120];
    const last = at[at.length - 1];
    return [Math.min(at[0], last - 120), last];
}

/** The time of day; with the day where the axis spans more than one. */
function axisTimes(u, list) {
    const days = list.length > 1 && list[list.length - 1] - list[0] > 86400;
    return list.map((at) => new Date(at * 1000).toISOString().slice(days ? 5 : 11, days ? 16 : 19).replace("T", " "));
}

function options(width, unit, stroke, smooth) {
    const axis = { stroke: () => style("--quiet"), grid: { stroke: () => style("--line"), width: 1 },
                   ticks: { stroke: () => style("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
    return { width, height: HEIGHT, legend: { show: false }, cursor: { show: false }, scales: { x: { time: true, range: span } },
             // The pump's civil time, which came as if it were UTC: no zone of this machine is put on it.
             tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
             // A line needs two values; one alone is a dot.
             series: [{}, { stroke: () => style(stroke), width: 2, points: { show: (u) => u.data[0].length === 1, size: 7 },
                            paths: smooth ? uPlot.paths.linear() : uPlot.paths.stepped({ align: 1 }) }],
             axes: [{ ...axis, space: 90, values: axisTimes },
                    { ...axis, size: 76, label: unit, labelSize: 20, labelFont: "12px system-ui, sans-serif",
                      values: (u, list) => list.map((value) => Number(value.toFixed(6)).toString()) }] };
}

/** `curve`: the number among the samples' values. `least`: the axis goes from 0 to this at least; `most`: and no further. `since`:
 * what the values are, where they are not those since the page was opened. `smooth`: between two values a line, not a step. */
export function Curve({ title, unit, samples, curve, stroke, least, most, version, since = "values since this page was opened", smooth = false }) {
    const place = useRef(null);
    const plot = useRef(null);
    useLayoutEffect(() => {
        const shown = options(place.current.clientWidth, unit, stroke, smooth);
        shown.scales.y = { range: (u, low, high) => [0, most || Math.max(least, (high || 0) * 1.15)] };
        plot.current = new uPlot(shown, [samples.at, samples.values[curve]], place.current);
        const resized = new ResizeObserver(([entry]) => plot.current.setSize({ width: Math.floor(entry.contentRect.width),
                                                                              height: HEIGHT }));
        resized.observe(place.current);
        return () => {
            resized.disconnect();
            plot.current.destroy();
        };
    }, [samples]);
    useEffect(() => plot.current.setData([samples.at, samples.values[curve]]), [version]);
    const rows = [...samples.texts].reverse();
    const now = rows.length > 0 ? `, now ${rows[0].cells[curve]}` : "";
    const summary = `${title}, ${samples.at.length} ${since}${now}`;
    return html`<section class="curve">
        <h3>${title}</h3>
        <div class="curve-both">
            <div class="curve-place" ref=${place} role="img" aria-label=${summary}></div>
            <div class="scroll curve-table" tabindex="0" role="region" aria-label=${`${title}, the last values`}>
                <table><caption>The last values</caption>
                    <thead><tr><th scope="col">Pump's clock</th><th scope="col" class="number">${unit}</th></tr></thead>
                    <tbody>${rows.map((row) => html`<tr><td>${momentText(row.at).slice(12, 17)}${row.seconds}</td>
                        <td class="number">${row.cells[curve]}</td></tr>`)}</tbody>
                </table>
            </div>
        </div>
    </section>`;
}
