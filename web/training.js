// training.js - the page of a virtual patient for who learns: its time, where the drug is, what the patient feels, complications to
// give and moments to go back to. It acts on the twin and never on the pump; the frame says so without a colour.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountText } from "./amount.js";
import { LessonList } from "./lessonlist.js";
import { Person } from "./person.js";
import { PumpHead } from "./pump.js";
import { SavedMoments } from "./savedmoment.js";
import { Spine } from "./spine.js";
import { useAsked, Waiting } from "./table.js";
import { Troubles } from "./trouble.js";
import { useTwin } from "./twin.js";
import { TwinClock } from "./twinclock.js";
import { TwinCurves } from "./twincurve.js";

/** The frame over the whole window: crossed stripes, and the words at both sides of it. */
export function TrainingFrame() {
    return html`<div class="training-frame" aria-hidden="true"><span>SIMULATION TRAINING</span><span>SIMULATION TRAINING</span></div>`;
}

/** What came of the last refill, where the pump was told otherwise: [name, text] each. */
function refillTruth(refill) {
    if (!refill) return [];
    const ml = (text) => amountText(text, 3);
    return [refill.drawn !== refill.told && ["Drawn out at the last refill, in truth", `${ml(refill.drawn)}; the pump was told ${ml(refill.told)}`],
            refill.entered !== refill.filled && ["Filled in at the last refill, in truth", `${ml(refill.entered)} of ${ml(refill.filled)}; ${ml(refill.spilled)} did not fit`]]
        .filter(Boolean);
}

function Truth({ truth }) {
    const fact = (name, text) => html`<div class="fact"><dt>${name}</dt><dd>${text}</dd></div>`;
    return html`<section aria-labelledby="so"><h2 id="so">What is so in the pump</h2>
        <dl class="facts truth-facts">${fact("Reservoir, in truth", amountText(truth.reservoir, 2))}${
            truth.delivered_today ? fact("Delivered today, in truth", amountText(truth.delivered_today, 3)) : ""}${fact("Battery left", truth.battery || "not known")}${
            refillTruth(truth.last_refill).map(([name, text]) => fact(name, text))}</dl></section>`;
}

function Twin({ serial, twin, bed }) {
    const { view, problem, track } = twin;
    return html`<div role="alert" class="alarm-place">${problem && html`<p class="problem">The simulation does not answer: ${problem.message}. What stands here may be old.</p>`}</div>
        ${!view ? html`<${Waiting} got=${{ problem: null }} />` : html`
            <${TwinClock} serial=${serial} view=${view} bed=${bed} />
            <${Person} person=${view.person} />
            <${Spine} view=${view} track=${track} />
            <section aria-labelledby="curves"><h2 id="curves">Over time</h2><${TwinCurves} view=${view} track=${track} /></section>
            <${Truth} truth=${view.truth} />
            <${Troubles} serial=${serial} view=${view} />
            <${SavedMoments} serial=${serial} view=${view} />`}`;
}

export function Training({ serial }) {
    const got = useAsked(`/api/pumps/${encodeURIComponent(serial)}`);
    const has = got.json && got.json.twin === true;
    const twin = useTwin(has ? serial : null);
    return html`<main id="main" class="training"><${TrainingFrame} />
        <p class="training-mark"><b>SIMULATION TRAINING</b> What is done here is done to a virtual patient, never to a pump's therapy.</p>
        <${PumpHead} serial=${serial} got=${got} here="/training" />
        ${got.problem && html`<${Waiting} got=${got} />`}
        ${got.json && !has && html`<p>This server has no virtual patient behind the pump ${serial}: there is nothing to train with.</p>`}
        ${has && html`<${LessonList} serial=${serial} /><${Twin} serial=${serial} twin=${twin} bed=${got.json} />`}
    </main>`;
}
