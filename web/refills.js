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

/** The sum of all discrepancies so far, refill by refill: a line that goes on falling or rising is no noise. */
function Sum({ sums }) {
    const values = [0, ...sums];
    const most = Math.max(LEAST_ML, ...values.map(Math.abs));
    const X = (i) => 30 + i / (values.length - 1) * 360;
    const Y = (value) => 70 - value / most * 55;
    return html`<svg class="trend" viewBox="0 0 400 140" role="img" aria-label=${`The sum of the discrepancies after each of ${sums.length} refills; the table has the numbers`}>
        <line x1="30" x2="390" y1=${Y(0)} y2=${Y(0)} /><text x="26" y=${Y(0) + 4} text-anchor="end">0</text>
        <text x="30" y="10">${amountText(`${most.toFixed(6)} mL`)}</text><text x="30" y="136">${amountText(`-${most.toFixed(6)} mL`)}</text>
        <polyline points=${values.map((value, i) => `${X(i)},${Y(value)}`).join(" ")} />
        ${sums.map((value, i) => html`<circle cx=${X(i + 1)} cy=${Y(value)} r="3.5" />`)}</svg>`;
}

/** Each refill with the sum up to it, in nanolitres as the server's texts tell them; one that was not applied is in no sum. */
function withSums(refills) {
    let sum = 0;
    return refills.map((refill) => {
        if (refill.outcome !== "not_applied") sum += Math.round((amountRead(refill.discrepancy)?.value || 0) * 1000000);
        return { ...refill, sum };
    });
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
    ["Sum so far", (refill) => amountText(`${(refill.sum / 1000000).toFixed(6)} mL`), "number"],
    ["Cause", (refill) => `${words(refill.cause)}${refill.outcome === "not_applied" ? "; not applied, in no sum" : ""}`],
    ["Filled", (refill) => amountText(refill.filled), "number"],
    ["Drugs", drugsOf],
];

export function Refills({ serial }) {
    const path = (pump) => `/api/implants/${pump.implant}/refills?limit=100`;
    return html`<${PumpPage} serial=${serial} here="/refills" title="Refills" path=${path}>${(json) => html`
        <p>One discrepancy is noise; their sum over refills is a fault or a theft. Refills: ${" "}<b>${json.trend.count}</b>, sum
            ${" "}<b>${amountText(json.trend.sum)}</b>, largest ${" "}<b>${amountText(json.trend.largest)}</b>.</p>
        ${json.refills.length > 0 && html`<div class="trends"><figure><figcaption>Discrepancy of each refill: left, less was found than calculated</figcaption>
            <${Trend} refills=${json.refills} /></figure><figure><figcaption>Their sum, from refill to refill</figcaption>
            <${Sum} sums=${withSums(json.refills).map((refill) => refill.sum / 1000000)} /></figure></div>`}
        <${Table} caption="Refills, the oldest first" columns=${COLUMNS} rows=${withSums(json.refills)}
            empty="No refill is on record." />`}<//>`;
}
