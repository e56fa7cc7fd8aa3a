// refills.js - refills, and what they found against what was calculated: one difference is noise, their sum is not (HZ-11).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountRead, amountText, DrugName } from "./amount.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";
import { words } from "./words.js";

const ROW = 22, HALF = 190, MIDDLE = 200, LEAST_ML = 0.1;

/** A bar for each refill, to the left when less was found than calculated. The numbers stand in the table. */
function Trend({ refills }) {
    const differences = refills.map((refill) => amountRead(refill.discrepancy)?.value || 0);
    const most = Math.max(LEAST_ML, ...differences.map(Math.abs));
    const height = ROW * refills.length + 8;
    const bars = differences.map((difference, i) => {
        const length = difference / most * HALF;
        const width = Math.max(1, Math.abs(length));
        return html`<rect x=${MIDDLE + Math.min(0, length)} y=${6 + ROW * i} width=${width} height="14" />`;
    });
    return html`<svg class="trend" viewBox=${`0 0 400 ${height}`} role="img"
        aria-label="Discrepancy of each refill; the table has the numbers">
        <line x1=${MIDDLE} y1="0" x2=${MIDDLE} y2=${height} />${bars}</svg>`;
}

function drugsOf(refill) {
    if (refill.drugs.length === 0) return "drug-free";
    return refill.drugs.map((drug) => html`<span class="line"><${DrugName} name=${drug.drug} />, ${amountText(drug.concentration)}
        ${drug.lot ? `, lot ${drug.lot}` : ""}</span>`);
}

const COLUMNS = [
    ["When", (refill) => momentText(refill.at)],
    ["Expected", (refill) => amountText(refill.expected), "number"],
    ["Found", (refill) => amountText(refill.found), "number"],
    ["Left in", (refill) => amountText(refill.left), "number"],
    ["Discrepancy", (refill) => html`<b>${amountText(refill.discrepancy)}</b>`, "number"],
    ["Cause", (refill) => words(refill.cause)],
    ["Filled", (refill) => amountText(refill.filled), "number"],
    ["Drugs", drugsOf],
];

export function Refills({ serial }) {
    const path = (pump) => `/api/implants/${pump.implant}/refills?limit=100`;
    return html`<${PumpPage} serial=${serial} here="/refills" title="Refills" path=${path}>${(json) => html`
        <p>One discrepancy is noise; their sum over refills is a fault or a theft. Refills: ${" "}<b>${json.trend.count}</b>, sum
            ${" "}<b>${amountText(json.trend.sum)}</b>, largest ${" "}<b>${amountText(json.trend.largest)}</b>.</p>
        ${json.refills.length > 0 && html`<${Trend} refills=${json.refills} />`}
        <${Table} caption="Refills, the oldest first" columns=${COLUMNS} rows=${json.refills}
            empty="No refill is on record." />`}<//>`;
}
