// keys.js - every key that is pressed in a field for a number, with its moment and what the field held then (N8). They go to the server
// with the answer to the step, from when the step was opened, so that they can be replayed from the empty field on.
// SPDX-License-Identifier: Apache-2.0

/* Those of clinic/server/typing.h: what does not fit is counted. */
const PRESSES_MOST = 160;
const FIELD_BYTES_MOST = 3800;
const STEP_PRESSES_MOST = 1200;
const KEY_MOST = 80;
const VALUE_MOST = 63;

let opened = 0;
let total = 0;
const fields = new Map();

/** A step is opened: what was typed before belongs to another. */
export function keysOpen() {
    opened = Date.now();
    total = 0;
    fields.clear();
}

const bytes = (text) => new TextEncoder().encode(text).length;

/** Room is counted as it will be sealed: what is no ASCII takes up to twelve bytes. */
const room = (press) => JSON.stringify(press).replace(/[^ -~]/g, "\\u0000\\u0000").length + 1;

/** What was marked, the key, and the value it has left. Returns the press; undefined: there was no room for it. */
export function keyPressed(id, [from, to], key, value) {
    if (!fields.has(id)) fields.set(id, { pressed: [], missed: 0, bytes: 0, value: "" });
    const field = fields.get(id);
    const press = [Date.now() - opened, from, to, bytes(key) > KEY_MOST ? "Long" : key, value];
    // The value after it may be longer than the one before.
    const size = room(press) + 12;
    if (field.missed > 0 || field.pressed.length >= PRESSES_MOST || total >= STEP_PRESSES_MOST || bytes(value) > VALUE_MOST ||
        field.bytes + size > FIELD_BYTES_MOST) {
        field.missed += 1;
        return undefined;
    }
    field.bytes += size;
    total += 1;
    field.pressed.push(press);
    return press;
}

/** Other ways into a field than its keys: "Clear", "Step", "Pick". */
export function keyBrought(id, way, before, value) {
    keyPressed(id, [0, before.length], way === "Clear" ? way : `${way}:${value}`, value);
    valueNow(id, value);
}

function valueNow(id, value) {
    if (fields.has(id)) fields.get(id).value = bytes(value) > VALUE_MOST ? "" : value;
}

/** As the request's body says it; undefined: nothing was pressed. */
export function keysTold() {
    const told = [...fields].filter(([, field]) => field.pressed.length > 0)
        .map(([id, field]) => ({ field: id.slice(0, 47), value: field.value, missed: field.missed, pressed: field.pressed }));
    return told.length > 0 ? { sent: Date.now() - opened, fields: told.slice(0, 96) } : undefined;
}

const marked = (target) => [target.selectionStart ?? 0, target.selectionEnd ?? 0];

/** Handlers for the events of a field; what blocks a key runs behind them. One press, one row: what a key brings in is not told twice. */
export function keysOf(id) {
    const last = { press: undefined, key: "", used: false, told: false };
    const push = (target, key) => {
        last.press = keyPressed(id, marked(target), key, target.value);
        last.key = key;
        last.used = false;
        valueNow(id, target.value);
    };
    return {
        keyDown(event) {
            if (["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
            const held = event.ctrlKey || event.metaKey || event.altKey;
            push(event.target, `${held ? "Ctrl+" : ""}${event.key || "Unidentified"}`);
        },
        beforeInput(event) {
            const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
            const isKey = { insertText: last.key === text, deleteContentBackward: last.key === "Backspace",
                            deleteContentForward: last.key === "Delete" }[event.inputType];
            last.told = true;
            if (isKey && !last.used) {
                last.used = true;
                return;
            }
            const name = { deleteContentBackward: "Backspace", deleteContentForward: "Delete", deleteByCut: "Cut" }[event.inputType];
            push(event.target, name || (event.inputType.startsWith("insert") ? `Paste:${text}` : event.inputType));
        },
        input(event) {
            // A browser that fills a field by itself announces nothing.
            const { target } = event;
            if (!last.told) push(target, "Filled");
            if (last.press && bytes(target.value) <= VALUE_MOST) last.press[4] = target.value;
            last.told = false;
            valueNow(id, target.value);
        },
    };
}
