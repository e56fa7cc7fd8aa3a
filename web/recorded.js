// recorded.js - alarms as the records have them: of the last pull of the pump's log, and who in the clinic has seen each. Saying so is a
// row of the audit, and changes nothing at the pump: an alarm stands as long as its condition (A4).
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useState } from "./html.js";
import { ask, askQuietly } from "./api.js";
import { Alarm } from "./alarm.js";
import { ageText, momentText } from "./moment.js";

const EVERY_MS = 5000;

/** { alarms, pulled, ageMs, fault, see }: those on record of an implant, looked at again and again; `alarms` null until they are known. */
export function useRecorded(implant) {
    const [got, set] = useState({ json: null, fault: "", at: 0 });
    const path = `/api/implants/${implant}/alarms`;
    const look = () => askQuietly(path).then((json) => set({ json, fault: "", at: Date.now() }), (problem) => set((old) => ({ ...old, fault: problem.message })));
    useEffect(() => {
        if (!implant) return undefined;
        look();
        const timer = setInterval(look, EVERY_MS);
        return () => clearInterval(timer);
    }, [implant]);
    const see = async (id) => {
        await ask("POST", `/api/alarms/${id}/seen`);
        await look();
    };
    const age = got.json && got.json.age !== null ? Number.parseInt(got.json.age, 10) * 1000 + Math.max(0, Date.now() - got.at) : null;
    return { alarms: got.json ? got.json.alarms : null, pulled: got.json && got.json.pulled, ageMs: age, fault: got.fault, see };
}

/** How old that is: nothing in the records says what happened since. */
export function Pulled({ recorded }) {
    if (recorded.fault) return html`The records do not answer: ${recorded.fault}.`;
    if (!recorded.alarms) return "The records are asked.";
    if (!recorded.pulled) return "Its log was never pulled: no alarm is on record.";
    return html`On record as of the last pull of its log, ${momentText(recorded.pulled)}, age: <b>${ageText(recorded.ageMs)}</b>`;
}

/** Who has seen it and when, or the button to say so; there from the beginning, so that nothing moves. `alarm` null: not on record. */
export function Seen({ alarm, see }) {
    const [state, set] = useState({ busy: false, fault: "" });
    if (!alarm) return html`<p class="seen quiet">Not on record yet: it can be acknowledged once the pump's log was pulled.</p>`;
    if (alarm.seen) return html`<p class="seen">Acknowledged ${momentText(alarm.seen)} by ${alarm.seen_by ? `account ${alarm.seen_by}` : "a key file"}. It stands as before.</p>`;
    const press = async () => {
        if (state.busy) return;
        set({ busy: true, fault: "" });
        set({ busy: false, fault: await see(alarm.id).then(() => "", (problem) => problem.message) });
    };
    return html`<p class="seen"><button type="button" aria-disabled=${state.busy} aria-label=${`Acknowledge: ${alarm.text}`} onClick=${press}>Acknowledge</button>
        ${" "}<span role=${state.fault ? "alert" : undefined}>${state.fault ? `Not acknowledged: ${state.fault}.` : "Nobody has yet. It ends no alarm, and no sound of the pump."}</span></p>`;
}

/** Those on record that the pump does not tell now: it may have been cleared since the last pull, or the pump is not heard. */
export function RecordedOnly({ recorded, told }) {
    const rest = (recorded.alarms || []).filter((alarm) => !told.some((one) => one.code === alarm.code));
    return rest.map((alarm) => html`<li key=${alarm.id}><${Alarm} priority=${alarm.priority} title=${alarm.text}>
        <p>Since ${momentText(alarm.raised)}${alarm.ended ? `; its condition ended ${momentText(alarm.ended)}, and it stays until a clinician clears it` : ""}.
            ${" "}On record alone: the pump did not tell it when it was heard last, or was not heard.</p>
        <${Seen} alarm=${alarm} see=${recorded.see} /><//></li>`);
}
