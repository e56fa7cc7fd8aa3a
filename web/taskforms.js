// taskforms.js - one form for each step that a person answers. Fields open empty, nothing is chosen beforehand, and the button says
// what it does (N3, W4). What is missing or wrong, the server says: there is one judge.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { MixtureField, mixtureBody } from "./library.js";
import { AmountField, useTyped } from "./number.js";
import { typedAmount } from "./taskfindings.js";

const text = (name, label, hint) => ({ kind: "text", name, label, hint });
const amount = (name, label, unit, hint) => ({ kind: "amount", name, label, unit, hint });
const choice = (name, label, options) => ({ kind: "choice", name, label, options });
const yes = (name, label) => ({ kind: "yes", name, label });
const mark = (name, label) => ({ kind: "mark", name, label });
const mixture = (name, label, old) => ({ kind: "mixture", name, label, old });
const typed = (name, label, hint) => ({ kind: "typed", name, label, hint });

const CAUSES = ["incomplete_aspiration", "pocket_fill", "over_infusion", "under_infusion", "leak", "record_wrong", "taken", "not_found", "other"];
export const INTERVALS = ["every 30 minutes", "every hour", "every 2 hours", "every 3 hours", "every 4 hours", "every 6 hours", "every 8 hours",
                          "every 12 hours", "once a day"];
const said = (options) => options.map((option) => [option, option.replace(/_/g, " ")]);

const POCKET = "Before filling: make sure the needle is in the reservoir. Drug filled beside it goes into the tissue at once: watch the " +
               "patient afterwards, whatever the pump says.";

/** By step: `say`, what stands above; `fields` of a card; `act`, the button. */
const FORMS = {
    identify: { act: "Check who and what this is", say: "Say it from the patient and the record, not from this screen.",
                fields: (card) => [text("patient", "The patient's name"), text("serial", "The pump's serial"),
                                   ...(card.workflow === "implant" ? [] : [mixture("drugs", "What the pump holds", true)])] },
    lower: { act: (form) => ({ stop: "Stop the pump now", minimum: "Go to the least flow now", cancel: "End the bolus now" })[form.lower] || "Choose how low first",
             say: "It is sent at once. The pump then gives less, never more. Watch for withdrawal after a stop.",
             fields: () => [choice("lower", "How low", [["stop", "stop the pump: nothing flows"], ["minimum", "the least flow of this pump"],
                                                        ["cancel", "end the bolus that runs"]])] },
    catheter: { act: "Take this catheter", say: "A length with what was cut off, or a volume instead; not both.",
                fields: () => [amount("length", "Length before it was cut", "cm"), amount("trimmed", "Cut off", "cm"),
                               amount("volume", "Or the volume of the catheter alone", "mL")] },
    port: { act: "Go on with this port", fields: () => [
        choice("port", "Which port the needle entered", [["reservoir", "the reservoir's"], ["catheter", "the catheter's"]]),
        yes("aspirated", "Fluid was aspirated there")] },
    residual: { act: "Take what was drawn out", say: "What the pump holds was calculated, never measured. What is found is compared with it.",
                fields: () => [amount("withdrawn", "Drawn out", "mL"), amount("left", "Known to have stayed in", "mL", "0 where nothing stayed"),
                               choice("cause", "Cause, where they differ", said(CAUSES)), mark("retitrated", "The dose was found anew")] },
    fill: { act: "Take what was filled", say: POCKET,
            fields: () => [amount("filled", "Filled", "mL"), amount("drawn_up", "The syringe had held", "mL"), mixture("drugs", "What was filled"),
                           text("lot", "Lot, as its label says"), mark("rinsed", "What was left was rinsed out before"),
                           mark("retitrated", "The dose was found anew")] },
    therapy: { act: "Check this therapy", say: "The whole therapy is said anew. What is in force stands beside the fields, to be read.", fields: () => [] },
    schedule: { act: "Check how often and how much", say: "Said once more in words, as a person says it; it has to be what the therapy gives.",
                fields: () => [choice("interval", "How often, where doses come by themselves", said(INTERVALS)),
                               typed("dose", "The dose of one time, with its unit", "such as 0.5 mg; where doses come by themselves"),
                               typed("total", "What that gives in a day, with its unit", "doses a day times dose, without the flow besides; by the hour: the dose of the whole day")] },
    bridge: { act: "Take this bridge", say: "The old drug stands in tubing and catheter: until the boundary is at the tip, it is what the patient gets.",
              fields: () => [] },
    prime: { act: "Go on with the prime", say: "A prime fills the catheter at once. A catheter that holds drug would give all of it at once.",
             fields: () => [choice("holds", "What the catheter holds", [["no_drug", "no drug: it is empty of it"], ["drug", "drug"]]),
                            typed("concentration", "Of that drug, the concentration with its unit", "only where it holds drug")] },
    aspirate: { act: "Go on", fields: () => [yes("aspirated", "The catheter gave fluid")] },
    inject: { act: "Go on", say: "What stands in the catheter would be pushed into the patient.", fields: () => [yes("inject", "Something is injected into the catheter")] },
    scan: { act: "Take this plan for the scan", fields: () => [
        choice("plan", "The rule of this drive", [["keep", "keep the program: the drive stops in the field by itself and goes on"],
                                                  ["empty", "stop, and empty the reservoir first"]])] },
    empty: { act: "Take the reservoir as empty", fields: () => [yes("emptied", "The reservoir was seen to be empty"), amount("withdrawn", "Drawn out", "mL")] },
    finish: { act: "I have read every change: go on", say: "Nothing was sent yet. Look at every row before going on.", fields: () => [] },
    readback: { act: "Send this change to the pump",
                say: "The values under New are what was stored or said. Typing the amount again, not a click, sends the change.",
                fields: (card) => [typed("amount", card.readback || "The amount, with its unit", "with its unit")] },
    watch: { act: "The watch is over", fields: () => [yes("signs", "Signs were seen")] },
};

