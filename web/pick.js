// pick.js - a choice among words, for settings of a page: nothing of a patient hangs on it.
// SPDX-License-Identifier: Apache-2.0
import { html } from "./html.js";

/** `options`: [word, what is shown]. */
export function Pick({ id, label, options, value, onChange }) {
    return html`<label for=${id}>${label}</label>
        <select id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
            ${options.map(([word, shown]) => html`<option value=${word} selected=${word === value}>${shown}</option>`)}</select>`;
}
