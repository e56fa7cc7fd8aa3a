// taskbegin.js - beginning a workflow: which one, at a pump that nobody else works at.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { ask } from "./api.js";
import { momentText } from "./moment.js";
import { claimRelease, claimTake, claimToken } from "./taskclaim.js";
import { Choice, TextField } from "./taskforms.js";

/* As clinic/workflow/workflow.def says it; the way down stands by itself. */
const WORKFLOWS = [["program", "Program", "another therapy with the drugs the pump holds"],
                   ["refill", "Refill", "the same drug at the same concentration again"],
                   ["bridge", "Refill with a change", "another drug, concentration or therapy, with a bridge between them"],
                   ["prime", "Prime", "an empty catheter is filled with drug at once"],
                   ["catheter_access", "Catheter access", "the needle goes into the catheter's port"],
                   ["mri_before", "Before a scan", "the pump is made ready, by the rule of its drive"],
                   ["mri_after", "After a scan", "the pump is asked twice whether it goes on"],
                   ["explant", "Explant", "the pump is stopped, emptied and taken out"]];

function saidOf(problem) {
    const { claim } = problem.body || {};
    return claim ? `${claim.owner} works at this pump, in another session or window, until ${momentText(claim.until)} at least. Nothing was begun`
        : `Not begun: ${problem.message}`;
}

/** Becomes the writer of the pump and begins; what the server tells of it. The way down takes the pump from whoever has it. */
export async function taskBegin(serial, workflow, besides) {
    await claimTake(serial, workflow === "emergency");
    return ask("POST", `/api/pumps/${encodeURIComponent(serial)}/task`, { claim: claimToken(serial), workflow, ...besides });
}

/** The way down, also at a pump that somebody else works at: it waits for nobody. */
export function Down({ owner, begin, busy = false }) {
    return html`<section aria-labelledby="down"><h3 id="down">Less, at once</h3>
        <ul class="plain begin"><li><button type="button" aria-disabled=${busy} onClick=${begin}>Stop or lower the pump</button>
            <span>${owner ? `nothing is asked that is not needed for it; takes the pump from ${owner}, whose draft is dropped` : "nothing is asked that is not needed for it"}</span></li></ul></section>`;
}

export function BeginTask({ serial, known, onBegun }) {
    const [problem, tell] = useState("");
    const [busy, work] = useState(false);
    const [patient, patientSet] = useState("");
    const [region, regionSet] = useState("");
    const begin = async (workflow) => {
        if (busy) return;
        work(true);
        tell("");
        try {
            const besides = workflow === "implant" ? { patient: Number(patient) || undefined, region: region || undefined } : {};
            onBegun(await taskBegin(serial, workflow, besides), region);
        } catch (fault) {
            if (fault.kind !== "claimed") await claimRelease(serial);
            tell(saidOf(fault));
            work(false);
        }
    };
    const one = ([workflow, name, text]) => html`<li><button type="button" aria-disabled=${busy} onClick=${() => begin(workflow)}>${name}</button> <span>${text}</span></li>`;
    return html`<p>Beginning one makes this window the one writer of the pump and asks the pump what it is and does. Nothing is changed by that.</p>
        <div role="alert">${problem && html`<p class="problem">${problem}.</p>`}</div>
        <${Down} begin=${() => begin("emergency")} busy=${busy} />
        ${known && html`<section aria-labelledby="begin"><h3 id="begin">Begin</h3><ul class="plain begin">${WORKFLOWS.map(one)}</ul></section>`}
        <details open=${!known}><summary>Implant: a pump that no record knows yet, or whose first therapy was refused</summary>
            <form class="step-form" noValidate=${true} onSubmit=${(event) => {
                event.preventDefault();
                begin("implant");
            }}><${TextField} id="patient-number" label="Number of the patient on record" value=${patient} onChange=${patientSet} />
                <${Choice} id="region" label="Region of the library" options=${[["US", "US"], ["EU", "EU"]]} value=${region} onChange=${regionSet} />
                <button type="submit" class="primary" aria-disabled=${busy}>Begin the implant of ${serial}</button></form></details>`;
}
