// day.js - the 24 hours of a program as they are said: a curve, and in words doses a day times dose = daily total (W5). Sums are
// whole numbers of millionths; nothing is rounded but what is drawn.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountText } from "./amount.js";
import { isNumber } from "./number.js";

const SCALE = 1000000n;
const DAY = 1440;

/** "5.25" in millionths; null where it is no number. */
export function millionths(text) {
    if (!isNumber(text)) return null;
    const [whole, part = ""] = text.split(".");
    return BigInt(whole) * SCALE + BigInt(part.padEnd(6, "0"));
}

/** Millionths as text; `over`: divided by it, and told as "about" where that does not come out even. */
export function millionthsText(value, over = 1n) {
    const number = (value * 2n + over) / (2n * over);
    const part = (number % SCALE).toString().padStart(6, "0").replace(/0+$/, "");
    return `${value % over === 0n ? "" : "about "}${number / SCALE}${part ? `.${part}` : ""}`;
}

export function minuteOf(text) {
    const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text || "");
    return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

/** Rows of a day set [{ from, dose }] as steps { minute, minutes, dose } in millionths a day; null while it is not whole. */
export function daySteps(rows) {
    const steps = rows.map((row) => ({ minute: minuteOf(row.from), dose: millionths(row.dose) }));
    if (steps.length === 0 || steps[0].minute !== 0 || steps.some((step, i) => step.minute === null || step.dose === null ||
                                                                  (i > 0 && step.minute <= steps[i - 1].minute))) return null;
    return steps.map((step, i) => ({ ...step, minutes: (i + 1 < steps.length ? steps[i + 1].minute : DAY) - step.minute }));
}

/** The dose of such a day: millionths of the unit, 1,440 times over. */
export function dayTotal(steps) {
    return steps.reduce((sum, step) => sum + step.dose * BigInt(step.minutes), 0n);
}

const X = (minute) => 44 + minute / DAY * 540;

/** `steps`: { minute, minutes, dose }; `unit` of a dose a day. A bolus is a bar at its time: `boluses`: minutes. */
export function DayCurve({ steps, boluses = [], unit, label }) {
    const most = steps.reduce((top, step) => (step.dose > top ? step.dose : top), 1n);
    const Y = (dose) => 150 - Number(dose * 1000n / most) / 1000 * 120;
    const line = steps.map((step) => `${X(step.minute)},${Y(step.dose)} ${X(step.minute + step.minutes)},${Y(step.dose)}`).join(" ");
    return html`<svg class="day" viewBox="0 0 600 180" role="img" aria-label=${label}>
        ${[0, 6, 12, 18, 24].map((hour) => html`<g><line class="day-grid" x1=${X(hour * 60)} x2=${X(hour * 60)} y1="20" y2="150" />
            <text x=${X(hour * 60)} y="168" text-anchor="middle">${String(hour).padStart(2, "0")}:00</text></g>`)}
        <line class="day-grid" x1="44" x2="584" y1="150" y2="150" />
        <text x="40" y="154" text-anchor="end">0</text><text x="44" y="14">${amountText(`${millionthsText(most)} ${unit}`)}</text>
        ${boluses.map((minute) => html`<line class="day-bolus" x1=${X(minute)} x2=${X(minute)} y1="30" y2="150" />`)}
        <polyline class="day-line" points=${line} />
    </svg>`;
}
