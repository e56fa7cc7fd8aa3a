// trouble.js - giving a virtual patient a complication, and taking it away again. What is on now stands first.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { Said, useAct } from "./act.js";
import { Pick } from "./pick.js";
import { TROUBLES, troubleTitle } from "./troubles.js";
import { passedText } from "./twinclock.js";

/* Where the tip lay when this window first looked: a migrated tip goes back there. */
const homes = new Map();

function homeOf(serial, view) {
    const isMoved = view.troubles.some((one) => one.name === "migration");
    if (!homes.has(serial) && view.catheter.tip_level && !isMoved) homes.set(serial, view.catheter.tip_level);
    return homes.get(serial);
}

/* A tip that lies elsewhere than it did is on, and one that is back is not, whatever is listed. */
function isOn(row, view, home) {
    const listed = view.troubles.find((one) => one.name === row.name);
    if (!row.home || !home) return listed;
    return view.catheter.tip_level === home ? undefined : listed || { name: row.name, amount: view.catheter.tip_level };
}

function One({ row, view, act, home }) {
    const [amount, amountSet] = useState(row.amounts ? row.amounts[0][0] : "");
    const now = isOn(row, view, home);
    const begin = () => act.act(row.on(amount), `${row.title}: it is on now.`);
    const ends = now && row.off && (home || !row.home);
    const end = () => ends && act.act(row.off(home), `${row.title}: it is off now.`);
    const beginText = row.onText || (now ? "Again, with this" : "Begin");
    const endText = row.offText || "End it";
    const since = now && Number.isFinite(now.since_ms) ? `, for ${passedText(view.elapsed_ms - now.since_ms)}` : "";
    return html`<li class=${now ? "trouble on" : "trouble"}>
        <div><h3>${row.title}${now && html` <span class="on-mark">on now${now.amount ? `: ${now.amount.replace(" ", "\u00a0")}` : ""}${since}</span>`}</h3>
            <p>${row.does}</p><p class="quiet"><b>What the pump sees:</b> ${row.seen}</p></div>
        <div class="trouble-do">
            ${row.amounts && html`<${Pick} id=${`amount-${row.name}`} label=${html`<span class="unseen">${row.title}: </span>How much`} options=${row.amounts} value=${amount} onChange=${amountSet} />`}
            <button type="button" aria-disabled=${act.busy} aria-label=${`${beginText}: ${row.title}`} onClick=${begin}>${beginText}</button>
            ${row.off && html`<button type="button" aria-disabled=${act.busy || !ends} aria-label=${`${endText}: ${row.title}`} onClick=${end}>${endText}</button>`}
        </div></li>`;
}

export function Troubles({ serial, view }) {
    const act = useAct(serial);
    const home = homeOf(serial, view);
    const on = TROUBLES.map((row) => isOn(row, view, home)).filter(Boolean);
    return html`<section aria-labelledby="troubles"><h2 id="troubles">Complications</h2>
        <p>${on.length === 0 ? "None is on now." : html`<b>On now:</b> ${on.map((one) => troubleTitle(one.name)).join(", ")}.`}
            ${" "}Nobody is told of them but who looks here: the pump and the pages of the clinic see what their sensors see.</p>
        <${Said} act=${act} />
        <ul class="plain troubles">${TROUBLES.map((row) => html`<${One} key=${row.name} row=${row} view=${view} act=${act} home=${home} />`)}</ul>
    </section>`;
}
