// tasktherapy.js - saying a whole therapy: its program with the 24 hours drawn, and its settings. What is in force stands beside
// each field to be read; no dose is filled in for anybody (N3).
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { amountRead, amountText, DrugName } from "./amount.js";
import { DayCurve, dayTotal, daySteps, millionths, millionthsText } from "./day.js";
import { drugUnit, useEntry } from "./library.js";
import { AmountField, amountNumber, isNumber } from "./number.js";
import { Choice, INTERVALS } from "./taskforms.js";
import { settingsBody, Settings } from "./tasksettings.js";

const KINDS = [["continuous", "continuous: the same flow always"], ["periodic", "periodic: a dose at each interval"],
               ["flex", "flex: by the hour, by weekday"], ["minimum", "the least flow of the pump"], ["stopped", "stopped: nothing flows"]];
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MINUTES = { "every 30 minutes": 30, "every hour": 60, "every 2 hours": 120, "every 3 hours": 180, "every 4 hours": 240,
                  "every 6 hours": 360, "every 8 hours": 480, "every 12 hours": 720, "once a day": 1440 };
const SETS_MOST = 4;
const STEPS_MOST = 16;

const setName = (i) => `day ${i + 1}`;

/** What of the therapy in force is read beside the fields. */
function oldOf(force) {
    const program = force?.program || {};
    return { kind: program.kind, dose: program.dose, bolus: program.bolus?.dose, rate: program.bolus?.rate,
             every: program.bolus?.every, day_sets: program.day_sets, week: program.week };
}

function percentText(ratio) {
    if (ratio === 1) return "the same as";
    return `${Math.abs(ratio - 1).toLocaleString("en-US", { style: "percent", maximumFractionDigits: 1 })} ${ratio > 1 ? "more" : "less"} than`;
}

/** What a day's dose means: its volume, how long the reservoir lasts at it, and the change from now (N4). `total`: millionths, times
 * `over`. The numbers that count are the server's, on the finish screen. */
function DayNotes({ total, over = 1n, drugs, pump, was }) {
    const conc = millionths(drugs[0].concentration.split(" ")[0]);
    if (!conc || total === 0n) return null;
    const volume = total * 1000000n / over / conc;
    const left = amountRead(pump?.reservoir_calculated);
    const now = pump?.doses.find((one) => one.drug.toLowerCase() === drugs[0].drug.toLowerCase());
    const most = amountRead(now?.most_in_a_day);
    const ratio = most && most.unit === `${drugUnit(drugs[0])}/day` ? Number(total / over) / 1000000 / most.value : null;
    const force = millionths(amountNumber(was, `${drugUnit(drugs[0])}/day`));
    return html`<p class="said">${force && total !== force && html`<b>${percentText(Number(total) / Number(force))}</b> the dose in force (${amountText(was)}); `}${amountText(`${millionthsText(volume)} mL/day`)}${left?.value > 0 && volume > 0n &&
        html`; what is in the reservoir now would last about ${Math.floor(left.value * 1000000 / Number(volume))}\u00a0days`}${ratio &&
        html`; <b>${percentText(ratio)}</b>${" "}
            the most of 24 hours now (${amountText(now.most_in_a_day)})`}</p>`;
}

/* A step is 5 % of what is in force (guess, after N9), cut to what the pump gives, so that each lies on its resolution. Steps end at the
 * library's usual largest change: beyond it is typed, and asks for a reason. */
const STEP_PERCENT = 5n;

