// taskclaim.js - holding a pump: one writer each (W9). The claim is renewed every minute while this window is open, also where
// another page is looked at meanwhile; it ends with the window, with the session, or when nothing is to be done any more.
// SPDX-License-Identifier: Apache-2.0
import { ask, askQuietly, onSession, tellAtEnd } from "./api.js";

/** A claim stands five minutes without a word of its owner: a few renewals may be lost. */
const RENEW_MS = 60000;

const claims = new Map();

function forget(serial) {
    const claim = claims.get(serial);
    if (claim) clearInterval(claim.timer);
    claims.delete(serial);
}

/** The token with which this window holds the pump; undefined: it does not. */
export function claimToken(serial) {
    return claims.get(serial)?.token;
}

const path = (serial, verb) => `/api/pumps/${encodeURIComponent(serial)}/${verb}`;

async function renew(serial) {
    const claim = claims.get(serial);
    try {
        await askQuietly(path(serial, "claim"), "POST", { claim: claim.token });
    } catch (problem) {
        // What the network lost is tried again in a minute; what the server refused is over.
        if (problem.status === 409 && claims.get(serial) === claim) forget(serial);
    }
}

/** Becomes the one writer of a pump. Throws the problem that tells who is it; `emergency`: whoever that was, is it no more. */
export async function claimTake(serial, emergency = false) {
    if (claims.has(serial)) return;
    const { claim: token } = await ask("POST", path(serial, "claim"), emergency ? { emergency } : {});
    claims.set(serial, { token, timer: setInterval(() => renew(serial), RENEW_MS) });
}

export async function claimRelease(serial) {
    const token = claimToken(serial);
    forget(serial);
    if (token) await ask("POST", path(serial, "release"), { claim: token }).catch(() => {});
}

/** What the server says of a token that holds nothing any more. */
export function claimLost(serial) {
    forget(serial);
}

onSession((session) => {
    if (!session) [...claims.keys()].forEach(forget);
});
window.addEventListener("pagehide", () => claims.forEach((claim, serial) => tellAtEnd(path(serial, "release"), { claim: claim.token })));
