// spine.js - where the drug is: the canal drawn with each level's concentration now, the same over time, and the figures as a table.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { DrugName } from "./amount.js";
import { CatheterDrawing } from "./catheter.js";
import { SpineDrawing } from "./spinedraw.js";
import { SpineHeat } from "./spineheat.js";
import { Pick } from "./pick.js";
import { figureText } from "./twin.js";

const HOUR = 3600000;
const SPANS = [["all", "all that is known", null], ["hour", "the last hour", HOUR], ["day", "the last day", 24 * HOUR],
               ["week", "the last 7 days", 168 * HOUR], ["month", "the last 30 days", 720 * HOUR]];

/** The whole picture in two sentences, for who cannot see it and for who wants it short. */
export function spineText(drug, tipLevel) {
    const most = drug.levels.reduce((best, one) => (one.csf > best.csf ? one : best), drug.levels[0]);
    if (!(most.csf > 0)) return `No ${drug.drug} is in the fluid of the canal. The tip lies at ${tipLevel || "a level that is not known"}.`;
    const half = drug.levels.filter((one) => one.csf >= most.csf / 2).map((one) => one.level);
    const spread = half.length > 1 ? `from ${half[0]} to ${half[half.length - 1]} there is at least half of that` : "no other level has half of that";
    const deep = drug.levels.reduce((best, one) => (one.tissue > best.tissue ? one : best), drug.levels[0]);
    return `Fluid: most at ${most.level}, ${figureText(most.csf)} ${drug.unit}; ${spread}; at the head ${figureText(drug.cisterna)}. ` +
        `Tissue: most at ${deep.level}, ${figureText(deep.tissue)}. The tip lies at ${tipLevel || "a level that is not known"}.`;
}

function LevelTable({ drug, tipLevel }) {
    return html`<div class="scroll level-table" tabindex="0" role="region" aria-label="Concentration by level, as figures"><table>
        <caption>${drug.drug} by level now, ${drug.unit}</caption>
        <thead><tr><th scope="col">Level</th><th scope="col" class="number">Fluid</th><th scope="col" class="number">Tissue</th></tr></thead>
        <tbody>${drug.levels.map((one) => html`<tr class=${one.level === tipLevel ? "tip-row" : undefined}>
            <th scope="row">${one.level}${one.level === tipLevel && html` <span class="sub-line">tip</span>`}</th>
            <td class="number">${figureText(one.csf)}</td><td class="number">${figureText(one.tissue)}</td></tr>`)}</tbody>
    </table></div>`;
}

export function Spine({ view, track }) {
    const [name, nameSet] = useState("");
    const [isLog, logSet] = useState(false);
    const [span, spanSet] = useState("all");
    const drug = view.drugs.find((one) => one.drug === name) || view.drugs[0];
    const tipLevel = view.catheter.tip_level;
    if (!drug) return html`<section aria-labelledby="spine"><h2 id="spine">Where the drug is</h2>
        <p class="quiet">No drug has left the catheter's tip yet. The tip lies at ${tipLevel || "a level that is not known"}.</p><${CatheterDrawing} catheter=${view.catheter} /></section>`;
    const summary = spineText(drug, tipLevel);
    const spanMs = SPANS.find(([word]) => word === span)[2];
    return html`<section aria-labelledby="spine"><h2 id="spine">Where the drug is</h2>
        <form class="filters" onSubmit=${(event) => event.preventDefault()}>
            ${view.drugs.length > 1 && html`<${Pick} id="spine-drug" label="Drug" options=${view.drugs.map((one) => [one.drug, one.drug])} value=${drug.drug} onChange=${nameSet} />`}
            <${Pick} id="spine-scale" label="Scale" options=${[["linear", "linear"], ["log", "logarithmic, five tenfold steps"]]} value=${isLog ? "log" : "linear"}
                onChange=${(value) => logSet(value === "log")} />
            <${Pick} id="spine-span" label="Over time" options=${SPANS} value=${span} onChange=${spanSet} />
        </form>
        <p class="spine-said" id="spine-said">${summary}</p>
        <div class="spine-both">
            <figure><figcaption><b><${DrugName} name=${drug.drug} /> now</b>, ${drug.unit}: fluid as bars, tissue as marks</figcaption>
                <${SpineDrawing} drug=${drug} tipLevel=${tipLevel} isLog=${isLog} summary=${summary} /></figure>
            <figure><figcaption><b>Over time</b>, fluid: the stronger the shade, the more</figcaption>
                <${SpineHeat} view=${view} track=${track} drug=${drug} isLog=${isLog} spanMs=${spanMs} /></figure>
            <${LevelTable} drug=${drug} tipLevel=${tipLevel} />
        </div>
        <${CatheterDrawing} catheter=${view.catheter} />
    </section>`;
}
