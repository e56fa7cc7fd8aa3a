// troubles.js - what can be done to a virtual implant and its patient: each complication in plain words, what of it the pump can
// notice, and what is asked of the twin to begin and to end it.
// SPDX-License-Identifier: Apache-2.0

const fault = (name) => ({ on: (amount) => ({ do: "fault", fault: name, on: true, ...(amount && { amount }) }), off: () => ({ do: "fault", fault: name, on: false }) });
const shares = (words, ...parts) => parts.map((part) => [`${part} %`, `${part}\u00a0% ${words}`]);

/** `name`: as the twin lists it while it is on. `does`: to pump and patient. `seen`: by the pump. `amounts`: [what is asked, what is
 * shown]; the first is the usual one. `off` null: it has no end. `home`: it ends by going back to where the tip was. */
export const TROUBLES = [
    { name: "stall", title: "Motor stall", ...fault("stall"),
      does: "The rotor does not turn any more: nothing is given, and the drug runs out of the fluid within hours.",
      seen: "The pump counts the turns of its rotor, and alarms." },
    { name: "slip", title: "Counted, but not moved", ...fault("slip"), amounts: shares("of the turns move nothing", 100, 50, 20),
      does: "The gear slips: turns are counted, but no drug leaves the reservoir for them.",
      seen: "Nothing, but by a fill sensor where its model has one. The reservoir is found fuller than calculated at the next refill." },
    { name: "kink", title: "Catheter kinked", ...fault("kink"), amounts: shares("passes", 20, 50, 5, 80),
      does: "The catheter is bent: only a part of what is pumped arrives at the tip, the rest is pressed out on the way.",
      seen: "Nothing by its motor, and the reservoir empties as it should. A model with a pressure sensor can notice it; otherwise only the patient tells." },
    { name: "occlusion", title: "Catheter blocked", ...fault("occlusion"),
      does: "Nothing passes the catheter; what is pumped is pressed out on the way.",
      seen: "As a kink: a model with a pressure sensor can notice it, others nothing." },
    { name: "leak", title: "Catheter leaks", ...fault("leak"), amounts: shares("of the drug is lost", 50, 20, 90),
      does: "A part of the drug goes into the tissue beside the catheter and not to the tip.",
      seen: "Nothing. Only the patient tells." },
    { name: "disconnection", title: "Catheter disconnected or broken", ...fault("disconnection"),
      does: "Catheter and pump have parted, or the catheter is broken through: all that is pumped is lost on the way, and what stands in the rest of it stays there.",
      seen: "Nothing. Only the patient tells." },
    { name: "pocket", title: "Next fill goes beside", ...fault("pocket"), amounts: shares("goes beside", 100, 50, 20),
      does: "The needle will miss the port at the next refill: drug goes into the pocket around the pump, and not into the reservoir. What it does there to the patient is not simulated.",
      seen: "Nothing, but by a fill sensor where its model has one. The reservoir is empty before it is calculated to be, and is found so at the refill after." },
    { name: "overinfusion", title: "Over-infusion", ...fault("overinfusion"), amounts: [["120 %", "120\u00a0% of what is commanded"], ["150 %", "150\u00a0% of what is commanded"],
                                                                                       ["115 %", "115\u00a0% of what is commanded"]],
      does: "Each turn moves more than it should: the patient gets more, and the reservoir is empty before the alarm for it.",
      seen: "Nothing, but by a fill sensor where its model has one. The reservoir is found emptier than calculated at the next refill." },
    { name: "migration", title: "Tip migrated", amounts: ["L4", "L2", "L1", "T12", "T10", "T8"].map((level) => [level, `to ${level}`]), home: true,
      on: (amount) => ({ do: "migrate", level: amount }), off: (amount) => ({ do: "migrate", level: amount }),
      does: "The tip has moved to another level: the drug arrives where the pain is not.", seen: "Nothing. An X-ray shows it." },
    { name: "granuloma", title: "Granuloma at the tip", amounts: shares("is held back", 30, 10, 60, 100),
      on: (amount) => ({ do: "granuloma", on: true, amount }), off: () => ({ do: "granuloma", on: false }),
      does: "Inflamed tissue has grown around the tip, as it does with much drug for a long time: it narrows or blocks the catheter.",
      seen: "Nothing. The dose rises and helps less; an MRI shows it." },
    { name: "infection", title: "Infection", on: () => ({ do: "infection", on: true }), off: () => ({ do: "infection", on: false }),
      does: "The pocket is infected, as it happens in the first months after the operation: the patient has a fever and is less clear.",
      seen: "It is as warm as the patient. It tells its temperature when asked, and a fever is no alarm." },
    { name: "mri", title: "In an MRI scanner", onText: "Into the scanner", offText: "Out of the scanner", ...fault("mri"),
      does: "The field holds the rotor: nothing is given until the patient is out again, and sometimes for hours after that.",
      seen: "The pump notices the field, and that its rotor does not turn." },
    { name: "battery", title: "Dead battery", amounts: [["0 %", "0\u00a0% left"], ["2 %", "2\u00a0% left"], ["10 %", "10\u00a0% left"]],
      on: (amount) => ({ do: "battery", left: amount }), off: null,
      does: "The battery is used up: motor, radio and beeper stop. It is never charged again: only a moment that was kept before has it full.", seen: "It announces the end of its life beforehand; a dead one tells nothing." },
    { name: "radio", title: "Radio lost", on: () => ({ do: "radio", on: false }), off: () => ({ do: "radio", on: true }),
      does: "No programmer reaches the pump. It goes on with its therapy.", seen: "Nothing. The clinic's pages say that it does not answer." },
];

/** One of the view's troubles as words; what no row knows stands as the twin said it. */
export function troubleTitle(name) {
    return TROUBLES.find((one) => one.name === name)?.title || name.replace(/_/g, " ");
}
