// lessonlist.js - the lessons there are, begun at this pump.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { lessonBegin, LESSONS } from "./lesson.js";
import { useLesson } from "./lessonbar.js";

export function LessonList({ serial }) {
    const run = useLesson();
    return html`<details class="lesson-list"><summary><h2>Lessons</h2> <span class="quiet">${LESSONS.length} of them, guided step by step</span></summary>
        <p>A lesson stands above every page until it is done, and goes on by what you do. It changes nothing by itself but what its buttons say.</p>
        <ol class="plain lessons">${LESSONS.map((lesson) => html`<li>
            <div><h3>${lesson.title}${run?.id === lesson.id && html` <span class="on-mark">runs now</span>`}</h3>
                <p>${lesson.about} <span class="quiet">${lesson.steps.length} steps${lesson.pump ? `, at the pump ${lesson.pump}` : ""}.</span></p></div>
            <button type="button" aria-label=${`Begin: ${lesson.title}`} onClick=${() => {
                lessonBegin(lesson.id, serial);
                window.scrollTo(0, 0);
            }}>Begin</button></li>`)}</ol></details>`;
}
