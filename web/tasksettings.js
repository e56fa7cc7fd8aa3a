// tasksettings.js - what a therapy says besides its program: opening, patient boluses, limits, and what a fault drops to. Settings
// that are no dose may be kept as they are in force, by saying so.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { keyBrought } from "./keys.js";
import { drugUnit } from "./library.js";
import { AmountField, amountNumber } from "./number.js";
import { Choice, Mark, TextField } from "./taskforms.js";

const OPENINGS = [["none", "none"], ["prime", "prime: fill the catheter at once"], ["bridge", "bridge: old drug to the tip at the old flow"],
                  ["single", "a single bolus on top"]];
const PRIORITIES = ["low", "medium", "high"].map((word) => [word, word]);
const SCANS = [["keep_program", "keep the program"], ["empty_first", "stop, and empty it first"]];

function Opening({ t, set, old }) {
    const amounts = t.opening && t.opening !== "none";
    return html`<fieldset><legend>Opening</legend>
        <${Choice} id="opening" label="What comes first, once" options=${OPENINGS} value=${t.opening} onChange=${(opening) => set({ opening })} />
        ${amounts && t.opening !== "single" && html`<${Mark} id="whole" label="All of tubing and catheter of this pump" value=${t.whole} onChange=${(whole) => set({ whole })} />`}
        ${amounts && !t.whole && html`<${AmountField} id="open-volume" label="Volume of the opening" unit="mL" value=${t.openVolume} onChange=${(openVolume) => set({ openVolume })} />`}
        ${amounts && html`<${AmountField} id="open-rate" label="Flow of the opening" unit="mL/day" value=${t.openRate} onChange=${(openRate) => set({ openRate })} />`}
        ${old && old.kind !== "none" && html`<p class="old">in force: <b>${old.kind}</b>, ${old.volume} at ${old.rate}</p>`}</fieldset>`;
}

function PatientBolus({ t, set, unit, old }) {
    const field = (id, name, label, unitOf, was, places) => html`<${AmountField} id=${id} label=${label} unit=${unitOf} places=${places}
        old=${old ? was || "" : undefined} value=${t[name]} onChange=${(value) => set({ [name]: value })} />`;
    return html`<fieldset><legend>Patient bolus</legend>
        <${Choice} id="patient" label="May the patient ask for a bolus?" options=${[["no", "no"], ["yes", "yes, within these bounds"]]} value=${t.patient}
            old=${old ? "yes" : "no"} onChange=${(patient) => set({ patient })} />
        ${t.patient === "yes" && html`${field("p-dose", "pDose", "Dose of one", unit, old?.dose)}
            ${field("p-rate", "pRate", "Flow while it is given", "mL/day", old?.rate)}
            ${field("p-lockout", "pLockout", "From the start of one to the next, at least", "h", old?.lockout, 2)}
            ${field("p-most", "pMost", "At most, in any 24 hours", "", old ? String(old.max_per_day) : undefined, 0)}
            ${field("p-expiry", "pExpiry", "The leave ends after", "d", old?.expiry, 0)}`}</fieldset>`;
}

/** What is in force, as the fields would say it; where the units fit. */
function kept(force, drugs) {
    const part = { bolusMax: amountNumber(force.limits.bolus_max, "mL"), rateMax: amountNumber(force.limits.rate_max, "mL/day"),
                   safe: amountNumber(force.safe_rate, "mL/day"), restart: amountNumber(force.restart_limit, "h"), under: force.under_delivery,
                   low: amountNumber(force.reservoir_low, "mL"), mri: force.mri };
    for (const one of drugs) {
        const limit = force.limits.drugs.find((other) => other.drug === one.drug);
        part[`hour-${one.drug}`] = amountNumber(limit?.hour, drugUnit(one));
        part[`day-${one.drug}`] = amountNumber(limit?.day, drugUnit(one));
    }
    return part;
}

/* What a button brings into a field stands among its keys. */
function keptTold(part, t) {
    for (const [name, text] of Object.entries(part))
        if (!["under", "mri"].includes(name)) keyBrought(name, "Pick", t[name] || "", text);
    return part;
}

