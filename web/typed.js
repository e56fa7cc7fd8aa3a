// typed.js - every key that was pressed in fields for numbers at this patient's pumps, as it came with each answer (N8): what a person
// did, beside what the pump made of it. An answer that was not taken stands here too.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";
import { words } from "./words.js";

/** What is written for a key: a space or nothing would not be seen. */
function keyText(key) {
    return key === " " ? "space" : key;
}

/** A key that left the field as it was did nothing there, or was refused. */
function Pressed({ row }) {
    if (row.value === null) return "the patient was purged";
    const one = (press, i) => {
        const before = i > 0 ? row.pressed[i - 1].value : "";
        return html`<li><kbd>${keyText(press.key)}</kbd> ${press.value === before ? html`<span class="quiet">left it</span>` : press.value || "empty"}
            ${" "}<span class="quiet">${(press.ms / 1000).toFixed(2)}\u00a0s</span></li>`;
    };
    return html`<details><summary>${row.presses} ${row.presses === 1 ? "key" : "keys"}${row.missed > 0 ? `, and ${row.missed} that were not kept` : ""}</summary>
        <ol class="pressed">${row.pressed.map(one)}</ol></details>`;
}

const COLUMNS = [
    ["When", (row) => momentText(row.at)],
    ["Step", (row) => words(row.step)],
    ["Field", (row) => row.field.replace(/^field-/, "").replace(/-/g, " ")],
    ["Sent", (row) => (row.value === null ? "not known" : row.value === "" ? "empty" : html`<b>${row.value}</b>`), "number"],
    ["Keys, with what the field held then", (row) => html`<${Pressed} row=${row} />`],
    ["Replayed", (row) => (row.value === null ? "not known" : row.replays ? "the keys lead to it" : html`<b>the keys do NOT lead to it</b>`)],
    ["By account", (row) => row.user ?? "key file", "number"],
];

export function Typed({ serial }) {
    const path = (pump) => `/api/patients/${pump.patient.id}/typed`;
    return html`<${PumpPage} serial=${serial} here="/typed" title="Keys typed" path=${path}>${(json) => html`
        <p>Each row is one field of one answer to a step of a workflow: from the empty field on, as long as the step was open. Times count from when
            the step was opened.</p>
        <${Table} caption="Keys pressed in fields for numbers, the newest answer first" columns=${COLUMNS} rows=${json.typed}
            empty="Nothing was typed in a workflow of this patient so far." />
        ${json.older && html`<p class="quiet">There are older ones.</p>`}`}<//>`;
}
