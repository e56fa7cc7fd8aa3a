// wardrow.js - what the list of patients tells of one pump: asked quietly, also for a pump that may not be there yet.
// SPDX-License-Identifier: Apache-2.0
import { askQuietly } from "./api.js";

/** All pages of the list of patients. */
export async function wardRead() {
    const rows = [];
    for (let from = 1; from !== null;) {
        const page = await askQuietly(`/api/ward?from=${from}&limit=100`);
        rows.push(...page.pumps);
        from = page.next;
    }
    return rows;
}

/** Null: it is on no record. */
export async function wardRow(serial) {
    for (let from = 1; from !== null;) {
        const page = await askQuietly(`/api/ward?from=${from}&limit=100`);
        const row = page.pumps.find((one) => one.serial === serial);
        if (row) return row;
        from = page.next;
    }
    return null;
}
