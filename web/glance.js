// glance.js - one implant at a glance: what it does, what it gives in a day, when it is to be refilled and why, how old that is.
// SPDX-License-Identifier: Apache-2.0
import { Fragment, html, useState } from "./html.js";
import { Alarm, alarmsSorted } from "./alarm.js";
import { Boundary } from "./bridge.js";
import { amountRead, amountText, DrugName } from "./amount.js";
import { Curve, Samples } from "./curve.js";
import { useLive } from "./live.js";
import { boundDay, refillBounds } from "./due.js";
import { ageText, dayText, daysUntil, momentText } from "./moment.js";
import { PumpHead } from "./pump.js";
import { Pulled, RecordedOnly, Seen, useRecorded } from "./recorded.js";
import { useAsked, Waiting } from "./table.js";
import { TwinTruth } from "./twincurve.js";

function Fact({ name, children, note }) {
    return html`<div class="fact"><dt>${name}</dt><dd>${children}${note && html`<span class="sub">${note}</span>`}</dd></div>`;
}

function Age({ live }) {
    if (live.ageMs === null) return html`<p class="age" role="status">Nothing heard from the pump yet.</p>`;
    return html`<p class="age">Age of what stands here: <b>${ageText(live.ageMs)}</b></p>`;
}

/** Silence is an alarm, with what to do (A5, A7). It stands over the foot of the window, so that nothing moves when it comes. */
function Stale({ live }) {
    return html`<div role="alert" class="alarm-place">${live.alarm && html`<${Alarm} priority="medium" title=${live.alarm}>
        <p>What stands here is ${live.ageMs === null ? "not known" : "old"}, and not what the pump does now. The pump itself
        goes on with its therapy; its own beeper is its alarm, not this page.</p>
        <p>Hold the programmer to the patient and ask again; if the patient is not here, call them.</p><//>`}</div>`;
}

/** "running: the therapy flows" without the word that stands beside it. */
function modeText(state) {
    return (state.mode_text || "not told").replace(`${state.mode}: `, "");
}

/** All that stand at the pump, the worst first: what, since when, what the pump does, what to do and by when (A5). */
export function Alarms({ state, recorded }) {
    const alarms = alarmsSorted(state ? state.alarms : []);
    const known = recorded || { alarms: [] };
    const rest = (known.alarms || []).some((alarm) => !alarms.some((one) => one.code === alarm.code));
    if (alarms.length === 0 && !rest) return html`<p>${state ? "No alarm stands at the pump." : "Whether an alarm stands at the pump is not known."}</p>`;
    const one = (alarm) => html`<li key=${alarm.alarm}><${Alarm} priority=${alarm.priority} title=${alarm.text || alarm.alarm}>
        <p>Since ${momentText(alarm.since)}${alarm.latched ? "; stays until a clinician clears it" : ""}.
            ${" "}The pump: ${modeText(state)}.</p>
        ${alarm.act && html`<p>${alarm.does} Do, <b>${alarm.by}</b>: ${alarm.act}</p>`}
        ${recorded && html`<${Seen} alarm=${(known.alarms || []).find((kept) => kept.code === alarm.code)} see=${known.see} />`}<//></li>`;
    return html`<ul class="plain">${alarms.map(one)}<${RecordedOnly} recorded=${known} told=${alarms} /></ul>`;
}

function Dose({ state }) {
    if (!state.day) return html`<${Fact} name="Program in 24 h">no therapy<//>`;
    const note = (drug) => (drug.most === drug.program ? `${drug.concentration}; no patient bolus`
        : `${drug.most} at most, with every patient bolus; ${drug.concentration}`);
    return state.day.map((drug) => html`<${Fact} name=${html`<${DrugName} name=${drug.drug} /> in 24 h`} note=${note(drug)}>
        <span class="big">${drug.program}</span><//>`);
}

function Refill({ state, bed }) {
    const bounds = refillBounds(state, bed);
    if (bounds.length === 0) return html`<${Fact} name="Next refill">not known<//>`;
    const others = bounds.slice(1).map((bound) => `${boundDay(bound, dayText)} by ${bound.because}`).join("; ");
    const why = `${bounds[0].due ? "since when is not known" : daysUntil(state.now, bounds[0].at)}, because of ${bounds[0].because}${others ? `; later: ${others}` : ""}`;
    return html`<${Fact} name="Next refill" note=${why}><span class="big">${boundDay(bounds[0], dayText)}</span><//>`;
}

