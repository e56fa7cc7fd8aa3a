// savedmoment.js - moments of a virtual patient that can be gone back to. Going back makes a new patient with a new pump, so that
// no counter, ledger or record ever runs backwards.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useRef, useState } from "./html.js";
import { useAct } from "./act.js";
import { momentText } from "./moment.js";
import { civilAt } from "./twin.js";
import { wardRow } from "./wardrow.js";

const MADE_LOOK_MS = 1000;
const MADE_WAIT_MS = 90000; // its keys, its first fill and its therapy go over the radio like anybody's (guess)

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** What is wrong with a name; empty: nothing. */
export function nameFault(name, moments) {
    if (!NAME.test(name)) return "A name has small letters, digits and hyphens, 31 at most, such as before-kink.";
    return moments.some((one) => one.name === name) ? "There is a moment of this name already." : "";
}

export function SavedMoments({ serial, view }) {
    const act = useAct(serial);
    const [name, nameSet] = useState("");
    const [wrong, tell] = useState("");
    const save = async (event) => {
        event.preventDefault();
        const fault = nameFault(name, view.moments);
        tell(fault);
        if (!fault && (await act.act({ do: "save", name }, `Kept as ${name}.`))) nameSet("");
    };
    const [made, madeSet] = useState("");
    const alive = useRef(true);
    useEffect(() => () => {
        alive.current = false;
    }, []);
    const fork = async (one) => {
        madeSet("");
        const answer = await act.act({ do: "fork", name: one.name }, (said) => `A new patient with the pump ${said.serial} is made of ${one.name}: this page goes there when it is ready.`);
        if (!answer?.serial) return;
        const late = Date.now() + MADE_WAIT_MS;
        while (alive.current && Date.now() < late) {
            if ((await wardRow(answer.serial).catch(() => null))?.state) {
                if (alive.current) window.location.hash = `#/pumps/${answer.serial}/training`;
                return;
            }
            await new Promise((resolve) => setTimeout(resolve, MADE_LOOK_MS));
        }
        madeSet(`The pump ${answer.serial} has not been heard yet. Look for it in the list of patients.`);
    };
    return html`<section aria-labelledby="moments"><h2 id="moments">Moments to go back to</h2>
        <p>A moment keeps pump, catheter and patient as they are now. Going back begins a <b>new</b> virtual patient with a new pump there; this one goes on.</p>
        <form class="doing moment-form" onSubmit=${save}>
            <label for="moment-name">Name of this moment</label>
            <input id="moment-name" type="text" autocomplete="off" autocapitalize="none" spellcheck=${false} value=${name} aria-describedby="moment-said" onInput=${(event) => nameSet(event.target.value)} />
            <button type="submit" aria-disabled=${act.busy}>Keep this moment</button>
            <p class="said" id="moment-said" role="status">${made || wrong || act.said}</p>
        </form>
        ${view.moments.length === 0 ? html`<p class="quiet">None was kept yet.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Moments that were kept"><table>
            <caption>Moments that were kept, the newest first</caption>
            <thead><tr><th scope="col">Moment</th><th scope="col">Pump's clock</th><th scope="col">Go back</th></tr></thead>
            <tbody>${[...view.moments].reverse().map((one) => html`<tr><th scope="row">${one.name}</th><td>${one.damaged ? "not known" : momentText(civilAt(view, one.elapsed_ms))}</td>
                <td>${one.damaged ? "Damaged: it is not what was kept, and nobody can go back to it." : html`<button type="button" aria-disabled=${act.busy} aria-label=${`Begin a new patient here: ${one.name}`} onClick=${() => fork(one)}>Begin a new patient here</button>`}</td></tr>`)}</tbody>
        </table></div>`}
    </section>`;
}
