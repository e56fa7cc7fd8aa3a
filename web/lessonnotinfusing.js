// lessonnotinfusing.js - the pump that counted and gave nothing: no alarm, more left than expected, and why the dose is not just given.
// SPDX-License-Identifier: Apache-2.0
import { begun, both, found, hours, isOn, over, past, sinceNow } from "./lessonsign.js";

export const NOT_INFUSING = {
    id: "not-infusing", title: "The pump that was not infusing", about: "No alarm, a patient in pain, and more left in the reservoir than there should be.",
    steps: [
        { page: "/training", act: { name: "Let the gear slip", request: { do: "fault", fault: "slip", on: true, amount: "100 %" } }, until: isOn("slip"), say: "The turns of this pump will be counted, but move nothing. Press the button." },
        { page: "/training", note: sinceNow, until: both(isOn("slip"), hours(480)), say: "Go ahead by 30 days: nobody notices. Watch the fluid, the pain, and what the patient says." },
        { page: "", read: true, say: "Look at the page at a glance: no alarm, and a reservoir that was calculated to empty as it should. The pump knows only what it counted." },
        { page: "/training", read: true, say: "Look at the reservoir in truth, and write it down: that is what the syringe will find." },
        { page: "/task", until: begun("refill"), say: "Begin the workflow Refill." },
        { page: "/task", until: past("refill", "port"), say: "Identify, and say port and aspiration." },
        { page: "/task", until: found("not_infusing"), say: "Say as drawn out what the reservoir holds in truth, and 0 for what stayed. The programmer stops: more was found than was expected." },
        { page: "/task", read: true, say: "Read what stands against it. A reservoir that is too full means drug that was not given. Who had none for a month has lost the tolerance to it: the old dose may be a lethal one." },
        { page: "/task", until: past("refill", "residual"), say: "Name the cause, “under infusion”, and mark that the dose was found anew: only then it goes on. “Not found” opens nothing." },
        { page: "/task", until: over("refill"), say: "This pump cannot be trusted. Abandon the workflow: neither a new fill nor a lower dose makes it safe; it has to be taken out." },
    ],
    learned: [
        ["19 mL were left at a refill, twice: the catheter was blamed. Refilled, stopped and started again at a lower dose, the pump nearly killed the patient with baclofen within minutes.", "HZ-25, case of 2010"],
        ["More left than expected locks the refill until a cause is named and the dose is found anew.", "HZ-25, HZ-40"],
        ["What a pump commanded, what it counted and what the patient got are three amounts. Only the residual tells them apart.", "HZ-33, HZ-39"],
        ["Less left than expected, again and again, can also be a person who takes the drug.", "case report, Anesthesiology 1943186"],
    ],
};
