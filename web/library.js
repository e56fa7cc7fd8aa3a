// library.js - the drugs of the library in force, as fields ask for them: names from a list, one unit for each drug (U5, U6).
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useState } from "./html.js";
import { ask } from "./api.js";
import { AmountField, isNumber } from "./number.js";

const cache = new Map();

function once(path) {
    if (!cache.has(path)) cache.set(path, ask("GET", path).catch((problem) => {
        cache.delete(path);
        throw problem;
    }));
    return cache.get(path);
}

const entryPath = (drug, region) => `/api/formulary/${encodeURIComponent(drug)}${region ? `?region=${region}` : ""}`;

/** Names of the drugs, and for those in `drugs` the unit; { names, units, fault }. */
export function useLibrary(region, drugs) {
    const [library, set] = useState({ names: [], units: {}, fault: "" });
    const wanted = drugs.filter(Boolean).join();
    useEffect(() => {
        let alive = true;
        const list = once(`/api/formulary${region ? `?region=${region}` : ""}`);
        const entries = Promise.all(wanted.split(",").filter(Boolean).map((drug) => once(entryPath(drug, region))));
        Promise.all([list, entries]).then(([all, known]) => {
            const units = Object.fromEntries(wanted.split(",").filter(Boolean).map((drug, i) => [drug, known[i].unit]));
            if (alive) set({ names: all.drugs.map((one) => one.drug), units, fault: "" });
        }, (problem) => alive && set((old) => ({ ...old, fault: problem.message })));
        return () => {
            alive = false;
        };
    }, [region, wanted]);
    return library;
}

/** All that the library says of one drug; null until it is there, or where it is not. */
export function useEntry(drug, region) {
    const [entry, set] = useState(null);
    useEffect(() => {
        let alive = true;
        once(entryPath(drug, region)).then((known) => alive && set(known), () => {});
        return () => {
            alive = false;
        };
    }, [drug, region]);
    return entry;
}

/** What a reservoir holds, or is filled with: [{ drug, amount }], the primary drug first. */
export function MixtureField({ id, legend, region, value, onChange, old }) {
    const rows = value && value.length > 0 ? value : [{ drug: "", amount: "" }];
    const { names, units, fault } = useLibrary(region, rows.map((row) => row.drug));
    const set = (at, part) => onChange(rows.map((row, i) => (i === at ? { ...row, ...part, unit: units[part.drug || row.drug] } : row)));
    return html`<fieldset id=${id}><legend>${legend}</legend>
        ${old && html`<p class="quiet">The pump says it holds: ${old}.</p>`}
        ${fault && html`<p class="problem" role="alert">The library is not there: ${fault}.</p>`}
        ${rows.map((row, i) => html`<div class="row-of" key=${i}>
            <div class="field"><label for=${`${id}-drug-${i}`}>${i === 0 ? "Drug" : `Drug ${i + 1}, with it`}</label>
            <select id=${`${id}-drug-${i}`} value=${row.drug} onChange=${(event) => set(i, { drug: event.target.value, amount: "" })}>
                <option value="">not said</option>${names.map((name) => html`<option value=${name}>${name}</option>`)}</select></div>
            ${row.drug && units[row.drug] && html`<${AmountField} key=${row.drug} id=${`${id}-conc-${i}`} label="Concentration" unit=${`${units[row.drug]}/mL`}
                value=${row.amount} onChange=${(amount) => set(i, { amount })} />`}
            ${i > 0 && html`<button type="button" onClick=${() => onChange(rows.filter((one, j) => j !== i))}>Take drug ${i + 1} away</button>`}
        </div>`)}
        ${rows.length < 4 && rows[rows.length - 1].drug && html`<button type="button" onClick=${() => onChange([...rows, { drug: "", amount: "" }])}>Another drug with it</button>`}
    </fieldset>`;
}

/** As a request says it. */
export function mixtureBody(rows) {
    return (rows || []).filter((row) => row.drug).map((row) => ({ drug: row.drug,
        concentration: isNumber(row.amount) ? `${row.amount} ${row.unit}/mL` : row.amount || "" }));
}

/** The unit in which a drug's doses are said, by its concentration; without a drug it is a volume. */
export function drugUnit(one) {
    return one ? one.concentration.split(" ").pop().split("/")[0] : "mL";
}
