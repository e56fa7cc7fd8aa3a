// alarmsound.js - the sound of the clinic's pages: off until somebody has heard a test of it, and said to be off (A6); then whatever
// alarm stands at any pump of the list is heard on whichever page is open, and can be paused for a time that is counted down (A4).
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useRef, useState } from "./html.js";
import { SERVER_SILENT_MS, STALE_MS } from "./live.js";
import { alarmsOfRow, Siren } from "./siren.js";
import { soundAlarm, soundHeard, soundIsOn, soundTest } from "./sound.js";
import { wardRead } from "./wardrow.js";

const LOOK_MS = 5000;
const TURN_MS = 1000;
const SERVER = { key: "server", priority: "medium", text: "the clinic's server does not answer" };

/* The pause is kept while the window is open, whichever page is gone to. */
const siren = new Siren();

/** What stands at any pump of the list, asked quietly; a server that does not answer is an alarm, too. */
function useStanding(on) {
    const standing = useRef({ rows: [], at: 0 });
    useEffect(() => {
        if (!on) return undefined;
        standing.current.at = Date.now();
        const look = () => wardRead().then((rows) => (standing.current = { rows, at: Date.now() }), () => {});
        look();
        const timer = setInterval(look, LOOK_MS);
        return () => clearInterval(timer);
    }, [on]);
    return () => {
        const late = Date.now() - standing.current.at;
        const alarms = standing.current.rows.flatMap((row) => alarmsOfRow(row, STALE_MS, late));
        return late > SERVER_SILENT_MS + LOOK_MS ? [...alarms, SERVER] : alarms;
    };
}

function leftText(ms) {
    const seconds = Math.ceil(ms / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function AlarmSound() {
    const [step, go] = useState(soundIsOn() ? "on" : "off"); // off, asked, none, on
    const [now, tick] = useState(Date.now());
    const [heard, hear] = useState("");
    const on = step === "on";
    const alarms = useStanding(on);
    useEffect(() => {
        if (!on) return undefined;
        const timer = setInterval(() => {
            const priority = siren.see(alarms(), Date.now());
            if (!soundIsOn()) go("off");
            else if (priority) {
                soundAlarm(priority);
                hear(priority);
            }
            tick(Date.now());
        }, TURN_MS);
        return () => clearInterval(timer);
    }, [on]);
    const test = async () => go(await soundTest() ? "asked" : "none");
    const yes = () => {
        soundHeard();
        go("on");
    };
    const turn = (act) => () => {
        act();
        tick(Date.now());
    };
    const left = siren.pausedUntil - now;
    if (!on) return html`<span class="page-sound"><span role="status">${{ off: "Sound off", asked: "Sound off. Did you hear three tones?", none: "Sound off: this browser makes none" }[step]}</span>
        ${" "}<button type="button" onClick=${test}>${step === "asked" ? "Test again" : "Enable and test sound"}</button>
        ${step === "asked" && html`${" "}<button type="button" onClick=${yes}>I heard it</button>`}</span>`;
    if (left > 0) return html`<span class="page-sound" data-heard=${heard}><svg class="shape" viewBox="0 0 20 20" aria-hidden="true"><path d="M5 3 H8 V17 H5 Z M12 3 H15 V17 H12 Z" /></svg>
        ${" "}Sound paused, ${leftText(left)} left <button type="button" onClick=${turn(() => siren.resume())}>End the pause</button></span>`;
    return html`<span class="page-sound" data-heard=${heard}><span role="status">Sound on</span> <button type="button" onClick=${turn(() => siren.pause(Date.now()))}>Pause sound for 10 minutes</button></span>`;
}
