// therapies.js - the therapies that were given to a pump.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { momentText } from "./moment.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";

const COLUMNS = [
    ["When", (therapy) => momentText(therapy.at)],
    ["Name", (therapy) => therapy.name || "not readable"],
    ["Library", (therapy) => `${therapy.region}, release ${therapy.formulary_version}`],
    ["Visit", (therapy) => therapy.visit ?? "none", "number"],
    ["Hash", (therapy) => html`<code>${therapy.hash.slice(0, 16)}</code>`],
];

export function Therapies({ serial }) {
    const path = (pump) => `/api/implants/${pump.implant}/therapies?limit=100`;
    return html`<${PumpPage} serial=${serial} here="/therapies" title="Therapies" path=${path}>${(json) => html`
        <${Table} caption="Therapies given, the newest first" columns=${COLUMNS} rows=${[...json.therapies].reverse()}
            empty="No therapy is on record." />`}<//>`;
}
