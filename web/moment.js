// moment.js - moments and ages as a person reads them: "2026-Nov-23 14:05", with the zone they are in (U7).
// SPDX-License-Identifier: Apache-2.0

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/* Is there such a day? */
function dayIs(year, month, day) {
    const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return Number(year) >= 1800 && at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
}

/* What is no moment: words stay as they are ("never"), and anything else is not known (REQ-TIME-07). */
function noMoment(text) {
    return /^[a-z][a-z ]*$/i.test(text || "") ? text : "not known";
}

/** A moment of the server's or of a pump's, in the zone it was written in: nothing is converted. */
export function momentText(text) {
    const found = FORM.exec(text || "");
    if (!found || !dayIs(found[1], found[2], found[3]) || found[4] > "23:59" || found[4].slice(3) > "59") return noMoment(text);
    const zone = found[6] === "Z" ? "UTC" : found[6] || "";
    return `${found[1]}-${MONTHS[Number(found[2]) - 1]}-${found[3]} ${found[4]}${zone ? ` ${zone}` : ""}`;
}

/** Only the day of it. */
export function dayText(text) {
    const found = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(text || "");
    if (!found || !dayIs(found[1], found[2], found[3])) return noMoment(text);
    return `${found[1]}-${MONTHS[Number(found[2]) - 1]}-${found[3]}`;
}

/** Days from one moment to another, in words; both of the same clock. */
export function daysUntil(from, to) {
    const days = Math.floor((Date.parse(to) - Date.parse(from)) / 86400000);
    if (Number.isNaN(days)) return "";
    if (days < 0) return days === -1 ? "a day ago" : `${-days} days ago`;
    return days === 0 ? "within a day" : days === 1 ? "in 1 day" : `in ${days} days`;
}

/** The time on the wall of this machine, to the minute. */
export function clockText(ms) {
    const at = new Date(ms);
    return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** An age: "4 s", "3 min", "2 h 10 min". */
export function ageText(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 120) return `${seconds}\u00a0s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 120) return `${minutes}\u00a0min`;
    return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}