function Battery({ state }) {
    const volts = state.battery_mv === undefined ? "not told" : `${state.battery_mv / 1000}\u00a0V`;
    const due = state.end_of_service ? "end of service: it can no longer be relied on"
        : state.replacement_due === null ? "replacement not known yet"
        : `replacement ${state.replacement_reached ? "was due" : "due"} ${dayText(state.replacement_due)}`;
    return html`<${Fact} name="Battery" note=${due}>${volts}<//>`;
}

function Facts({ state, bed }) {
    const course = state.course === "none" ? "nothing besides the program"
        : `besides: ${state.course}, ${amountText(state.course_left, 4)} left`;
    const sensor = state.reservoir_sensor ? `; fill sensor ${amountText(state.reservoir_sensor, 2)}` : "";
    const reservoir = `never measured; give or take ${amountText(state.reservoir_calculated_error, 2)}${sensor}`;
    const flows = state.interrupted_since ? `interrupted since ${momentText(state.interrupted_since)}` : "not interrupted";
    const bolus = state.patient_bolus_from ? `from ${momentText(state.patient_bolus_from)}`
        : state.patient_bolus_waits_for || "none";
    return html`<dl class="facts">
        <${Fact} name="Mode" note=${modeText(state)}><span class="big">${state.mode}</span><//>
        <${Dose} state=${state} />
        <${Refill} state=${state} bed=${bed} />
        <${Fact} name="Flow now" note=${course}>${amountText(state.base)}<//>
        <${Fact} name="Reservoir, calculated" note=${reservoir}>${amountText(state.reservoir_calculated, 2)}<//>
        <${Battery} state=${state} />
        <${Fact} name="Pump's clock" note=${state.clock ? `${state.clock}; ${flows}` : flows}>${momentText(state.now)}<//>
        <${Fact} name="Therapy" note=${`patient bolus: ${bolus}`}>${state.therapy || "none"}<//>
    </dl>`;
}

function civilSeconds(text) {
    return Date.parse(`${text.slice(0, 19)}Z`) / 1000;
}

function sample(samples, state) {
    const flow = amountRead(state.base);
    const volume = amountRead(state.reservoir_calculated);
    if (!flow || !volume) return;
    samples.push(civilSeconds(state.now), [flow.value, volume.value],
                 { at: state.now, seconds: state.now.slice(16, 19),
                   cells: [amountText(state.base), amountText(state.reservoir_calculated, 4)] });
}

/* How old what the pump told is: by its stream, before that by what the server said of it. */
function toldAge(live, got) {
    if (live.ageMs !== null) return ageText(live.ageMs);
    return got.json && got.json.age ? ageText(Number.parseInt(got.json.age, 10) * 1000) : "not known how long";
}

export function Glance({ serial }) {
    const got = useAsked(`/api/pumps/${serial}`);
    const [samples] = useState(() => ({ current: new Samples(2) })); // made once: it takes the memory of a day
    const [version, drew] = useState(0);
    const live = useLive(serial, (state) => {
        sample(samples.current, state);
        drew(samples.current.version);
    });
    const state = live.state || (got.json && got.json.state);
    const recorded = useRecorded(got.json && got.json.implant);
    return html`<main id="main">
        <${PumpHead} serial=${serial} got=${got} here="" />
        ${got.problem && html`<${Waiting} got=${got} />`}
        <${Age} live=${live} />
        <${Stale} live=${live} />
        ${(state || got.json) && html`<section aria-labelledby="alarms"><h2 id="alarms">Alarms at the pump</h2>
            <p class="quiet">This page is not the pump's alarm system: the implant's own beeper is.</p>
            <p class="quiet told-age"><span class="line">${state ? html`As the pump told it, age: <b>${toldAge(live, got)}</b>` : "The pump has not been heard."}</span>
                <span class="line"><${Pulled} recorded=${recorded} /></span></p>
            <${Alarms} state=${state} recorded=${recorded} /></section>`}
        ${state && html`<${Fragment}>
        <section aria-labelledby="facts" class=${live.alarm ? "stale" : ""}><h2 id="facts">The implant</h2>
            <${Facts} state=${state} bed=${got.json} />
            <${Boundary} state=${state} /></section>
        <section aria-labelledby="curves"><h2 id="curves">Live, by the pump's clock</h2>
            <${Curve} title="Flow" unit="mL per day" samples=${samples.current} version=${version}
                curve=${0} stroke="--curve-1" least=${0.1} />
            <${Curve} title="Reservoir, calculated" unit="mL" samples=${samples.current} version=${version}
                curve=${1} stroke="--curve-2" least=${1} />
        </section><//>`}
        ${got.json && got.json.twin === true && html`<${TwinTruth} serial=${serial} />`}
    </main>`;
}
