// table.js - tables of things that were recorded, a page at a time.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useState } from "./html.js";
import { ask } from "./api.js";

/** `columns`: [heading, cell of a row, "number" or nothing]. Scrolls by itself where it is too wide, and can be reached there. */
export function Table({ caption, columns, rows, empty }) {
    if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
        <table>
            <caption>${caption}</caption>
            <thead><tr>${columns.map(([heading, , kind]) => html`<th scope="col" class=${kind}>${heading}</th>`)}</tr></thead>
            <tbody>${rows.map((row) => html`<tr class=${row.rowClass}>
                ${columns.map(([, cell, kind]) => html`<td class=${kind}>${cell(row)}</td>`)}
            </tr>`)}</tbody>
        </table>
    </div>`;
}

/** What a path answers, and whether it is there yet. */
export function useAsked(path) {
    const [got, set] = useState({ path: "", json: null, problem: null });
    useEffect(() => {
        let alive = true;
        if (!path) return undefined;
        ask("GET", path).then((json) => alive && set({ path, json, problem: null }),
                              (problem) => alive && set({ path, json: null, problem }));
        return () => {
            alive = false;
        };
    }, [path]);
    return got.path === path ? got : { path, json: null, problem: null };
}

/** What there is to say until it is there, or when it does not come. */
export function Waiting({ got }) {
    if (got.problem) return html`<p role="alert" class="problem">Not loaded: ${got.problem.message}.</p>`;
    return html`<p class="quiet" role="status">Loading</p>`;
}
