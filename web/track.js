// track.js - what a twin was seen to do over time: concentrations by level for the picture, and values for the curves. Only what
// this window saw, with the history that the twin keeps; it holds no more than so many moments, the older the fewer.
// SPDX-License-Identifier: Apache-2.0

/** As many columns as a picture has room for, twice over. */
const MOMENTS_MAX = 600;
/** A moment stands for the time until the next look; for no longer than so many looks, of a second each, at the twin's speed. */
const LOOKS = 5;

/** Moments of one virtual patient, in order of the time that passed for it. */
export class Track {
    constructor() {
        this.past = [];    // { ms, drugs }: what the twin kept itself, the whole of it anew with each look
        this.moments = []; // { ms, to, drugs: { name: [fluid by level] } }: so it was from `ms` up to `to`, as far as was seen
        this.rows = [];    // { ms, tip, pain, rate, reservoir }; tip of the first drug
        this.version = 0;
    }

    /** One look at the twin, with what it kept itself since the last one. */
    take(view) {
        const history = view.history || { rows: [] };
        for (const row of history.rows) this.#row({ ...row, ms: row.elapsed_ms });
        this.past = (history.levels || []).map((old) => ({ ms: old.elapsed_ms, drugs: old.drugs }));
        const drugs = Object.fromEntries(view.drugs.map((drug) => [drug.drug, drug.levels.map((level) => level.csf)]));
        this.#moment(view.elapsed_ms, drugs, LOOKS * 1000 * Number(view.speed));
        this.#row({ ms: view.elapsed_ms, tip: view.drugs[0]?.tip ?? null, pain: view.person?.pain ?? null, reservoir: view.truth?.reservoir });
        if (this.rows.length > 2 * MOMENTS_MAX) this.rows = this.rows.filter((one, i) => i % 2 === 0 || i === this.rows.length - 1);
        this.version += 1;
    }

    #row(row) {
        const newest = this.rows[this.rows.length - 1];
        if (!newest || row.ms > newest.ms) this.rows.push(row);
    }

    #moment(ms, drugs, lasts) {
        const newest = this.moments[this.moments.length - 1];
        if (newest && ms <= newest.ms) return;
        if (newest) newest.to = Math.min(ms, newest.to);
        this.moments.push({ ms, to: ms + lasts, drugs });
        if (this.moments.length > MOMENTS_MAX) this.#thin();
    }

    /** Every second one goes, and the one before it stands for both: what is old was thinned more often than what is new. */
    #thin() {
        const kept = [];
        this.moments.forEach((moment, i) => {
            if (i % 2 === 0 || i === this.moments.length - 1 || moment.ms > kept[kept.length - 1].to) kept.push(moment);
            else kept[kept.length - 1].to = moment.to;
        });
        this.moments = kept;
    }

    /** Columns { from, to, values } of one drug within a span that ends now, in the order of drawing: the twin's own past, coarse, and
     * over it what was seen. Where none stands, nothing is known. */
    columns(drug, spanMs) {
        const end = this.moments.length > 0 ? this.moments[this.moments.length - 1].ms : 0;
        const past = this.past.map((old, i) => ({ ...old, to: this.past[i + 1]?.ms ?? end })).filter((old) => old.ms < end);
        const all = [...past, ...this.moments].filter((one) => one.drugs[drug]);
        const begin = spanMs === null ? Math.min(end, ...all.map((one) => one.ms)) : end - spanMs;
        const columns = all.filter((one) => one.to > begin).map((one) => ({ from: Math.max(begin, one.ms), to: Math.min(end, one.to), values: one.drugs[drug] }));
        return { begin, end, columns };
    }
}
