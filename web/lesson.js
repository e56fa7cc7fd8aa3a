// lesson.js - guided lessons: what a lesson is, how far one is, and when its next step comes. A lesson is data; what is judged is what
// twin, pump and workflow say, never a click on "done".
// SPDX-License-Identifier: Apache-2.0
import { BEEPING } from "./lessonbeeping.js";
import { BRIDGE } from "./lessonbridge.js";
import { IMPLANT } from "./lessonimplant.js";
import { NOT_INFUSING } from "./lessonnotinfusing.js";
import { REFILL } from "./lessonrefill.js";

/* A lesson: { id, title, about, pump, steps, learned }. `pump`: the one it is for, where it is not the one it was begun at.
 * A step: { say, page, read, act, note, until }.
 *   say    what to do or to look at, in plain words
 *   page   where: the end of an address about the pump, "" for the page at a glance
 *   until  (seen, notes) => is it done? Left out: it is once the page is open
 *   read   the reader says when: a step that is only looked at
 *   act    { name, request }: what is asked of the twin by a button of the lesson
 *   note   (seen) => what is to be known later, such as the time when the step began
 * `seen`: { view: the twin, row: what the ward tells of the pump, card: the workflow of this window, page: where the reader is; null
 * elsewhere, read: the reader has said so }.
 * What was learned: [sentence, where that is from]; HZ ids are those of the hazards that docs/trace.csv follows. */
export const LESSONS = [IMPLANT, REFILL, BRIDGE, BEEPING, NOT_INFUSING];

const KEY = "cisterna-lesson";
const listeners = new Set();

function stored() {
    try {
        const run = JSON.parse(sessionStorage.getItem(KEY));
        const lesson = run && lessonOf(run);
        return lesson && Number.isInteger(run.step) && run.step >= 0 && run.step <= lesson.steps.length ? run : null;
    } catch {
        return null;
    }
}

let current;

/** The lesson that runs in this window: { id, serial, step, notes, begun }; null: none does. It survives a reload. */
export function lessonRun() {
    if (current === undefined) current = stored();
    return current;
}

function runSet(run) {
    current = run;
    if (run) sessionStorage.setItem(KEY, JSON.stringify(run));
    else sessionStorage.removeItem(KEY);
    listeners.forEach((listener) => listener(run));
}

/** Calls `listener` whenever the lesson goes on. Returns what ends that. */
export function onLesson(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export function lessonOf(run) {
    return LESSONS.find((one) => one.id === run.id);
}

export function lessonBegin(id, serial) {
    const lesson = LESSONS.find((one) => one.id === id);
    runSet({ id, from: serial, serial: lesson.pump || serial, step: 0, notes: {}, begun: false });
}

export function lessonAgain() {
    runSet({ ...current, step: 0, notes: {}, begun: false });
}

export function lessonEnd() {
    runSet(null);
}

/** One step further, whatever is seen. */
export function lessonPass() {
    runSet({ ...current, step: current.step + 1, begun: false });
}

/* A step begins with what is seen when it is come to, not later: time may be skipped at once. */
function beginning(lesson, run, seen) {
    const step = lesson.steps[run.step];
    return !step || run.begun ? run : { ...run, begun: true, notes: { ...run.notes, ...(step.note ? step.note(seen) : {}) } };
}

/** Where a run stands when this is seen; the same run when nothing has changed. */
export function lessonTurn(lesson, run, seen) {
    const step = lesson.steps[run.step];
    if (!step) return run;
    const now = beginning(lesson, run, seen);
    const there = seen.page === step.page;
    const done = step.read ? there && seen.read : step.until ? Boolean(step.until(seen, now.notes)) : there;
    return done ? beginning(lesson, { ...now, step: now.step + 1, begun: false }, seen) : now;
}

/** Goes on as far as what is seen lets it. */
export function lessonSee(seen) {
    const run = lessonRun();
    if (!run) return;
    const next = lessonTurn(lessonOf(run), run, seen);
    if (next !== run) runSet(next);
}
