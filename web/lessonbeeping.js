// lessonbeeping.js - the pump that beeps: what an alarm tells, how late one is heard, and that its end is not its cause.
// SPDX-License-Identifier: Apache-2.0
import { alarms, both, hours, isOff, isOn, over, sinceNow } from "./lessonsign.js";

export const BEEPING = {
    id: "beeping", title: "The beeping pump", about: "A patient calls: it beeps. What the alarm says, what the pump does meanwhile, and what is left when it ends.",
    steps: [
        { page: "/training", read: true, say: "Look at the patient: pain, and what he says. Then let the lesson begin its trouble." },
        { page: "/training", act: { name: "Let the motor stall", request: { do: "fault", fault: "stall", on: true } }, until: isOn("stall"), say: "The rotor of this pump will stand still. Press the button; nothing tells the clinic yet." },
        { page: "", until: alarms("motor_stall"), say: "Wait on the page at a glance until an alarm comes. The pump tries to move, counts, and only then alarms: at a low flow that takes a while, so let time pass faster on the training page if you like." },
        { page: "", read: true, say: "Read the alarm: what it is, since when, and what the pump does now. A stall alarm says that the mechanism did not move when told to, so the patient gets less, or nothing. It does not say why." },
        { page: "/training", note: sinceNow, until: hours(12), say: "Nobody comes: go ahead by 12 hours or more. See how the drug leaves the fluid, and what the patient feels then." },
        { page: "/task", until: over("mri_after"), say: "The pump's log comes to the clinic when a workflow ends. Begin After a scan: say patient, serial and drug, and end it at the watch, by abandoning it." },
        { page: "/log", read: true, say: "Look into the log: when the motor stopped, and what else happened then. A magnet, a scanner, a worn gear: the time says which to ask for." },
        { page: "/training", act: { name: "Let the motor turn again", request: { do: "fault", fault: "stall", on: false } }, until: isOff("stall"), say: "The motor turns again, as after a scan. Press the button." },
        { page: "/training", note: sinceNow, until: both(isOff("stall"), hours(1)), say: "Go ahead by an hour. The patient does not get back what was missed, and was without it for hours: the old dose may be too much now." },
        { page: "", read: true, say: "Look once more: what ended by itself, and what stays until a clinician has looked. An alarm that is over may have been a dose that was missed." },
    ],
    learned: [
        ["Some stalls ended their pumps for good, and the alarm worked each time: it must not hang on the part that failed.", "HZ-18, Class I recall 2019; HZ-02"],
        ["Pumps left in a stopped mode were found after 48 hours to 21 days. An alarm within minutes is what shortens that.", "HZ-17, notice of 2020 to 2021"],
        ["Patients heard beeps for three days before help came, and an emergency room heard none. Ask when it began, and read the log.", "case reports: docksci 12258, tamingthesru.com"],
        ["After hours without an opioid or baclofen, going on at the old dose is a decision, not a default.", "HZ-40, HZ-25"],
    ],
};
