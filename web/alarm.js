// alarm.js - alarms as they are shown: by priority, with word, mark and shape besides the colour (A2), highest first (A4).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";

const ORDER = ["high", "medium", "low"];
const MARKS = { high: "***", medium: "**", low: "*" };
const WORDS = { high: "High", medium: "Medium", low: "Low" };

/** The highest priority first; what has none that is known counts as high. */
export function alarmsSorted(alarms) {
    const rank = (alarm) => Math.max(0, ORDER.indexOf(alarm.priority));
    return [...alarms].sort((a, b) => rank(a) - rank(b));
}

function Shape({ priority }) {
    const paths = { high: "M10 1 L19 18 H1 Z", medium: "M10 1 L19 10 L10 19 L1 10 Z", low: "M3 3 H17 V17 H3 Z" };
    return html`<svg class="shape" viewBox="0 0 20 20" aria-hidden="true"><path d=${paths[priority] || paths.high} /></svg>`;
}

/** One alarm. `children`: since when, what the pump does, what to do. */
export function Alarm({ priority, title, children }) {
    const known = MARKS[priority] ? priority : "high";
    return html`<div class=${`alarm ${known}`}>
        <${Shape} priority=${known} />
        <div>
            <p class="alarm-title"><span class="mark">${MARKS[known]} ${WORDS[known]}</span> ${title}</p>
            ${children}
        </div>
    </div>`;
}

/** The same on one line, for tables and lists. */
export function AlarmMark({ priority, children }) {
    const known = MARKS[priority] ? priority : "high";
    return html`<span class=${`alarm-mark ${known}`}><${Shape} priority=${known} />
        <span>${MARKS[known]} ${children}</span></span>`;
}
