// catheter.js - what stands in the catheter between pump and tip: a piece for each mixture, with a pattern of its own, and the words.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountText, DrugName } from "./amount.js";
import { useWidth } from "./spinedraw.js";
import { shareText } from "./twin.js";

/* Of drugs; what holds none is plain. */
const PATTERNS = ["hatched", "dotted", "crossed"];

function Pattern({ kind, at }) {
    const drawn = { plain: null, hatched: html`<path class="pattern" d="M0 8 L8 0" />`, dotted: html`<circle class="pattern-dot" cx="4" cy="4" r="1.7" />`,
                    crossed: html`<path class="pattern" d="M0 8 L8 0 M0 0 L8 8" />` };
    return html`<pattern id=${`tube-${at}`} width="8" height="8" patternUnits="userSpaceOnUse">
        <rect class="pattern-back" width="8" height="8" />${drawn[kind]}</pattern>`;
}

/* A piece shorter than this share is not to be seen. */
const LEAST = 0.005;

/** One mixture keeps its pattern, wherever it stands. */
function kinds(segments) {
    const known = [];
    return segments.map((one) => {
        if (!one.drug) return "plain";
        const key = `${one.drug} ${one.concentration}`;
        if (!known.includes(key)) known.push(key);
        return PATTERNS[known.indexOf(key) % PATTERNS.length];
    });
}

export function CatheterDrawing({ catheter }) {
    const [place, width] = useWidth(600);
    const { passes } = catheter;
    const segments = catheter.segments.filter((one) => one.to - one.from >= LEAST);
    const kind = kinds(segments);
    const x = (share) => 46 + share * (width - 46 - 40);
    const said = (one, i) => html`<li><b>${kind[i]}</b>, ${shareText(one.from)} to ${shareText(one.to)} of the way: ${one.drug
        ? html`<${DrugName} name=${one.drug} /> ${amountText(one.concentration)}` : "no drug"}</li>`;
    return html`<figure class="catheter"><figcaption><b>In the catheter</b>, from the pump to the tip${catheter.tip_level ? ` at ${catheter.tip_level}` : ""}${
        passes !== undefined && passes < 0.995 ? html`; <b>${shareText(passes)} of what is pumped passes</b>` : ""}</figcaption>
        <div class="catheter-place" ref=${place}><svg width=${width} height="34" aria-hidden="true">
            <defs>${segments.map((one, i) => html`<${Pattern} kind=${kind[i]} at=${i} />`)}</defs>
            <text x="2" y="21">pump</text>
            ${segments.map((one, i) => html`<rect class="tube-piece" x=${x(one.from)} width=${Math.max(0, x(one.to) - x(one.from))} y="8" height="18" fill=${`url(#tube-${i})`} />`)}
            <path class="tube-end" d=${`M${x(1)} 8 L${x(1) + 9} 17 L${x(1)} 26 Z`} /><text x=${x(1) + 14} y="21">tip</text>
        </svg></div>
        ${segments.length > 0 ? html`<ul class="plain pieces">${segments.map(said)}</ul>` : html`<p class="quiet">Nothing stands in it.</p>`}
    </figure>`;
}
