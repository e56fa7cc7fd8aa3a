// lessonsign.js - what lessons look for in what is seen: signs that a step is done, as functions that steps are made of.
// SPDX-License-Identifier: Apache-2.0

const HOUR = 3600000;

/** A workflow is under way in this window. */
export const begun = (workflow) => ({ card }) => Boolean(card) && card.workflow === workflow && card.step !== null;

/** One of its steps lies behind. */
export const past = (workflow, step) => ({ card }) => Boolean(card) && card.workflow === workflow &&
    card.steps.some((one) => one.step === step && one.state === "past");

/** It stands at this step, or beyond it. */
export const reached = (workflow, step) => ({ card }) => Boolean(card) && card.workflow === workflow &&
    card.steps.some((one) => one.step === step && (one.state === "past" || one.state === "now"));

export const applied = (workflow) => ({ card }) => Boolean(card) && card.workflow === workflow && card.change === "applied";

/** It has ended, with a change or without. */
export const over = (workflow) => ({ card }) => Boolean(card) && card.workflow === workflow && card.step === null && !card.busy;

/** A finding of this rule stands against what was said. */
export const found = (rule) => ({ card }) => Boolean(card) && card.findings.some((one) => one.rule === rule);

export const isOn = (name) => ({ view }) => Boolean(view) && view.troubles.some((one) => one.name === name);

export const isOff = (name) => ({ view }) => Boolean(view) && !view.troubles.some((one) => one.name === name);

/** An alarm stands at the pump, as the clinic heard it. */
export const alarms = (...names) => ({ row }) => Boolean(row?.state) && row.state.alarms.some((one) => names.length === 0 || names.includes(one.alarm));

/** So many hours of the patient's time have passed since the step began; for steps with `note: sinceNow`. */
export const hours = (count) => ({ view }, notes) => Boolean(view) && notes.ms !== undefined && !view.skipping && view.elapsed_ms - notes.ms >= count * HOUR;

export const sinceNow = ({ view }) => (view ? { ms: view.elapsed_ms } : {});

export const both = (one, other) => (seen, notes) => one(seen, notes) && other(seen, notes);
