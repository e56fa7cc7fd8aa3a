// taskfindings.js - what formulary, pump and records say of an answer, by level, with what would pass; and how a soft limit is
// passed: a reason from the list, and the amount typed once more (L1). Levels are told by word and shape, not by colour alone.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountText, DrugName } from "./amount.js";
import { BridgeView } from "./bridge.js";
import { useTyped } from "./number.js";

const LEVELS = { "hard limit": ["hard", "\u25a0", "Hard limit: nobody passes it here"],
                 "soft limit": ["soft", "\u25b2", "Soft limit: passes with a reason"],
                 note: ["note", "\u25cf", "Note"], passed: ["fine", "\u2713", "In order"] };
const ORDER = ["hard limit", "soft limit", "note", "passed"];

const REASONS = ["titrated_to_effect", "tolerance", "short_term", "consulted", "other"];
export const words = (text) => (text || "").replace(/_/g, " ");

export const isHard = (finding) => finding.level === "hard limit";
export const isSoft = (finding) => finding.level === "soft limit";

/** What people write and read ("15 mg per day") as the server takes it ("15 mg/day"). */
export function typedAmount(text) {
    return text.trim().replace(/\u00a0/g, " ").replace(/\s+per\s+/, "/").replace(/\/hour$/, "/h");
}

/** The server's sentences with their amounts as people read them (U3, U4): "5 mg per day". */
export function prose(text) {
    return text.replace(/(\d) (mg|mcg|mL|nL|h|min|d|cm|%)(?![a-zA-Z])/g, "$1\u00a0$2").replace(/(mg|mcg|mL|nL)\/day/g, "$1\u00a0per\u00a0day");
}

function One({ finding }) {
    const [kind, shape, level] = LEVELS[finding.level] || ["note", "", finding.level];
    return html`<li class=${`finding ${kind}`}><span class="finding-shape" aria-hidden="true">${shape}</span>
        <span><b>${level}</b> <span class="rule">${words(finding.rule)}</span>
        <span class="line">${prose(finding.text)}</span>
        ${finding.second && html`<span class="line quiet">Another clinician has to agree in a session of their own.</span>`}</span></li>`;
}

/* Three digits tell which order of magnitude it is; what was cut off is said to be. */
function factorText(times) {
    const exact = Number(times);
    const short = Number(exact.toPrecision(3));
    return Number.isNaN(exact) ? times : `${short === exact ? "" : "about "}\u00d7\u00a0${short.toLocaleString("en-US", { maximumSignificantDigits: 3 })}`;
}

/** The compare card (N7): the old amount, the new one and the factor between them, large and side by side, before anything is passed. Each
 * pair stands once, however many rules speak of it. */
export function Compare({ findings }) {
    const pairs = findings.filter((finding) => finding.compare).map((finding) => finding.compare);
    const rows = pairs.filter((one, i) => pairs.findIndex((other) => other.drug === one.drug && other.old === one.old && other.new === one.new) === i);
    if (rows.length === 0) return null;
    return html`<div class="compare" tabindex="0" role="group" aria-label="Compare the old and the new amount"><table>
        <caption>Compare these before you go on</caption>
        <thead><tr><th scope="col">Drug</th><th scope="col">Old</th><th scope="col">New</th><th scope="col">Factor</th></tr></thead>
        <tbody>${rows.map((row) => html`<tr><th scope="row"><${DrugName} name=${row.drug || "not named"} /></th><td>${amountText(row.old)}</td>
            <td>${amountText(row.new)}</td><td>${factorText(row.times)}</td></tr>`)}</tbody></table></div>`;
}

/** `title` says whose answer this is about. */
export function Findings({ findings, title }) {
    if (findings.length === 0) return null;
    const sorted = [...findings].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
    const fine = sorted.filter((finding) => finding.level === "passed");
    const speaks = sorted.filter((finding) => finding.level !== "passed");
    const bridge = findings.find((finding) => finding.rule === "bridge" && finding.level === "note");
    return html`<section aria-labelledby="findings"><h3 id="findings">${title}</h3>
        <${Compare} findings=${findings} />
        ${bridge && html`<${BridgeView} text=${bridge.text} />`}
        ${speaks.length > 0 && html`<ul class="plain">${speaks.map((finding) => html`<${One} finding=${finding} />`)}</ul>`}
        ${fine.length > 0 && html`<details><summary>${fine.length === 1 ? "1 check is in order" : `${fine.length} checks are in order`}</summary>
            <ul class="plain">${fine.map((finding) => html`<${One} finding=${finding} />`)}</ul></details>`}</section>`;
}

function Again({ id, value, onChange }) {
    return html`<input id=${id} type="text" autocomplete="off" spellcheck=${false} value=${value || ""} ...${useTyped(id, onChange)} />`;
}

/** The soft limits that stand in the way, each with its reason and amount: `passing` by position, kept by the form around it. */
export function Passing({ findings, passing, onChange }) {
    const soft = findings.filter(isSoft);
    if (soft.length === 0) return null;
    if (findings.some(isHard))
        return html`<p class="quiet">The soft limits can be passed once no hard limit stands against this.</p>`;
    const set = (at, part) => onChange(soft.map((one, i) => ({ ...passing[i], ...(i === at ? part : {}) })));
    return html`<fieldset class="passing"><legend>Outside a soft limit</legend>
        <p>Change what was said above, or say for each why it is meant. It stands in the record and in the report.</p>
        ${soft.map((finding, i) => html`<div class="pass">
            <p><b>${words(finding.rule)}</b>: ${prose(finding.text)}</p>
            <label for=${`reason-${i}`}>Reason</label>
            <select id=${`reason-${i}`} value=${passing[i]?.reason || ""} onChange=${(event) => set(i, { reason: event.target.value })}>
                <option value="">not said</option>${REASONS.map((reason) => html`<option value=${reason}>${words(reason)}</option>`)}</select>
            ${finding.again !== undefined && html`<label for=${`again-${i}`}>The amount once more, with its unit</label>
                <${Again} id=${`again-${i}`} value=${passing[i]?.again} onChange=${(again) => set(i, { again })} />`}
        </div>`)}</fieldset>`;
}

/** The member "passing" of a body: one for each soft finding, in their order; undefined where nothing was said. */
export function passingBody(findings, passing) {
    const soft = findings.filter(isSoft);
    if (soft.length === 0 || !passing.some((one) => one?.reason)) return undefined;
    return soft.map((finding, i) => ({ rule: finding.rule, reason: passing[i]?.reason || "", again: typedAmount(passing[i]?.again || "") || undefined }));
}
