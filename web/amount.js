// amount.js - amounts as a person reads them: the server's texts ("0.200000 mL/day") after the rules U1 to U8.
// SPDX-License-Identifier: Apache-2.0

import { html } from "./html.js";

const SPACE = "\u00a0"; // U3: number and unit never part
const FORM = /^(-?)(\d+)(?:\.(\d+))?\s*(.*)$/;

// U5: names that are easily confused, in tall letters; everything else as the library writes it.
const TALL = { hydromorphone: "HYDROmorphone", sufentanil: "SUFentanil", fentanyl: "fentaNYL", bupivacaine: "BUPivacaine",
               ropivacaine: "ROPivacaine", clonidine: "cloNIDine" };

/** A drug's name on the screen; a screen reader, to which tall letters are letters one by one, gets it plain. */
export function DrugName({ name }) {
    if (!TALL[name]) return name;
    return html`<span aria-hidden="true">${TALL[name]}</span><span class="unseen">${name}</span>`;
}

/** Number and unit of a text; null for what is no amount. */
export function amountRead(text) {
    const found = FORM.exec(text || "");
    if (!found) return null;
    return { value: Number(`${found[1]}${found[2]}.${found[3] || 0}`), unit: found[4] };
}

function unitText(unit) {
    return unit.replace("/day", `${SPACE}per${SPACE}day`).replace("/h", `${SPACE}per${SPACE}hour`);
}

/** "1200.50 mcg/day" as "1,200.5 mcg per day": nothing is rounded unless `decimals` says to how many places, towards zero. */
export function amountText(text, decimals) {
    const found = FORM.exec(text || "");
    if (!found) return text ? text : "not known";
    const whole = found[2].replace(/\B(?=(\d{3})+$)/g, ",");
    const part = (found[3] || "").slice(0, decimals).replace(/0+$/, "");
    const number = (found[1] && (Number(found[2]) > 0 || part) ? "\u2212" : "") + whole + (part ? `.${part}` : "");
    return found[4] ? number + SPACE + unitText(found[4]) : number;
}
