// due.js - when a pump is to be refilled, and why that date: the earliest of what the server reckoned (REQ-RSVR-07).
// SPDX-License-Identifier: Apache-2.0

const DAY_MS = 86400000;

/** When the drug went in, in milliseconds of the pump's civil time. By the pump's own log where that has it, as its clock is the one that
 * all other dates here are of; by the records where the log was never pulled, or the pump has lost its clock since. */
function filledAt(state, bed) {
    const { refilled = null, refilled_pump_ms: pumpMs = null, refilled_epoch: epoch = null } = bed || {};
    if (pumpMs !== null && epoch === state.epoch && pumpMs <= state.now_ms) return Date.parse(state.now) - (state.now_ms - pumpMs);
    return refilled && !Number.isNaN(Date.parse(refilled)) ? Date.parse(refilled) : null;
}

/** `state` as the pump told it; of `bed` what the records know: `refilled`, the moment of the last refill or null,
 * the same by the pump's clock, and whether that was the `first_fill`. What bounds the time, the earliest first: { at (ISO), because };
 * with `due` nobody knows since when it has been due, and `at` is now. */
export function refillBounds(state, bed) {
    const { first_fill: isFirst = false } = bed || {};
    const refill = state && state.refill;
    if (!refill) return [];
    const bounds = [];
    if (refill.volume_reached)
        bounds.push({ at: refill.volume_by || state.now, because: state.mode === "empty" ? "the reservoir, which is empty" : "the reservoir, which is down to its reserve", due: !refill.volume_by });
    else if (refill.volume_by) bounds.push({ at: refill.volume_by, because: "volume, with every bolus that is allowed" });
    if (refill.replacement_by) bounds.push({ at: refill.replacement_by, because: "replacement of the pump" });
    const filled = filledAt(state, bed);
    if (filled !== null) {
        const stability = isFirst ? refill.stability_days_first : refill.stability_days;
        for (const [days, because] of [[stability, isFirst ? "stability of a first fill" : "stability of the drug"],
                                       [refill.policy_days, "what is advised"]])
            if (days !== null && days !== undefined)
                bounds.push({ at: new Date(filled + days * DAY_MS).toISOString(), because });
    }
    return bounds.filter((bound) => !Number.isNaN(Date.parse(bound.at))).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The day of a bound as the pages write it. */
export const boundDay = (bound, dayText) => (bound.due ? "due now" : dayText(bound.at));

/** Is it time to see to it? Within so many days of the pump's own clock (guess). */
export const REFILL_SOON_DAYS = 7;

export function refillSoon(state, bed) {
    const [first] = refillBounds(state, bed);
    return Boolean(first) && Date.parse(first.at) - Date.parse(state.now) < REFILL_SOON_DAYS * DAY_MS;
}
