// lessonbar.js - the lesson that runs, above whatever page is open: what to do now, where, how far it is; and at its end what was
// learned, with where that is from.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useState } from "./html.js";
import { useAct } from "./act.js";
import { cardOf } from "./cardtold.js";
import { lessonAgain, lessonEnd, lessonOf, lessonPass, lessonRun, lessonSee, onLesson } from "./lesson.js";
import { pumpPageName } from "./pump.js";
import { useTwin } from "./twin.js";
import { wardRow } from "./wardrow.js";

const WARD_MS = 3000;
const SEE_MS = 500;

/** What the ward tells of a pump, now and then; null: nothing. */
function useWardRow(serial) {
    const [row, set] = useState(null);
    useEffect(() => {
        let alive = true;
        const look = () => wardRow(serial).then((found) => alive && set(found), () => {});
        look();
        const timer = setInterval(look, WARD_MS);
        return () => {
            alive = false;
            clearInterval(timer);
        };
    }, [serial]);
    return row;
}

export function useLesson() {
    const [run, set] = useState(lessonRun());
    useEffect(() => onLesson(set), []);
    return run;
}

/** The end of the address, where the page is about this pump. */
function pageOf(address, serial) {
    const found = /^\/pumps\/([\w.-]+)(\/\w+)?$/.exec(address);
    return found && found[1] === serial ? found[2] || "" : null;
}

function Learned({ lesson, serial }) {
    return html`<div class="learned"><h2 id="lesson-title">Lesson done: ${lesson.title}</h2>
        <ul>${lesson.learned.map(([text, from]) => html`<li>${text} <span class="sub-line">${from}</span></li>`)}</ul>
        <p class="lesson-do"><a href=${`#/pumps/${serial}/training`}>Go to the training page</a>
            <button type="button" onClick=${lessonAgain}>Once more</button><button type="button" onClick=${lessonEnd}>Close the lesson</button></p></div>`;
}

function Step({ lesson, run, page, read }) {
    const step = lesson.steps[run.step];
    const act = useAct(run.from);
    const there = page === step.page;
    return html`<div class="lesson-step">
        <h2 id="lesson-title">${lesson.title} <span class="sub-line">step ${run.step + 1} of ${lesson.steps.length}</span></h2>
        <progress max=${lesson.steps.length} value=${run.step} aria-label="How far this lesson is"></progress>
        <p class="lesson-say" role="status">${step.say}</p>
        <p class="lesson-do">
            ${there ? html`<span class="here">You are on the right page.</span>` : html`<a class="button" href=${`#/pumps/${run.serial}${step.page}`}>Go to ${pumpPageName(step.page)} of ${run.serial}</a>`}
            ${step.act && html`<button type="button" aria-disabled=${act.busy} onClick=${() => act.act(step.act.request, "Done.")}>${step.act.name}</button>`}
            ${step.read && there && html`<button type="button" onClick=${read}>I have looked: go on</button>`}
            <span class="lesson-rest"><button type="button" onClick=${lessonPass}>Pass over this step</button>
                <button type="button" onClick=${lessonAgain}>From the beginning</button><button type="button" onClick=${lessonEnd}>End the lesson</button></span></p>
        ${step.act && html`<p class="said" role="status">${act.said}</p>`}</div>`;
}

/** `address`: of the page that is open. */
export function LessonBar({ run, address }) {
    const lesson = lessonOf(run);
    const twin = useTwin(run.from);
    const row = useWardRow(run.serial);
    const page = pageOf(address, run.serial);
    const seen = { view: twin.view, row, page };
    useEffect(() => {
        const timer = setInterval(() => lessonSee({ ...seen, card: cardOf(run.serial), read: false }), SEE_MS);
        return () => clearInterval(timer);
    });
    const read = () => lessonSee({ ...seen, card: cardOf(run.serial), read: true });
    return html`<aside class="lesson" aria-labelledby="lesson-title">
        <p class="training-mark"><b>SIMULATION TRAINING</b> A lesson runs in this window.</p>
        ${run.step >= lesson.steps.length ? html`<${Learned} lesson=${lesson} serial=${run.from} />`
            : html`<${Step} key=${run.step} lesson=${lesson} run=${run} page=${page} read=${read} />`}
    </aside>`;
}
