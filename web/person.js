// person.js - the simulated patient: how much it hurts, what he says, and what else the drug does, as words. Truth of the twin's: a
// clinician has only the words.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";
import { figureText, shareText } from "./twin.js";

/* A share 0 to 1 as a word: [from, word]. Guesses, for reading alone. */
const DEGREES = [[0.75, "severe"], [0.4, "marked"], [0.15, "moderate"], [0.04, "slight"], [0, "none"]];
/* Breathing is told the other way round: how much of it there is. */
const BREATHING = [[0.9, "as it should be"], [0.7, "a little shallow"], [0.4, "shallow"], [0.15, "dangerously shallow"], [0, "almost none"]];

const EFFECTS = [["sedation", "Sleepiness", DEGREES], ["breathing", "Breathing", BREATHING], ["spasticity", "Spasticity", DEGREES],
                 ["withdrawal", "Withdrawal", DEGREES], ["confusion", "Confusion", DEGREES]];

/** The word for a share; what the twin does not tell is "not known". */
export function degreeText(share, words = DEGREES) {
    if (share === null || share === undefined || !Number.isFinite(share)) return "not known";
    return words.find(([from]) => share >= from)?.[1] ?? words[words.length - 1][1];
}

/** 0 to 10 as marks of a ruler; where it would stand without any drug is a line. */
function PainRuler({ pain, baseline }) {
    const x = (value) => 8 + Math.min(10, Math.max(0, value)) * 28;
    return html`<svg class="pain-ruler" viewBox="0 0 300 52" aria-hidden="true">
        <rect class="ruler" x="8" y="14" width="280" height="14" /><rect class="ruler-fill" x="8" y="14" width=${x(pain) - 8} height="14" />
        ${[0, 2, 4, 6, 8, 10].map((value) => html`<text x=${x(value)} y="46" text-anchor="middle">${value}</text><line class="grid" x1=${x(value)} x2=${x(value)} y1="28" y2="33" />`)}
        ${Number.isFinite(baseline) && html`<path class="ruler-mark" d=${`M${x(baseline)} 8 V34`} />`}
    </svg>`;
}

export function Person({ person }) {
    if (!person) return html`<section aria-labelledby="person"><h2 id="person">The patient</h2>
        <p class="quiet">This pump has no simulated patient.</p></section>`;
    const { pain, baseline_pain: baseline, relief } = person;
    const there = EFFECTS.filter(([name]) => person[name] !== undefined && person[name] !== null);
    return html`<section aria-labelledby="person"><h2 id="person">The patient</h2>
        <div class="person">
            <div class="person-pain"><p><span class="big">Pain ${figureText(Math.round(pain * 10) / 10)}</span> of 10
                    <span class="sub">${figureText(baseline)} without the drug (the line); relief ${shareText(relief)}</span></p>
                <${PainRuler} pain=${pain} baseline=${baseline} />
                <p class="quiet">Asked for a bolus ${person.boluses_asked ?? 0} times, got one ${person.boluses_given ?? 0} times.</p></div>
            <div class="feels"><h3>What the patient says</h3>
                ${person.feels?.length > 0 ? html`<ul>${person.feels.map((one) => html`<li>“${one}”</li>`)}</ul>` : html`<p class="quiet">Nothing.</p>`}</div>
            <div><h3>What the drug does besides</h3>
                <dl class="effects">${there.map(([name, title, words]) => html`<div><dt>${title}</dt>
                    <dd>${degreeText(person[name], words)} <span class="sub-line">${shareText(person[name])}</span></dd></div>`)}</dl></div>
        </div></section>`;
}