/** The steps up and down from what is said, or from what is in force; undefined where that is in another unit. `bounds` of the library. */
export function stepsOf(value, old, unit, conc, bounds) {
    const force = millionths(amountNumber(old, unit));
    const grid = millionths(conc.split(" ")[0]);
    if (!force || !grid) return undefined;
    // A nanolitre is this many millionths of the unit; where it is no whole number of them, so many nanolitres that it is.
    let least = grid;
    while (least % 1000000n !== 0n) least += grid;
    least /= 1000000n;
    const by = force * STEP_PERCENT / 100n / least * least;
    if (by === 0n) return undefined;
    const share = (text) => {
        const found = /^(\d+(?:\.\d+)?) %$/.exec(text || "");
        return found ? force * millionths(found[1]) / 100000000n : null;
    };
    const [most, fewest] = [share(bounds?.step_up?.soft_high?.value), share(bounds?.step_down?.soft_high?.value)];
    const from = millionths(value) ?? force;
    const [up, down] = [from + by, from - by];
    const [high, low] = [most !== null && up > force + most, down <= 0n || (fewest !== null && down < force - fewest)];
    return { name: `${STEP_PERCENT}\u00a0%`, up: high ? "" : millionthsText(up), down: low ? "" : millionthsText(down),
             why: high || low ? `Steps end at the library's usual ${high ? "largest increase" : "largest decrease"} at one time; beyond it, type the dose.` : "" };
}

function Continuous({ t, set, unit, old, drugs, pump, region }) {
    const dose = millionths(t.dose);
    const per = `${unit}/day`;
    const entry = useEntry(drugs[0].drug, region);
    const step = entry ? stepsOf(t.dose, old.dose, per, drugs[0].concentration, entry.bounds) : undefined;
    return html`<${AmountField} id="dose" label="Dose of a day" unit=${per} old=${old.dose || ""} value=${t.dose} onChange=${(value) => set({ dose: value })} step=${step} />
        ${dose !== null && html`<${DayCurve} steps=${[{ minute: 0, minutes: 1440, dose }]} unit=${per} label="The same flow over 24 hours" />
            <p class="day-words">All day the same: <b>${amountText(`${t.dose} ${per}`)}</b>.</p>
            <${DayNotes} total=${dose} drugs=${drugs} pump=${pump} was=${old.dose} />`}`;
}

function periodicTotals(t) {
    const dose = millionths(t.bolus);
    const base = t.dose ? millionths(t.dose) : 0n;
    const every = MINUTES[t.every];
    return dose === null || base === null || !every ? null : { times: 1440 / every, every, dose, base };
}

function PeriodicSum({ t, unit, drugs, pump }) {
    const sum = periodicTotals(t);
    if (!sum) return null;
    const per = `${unit}/day`;
    const doses = sum.dose * BigInt(sum.times);
    const boluses = Array.from({ length: sum.times }, (none, i) => i * sum.every);
    return html`<${DayCurve} steps=${[{ minute: 0, minutes: 1440, dose: sum.base }]} boluses=${boluses} unit=${per} label=${`${sum.times} doses over 24 hours`} />
        <p class="day-words">${t.every}: <b>${sum.times}</b> ${sum.times === 1 ? "dose" : "doses"} a day × <b>${amountText(`${t.bolus} ${unit}`)}</b>${" "}
            = <b class="total">${amountText(`${millionthsText(doses)} ${per}`)}</b>${sum.base > 0n && html`; with the base of <b>${amountText(`${t.dose} ${per}`)}</b>${" "}
            that is <b class="total">${amountText(`${millionthsText(doses + sum.base)} ${per}`)}</b>`}</p>
        <${DayNotes} total=${sum.dose * BigInt(sum.times) + sum.base} drugs=${drugs} pump=${pump} />`;
}

function Periodic({ t, set, unit, old, drugs, pump }) {
    return html`<${Choice} id="every" label="How often" options=${INTERVALS.map((word) => [word, word])} value=${t.every} old=${old.every || ""} onChange=${(value) => set({ every: value })} />
        <${AmountField} id="bolus" label="Dose of one time" unit=${unit} old=${old.bolus || ""} value=${t.bolus} onChange=${(value) => set({ bolus: value })} />
        <${AmountField} id="bolus-rate" label="Flow while it is given" unit="mL/day" old=${old.rate || ""} value=${t.bolusRate} onChange=${(value) => set({ bolusRate: value })} />
        <${AmountField} id="first" label="The first one after" unit="min" places=${0} hint="counted from the moment the therapy begins" value=${t.first} onChange=${(value) => set({ first: value })} />
        <${AmountField} id="dose" label="Besides, all day (nothing: leave empty)" unit=${`${unit}/day`} old=${old.dose || ""} value=${t.dose} onChange=${(value) => set({ dose: value })} />
        <${PeriodicSum} t=${t} unit=${unit} drugs=${drugs} pump=${pump} />`;
}

