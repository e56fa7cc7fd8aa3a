// twin.js - the virtual patient behind a pump, where the server was lent one: what is so, not what a pump could tell. One window asks
// once, however many parts of a page look on; what is done to the twin is asked as a person, and audited.
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "./html.js";
import { ask, askQuietly, onSession } from "./api.js";
import { Track } from "./track.js";

const LOOK_MS = 1000;
/* One that does not answer is not pressed. */
const AGAIN_MS = 10000;

/* By serial: what was seen, and who looks on. Kept while the window is open, so that going to another page loses no curve. */
const twins = new Map();

const path = (serial) => `/api/pumps/${encodeURIComponent(serial)}/twin`;

function twinOf(serial) {
    if (!twins.has(serial)) twins.set(serial, { view: null, problem: null, track: new Track(), watchers: new Set(), timer: 0, asked: 0 });
    return twins.get(serial);
}

/* Drugs of so little that a thousandth of a microgram is their unit. */
const NANO = ["ziconotide", "fentanyl", "sufentanil"];

/** A view with each drug in the unit that it is read in. Only figures of the picture: no dose is ever converted. */
export function readable(view) {
    const fine = (drug) => NANO.includes(drug.drug) && drug.unit === "mcg/mL";
    const first = view.drugs[0];
    const scale = (value) => (value === null || value === undefined ? value : value * 1000);
    const drugs = view.drugs.map((drug) => (!fine(drug) ? drug : { ...drug, unit: "ng/mL", tip: scale(drug.tip), cisterna: scale(drug.cisterna),
        levels: drug.levels.map((one) => ({ ...one, csf: scale(one.csf), tissue: scale(one.tissue) })) }));
    if (!view.history) return { ...view, drugs };
    const rows = first && fine(first) ? view.history.rows.map((row) => ({ ...row, tip: scale(row.tip) })) : view.history.rows;
    const levels = (view.history.levels || []).map((old) => ({ ...old, drugs: Object.fromEntries(Object.entries(old.drugs).map(
        ([name, values]) => [name, view.drugs.some((drug) => drug.drug === name && fine(drug)) ? values.map(scale) : values])) }));
    return { ...view, drugs, history: { ...view.history, rows, levels } };
}

function take(twin, told) {
    const view = readable(told);
    // After a moment was gone back to, or the pump made anew, its time begins again: so does what is drawn.
    if (twin.view && view.elapsed_ms < twin.view.elapsed_ms) twin.track = new Track();
    twin.view = view;
    twin.problem = null;
    twin.track.take(view);
}

async function look(serial, twin) {
    const turn = ++twin.asked;
    try {
        const view = await askQuietly(path(serial));
        if (turn === twin.asked) take(twin, view);
    } catch (problem) {
        if (turn === twin.asked) twin.problem = problem;
    }
    twin.watchers.forEach((watcher) => watcher({}));
}

async function looking(serial, twin) {
    await look(serial, twin);
    if (twin.watchers.size > 0) twin.timer = setTimeout(looking, twin.problem ? AGAIN_MS : LOOK_MS, serial, twin);
    else twin.timer = 0;
}

onSession((session) => {
    if (!session) twins.clear();
});

/** The twin of a pump as it is now: { view, problem, track }; `view` null until it is known. `serial` null: nothing is asked. */
export function useTwin(serial) {
    const [, seen] = useState({});
    useEffect(() => {
        if (!serial) return undefined;
        const twin = twinOf(serial);
        twin.watchers.add(seen);
        if (!twin.timer) twin.timer = setTimeout(looking, 0, serial, twin);
        return () => twin.watchers.delete(seen);
    }, [serial]);
    return serial ? twinOf(serial) : { view: null, problem: null, track: null };
}

/** Does something to the twin: a request of rig/control. Its answer, or a Problem thrown. */
export async function twinAsk(serial, request) {
    const answer = await ask("POST", path(serial), request);
    await look(serial, twinOf(serial));
    return answer;
}

/** A figure of the twin's as it is read: three digits count, and no zero stands at the end. Less than a thousandth is a word. */
export function figureText(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "not known";
    if (value !== 0 && Math.abs(value) < 0.001) return "trace";
    return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 }).replace("-", "\u2212");
}

/** A share as a person reads it: "42 %". */
export function shareText(share) {
    return share === null || share === undefined ? "not known" : `${Math.round(share * 100)}\u00a0%`;
}

/** The pump's civil time, in seconds as if it were UTC, at a moment of the twin's. */
export function secondsAt(view, ms) {
    return Date.parse(`${view.time.slice(0, 19)}Z`) / 1000 - (view.elapsed_ms - ms) / 1000;
}

/** The same as the server writes moments, in the zone of the pump's clock. */
export function civilAt(view, ms) {
    return new Date(secondsAt(view, ms) * 1000).toISOString().slice(0, 19) + (/(Z|[+-]\d{2}:\d{2})$/.exec(view.time)?.[0] || "");
}