function Limits({ drugs, force, t, set }) {
    const limit = (drug) => force?.limits.drugs.find((one) => one.drug === drug);
    const was = (text) => (force ? text || "" : undefined);
    const field = (name, label, unit, old, places) => html`<${AmountField} id=${name} label=${label} unit=${unit} old=${was(old)} places=${places}
        value=${t[name]} onChange=${(value) => set({ [name]: value })} />`;
    return html`<fieldset><legend>Limits, and what a fault drops to</legend>
        <p>The pump holds these by itself, against everybody and against its own faults.</p>
        ${force && html`<button type="button" onClick=${() => set(keptTold(kept(force, drugs), t))}>Keep these as they are in force</button>`}
        <div class="columns">${drugs.map((one) => html`
            ${field(`hour-${one.drug}`, `${one.drug}: most in any hour`, drugUnit(one), limit(one.drug)?.hour)}
            ${field(`day-${one.drug}`, `${one.drug}: most in any 24 hours`, drugUnit(one), limit(one.drug)?.day)}`)}
            ${field("bolusMax", "Largest bolus", "mL", force?.limits.bolus_max)}
            ${field("rateMax", "Largest flow", "mL/day", force?.limits.rate_max)}
            ${field("safe", "A fault drops to a flow of", "mL/day", force?.safe_rate)}
            ${field("restart", "Longest pause after which the same dose may go on", "h", force?.restart_limit, 0)}
            ${field("low", "Alarm when the calculated rest falls to", "mL", force?.reservoir_low)}
            <${Choice} id="under" label="How bad is too little of it" options=${PRIORITIES} value=${t.under} old=${was(force?.under_delivery)} onChange=${(under) => set({ under })} />
            <${Choice} id="mri" label="Before a scan" options=${SCANS} value=${t.mri} old=${was((force?.mri || "").replace(/_/g, " "))} onChange=${(mri) => set({ mri })} />
        </div></fieldset>`;
}

async function fileRead(event, set) {
    const [file] = event.target.files;
    set({ signed: file ? await file.text() : undefined });
}

export function Settings({ drugs, force, t, set }) {
    const unit = drugUnit(drugs[0]);
    return html`<${Opening} t=${t} set=${set} old=${force?.opening} />
        <${PatientBolus} t=${t} set=${set} unit=${unit} old=${force?.patient_bolus} />
        <${Limits} drugs=${drugs} force=${force} t=${t} set=${set} />
        <details><summary>Rarely needed</summary>
            <${TextField} id="name-of-it" label="Name of the therapy" hint="made from drug and dose where nothing is said" value=${t.name} onChange=${(name) => set({ name })} />
            <${Mark} id="retitrated" label="The dose was found anew after an interruption" value=${t.retitrated} onChange=${(retitrated) => set({ retitrated })} />
            <${TextField} id="stopped-for" label="How long the pump was stopped" hint="such as 30 min; where a clinician had stopped it" value=${t.stoppedFor} onChange=${(stoppedFor) => set({ stoppedFor })} />
            <${AmountField} id="tubing" label="Tubing of the pump, where it is not the usual one" unit="mL" value=${t.tubing} onChange=${(tubing) => set({ tubing })} />
            <div class="field"><label for="signed">The site's file of signed limits, for a pump that takes no others</label>
                <input id="signed" type="file" onChange=${(event) => fileRead(event, set)} /></div>
        </details>`;
}

function openingBody(t) {
    if (t.opening === "none") return { kind: "none" };
    const volume = t.whole && t.opening !== "single" ? "dead volume" : t.openVolume && `${t.openVolume} mL`;
    return { kind: t.opening, volume, rate: t.openRate && `${t.openRate} mL/day` };
}

/** As document says a therapy: what was not said is not there. */
export function settingsBody(t, drugs, unit) {
    const amount = (value, of) => (value ? `${value} ${of}` : undefined);
    const body = { opening: openingBody(t), safe_rate: amount(t.safe, "mL/day"), restart_limit: amount(t.restart, "h"), under_delivery: t.under || undefined,
                   reservoir_low: amount(t.low, "mL"), mri: t.mri || undefined };
    body.limits = { bolus_max: amount(t.bolusMax, "mL"), rate_max: amount(t.rateMax, "mL/day"),
                    drugs: drugs.map((one) => ({ drug: one.drug, hour: amount(t[`hour-${one.drug}`], drugUnit(one)),
                                               day: amount(t[`day-${one.drug}`], drugUnit(one)) })) };
    if (t.patient === "yes")
        body.patient_bolus = { dose: amount(t.pDose, unit), rate: amount(t.pRate, "mL/day"), lockout: amount(t.pLockout, "h"),
                               max_per_day: t.pMost ? Number(t.pMost) : undefined, expiry: amount(t.pExpiry, "d") };
    return body;
}
