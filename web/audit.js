// audit.js - who did what, when, for those who audit; and whether anything was changed from outside.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { ask } from "./api.js";
import { prose } from "./taskfindings.js";
import { momentText } from "./moment.js";
import { Table, useAsked, Waiting } from "./table.js";
import { words } from "./words.js";

function Verdict({ told: { problem, json } }) {
    if (problem) return html`<p class="problem">Not verified: ${problem.message}.</p>`;
    if (json.whole)
        return html`<p>Whole: ${json.audit_rows} rows of the audit, ${json.rows} rows, ${json.log_rows} rows of pumps' logs.</p>`;
    return html`<p class="problem">NOT WHOLE: ${json.faults} faults.</p>
        <ul>${json.told.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function Verify() {
    const [told, tell] = useState(null);
    const [busy, work] = useState(false);
    const go = async () => {
        work(true);
        tell(await ask("POST", "/api/audit/verify").then((json) => ({ json }), (problem) => ({ problem })));
        work(false);
    };
    return html`<section aria-labelledby="verify"><h2 id="verify">Is it whole?</h2>
        <p>Every row is held against its hash, and every hash against the chain.</p>
        <p><button type="button" onClick=${go} aria-disabled=${busy}>${busy ? "Verifying" : "Verify the records"}</button></p>
        <div role="status">${told && html`<${Verdict} told=${told} />`}</div>
    </section>`;
}

/* What was done to a simulated pump, and what became of it: no other row says more than that it was changed. */
function twinText(twin) {
    if (!twin) return "";
    const outcome = { done: "done", refused: "refused: nothing was done", unanswered: "no answer: it may have been done", begun: "not known whether it was done" };
    return `implants ${twin.implant}: ${prose(twin.said)}; ${outcome[twin.outcome]}`;
}

const COLUMNS = [
    ["Number", (row) => row.id, "number"],
    ["When", (row) => momentText(row.at)],
    ["Account", (row) => row.user, "number"],
    ["Did", (row) => words(row.action)],
    ["To", (row) => `${words(row.table)} ${row.row}`],
    ["What of it", (row) => twinText(row.twin)],
    ["Hash", (row) => html`<code>${row.row_hash ? row.row_hash.slice(0, 16) : "none"}</code>`],
];

export function Audit() {
    const [from, goes] = useState(1);
    const got = useAsked(`/api/audit?from=${from}&limit=100`);
    return html`<main id="main"><h1>Audit</h1>
        <p class="lead">Who did what, when. Names are sealed: accounts and rows stand here by number.</p>
        <${Verify} />
        <h2>Rows</h2>
        ${!got.json ? html`<${Waiting} got=${got} />` : html`
            <${Table} caption="Rows of the audit, by number" columns=${COLUMNS} rows=${got.json.rows} empty="There are none." />
            <p class="pages">${from > 1 && html`<button type="button" onClick=${() => goes(1)}>From the beginning</button>`}
                ${" "}${got.json.next > 0 && html`<button type="button" onClick=${() => goes(got.json.next)}>Go on from number
                ${" "}${got.json.next}</button>`}</p>`}
    </main>`;
}