function DaySet({ at, rows, change, unit, drugs, pump }) {
    const per = `${unit}/day`;
    const steps = daySteps(rows);
    const set = (i, part) => change(rows.map((row, j) => (i === j ? { ...row, ...part } : row)));
    return html`<fieldset class="day-set"><legend>${`Day ${at + 1}`}</legend>
        ${rows.map((row, i) => html`<div class="row-of" key=${i}>
            <div class="field"><label for=${`from-${at}-${i}`}>From</label><input id=${`from-${at}-${i}`} type="text" autocomplete="off" inputmode="numeric"
                value=${i === 0 ? "00:00" : row.from || ""} readOnly=${i === 0} onInput=${(event) => set(i, { from: event.target.value })} /><p class="said">time of day, such as 06:30</p></div>
            <${AmountField} id=${`step-${at}-${i}`} label="At a rate of" unit=${per} value=${row.dose} onChange=${(dose) => set(i, { dose })} />
            ${i > 0 && html`<button type="button" onClick=${() => change(rows.filter((one, j) => j !== i))}>Take this step away</button>`}</div>`)}
        ${rows.length < STEPS_MOST && html`<button type="button" onClick=${() => change([...rows, { from: "", dose: "" }])}>Another step</button>`}
        ${steps ? html`<${DayCurve} steps=${steps} unit=${per} label=${`Day ${at + 1} over 24 hours`} />
            <p class="day-words">${steps.length === 1 ? "1 step" : `${steps.length} steps`}, together <b class="total">${amountText(`${millionthsText(dayTotal(steps), 1440n)} ${per}`)}</b></p>
            <${DayNotes} total=${dayTotal(steps)} over=${1440n} drugs=${drugs} pump=${pump} />`
            : html`<p class="quiet">The curve is drawn once every step has its time, later than the one before, and its rate.</p>`}
    </fieldset>`;
}

function Flex({ t, set, unit, old, drugs, pump }) {
    const sets = t.sets || [[{ from: "00:00", dose: "" }]];
    const week = t.week || {};
    return html`${old.day_sets && html`<p class="old">In force: ${Object.entries(old.day_sets).map(([name, steps]) => html`<span class="line"><b>${name}</b>:
            ${steps.map((step) => `from ${step.from} ${amountText(step.dose || step.rate)}`).join("; ")}</span>`)}</p>`}
        ${sets.map((rows, i) => html`<${DaySet} key=${i} at=${i} rows=${rows} unit=${unit} drugs=${drugs} pump=${pump} change=${(next) => set({ sets: sets.map((one, j) => (i === j ? next : one)) })} />`)}
        ${sets.length < SETS_MOST && html`<button type="button" onClick=${() => set({ sets: [...sets, [{ from: "00:00", dose: "" }]] })}>Another kind of day</button>`}
        <fieldset class="week"><legend>Which day is which</legend>${DAYS.map((day) => html`<${Choice} key=${day} id=${`week-${day}`} label=${day[0].toUpperCase() + day.slice(1)}
            options=${sets.map((one, i) => [setName(i), setName(i)])} value=${week[day]} onChange=${(value) => set({ week: { ...week, [day]: value } })} />`)}</fieldset>`;
}

const EDITORS = { continuous: Continuous, periodic: Periodic, flex: Flex };

