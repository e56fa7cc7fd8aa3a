// ward.js - the list of patients with their pumps: who needs attention comes first, and why stands beside it.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useState } from "./html.js";
import { AlarmMark, alarmsSorted } from "./alarm.js";
import { amountText, DrugName } from "./amount.js";
import { STALE_MS } from "./live.js";
import { ageText, dayText, daysUntil } from "./moment.js";
import { boundDay, refillBounds, refillSoon } from "./due.js";
import { alarmsOfRow } from "./siren.js";
import { Waiting } from "./table.js";
import { wardRead } from "./wardrow.js";

const EVERY_MS = 5000;

/** Why a row needs attention: [priority, text], the worst first. `late`: how long ago the server told all of this. */
export function attentionOf(row, late) {
    const because = alarmsOfRow(row, STALE_MS, late);
    if (row.state && refillSoon(row.state, row)) because.push({ priority: "low", text: "refill due" });
    return alarmsSorted(because);
}

const RANK = { high: 0, medium: 1, low: 2 };
function rankOf(row) {
    const [worst] = row.because;
    return worst ? RANK[worst.priority] ?? 0 : row.watched ? 3 : 4;
}

function sorted(rows, late) {
    const due = (row) => Date.parse((refillBounds(row.state, row)[0] || { at: "2200-01-01" }).at);
    return rows.map((row) => ({ ...row, because: attentionOf(row, late) }))
        .sort((a, b) => rankOf(a) - rankOf(b) || due(a) - due(b) || a.patient.name.localeCompare(b.patient.name));
}

function doseOf(state) {
    if (!state || !state.day) return html`<span class="quiet">${state ? "no therapy" : "not known"}</span>`;
    return state.day.map((drug) => html`<span class="line"><${DrugName} name=${drug.drug} /> <b>${drug.program}</b></span>`);
}

function Row({ row, late }) {
    const heard = row.age === null ? "never heard" : `age of this: ${ageText(Number.parseInt(row.age, 10) * 1000 + late)}`;
    const [first] = refillBounds(row.state, row);
    const { state } = row;
    return html`<tr>
        <th scope="row"><a href=${`#/pumps/${row.serial}`}>${row.patient.name}</a>
            <span class="sub">born ${dayText(row.patient.birth_date)}, ${row.patient.identifier}</span></th>
        <td>${row.because.length === 0 ? html`<span class="quiet">${row.watched ? "nothing" : "not watched"}</span>`
            : row.because.map((one) => html`<${AlarmMark} priority=${one.priority}>${one.text}<//>`)}</td>
        <td>${doseOf(state)}${state && html`<span class="sub">${state.mode}</span>`}</td>
        <td class="number">${state ? amountText(state.reservoir_calculated, 2) : "not known"}
            <span class="sub">calculated</span></td>
        <td>${first ? boundDay(first, dayText) : html`<span class="quiet">not known</span>`}
            ${first && !first.due && html`<span class="sub">${daysUntil(state.now, first.at)}</span>`}</td>
        <td>${row.serial}<span class="sub">${heard}</span>
            ${row.surveillance && html`<span class="sub">watched more closely</span>`}</td>
    </tr>`;
}

export function Ward() {
    const [got, set] = useState({ json: null, problem: null, at: 0 });
    const [now, tick] = useState(Date.now());
    useEffect(() => {
        let alive = true;
        const look = () => wardRead().then((json) => alive && set({ json, problem: null, at: Date.now() }),
                                           (problem) => alive && set((old) => ({ ...old, problem })));
        look();
        const timer = setInterval(look, EVERY_MS);
        const clock = setInterval(() => tick(Date.now()), 1000);
        return () => {
            alive = false;
            clearInterval(timer);
            clearInterval(clock);
        };
    }, []);
    const late = got.at ? Math.max(0, now - got.at) : 0;
    const rows = got.json ? sorted(got.json, late) : [];
    const urgent = rows.filter((row) => row.because.length > 0).length;
    const told = urgent === 0 ? "Nobody needs attention now." : `${urgent} of ${rows.length} need attention; they come first.`;
    return html`<main id="main">
        <h1>Patients</h1>
        <p class="lead" role="status">${got.json && told}</p>
        ${got.json && got.problem && html`<p class="problem" role="alert">This list is ${ageText(late)} old:
            ${" "}${got.problem.message}.</p>`}
        ${!got.json ? html`<${Waiting} got=${got} />` : rows.length === 0 ? html`<p class="quiet">No patient has a pump yet.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Patients and their pumps"><table class="ward">
            <caption>Patients and their pumps, who needs attention first</caption>
            <thead><tr><th scope="col">Patient</th><th scope="col">Needs attention</th><th scope="col">Program in 24 h</th>
                <th scope="col" class="number">Reservoir</th><th scope="col">Refill by</th><th scope="col">Pump</th></tr></thead>
            <tbody>${rows.map((row) => html`<${Row} key=${row.serial} row=${row} late=${late} />`)}</tbody>
        </table></div>`}
    </main>`;
}
