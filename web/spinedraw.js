// spinedraw.js - the canal drawn: its outline with the cord and the catheter up to its tip, and beside each level a bar for the
// concentration in its fluid, with a mark for that in its tissue. The outline is a sketch; heights are those of the model.
// SPDX-License-Identifier: Apache-2.0
import { html, useLayoutEffect, useRef, useState } from "./html.js";
import { DECADES, HEIGHT, LEVELS, levelRows, outline, roundUp, scaleText, shareOf } from "./levels.js";
import { figureText } from "./twin.js";

const MIDDLE = 72; // of the canal
const BARS = 126;  // where they begin

/** The width of an element, as it changes: what is drawn keeps its letters as large as the page's. */
export function useWidth(first) {
    const place = useRef(null);
    const [width, set] = useState(first);
    useLayoutEffect(() => {
        const measure = () => set(Math.floor(place.current.clientWidth) || first);
        measure();
        const sizes = new ResizeObserver(measure);
        sizes.observe(place.current);
        return () => sizes.disconnect();
    }, []);
    return [place, width];
}

const closed = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(" L")} Z`;

/** Both sides of a shape around the middle of the canal. */
function shape(known, half) {
    const side = (sign) => known.map((one) => [MIDDLE + sign * one[half], one.y]);
    return closed([...side(-1), ...side(1).reverse()]);
}

function Canal({ rows, tip }) {
    const known = outline(rows);
    const cord = known.filter((one) => one.cord > 0);
    const end = rows.find((row) => row.level === "L1");
    const conus = [...cord, { cord: 0, y: end.top + end.height }];
    const sac = rows[rows.length - 1].top + 8;
    const entry = Math.max(rows.find((row) => row.level === "L3").middle, tip + 24);
    return html`<g aria-hidden="true">
        <path class="canal" d=${shape(known, "canal")} />
        <path class="cord" d=${shape(conus, "cord")} />
        ${[-10, -3.5, 3.5, 10].map((x) => html`<line class="root" x1=${MIDDLE + x / 3} x2=${MIDDLE + x} y1=${end.top + 26} y2=${sac - Math.abs(x) * 2} />`)}
        <path class="tube" d=${`M${BARS - 8} ${entry + 20} L${MIDDLE + 20} ${entry} L${MIDDLE + 18} ${tip}`} />
        <circle class="tube-tip" cx=${MIDDLE + 18} cy=${tip} r="4.5" />
    </g>`;
}

/** Lines and figures of the scale above the bars. */
function Scale({ x, most, isLog, width }) {
    const marks = isLog ? Array.from({ length: DECADES + 1 }, (unused, i) => most / 10 ** (DECADES - i)) : [0, most / 2, most];
    const few = isLog && width < 460 ? marks.filter((one, i) => i % 2 === 1) : marks;
    const at = (value) => x(isLog ? (value > 0 ? shareOf(value, most, true) : 0) : value / most);
    return html`<g aria-hidden="true">${few.map((value, i) => html`
        <line class="grid" x1=${at(value)} x2=${at(value)} y1="26" y2=${HEIGHT - 8} />
        <text x=${at(value)} y="18" text-anchor=${i === few.length - 1 ? "end" : "middle"}>${scaleText(value)}</text>`)}</g>`;
}

/** `drug`: as the twin tells it; null: nothing is known of any. `tipLevel`: where the tip lies. */
export function SpineDrawing({ drug, tipLevel, isLog, summary }) {
    const [place, width] = useWidth(380);
    const rows = levelRows(drug ? drug.levels.map((one) => one.level) : LEVELS);
    const tip = (rows.find((row) => row.level === tipLevel) || rows[20]).middle;
    const most = roundUp(drug ? Math.max(...drug.levels.flatMap((one) => [one.csf, one.tissue])) : 1);
    const x = (share) => BARS + share * (width - BARS - 12);
    const bar = (row, i) => {
        const { csf, tissue } = drug.levels[i];
        const at = x(shareOf(tissue, most, isLog));
        return html`<rect class="fluid" x=${BARS} y=${row.top + 2} height=${row.height - 4} width=${Math.max(0, x(shareOf(csf, most, isLog)) - BARS)} />
            <path class="tissue" d=${`M${at} ${row.top + 1} V${row.top + row.height - 1}`} />`;
    };
    return html`<div class="spine-place" ref=${place}><svg class="spine" width=${width} height=${HEIGHT} role="img" aria-label=${summary}>
        <${Scale} x=${x} most=${most} isLog=${isLog} width=${width} />
        ${rows.map((row) => html`<text aria-hidden="true" class=${row.level === tipLevel ? "level at-tip" : "level"} x="30" y=${row.middle + 4} text-anchor="end">${row.level}</text>
            <line class="grid" x1="36" x2=${width} y1=${row.top} y2=${row.top} />`)}
        <${Canal} rows=${rows} tip=${tip} />
        ${drug && rows.map(bar)}
        <line class="axis" x1=${BARS} x2=${BARS} y1="26" y2=${HEIGHT - 8} />
        <line class="tip-line" x1=${MIDDLE + 24} x2=${width} y1=${tip} y2=${tip} />
        ${drug && html`<text aria-hidden="true" class="tip-text" x=${width - 4} y=${tip - 5} text-anchor="end">tip ${figureText(drug.tip)}</text>`}
    </svg></div>`;
}