/** `drugs` as they were said before, as [{ drug, concentration }]; `t` what has been said of the therapy. */
export function TherapyEditor({ drugs, pump, t, set, region }) {
    const force = pump?.in_force;
    const [primary] = drugs;
    const unit = drugUnit(primary);
    const Editor = EDITORS[t.kind];
    return html`<fieldset><legend>Program</legend>
            <p>${drugs.length === 0 ? "No drug" : drugs.map((one) => html`<span class="line"><${DrugName} name=${one.drug} />, ${amountText(one.concentration)}</span>`)}</p>
            ${drugs.length > 1 && html`<p class="quiet">Doses are of ${primary.drug}; those of the others follow from it and stand on the finish screen.</p>`}
            <${Choice} id="kind" label="Kind of program" options=${KINDS} value=${t.kind} old=${force ? oldOf(force).kind : undefined} onChange=${(kind) => set({ kind })} />
            ${Editor && primary && html`<${Editor} t=${t} set=${set} unit=${unit} old=${oldOf(force)} drugs=${drugs} pump=${pump} region=${region} />`}</fieldset>
        <${Settings} drugs=${drugs} force=${force} t=${t} set=${set} />`;
}

function programBody(t, unit) {
    const per = (value) => (value ? `${value} ${unit}/day` : undefined);
    if (t.kind === "continuous") return { kind: "continuous", dose: per(t.dose) };
    if (t.kind === "periodic")
        return { kind: "periodic", dose: per(t.dose), bolus: { dose: t.bolus && `${t.bolus} ${unit}`, rate: t.bolusRate && `${t.bolusRate} mL/day`,
                                                               every: t.every && `${MINUTES[t.every]} min`, first: t.first && `${t.first} min` } };
    if (t.kind === "flex") {
        const sets = t.sets || [];
        return { kind: "flex", week: t.week || {}, day_sets: Object.fromEntries(sets.map((rows, i) => [setName(i),
            rows.map((row, j) => ({ from: j === 0 ? "00:00" : row.from, dose: per(row.dose) }))])) };
    }
    return { kind: t.kind };
}

function nameOf(t, drugs, unit) {
    if (t.name) return t.name;
    const drug = drugs[0]?.drug || "no drug";
    return (t.kind === "continuous" && t.dose ? `${drug} ${t.dose} ${unit}/day` : `${drug} ${t.kind || ""}`).slice(0, 31);
}

/** The field that an amount of a request's member (`where`) came from, and the form with another in it: { id, old, value, part }; null where
 * it came from none, or is in another unit. */
export function therapyPick(where, text, t, drugs) {
    const unit = drugUnit(drugs[0]);
    const step = /day_sets\W+day (\d)\W+(\d+)\W+dose$/.exec(where);
    const plain = [[/program\.dose$/, "dose", "dose", `${unit}/day`], [/program\.bolus\.dose$/, "bolus", "bolus", unit],
                   [/patient_bolus\.dose$/, "p-dose", "pDose", unit]].find(([form]) => form.test(where));
    const value = amountNumber(text, step ? `${unit}/day` : plain?.[3]);
    if (!isNumber(value) || (!step && !plain)) return null;
    if (plain) return { id: plain[1], old: t[plain[2]], value, part: { [plain[2]]: value } };
    const [at, row] = [Number(step[1]) - 1, Number(step[2])];
    const sets = (t.sets || []).map((rows, i) => rows.map((one, j) => (i === at && j === row ? { ...one, dose: value } : one)));
    return sets[at]?.[row] ? { id: `step-${at}-${row}`, old: t.sets[at][row].dose, value, part: { sets } } : null;
}

/** What has to be said although the document could go without it: nobody loses a bolus by leaving a field alone. */
export function therapyMissing(t) {
    if (!t.kind) return "Say the kind of program.";
    if (!t.opening) return "Say what comes first, once: \"none\" is an answer.";
    return t.patient ? "" : "Say whether the patient may ask for a bolus.";
}

/** The request's body: the therapy and what is said beside it. */
export function therapyBody(t, drugs, region) {
    const unit = drugUnit(drugs[0]);
    const therapy = { name: nameOf(t, drugs, unit), drugs, program: programBody(t, unit), ...settingsBody(t, drugs, unit), region };
    return { therapy, retitrated: t.retitrated || undefined, stopped_for: t.stoppedFor || undefined,
             tubing: t.tubing ? `${t.tubing} mL` : undefined, limits: t.signed || undefined };
}
