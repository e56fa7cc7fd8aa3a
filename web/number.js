// number.js - a field for an amount: one grammar, opened empty, with the old value beside it (N1 to N5). What cannot be a number is
// blocked at the key, and the field stays locked until that was acknowledged. The server judges every amount again; its word counts.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useRef, useState } from "./html.js";
import { amountText } from "./amount.js";
import { keyBrought, keysOf } from "./keys.js";

const WHOLE_MOST = 9;
const PLACES = 6;
const GRAMMAR = /^(0|[1-9]\d{0,8})(\.\d{1,6})?$/;

/** Why this cannot become a number, whatever is typed behind it; "" when it can (U7, N2). */
export function typingFault(text, places = PLACES) {
    if (text.includes(",")) return "A comma is not read as a point. Write a decimal point.";
    if (/[+\-\u2212]/.test(text)) return "A sign is not taken: amounts have none.";
    if (/[eE]/.test(text)) return "An exponent is not taken. Write the number out.";
    if (/[^\d.]/.test(text)) return "Only digits and one decimal point are taken; the unit stands beside the field.";
    if ((text.match(/\./g) || []).length > 1) return "There is a decimal point already.";
    if (text.startsWith(".")) return "A zero stands before the point, as in 0.5.";
    if (/^0\d/.test(text)) return "A number does not begin with a zero, unless the point follows.";
    const [whole, part = ""] = text.split(".");
    if (whole.length > WHOLE_MOST) return "This number is too long.";
    if (part.length > places) return places === 0 ? "Only a whole number is taken." : `At most ${places} places behind the point are taken.`;
    return "";
}

/** Is it a whole number of the grammar? */
export function isNumber(text) {
    return GRAMMAR.test(text || "");
}

const ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
              "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

function wholeWords(n) {
    if (n < 20) return ONES[n];
    if (n < 100) return TENS[Math.floor(n / 10)] + (n % 10 ? `-${ONES[n % 10]}` : "");
    for (const [size, name] of [[1000000, "million"], [1000, "thousand"], [100, "hundred"]])
        if (n >= size) return `${wholeWords(Math.floor(n / size))} ${name}${n % size ? ` ${wholeWords(n % size)}` : ""}`;
    return "";
}

const UNITS = { mg: "milligrams", mcg: "micrograms", mL: "millilitres", cm: "centimetres", h: "hours", min: "minutes", d: "days" };

/** "five point two five milligrams per day" (N4). */
export function inWords(text, unit) {
    if (!isNumber(text)) return "";
    const [whole, part] = text.split(".");
    const number = wholeWords(Number(whole)) + (part ? ` point ${[...part].map((digit) => ONES[Number(digit)]).join(" ")}` : "");
    const [first, per] = unit.split("/");
    const word = UNITS[first] || first;
    return `${number} ${text === "1" ? word.replace(/s$/, "") : word}${per ? ` per ${{ mL: "millilitre", day: "day", h: "hour" }[per] || per}` : ""}`.trim();
}

/** Number of an amount's text without what is not needed, when it is in this unit; otherwise "". */
export function amountNumber(text, unit) {
    const found = /^(\d+)(?:\.(\d+))?\s*(.*)$/.exec(text || "");
    if (!found || found[3] !== unit) return "";
    const part = (found[2] || "").replace(/0+$/, "");
    return found[1] + (part ? `.${part}` : "");
}

/* Keys, DEL, and a paste that is judged as it stands. A drop, an undo, a word at once or a browser's own guess changes nothing (N1, N3). */
const TAKEN = ["insertText", "insertFromPaste", "insertCompositionText", "deleteContentBackward", "deleteContentForward", "deleteByCut"];

/* A key that was refused is the last key: DEL takes that away, and nothing that was taken before ("0 . . DEL 5" is 0.5). */
const ACKNOWLEDGE = ["Enter", "Escape", "Backspace", "Delete"];

