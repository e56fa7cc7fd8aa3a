// patient.js - the patient's page: shows what the controller tells and sends presses. It decides nothing: whether a press may be
// sent is the controller's ticket, whether a dose is given is the pump's word. REQ-PTNT-02 to -05, HZ-28, HZ-33; rule W8.
// SPDX-License-Identifier: Apache-2.0
import { burstOf, soundAlarm, soundHeard, soundIsOn, soundTest } from "./sound.js";

/* The controller is asked so often, and is taken for dead after so long without an answer. Guesses. */
const EVERY_MS = 1000;
const DEAD_MS = 5000;
const MARKS = { high: "*** High", medium: "** Medium", low: "* Low" };

const part = (id) => document.getElementById(id);
let csrf = "";
let ticket = null;
let heardAt = Date.now();
let pressing = false;
let alarmsStand = false;
let worst = null; // the priority of the worst alarm that stands
let sounded = null; // and of the one that was heard last, with when
let soundedAt = 0;

/* A live region speaks when its text changes, and only then. */
function say(id, text) {
    if (part(id).textContent !== text) part(id).textContent = text;
}

function enable(button, can) {
    button.setAttribute("aria-disabled", can ? "false" : "true");
}

async function send(method, path, body) {
    const headers = method === "GET" ? {} : { "X-CSRF-Token": csrf };
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store", redirect: "error",
                                         credentials: "same-origin", signal: AbortSignal.timeout(DEAD_MS) });
    return { response, json: await response.json() };
}

function ageText(state) {
    if (state.age_s === null) return "The pump was not heard yet";
    if (state.age_s < 60) return "The pump was heard less than a minute ago";
    const minutes = Math.floor(state.age_s / 60);
    return minutes < 60 ? `The pump was heard ${minutes} minute${minutes === 1 ? "" : "s"} ago`
                        : `The pump was heard more than ${Math.floor(minutes / 60)} hour${minutes < 120 ? "" : "s"} ago`;
}

function element(name, text, kind) {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    made.textContent = text;
    return made;
}

/* Replaces a list only when it says something else, so that nobody who reads it is thrown out. */
function list(id, rows, make) {
    const place = part(id);
    const key = JSON.stringify(rows);
    if (place.dataset.shown === key) return;
    place.dataset.shown = key;
    place.replaceChildren(...rows.map(make));
}

function alarmMake(alarm) {
    if (alarm.none) return element("p", alarm.none);
    const made = element("div", "", `alarm ${alarm.priority}`);
    const text = document.createElement("div");
    const title = element("p", `${alarm.what}`, "alarm-title");
    title.prepend(element("span", MARKS[alarm.priority], "mark"), " ");
    text.append(title, element("p", alarm.act), element("p", alarm.does, "sub"));
    if (alarm.since) text.append(element("p", `Since ${alarm.since}`, "sub"));
    made.append(text);
    return made;
}

/* The worst alarm alone is heard: at once when it is new or another, then as often as its priority asks. */
function alarmSound() {
    const due = worst !== sounded || Date.now() - soundedAt >= burstOf(worst).everyMs;
    if (worst !== null && due) {
        soundAlarm(worst);
        soundedAt = Date.now();
    }
    sounded = worst;
}

function alarmsShow(state) {
    alarmsStand = state.alarms.length > 0;
    const rows = [...state.alarms].sort((a, b) => Object.keys(MARKS).indexOf(a.priority) - Object.keys(MARKS).indexOf(b.priority));
    const none = state.alarms_known ? "No alarm stands." : "Not known: the pump does not answer. What stood last is shown here.";
    list("alarms", rows.length > 0 && state.alarms_known ? rows : [{ none }, ...rows], alarmMake);
    part("pause").hidden = !alarmsStand;
    enable(part("pause"), state.alarms_known && !state.busy);
    say("paused", state.paused_until ? `The pump's sound is paused until ${state.paused_until}. The alarm still stands.` : "");
    worst = alarmsStand ? rows[0].priority : null;
    alarmSound();
}

function givenMake(row) {
    const made = document.createElement("li");
    made.append(element("b", row.when), ` ${row.what} `, element("span", `Told by ${row.source}`, "sub"));
    return made;
}

function show(state) {
    heardAt = Date.now();
    ({ csrf, ticket } = state);
    document.body.dataset.state = state.state;
    say("state", state.title);
    say("detail", state.detail);
    say("outcome", state.outcome_text);
    part("outcome").dataset.outcome = state.outcome;
    say("age", ageText(state));
    say("pump", state.pump);
    say("refill", state.refill);
    say("giving", state.giving ? "An extra dose is being given now. Told by the pump's status." : "");
    enable(part("ask"), ticket !== null && !pressing);
    alarmsShow(state);
    list("given", state.given, givenMake);
    part("given-none").hidden = state.given.length > 0;
}

/* The controller itself does not answer: what stands here is old, and nothing can be asked for. */
function dead() {
    ticket = null;
    enable(part("ask"), false);
    enable(part("pause"), false);
    document.body.dataset.state = "silent";
    say("state", "Pump not answering");
    say("detail", "This controller's program does not answer. A pump does not need it to go on, but this page cannot tell you what yours does now.");
}

async function look() {
    try {
        const { response, json } = await send("GET", "/api/state");
        if (response.ok) show(json);
    } catch {
        if (Date.now() - heardAt > DEAD_MS) dead();
    }
}

/* One press, one request: the button is shut until it is answered, and the ticket is good once. Nothing is sent again by itself. */
async function press() {
    if (pressing || ticket === null) return;
    pressing = true;
    enable(part("ask"), false);
    say("outcome", "Asking the pump. Nothing counts as given until the pump says so.");
    try {
        const { response, json } = await send("POST", "/api/press", { ticket });
        if (response.ok) show(json);
        else say("outcome", json.detail);
    } catch {
        say("outcome", "It is not known whether your request arrived. Wait until this page tells you more. Do not ask in another way.");
    }
    ticket = null;
    pressing = false;
}

async function pause() {
    if (part("pause").getAttribute("aria-disabled") === "true") return;
    enable(part("pause"), false);
    try {
        const { response, json } = await send("POST", "/api/pause");
        if (response.ok) show(json);
    } catch {
        say("paused", "It is not known whether the pump paused its sound.");
    }
}

function soundShow() {
    say("sound", soundIsOn() ? "Sound of this page: on" : "Sound of this page: off");
}

part("ask").addEventListener("click", press);
part("pause").addEventListener("click", pause);
part("sound-test").addEventListener("click", async () => {
    const played = await soundTest();
    part("sound-heard").hidden = !played;
    if (played) say("sound", "Sound of this page: off. Did you hear three tones?");
    else say("sound", "Sound of this page: off. This browser makes no sound.");
});
part("sound-heard").addEventListener("click", () => {
    soundHeard();
    part("sound-heard").hidden = true;
    part("sound-test").focus();
    soundShow();
});
say("detail", "Asking the controller how your pump is.");
await look();
setInterval(look, EVERY_MS);
setInterval(alarmSound, EVERY_MS);
