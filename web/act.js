// act.js - doing something to the twin from a button: one at a time, and what was said to it in words beside it.
// SPDX-License-Identifier: Apache-2.0
import { html, useState } from "./html.js";
import { twinAsk } from "./twin.js";

/** { busy, said, act }: `act(request, told)` asks the twin; `told` is what stands there when it was done, a text or what makes one
 * of the answer. */
export function useAct(serial) {
    const [state, set] = useState({ busy: false, said: "", failed: false });
    const act = async (request, told) => {
        if (state.busy) return null;
        set({ busy: true, said: "", failed: false });
        try {
            const answer = await twinAsk(serial, request);
            set({ busy: false, said: typeof told === "function" ? told(answer) : told, failed: false });
            return answer;
        } catch (problem) {
            set({ busy: false, said: `Not done: ${problem.message.replace(/\.$/, "")}.`, failed: true });
            return null;
        }
    };
    return { ...state, act };
}

/** The place of the answer is there from the beginning, so that nothing moves when it comes. */
export function Said({ act }) {
    return html`<p class="said act-said" role=${act.failed ? "alert" : "status"}>${act.said}</p>`;
}
