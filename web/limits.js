// limits.js - how often each limit was shown and overridden, over all patients: a rule that is overridden more than half of the time is a
// fault of the rule, not of who passes it (L5).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { Table, useAsked, Waiting } from "./table.js";
import { words } from "./words.js";

/* A share of fewer showings says nothing (guess). */
const LEAST_SHOWN = 4;
const HALF = 0.5;

const share = (row) => row.overridden / row.shown;
const isHard = (row) => row.rule.endsWith(".hard");

/** Is this one overridden so often that it is to be mended? */
export function isWorn(row) {
    return row.shown >= LEAST_SHOWN && share(row) > HALF;
}

/** "morphine.change.soft" as "morphine, change". */
function ruleText(rule) {
    return words(rule.replace(/\.(soft|hard)$/, "").replace(/\./g, ", "));
}

const COLUMNS = [
    ["Limit", (row) => html`<b>${ruleText(row.rule)}</b>`],
    ["Level", (row) => (isHard(row) ? "hard" : "soft")],
    ["Shown", (row) => row.shown.toLocaleString("en-US"), "number"],
    ["Heeded", (row) => (row.shown - row.overridden).toLocaleString("en-US"), "number"],
    ["Overridden", (row) => row.overridden.toLocaleString("en-US"), "number"],
    ["Share overridden", (row) => (isHard(row) ? "cannot be" : share(row).toLocaleString("en-US", { style: "percent", maximumFractionDigits: 0 })), "number"],
    ["Verdict", (row) => (isWorn(row) ? html`<b>overridden more often than heeded: mend the rule</b>` : row.shown < LEAST_SHOWN ? "too few to say" : "in use")],
];

export function Limits() {
    const got = useAsked("/api/limits");
    const rows = got.json ? [...got.json.limits].sort((a, b) => isWorn(b) - isWorn(a) || share(b) - share(a) || a.rule.localeCompare(b.rule)) : [];
    const worn = rows.filter(isWorn).length;
    const shown = rows.reduce((sum, row) => sum + row.shown, 0);
    const overridden = rows.reduce((sum, row) => sum + row.overridden, 0);
    return html`<main id="main"><h1>Limits</h1>
        <p>A warning that is passed as a habit protects nobody. Each time a limit was shown at a pump, it stands here as heeded or overridden; hard
            ones nobody can override.</p>
        ${!got.json ? html`<${Waiting} got=${got} />` : html`
            ${worn > 0 && html`<p class="notice">${worn === 1 ? "1 limit is" : `${worn} limits are`} overridden more often than heeded. Look whether the
                bound is wrong for the patients here, or the rule says too little; it is changed by a signed release of the library.</p>`}
            <p>Shown ${" "}<b>${shown.toLocaleString("en-US")}</b> times, overridden ${" "}<b>${overridden.toLocaleString("en-US")}</b>.</p>
            <${Table} caption="Limits that were shown, those most often overridden first" columns=${COLUMNS} rows=${rows} empty="No limit was shown so far." />`}
    </main>`;
}
