// taskfinish.js - the finish screen, the second clinician, and what became of a change (W1 to W3).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountText } from "./amount.js";
import { dayText } from "./moment.js";
import { prose, words } from "./taskfindings.js";
import { SessionReport } from "./visits.js";

const AMOUNT = /^\d+(\.\d+)? ?[a-zA-Z]/;

/** A cell as it is read: amounts by the rules U1 to U4, days with the name of their month. */
function shown(text) {
    if (text === "-") return "none";
    if (/^\d{4}-\d{2}-\d{2}/.test(text)) return dayText(text) + prose(text.slice(10));
    return AMOUNT.test(text) && !text.includes(",") ? prose(amountText(text)) : prose(text);
}

/** Every setting as old, new and change. What changes is marked by a word and a bar, and stands first in each row's heading. */
export function FinishTable({ rows }) {
    const changed = rows.filter((row) => row.changes).length;
    return html`<section aria-labelledby="finish"><h3 id="finish">What would change</h3>
        <p><b>${changed}</b> of ${rows.length} settings change. All of them stand here, also those that stay.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Every setting, old and new"><table class="finish">
            <caption>Old, new and change of every setting</caption>
            <thead><tr><th scope="col">Setting</th><th scope="col" class="number">Old</th><th scope="col" class="number">New</th><th scope="col">Change</th></tr></thead>
            <tbody>${rows.map((row) => html`<tr class=${row.changes ? "changed" : "same"}>
                <th scope="row">${row.label}</th><td class="number">${shown(row.old)}</td><td class="number">${shown(row.new)}</td>
                <td>${row.changes ? html`<span class="mark-change"><span aria-hidden="true">\u25c6 </span>${prose(row.change)}</span>` : row.change}</td></tr>`)}</tbody>
        </table></div></section>`;
}

/** Soft limits that were passed so far, for whoever agrees. */
export function PassedList({ passed }) {
    if (passed.length === 0) return null;
    return html`<section aria-labelledby="passed"><h3 id="passed">Limits that were passed</h3>
        <ul>${passed.map((one) => html`<li><b>${words(one.rule)}</b>, because: ${words(one.reason)}. ${prose(one.text)}</li>`)}</ul></section>`;
}

const ENDINGS = { done: "The workflow is done and recorded.", abandoned: "The workflow was abandoned.",
                  "not applied": "The pump refused; nothing was changed." };

const CHANGES = {
    applied: ["Applied", "The pump has done what was sent, and said so."],
    not_applied: ["Not applied", "The pump has not done what was sent. It goes on as before."],
    unknown: ["UNKNOWN", "It is not known whether the pump has done what was sent. Nothing else can be sent until that is found out: ask the pump again."],
};

/** One of applied, not applied, unknown, in words; with what the pump does if nobody does anything. */
export function Outcome({ card, serial }) {
    const change = CHANGES[card.change];
    const over = card.step === null;
    if (!change && !over) return null;
    const [title, text] = change || ["Nothing was sent", "Pump and records are as they were."];
    return html`<section class=${`outcome ${card.change}`} aria-labelledby="outcome" role="status">
        <h3 id="outcome">${title}</h3><p>${text}</p>
        ${card.as_sent === false && html`<p><b>The pump does not do now what was sent: look at it.</b></p>`}
        ${card.reasons?.length > 0 && html`<ul>${card.reasons.map((one) => html`<li><b>${words(one.reason)}</b>: ${one.text}</li>`)}</ul>`}
        ${card.fate && html`<p><b>If nobody does anything:</b> ${prose(card.fate)}</p>`}
        ${over && html`<p>${ENDINGS[card.ending] || `It ended: ${card.ending}.`}</p>`}
        ${over && change && html`<${SessionReport} serial=${serial} />`}
    </section>`;
}
