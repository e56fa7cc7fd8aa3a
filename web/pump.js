// pump.js - what all pages about one pump begin with: whose it is, which one, and the way to the others (W9).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { dayText } from "./moment.js";
import { useAsked, Waiting } from "./table.js";

/* In the order they are shown: the end of the address, and the name. A page more is a row here and one in app.js. The last is only
 * there where the server has a virtual patient behind the pump. */
const PAGES = [
    ["", "At a glance"],
    ["/task", "Workflows"],
    ["/visits", "Visits"],
    ["/refills", "Refills"],
    ["/therapies", "Therapies"],
    ["/reports", "Reports"],
    ["/log", "Log"],
    ["/typed", "Keys typed"],
    ["/training", "Training"],
];

/** How a page about a pump is called, by the end of its address. */
export function pumpPageName(end) {
    return PAGES.find(([path]) => path === end)?.[1] || end;
}

function PumpNav({ serial, here, hasTwin }) {
    return html`<nav aria-label="This pump" class="tabs"><ul>${PAGES.filter(([path]) => hasTwin || path !== "/training").map(([path, name]) => html`<li>
        <a href=${`#/pumps/${serial}${path}`} aria-current=${here === path ? "page" : undefined}>${name}</a></li>`)}</ul></nav>`;
}

/** `got`: what GET /api/pumps/{serial} answered, as useAsked() tells it. */
export function PumpHead({ serial, got, here }) {
    const { json } = got;
    const dot = html` <span class="dot">·</span> `;
    return html`<div class="pump-head">
        <h1>${json ? json.patient.name : serial}</h1>
        <p class="who">${json && html`born ${dayText(json.patient.birth_date)}${dot}${json.patient.identifier}${dot}`}pump
            ${" "}<b>${serial}</b>${json && html`${dot}${json.model}`}
            ${json && json.state && html`${dot}software ${json.state.software}`}
            ${json && json.patient_page && html`${dot}<a href=${json.patient_page} target="_blank" rel="noreferrer">the patient's page, in a window of its own</a>`}</p>
        ${json && json.surveillance && html`<p class="who">${json.surveillance}.</p>`}
        <${PumpNav} serial=${serial} here=${here} hasTwin=${json?.twin === true || here === "/training"} />
    </div>`;
}

/** A page about what is on record of a pump: `path` makes, of the pump, what is to be asked; `children` shows the answer. */
export function PumpPage({ serial, here, title, path, children }) {
    const pump = useAsked(`/api/pumps/${serial}`);
    const got = useAsked(pump.json ? path(pump.json) : null);
    return html`<main id="main"><${PumpHead} serial=${serial} got=${pump} here=${here} />
        <h2>${title}</h2>
        ${got.json ? children(got.json, pump.json) : html`<${Waiting} got=${pump.problem ? pump : got} />`}
    </main>`;
}
