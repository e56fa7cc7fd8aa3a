// log.js - a pump's log as it was pulled: filters hide rows and say so, a gap is a row of its own and is never hidden (HZ-33).
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { PumpPage } from "./pump.js";
import { Table } from "./table.js";
import { words } from "./words.js";

const ACTORS = ["all", "pump", "clinician", "patient", "reader", "service"];
const RINGS = ["events", "faults"];

function rowOf(item) {
    if (item.what === "event") return { ...item, name: words(item.event.event) };
    const missing = `GAP: ${item.to - item.from + 1} events are missing (${words(item.why)})`;
    return { ...item, rowClass: "gap", name: item.what === "gap" ? missing : words(item.what) };
}

const COLUMNS = [
    ["Number", (row) => (row.from === row.to ? row.from : `${row.from} to ${row.to}`), "number"],
    ["Event", (row) => html`<b>${row.name}</b>`],
    ["By", (row) => (row.event ? row.event.actor : "")],
    ["Pump's time", (row) => (row.event ? `${(row.event.pump_ms / 1000).toLocaleString("en-US")}\u00a0s` : ""), "number"],
    ["Details", (row) => (row.event ? Object.entries(row.event.fields).map((pair) => pair.join(" ")).join(", ") : "")],
];

function LogTable({ json, find, actor, goes }) {
    const all = json.items.map(rowOf);
    const rows = all.filter((row) => row.what !== "event" ||
        ((actor === "all" || row.event.actor === actor) && row.name.includes(find.trim().toLowerCase())));
    const hidden = all.length - rows.length;
    const told = hidden > 0 ? `${hidden} of ${all.length} rows do not fit the filters and are hidden.` : "";
    return html`<p class="lead" role="status">${told}</p>
        <${Table} caption="The pump's log as it was pulled, by number; gaps are rows of their own" columns=${COLUMNS} rows=${rows}
            empty=${all.length === 0 ? "Nothing has been pulled yet." : "No row fits the filters."} />
        ${json.next > 0 && html`<button type="button" onClick=${() => goes(json.next)}>Go on from number ${json.next}</button>`}`;
}

function Choice({ id, name, all, value, change }) {
    return html`<label for=${id}>${name}</label>
        <select id=${id} value=${value} onChange=${(event) => change(event.target.value)}>
            ${all.map((one) => html`<option value=${one}>${one}</option>`)}</select>`;
}

export function Log({ serial }) {
    const [find, looks] = useState("");
    const [actor, acts] = useState("all");
    const [ring, rings] = useState("events");
    const [from, goes] = useState(0);
    const path = (pump) => `/api/implants/${pump.implant}/log?ring=${ring}&from=${from}&limit=100`;
    const ringChange = (value) => {
        rings(value);
        goes(0);
    };
    return html`<${PumpPage} serial=${serial} here="/log" title="Log" path=${path}>${(json) => html`
        <form class="filters" onSubmit=${(event) => event.preventDefault()}>
            <${Choice} id="ring" name="Ring" all=${RINGS} value=${ring} change=${ringChange} />
            <${Choice} id="actor" name="By" all=${ACTORS} value=${actor} change=${acts} />
            <label for="find">Contains</label>
            <input id="find" type="search" value=${find} onInput=${(event) => looks(event.target.value)} />
            ${from > 0 && html`<button type="button" onClick=${() => goes(0)}>From the beginning</button>`}
        </form>
        <${LogTable} json=${json} find=${find} actor=${actor} goes=${goes} />`}<//>`;
}