function useBlocking(id, places, value, onChange) {
    const [fault, tell] = useState("");
    const keys = useRef(null);
    if (!keys.current || keys.current.id !== id) keys.current = { id, ...keysOf(id) };
    const onbeforeinput = (event) => {
        const { value: before, selectionStart, selectionEnd } = event.target;
        const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? null;
        keys.current.beforeInput(event);
        if (fault || !TAKEN.includes(event.inputType)) {
            event.preventDefault();
            return;
        }
        if (text === null) return;
        const wrong = typingFault(before.slice(0, selectionStart) + text + before.slice(selectionEnd), places);
        if (!wrong) return;
        event.preventDefault();
        tell(wrong);
    };
    const onKeyDown = (event) => {
        keys.current.keyDown(event);
        if (!fault || !ACKNOWLEDGE.includes(event.key)) return;
        event.preventDefault();
        tell("");
    };
    /* What came by a way that cannot be stopped, such as a browser that fills a field, is judged as a whole, and taken back. */
    const onInput = (event) => {
        const wrong = typingFault(event.target.value, places);
        if (wrong || fault) event.target.value = value || "";
        keys.current.input(event);
        if (wrong) tell(wrong);
        else if (!fault) onChange(event.target.value);
    };
    return { fault, tell, onbeforeinput, onKeyDown, onInput };
}

/** Buttons for a step up and down from what is in force. `step`: what comes next, as text, and why there is no more ("" where there is):
 * { up, down, name, why }. A click is a step; a key that is held is one click (N9). */
function Steppers({ label, step, onStep }) {
    const one = (direction, sign) => html`<button type="button" class="stepper" disabled=${step[direction] === ""} aria-label=${`${sign} ${step.name}: ${label}`}
        onKeyDown=${(event) => event.repeat && event.preventDefault()} onClick=${() => onStep(step[direction])}>${sign} ${step.name}</button>`;
    return html`<span class="steppers" role="group" aria-label=${`Steps of ${label}`}>${one("down", "\u2212")}${one("up", "+")}</span>`;
}

/** An amount with its unit, typed as a whole: nothing is blocked, each key is told (N8). */
export function useTyped(id, onChange) {
    const keys = useRef(null);
    if (!keys.current || keys.current.id !== id) keys.current = { id, ...keysOf(id) };
    return { onKeyDown: keys.current.keyDown, onbeforeinput: keys.current.beforeInput, onInput: (event) => {
        keys.current.input(event);
        onChange(event.target.value);
    } };
}

/** `unit` stands beside it and never changes; `old`: the value in force, as the server told it; `onChange` gets the number's text. */
export function AmountField({ id, label, unit, old, value, onChange, places = PLACES, hint, focus, step }) {
    const input = useRef(null);
    const { fault, tell, ...events } = useBlocking(id, places, value, onChange);
    useEffect(() => {
        if (focus) input.current.focus();
    }, [focus]);
    const [whole, part] = (value || "").split(".");
    const acknowledge = () => {
        tell("");
        input.current.focus();
    };
    const bring = (way, text) => {
        keyBrought(id, way, value || "", text);
        tell(typingFault(text, places));
        if (!typingFault(text, places)) onChange(text);
    };
    return html`<div class="field amount">
        <label for=${id}>${label}</label>
        <div class="amount-row"><input id=${id} ref=${input} type="text" inputmode="decimal" autocomplete="off" spellcheck=${false} value=${value || ""}
            aria-describedby=${`${id}-said`} aria-invalid=${fault ? "true" : undefined} class=${fault ? "locked" : ""}
            onbeforeinput=${events.onbeforeinput} onKeyDown=${events.onKeyDown} onInput=${events.onInput} />
            ${unit && html`<span class="unit">${amountText(`1 ${unit}`).slice(2)}</span>`}
            <button type="button" class="clear" disabled=${!value && !fault} aria-label=${`Clear: ${label}`} onClick=${() => {
                bring("Clear", "");
                input.current.focus();
            }}>Clear</button>
            ${step && html`<${Steppers} label=${label} step=${step} onStep=${(text) => bring("Step", text)} />`}
            ${old !== undefined && html`<span class="old">in force: <b>${old ? amountText(old) : "none"}</b></span>`}</div>
        ${step && html`<div class="said-step" role="status">${step.why}</div>`}
        <p class="said" id=${`${id}-said`}>${value && isNumber(value) && unit
            ? html`<span class="echo">${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${part && html`<small>.${part}</small>`}</span> ${inWords(value, unit)}`
            : hint || "\u00a0"}</p>
        <div role="alert">${fault && html`<p class="problem">${fault} Nothing was taken.
            <button type="button" onClick=${acknowledge}>I have read this</button></p>`}</div>
    </div>`;
}
