// visits.js - what was done to a patient's pumps, and how it ended: applied, not applied, or unknown (W3).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table, useAsked } from "./table.js";
import { words } from "./words.js";

function outcomeOf(visit) {
    return visit.outcome === "unknown" ? html`<b>UNKNOWN: ask the pump before anything else is sent</b>` : words(visit.outcome);
}

/** The session on paper, to be kept: whose it is and what was changed stands in it, so reading it is a row of the audit. */
function ReportLink({ visit }) {
    return html`<a href=${`/api/visits/${visit}/report`} download>Session (PDF)<span class="unseen"> of visit ${visit}</span></a>`;
}

/** The same at the end of a workflow: that of the newest visit to this pump, once it is on record. */
export function SessionReport({ serial }) {
    const pump = useAsked(`/api/pumps/${serial}`);
    const got = useAsked(pump.json ? `/api/patients/${pump.json.patient.id}/visits` : null);
    const visit = got.json && got.json.visits.find((one) => one.implant === pump.json.implant);
    const text = !visit ? "The report of this session is looked for." : visit.report ? html`The report of this session: <${ReportLink} visit=${visit.id} />` : "No therapy was sent: there is no report of this session.";
    return html`<p class="session-report">${text}</p>`;
}

const COLUMNS = [
    ["Began", (visit) => momentText(visit.opened)],
    ["Workflow", (visit) => words(visit.workflow)],
    ["Outcome", outcomeOf],
    ["Closed", (visit) => (visit.closed ? momentText(visit.closed) : "open")],
    ["By account", (visit) => visit.user ?? "key file", "number"],
    ["Visit", (visit) => visit.id, "number"],
    ["Report", (visit) => (visit.report && visit.outcome !== "open" ? html`<${ReportLink} visit=${visit.id} />` : html`<span class="quiet">none: no therapy was sent</span>`)],
];

export function Visits({ serial }) {
    const path = (pump) => `/api/patients/${pump.patient.id}/visits`;
    return html`<${PumpPage} serial=${serial} here="/visits" title="Visits" path=${path}>${(json) => html`
        <${Table} caption="What was done to this patient's pumps, the newest first" columns=${COLUMNS} rows=${json.visits}
            empty="No visit is on record." />
        ${json.older && html`<p class="quiet">There are older ones.</p>`}`}<//>`;
}
