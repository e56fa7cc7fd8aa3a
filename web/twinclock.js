// twinclock.js - the time of a virtual patient: how fast it passes, and going ahead in it, also past the date of a refill.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { Said, useAct } from "./act.js";
import { refillBounds } from "./due.js";
import { dayText, momentText } from "./moment.js";
import { Pick } from "./pick.js";
import { civilAt } from "./twin.js";

const SPEEDS = ["1", "10", "60", "600", "3600", "86400"];
const SPANS = [["1 h", "1 hour"], ["6 h", "6 hours"], ["1 d", "1 day"], ["3 d", "3 days"], ["7 d", "7 days"], ["30 d", "30 days"]];
const DAY = 86400000;

function speedText(speed) {
    if (speed === "1") return "the speed of real time";
    return `${Number(speed).toLocaleString("en-US")}\u00a0times real time`;
}

/** Time that has passed, to the minute: "7 days, 0 h 31 min". */
export function passedText(ms) {
    const minutes = Math.floor(ms / 60000);
    const days = Math.floor(minutes / 1440);
    const rest = `${Math.floor(minutes / 60) % 24}\u00a0h ${minutes % 60}\u00a0min`;
    return days > 0 ? `${days === 1 ? "1 day" : `${days.toLocaleString("en-US")} days`}, ${rest}` : rest;
}

/** Days to skip, so that the refill is overdue by a day; null where no date is known or it is past. */
export function lateDays(state, bed) {
    const [first] = refillBounds(state, bed);
    if (!first || first.due) return null;
    const days = Math.ceil((Date.parse(first.at) - Date.parse(state.now)) / DAY) + 1;
    return days > 0 ? { days, at: first.at } : null;
}

export function TwinClock({ serial, view, bed }) {
    const act = useAct(serial);
    const [speed, speedSet] = useState(null);
    const [span, spanSet] = useState("1 d");
    const late = bed?.state ? lateDays(bed.state, bed) : null;
    const speeds = (SPEEDS.includes(view.speed) ? SPEEDS : [view.speed, ...SPEEDS]).map((one) => [one, speedText(one)]);
    const skip = (text, shown) => act.act({ do: "skip", span: text }, `Going ahead by ${shown}.`);
    const days = (count) => (count === 1 ? "1 day" : `${count} days`);
    return html`<section aria-labelledby="time"><h2 id="time">Time</h2>
        <p>It is <b>${momentText(view.time)}</b> by the pump's clock; ${passedText(view.elapsed_ms)} have passed since this pump began. Time passes at <b>${speedText(view.speed)}</b>.</p>
        <div class="doings">
            <form class="doing" onSubmit=${(event) => {
                event.preventDefault();
                const wanted = speed ?? view.speed;
                act.act({ do: "speed", speed: wanted }, `Time passes at ${speedText(wanted)}.`);
            }}><${Pick} id="speed" label="Clock speed" options=${speeds} value=${speed ?? view.speed} onChange=${speedSet} />
                <button type="submit" aria-disabled=${act.busy}>Set the speed</button></form>
            <form class="doing" onSubmit=${(event) => {
                event.preventDefault();
                skip(span, SPANS.find(([word]) => word === span)[1]);
            }}><${Pick} id="span" label="Go ahead by" options=${SPANS} value=${span} onChange=${spanSet} />
                <button type="submit" aria-disabled=${act.busy}>Go ahead</button></form>
            <div class="doing"><p><b>Late refill</b><span class="sub">${late ? `due ${dayText(late.at)}` : bed?.state ? "it is late already, or no date is known" : "the pump has not told its date yet"}</span></p>
                <button type="button" aria-disabled=${act.busy || !late} onClick=${() => late && skip(`${late.days} d`, days(late.days))}>${
                    late ? `Go ahead by ${days(late.days)}, a day past it` : "Go past the date"}</button></div>
        </div>
        ${view.skipping ? html`<p class="said act-said" role="status">Going ahead until ${momentText(civilAt(view, view.skipping.until_ms))}, as fast as it goes.</p>` : html`<${Said} act=${act} />`}
    </section>`;
}
