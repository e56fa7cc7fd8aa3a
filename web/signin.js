// signin.js - signing in.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useRef, useState } from "./html.js";
import { endedWhy, signIn } from "./api.js";

export function SignIn() {
    const [problem, tell] = useState("");
    const [busy, work] = useState(false);
    const [why] = useState(endedWhy);
    const name = useRef(null);
    const password = useRef(null);
    useEffect(() => name.current.focus(), []);
    const submit = async (event) => {
        event.preventDefault();
        if (busy) return;
        work(true);
        tell("");
        try {
            await signIn(name.current.value, password.current.value);
        } catch (error) {
            tell(error.kind === "password" ? "No account has this name and this password, or it may not sign in."
                                           : `Not signed in: ${error.message}.`);
            work(false);
            password.current.focus();
        }
    };
    return html`<main id="main" class="narrow">
        <h1>Sign in</h1>
        ${why && html`<p role="status" class="notice">You were signed out: ${why}. What was not sent is discarded.</p>`}
        <form onSubmit=${submit} noValidate=${true}>
            <label for="name">Name</label>
            <input id="name" ref=${name} type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
            <label for="password">Password</label>
            <input id="password" ref=${password} type="password" autocomplete="current-password" required />
            <div class="problem-place" aria-live="assertive">${problem && html`<p class="problem">${problem}</p>`}</div>
            <button type="submit" class="primary" aria-disabled=${busy}>${busy ? "Signing in" : "Sign in"}</button>
        </form>
        <p class="quiet">Nothing leaves this machine. A session ends when it is not used, and its keys are wiped.</p>
    </main>`;
}
