// track.js - what a twin was seen to do over time: concentrations by level for the picture, and values for the curves. Only what
// this window saw, with the history that the twin keeps; it holds no more than so many moments, the older the fewer.
// SPDX-License-Identifier: Apache-2.0

/** As many columns as a picture has room for, twice over. */
const MOMENTS_MAX = 600;

/** Moments of one virtual patient, in order of the time that passed for it. */
export class Track {
    constructor() {
        this.moments = []; // { ms, drugs: { name: [fluid by level] } }
        this.rows = [];    // { ms, tip, pain, rate, reservoir }; tip of the first drug
        this.version = 0;
    }

    /** One look at the twin. What it kept itself comes with the first. */
    take(view) {
        const ms = view.elapsed_ms;
        if (this.rows.length === 0) for (const row of view.history?.rows || []) this.#row({ ...row, ms: row.elapsed_ms });
        const newest = this.moments[this.moments.length - 1];
        if (newest && ms <= newest.ms) return;
        const drugs = Object.fromEntries(view.drugs.map((drug) => [drug.drug, drug.levels.map((level) => level.csf)]));
        this.moments.push({ ms, drugs });
        this.#row({ ms, tip: view.drugs[0]?.tip ?? null, pain: view.person?.pain ?? null, reservoir: view.truth?.reservoir });
        // Every second one of the whole goes: what is old was thinned more often than what is new.
        if (this.moments.length > MOMENTS_MAX) this.moments = this.moments.filter((one, i) => i % 2 === 0 || i === this.moments.length - 1);
        if (this.rows.length > 2 * MOMENTS_MAX) this.rows = this.rows.filter((one, i) => i % 2 === 0 || i === this.rows.length - 1);
        this.version += 1;
    }

    #row(row) {
        const newest = this.rows[this.rows.length - 1];
        if (!newest || row.ms > newest.ms) this.rows.push(row);
    }

    /** Columns { from, to, values } of one drug within a span that ends now; each stands until the next moment. */
    columns(drug, spanMs) {
        const end = this.moments.length > 0 ? this.moments[this.moments.length - 1].ms : 0;
        const begin = spanMs === null ? this.moments[0]?.ms ?? 0 : end - spanMs;
        const columns = [];
        this.moments.forEach((moment, i) => {
            const to = i + 1 < this.moments.length ? this.moments[i + 1].ms : end;
            const values = moment.drugs[drug];
            if (values && (to > begin || i + 1 === this.moments.length)) columns.push({ from: Math.max(begin, moment.ms), to, values });
        });
        return { begin, end, columns };
    }
}
