// reports.js - what there is to print of a pump: each report of what is on record, as a PDF that the server draws, with what it is.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";

/* As clinic/server/papers.c has them: the word, the name, what it is, and whether it needs a refill on record. */
const REPORTS = [["therapy", "Therapy", "the 24 hours of each day program as a curve, doses a day times dose, and every setting of the therapy given last", false],
                 ["refill", "Last refill", "what was found against what was expected, what was filled, and when the next refill is due, with what bounds it", true],
                 ["trend", "Refills", "what each refill found against what was expected, their sum, the verdict, and what to do next", true],
                 ["emergency", "Emergency card", "what is in the pump and what to do first, large on a page and small to cut out; to be carried and hung up", false]];

const COLUMNS = [
    ["Report", ([word, name], pump) => html`<a href=${`/api/implants/${pump}/reports/${word}`} target="_blank" rel="noopener">${name} (PDF)</a>`],
    ["What it shows", ([, , text]) => text],
    ["As of", ([, , , ofRefill], pump, at) => (ofRefill ? at.refill : at.therapy)],
];

export function Reports({ serial }) {
    const path = (pump) => `/api/implants/${pump.implant}/refills?limit=100`;
    return html`<${PumpPage} serial=${serial} here="/reports" title="Reports" path=${path}>${(json, pump) => {
        const last = json.refills[json.refills.length - 1];
        const at = { refill: last ? `refill of ${momentText(last.at)}` : "no refill on record", therapy: "the therapy given last, as recorded" };
        const columns = COLUMNS.map(([heading, cell]) => [heading, (row) => cell(row, pump.implant, at)]);
        return html`<p>Each tells what is on record, not what the pump says now, and whose pump it is: a report that is printed or saved is looked after by
                whoever has it. The report of a single session stands beside it, among the <a href=${`#/pumps/${serial}/visits`}>visits</a>.</p>
            <${Table} caption="Reports of this pump" columns=${columns} rows=${REPORTS.filter(([, , , ofRefill]) => !ofRefill || last)} empty="There are none." />`;
    }}<//>`;
}
