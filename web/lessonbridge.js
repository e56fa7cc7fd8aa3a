// lessonbridge.js - another concentration: the old drug in the catheter comes first, at the new pump's rate unless a bridge is made.
// SPDX-License-Identifier: Apache-2.0
import { applied, begun, past, reached } from "./lessonsign.js";

const twoPieces = ({ view }) => Boolean(view) && new Set(view.catheter.segments.map((one) => `${one.drug} ${one.concentration}`)).size > 1;
const onePiece = ({ view }) => Boolean(view) && new Set(view.catheter.segments.map((one) => `${one.drug} ${one.concentration}`)).size === 1;

export const BRIDGE = {
    id: "bridge", title: "A bridge", about: "Another concentration: until the boundary between old and new is at the tip, the patient gets the old one.",
    steps: [
        { page: "/training", read: true, say: "Look at “In the catheter”: one mixture from the pump to the tip. Whatever is filled now reaches the tip only after all of this has left it." },
        { page: "/task", until: begun("bridge"), say: "Begin the workflow “Refill with a change”." },
        { page: "/task", until: past("bridge", "residual"), say: "Identify, say the port, and say what was drawn out, as in a refill." },
        { page: "/task", until: past("bridge", "fill"), say: "Fill another concentration of the same drug, such as 10 mg/mL where it was 25 mg/mL, and mark that what was left was rinsed out." },
        { page: "/task", until: reached("bridge", "bridge"), say: "Say the therapy: the same dose a day, continuous, and under “Opening” a bridge. It runs at a rate that gives the old drug at the dose it is meant to give." },
        { page: "/task", until: past("bridge", "bridge"), say: "Read the bridge: where the boundary stands, and after how long it is at the tip. Where something stands against it, go back to the therapy by beginning again." },
        { page: "/task", until: applied("bridge"), say: "Read every change and type the amount again. The bridge begins." },
        { page: "/training", until: twoPieces, say: "Now two mixtures stand in the catheter, each with its pattern. The tip still gives the old one." },
        { page: "/training", until: onePiece, say: "Go ahead in time until the boundary has passed the tip, and watch what the fluid at the tip and the pain do meanwhile." },
    ],
    learned: [
        ["At a prime, old drug and spinal fluid mix in the catheter: first too much came, then too little. Tubing and catheter are a volume that has to be emptied at a known dose.", "HZ-09, Class I recall 2013"],
        ["The volume of the pump's tubing was wrong by 0.059 mL in a programmer for years, 14,499 pumps. A bridge is only as good as that number.", "HZ-10, Class I recall 2016 to 2017"],
        ["One form mixed minutes and hours; an hourly dose was given instead of a daily one. That is why the dose of a day is said in words and typed again.", "HZ-01, HZ-22"],
    ],
};