/** The form of a step; undefined: it has none of this kind. */
export function formOf(step) {
    return FORMS[step];
}

export function actOf(step, form) {
    const { act } = FORMS[step];
    return typeof act === "function" ? act(form) : act;
}

export function Choice({ id, label, options, value, onChange, old }) {
    return html`<div class="field"><label for=${id}>${label}</label>
        <select id=${id} value=${value || ""} onChange=${(event) => onChange(event.target.value)}>
            <option value="">not said</option>${options.map(([word, shown]) => html`<option value=${word}>${shown}</option>`)}</select>
        ${old !== undefined && html`<span class="old">in force: <b>${old || "none"}</b></span>`}</div>`;
}

function YesNo({ id, label, value, onChange }) {
    return html`<fieldset class="yes-no"><legend>${label}</legend>${["yes", "no"].map((word) => html`
        <label for=${`${id}-${word}`}><input type="radio" id=${`${id}-${word}`} name=${id} checked=${value === word} onChange=${() => onChange(word)} /> ${word}</label>`)}</fieldset>`;
}

export function Mark({ id, label, value, onChange }) {
    return html`<label class="mark-field" for=${id}><input type="checkbox" id=${id} checked=${value === true} onChange=${(event) => onChange(event.target.checked)} /> ${label}</label>`;
}

export function TextField({ id, label, hint, value, onChange, typed: isTyped }) {
    const events = useTyped(id, onChange);
    return html`<div class="field"><label for=${id}>${label}</label>
        <input id=${id} type="text" autocomplete="off" autocapitalize="none" spellcheck=${false} value=${value || ""}
            aria-describedby=${hint ? `${id}-said` : undefined} ...${isTyped ? events : { onInput: (event) => onChange(event.target.value) }} />
        ${hint && html`<p class="said" id=${`${id}-said`}>${hint}</p>`}</div>`;
}

/** All fields of a step. */
export function Fields({ card, region, form, set }) {
    return FORMS[card.step].fields(card).map((field) => {
        const common = { key: field.name, id: `field-${field.name}`, value: form[field.name], onChange: (value) => set({ [field.name]: value }) };
        if (field.kind === "amount") return html`<${AmountField} ...${common} label=${field.label} unit=${field.unit} hint=${field.hint} />`;
        if (field.kind === "choice") return html`<${Choice} ...${common} label=${field.label} options=${field.options} />`;
        if (field.kind === "yes") return html`<${YesNo} ...${common} label=${field.label} />`;
        if (field.kind === "mark") return html`<${Mark} ...${common} label=${field.label} />`;
        if (field.kind === "mixture")
            return html`<${MixtureField} ...${common} legend=${field.label} region=${region} />`;
        return html`<${TextField} ...${common} label=${field.label} hint=${field.hint} typed=${field.kind === "typed"} />`;
    });
}

/** What was said, as the request's body says it: what was not said is not there, and the server says so. */
export function bodyOf(card, form) {
    const body = {};
    for (const field of FORMS[card.step].fields(card)) {
        const value = form[field.name];
        if (field.kind === "mixture") body[field.name] = mixtureBody(value);
        else if (value === undefined || value === "") continue;
        else if (field.kind === "amount") body[field.name] = `${value} ${field.unit}`;
        else if (field.kind === "typed") body[field.name] = typedAmount(value);
        else if (field.kind === "yes") body[field.name] = value === "yes";
        else if (field.kind === "text") body[field.name] = value.trim();
        else body[field.name] = value;
    }
    if (card.step === "identify" && card.workflow === "implant") body.drugs = [];
    return body;
}
