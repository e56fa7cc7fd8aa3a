// bridge.js - where old and new drug stand while a bridge runs: the boundary between them on its way to the tip, in five pictures
// with the words beside each (W6), from the finding in which the server tells it; and where it stands now, from what the pump tells.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountRead, amountText } from "./amount.js";

const FORM = new RegExp("^reservoir: (.*) \\| boundary \\| tubing and catheter \\((.*), of it (.*) catheter\\) up to the tip: (.*); " +
                        "at the old flow the boundary reaches the tip after (.*)$");

/** What a finding tells of the bridge; null when it is not of that form. */
export function bridgeRead(text) {
    const found = FORM.exec(text);
    return found && { fresh: found[1], held: found[2], catheter: found[3], old: found[4], after: found[5] };
}

const WORDS = ["At once", "After a quarter of the time", "After half of the time", "After three quarters", "Then"];

/** Reservoir at the left, tip at the right; the new drug is hatched, the old one plain. `part` of the way is new, from 0 to 1. */
function Line({ part, name }) {
    const hatch = `new-drug-${name}`; // each picture has a pattern of its own: an id stands once in a page
    const from = 60;
    const length = 230;
    const at = from + length * part;
    return html`<svg viewBox="0 0 300 34" class="bridge" aria-hidden="true">
        <defs><pattern id=${hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="bridge-old" width="6" height="6" /><rect class="bridge-new" width="3" height="6" /></pattern></defs>
        <rect class="bridge-edge" x="2" y="2" width="56" height="30" rx="6" fill=${`url(#${hatch})`} />
        <rect class="bridge-edge bridge-old" x=${from} y="12" width=${length} height="10" />
        ${part > 0 && html`<rect x=${from} y="13" width=${length * part} height="8" fill=${`url(#${hatch})`} />`}
        <line class="bridge-boundary" x1=${at} x2=${at} y1="4" y2="30" />
        <path class="bridge-tip" d="M290 12 L298 17 L290 22 Z" />
    </svg>`;
}

export function BridgeView({ text }) {
    const bridge = bridgeRead(text);
    if (!bridge) return null;
    const say = [`the boundary stands where the reservoir ends; the tip still gives ${bridge.old}`, "the tip gives the old drug",
                 "the tip gives the old drug", "the tip gives the old drug",
                 `after ${bridge.after} at the old flow, the boundary is at the tip: from then on it gives ${bridge.fresh}`];
    return html`<figure class="bridge-view">
        <figcaption>New (hatched): <b>${bridge.fresh}</b>. Old (plain): <b>${bridge.old}</b>. Between reservoir and tip stand ${bridge.held},
            of it ${bridge.catheter} in the catheter.</figcaption>
        <ol class="plain">${say.map((one, i) => html`<li class="bridge-row"><${Line} part=${i / 4} name=${i} /><span><b>${WORDS[i]}</b>: ${one}</span></li>`)}</ol>
    </figure>`;
}

/** Where what the reservoir holds stands on its way to the tip, as the pump tells it (`tip_after`: with its margin, so late rather
 * than early). It stands there also when nothing is on its way, so that nothing moves when that ends. */
export function Boundary({ state }) {
    const [dead, after] = [amountRead(state.dead_volume), amountRead(state.tip_after)];
    if (!dead || !after || dead.value === 0) return null;
    const text = after.value > 0
        ? html`Until <b>${amountText(state.tip_after, 4)}</b> more has flowed, the tip may still give what stood in tubing and catheter before.`
        : html`The tip gives what the reservoir holds.`;
    return html`<figure class="bridge-now"><figcaption>From the reservoir (hatched) through ${amountText(state.dead_volume)} of tubing and
            catheter to the tip. ${text}</figcaption>
        <${Line} part=${Math.min(1, Math.max(0, 1 - after.value / dead.value))} name="now" /></figure>`;
}
