// lessonrefill.js - a safe refill: what is compared, and where drug goes that misses the port.
// SPDX-License-Identifier: Apache-2.0
import { applied, begun, past, over } from "./lessonsign.js";

export const REFILL = {
    id: "refill", title: "A safe refill", about: "The same drug again: what is found in the reservoir is compared, and the needle is proved.",
    steps: [
        { page: "", read: true, say: "Look when the next refill is due, and because of what: the earliest of several dates counts. The reservoir's volume is calculated from what the pump metered, never measured." },
        { page: "/task", until: begun("refill"), say: "Begin the workflow Refill. Only one window can work at a pump; the pump is asked what it is and does." },
        { page: "/task", until: past("refill", "identify"), say: "Say patient, serial and what the pump holds: from the patient and the record, not from this screen." },
        { page: "/task", until: past("refill", "port"), say: "Say which port the needle entered: the reservoir's, and that fluid was aspirated there. Without fluid the needle may be in the pocket, or in the catheter's port." },
        { page: "/task", until: past("refill", "residual"), say: "Say what was drawn out, and 0 for what stayed. What the pump calculated stands under “What the pump told”. What the patient got wrongly shows here, and nowhere else." },
        { page: "/task", until: past("refill", "fill"), say: "Say what was filled, what the syringe had held, drug, concentration and lot. Both volumes must be the same, and no more than the reservoir holds." },
        { page: "/task", until: past("refill", "finish"), say: "Read every setting, also those that stay. Nothing was sent yet." },
        { page: "/task", until: applied("refill"), say: "Type the amount that is asked for once more. Typing, not a click, sends the change." },
        { page: "/task", until: over("refill"), say: "Watch the patient for the time that is said: drug beside the reservoir works at once, whatever the pump says. When the time is over, or by ending it here, the record is written." },
    ],
    learned: [
        ["Drug filled into the pocket beside the pump has killed: 8 deaths and 270 events from 1996 to 2010, in up to 1 of 10,000 refills. Aspirate first, and watch afterwards.", "HZ-05, Class I recall 2011"],
        ["Concentrated morphine went into the catheter's port at a refill, with deaths. The port that was entered is said, and fluid is drawn from it.", "HZ-21, ISMP 2004"],
        ["Staff typed 40 mL after filling 20 mL, twice; the pump ran empty, and then gave the whole dose. Filled and drawn up must agree.", "HZ-23"],
        ["A pump that gives too much runs dry before its own alarm, which is calculated. What is found at a refill is the only true measure.", "HZ-39, HZ-11"],
    ],
};
