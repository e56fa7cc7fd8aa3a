// siren.js - when an alarm is heard on the clinic's pages: the worst one alone, at once when it is new and then as often as its priority
// asks; a pause ends by itself, and at once when another alarm comes. REQ-ALRM-09, REQ-ALRM-13, A4.
// SPDX-License-Identifier: Apache-2.0
import { burstOf } from "./sound.js";

/* As the pump's own sound is paused: 30 minutes. On a page that many look at, less (guess). */
export const PAUSE_MS = 600000;
const ORDER = ["high", "medium", "low"];
const rank = (alarm) => Math.max(0, ORDER.indexOf(alarm.priority)); // what has none that is known counts as high

/** Those of the list of patients that are alarms: what pumps tell and that they are silent, but not that a refill is due. */
export function alarmsOfRow(row, staleMs, late) {
    const alarms = (row.state ? row.state.alarms : []).map((alarm) => ({ key: `${row.serial} ${alarm.code} ${alarm.since}`, priority: alarm.priority || "high", text: alarm.text || "unknown alarm" }));
    const ageMs = row.age === null ? null : Number.parseInt(row.age, 10) * 1000 + late;
    if (row.silent) alarms.push({ key: `${row.serial} silent`, priority: "medium", text: "pump not answering" });
    else if (row.watched && ageMs !== null && ageMs > staleMs) alarms.push({ key: `${row.serial} stale`, priority: "medium", text: "nothing new from the pump" });
    return alarms;
}

export class Siren {
    constructor() {
        this.known = new Set();
        this.pausedUntil = 0;
        this.soundedAt = -Infinity;
    }

    pause(now) {
        this.pausedUntil = now + PAUSE_MS;
    }

    resume() {
        this.pausedUntil = 0;
    }

    /** What stands at this moment. The priority that is to be heard now, or null. One of low priority is heard once. */
    see(alarms, now) {
        const fresh = alarms.filter((alarm) => !this.known.has(alarm.key));
        this.known = new Set(alarms.map((alarm) => alarm.key));
        if (fresh.length > 0 || this.pausedUntil <= now) this.pausedUntil = 0;
        const [worst] = [...alarms].sort((a, b) => rank(a) - rank(b));
        if (!worst || this.pausedUntil > 0) return null;
        const { everyMs } = burstOf(worst.priority);
        const again = worst.priority !== "low" && now - this.soundedAt >= everyMs;
        if (fresh.length === 0 && !again) return null;
        this.soundedAt = now;
        return worst.priority;
    }
}
