// visits.js - what was done to a patient's pumps, and how it ended: applied, not applied, or unknown (W3).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";
import { words } from "./words.js";

function outcomeOf(visit) {
    return visit.outcome === "unknown" ? html`<b>UNKNOWN: ask the pump before anything else is sent</b>` : words(visit.outcome);
}

const COLUMNS = [
    ["Began", (visit) => momentText(visit.opened)],
    ["Workflow", (visit) => words(visit.workflow)],
    ["Outcome", outcomeOf],
    ["Closed", (visit) => (visit.closed ? momentText(visit.closed) : "open")],
    ["By account", (visit) => visit.user ?? "key file", "number"],
    ["Visit", (visit) => visit.id, "number"],
];

export function Visits({ serial }) {
    const path = (pump) => `/api/patients/${pump.patient.id}/visits`;
    return html`<${PumpPage} serial=${serial} here="/visits" title="Visits" path=${path}>${(json) => html`
        <${Table} caption="What was done to this patient's pumps, the newest first" columns=${COLUMNS} rows=${json.visits}
            empty="No visit is on record." />
        ${json.older && html`<p class="quiet">There are older ones.</p>`}`}<//>`;
}
