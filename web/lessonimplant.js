// lessonimplant.js - the first implant: a pump that nobody filled yet, its catheter, its first fill and its first therapy.
// SPDX-License-Identifier: Apache-2.0
import { applied, begun, over, past, reached } from "./lessonsign.js";

export const IMPLANT = {
    id: "implant", title: "The first implant", about: "A pump out of its box: its catheter, its first fill, its first dose, and the empty catheter that is primed.",
    pump: "SIM-0004", // of app/demo.def: known to the clinic's keys, in nobody yet
    steps: [
        { page: "/task", until: begun("implant"), say: "The pump SIM-0004 is new, and its patient, Ines Almeida, has the number 4 on record. Open “Implant”, say the number and the library's region, and begin." },
        { page: "/task", until: past("implant", "identify"), say: "Say the patient's name and the pump's serial. A pump that no record knows holds nothing." },
        { page: "/task", until: past("implant", "catheter"), say: "Say the catheter: 45 cm long, and nothing cut off. Its volume decides how long the first drug is on its way." },
        { page: "/task", until: past("implant", "fill"), say: "Say what was filled: 18 mL, as the syringe had held, morphine 10 mg/mL, and a lot." },
        { page: "/task", until: past("implant", "therapy"), say: "Say the first therapy: continuous, 1 mg a day, as the label says for who is tolerant; a prime of all of tubing and catheter as opening, at 2 mL a day; and every limit, the tighter the better. Nothing stands there by itself." },
        { page: "/task", until: reached("implant", "finish"), say: "Say that the catheter holds no drug: a prime fills it at once, and one that held drug would give it all at once." },
        { page: "/task", until: applied("implant"), say: "Read every setting, and type the amount that is asked for again: the most in a day, with what the prime gives. The pump begins." },
        { page: "/task", until: over("implant"), say: "The patient is watched for the time that is said. End the watch, or the workflow, to go on." },
    ],
    learned: [
        ["A first dose is small: 1 to 10 mg of morphine a day for who is tolerant to opioids, 0.2 to 1 mg for who is not. Labels say so; no machine may propose one.", "labels of morphine for the spine: Infumorph, Mitigo"],
        ["A prime pushes what stands in the catheter into the patient. High flow mixed drug and spinal fluid, with early drug and then a dip: overdose and underdose, coma, death possible.", "HZ-09, Class I recall 2013"],
        ["Most deaths after starting come in the first days and weeks: 0.088 % at 3 days, 0.39 % at 1 month. The watch is part of the therapy.", "HZ-40, Coffey 2009"],
        ["Two patients were misprogrammed on one day. Who and what is said twice, by different people.", "HZ-24, 1997"],
    ],
};
