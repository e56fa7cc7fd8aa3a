// api.js - requests to the server: JSON in and out, the CSRF token, and the session's end as every page has to know it.
// SPDX-License-Identifier: Apache-2.0

/** What the server refused or did not answer. `kind`: the last part of its problem's type; "unreachable" when nothing came. */
export class Problem extends Error {
    constructor(status, body) {
        super(body.detail || "the server does not answer");
        this.status = status;
        this.kind = (body.type || "urn:unreachable").split(":").pop();
        this.body = body;
    }
}

// Who is signed in; null: nobody; undefined: not known yet. `idleAt`: when the session ends if no
// request comes, by this machine's clock.
let session;
const listeners = new Set();

/* Whether to ask the server at all who is signed in: a word without a secret, which all windows of this browser share. */
const KNOWN = "cisterna-signed-in";

function sessionSet(next) {
    session = next;
    if (next) localStorage.setItem(KNOWN, "yes");
    else localStorage.removeItem(KNOWN);
    listeners.forEach((listener) => listener(session));
}

/** Calls `listener` with the session now, and whenever it changes. Returns what ends that. */
export function onSession(listener) {
    listeners.add(listener);
    listener(session);
    return () => listeners.delete(listener);
}

async function fetched(method, path, body) {
    const headers = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && session) headers["X-CSRF-Token"] = session.csrf;
    try {
        return await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body),
                                   cache: "no-store", redirect: "error", credentials: "same-origin" });
    } catch {
        throw new Problem(0, {});
    }
}

async function answered(method, path, body) {
    const response = await fetched(method, path, body);
    const text = response.status === 204 ? "" : await response.text();
    const json = text ? JSON.parse(text) : null;
    return { response, json };
}

/** One request; its document, or a Problem thrown. A session that has ended is told to all. */
export async function ask(method, path, body) {
    return asked(true, method, path, body);
}

/** The same for what a page asks again and again by itself, and the server does not take for use (QUIET in route.def). */
export async function askQuietly(path, method = "GET", body = undefined) {
    return asked(false, method, path, body);
}

/** What is said while the window closes: nobody hears the answer any more. */
export function tellAtEnd(path, body) {
    if (!session) return;
    fetch(path, { method: "POST", keepalive: true, credentials: "same-origin", body: JSON.stringify(body),
                  headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf } }).catch(() => {});
}

async function asked(used, method, path, body) {
    const { response, json } = await answered(method, path, body);
    if (response.ok) {
        if (session && used) sessionSet({ ...session, idleAt: Date.now() + session.idleMs });
        return json;
    }
    if (response.status === 401 && json.type.endsWith(":session") && session) sessionEnded("it was over at the server");
    throw new Problem(response.status, json || {});
}

function sessionOf(response, json, now) {
    const server = Date.parse(response.headers.get("Date"));
    const idleMs = Date.parse(json.ends_if_idle) - server;
    return { ...json, idleMs, idleAt: now + idleMs, endsAt: now + Date.parse(json.ends) - server };
}

/** Is somebody signed in in this browser? */
export async function sessionFind() {
    if (!localStorage.getItem(KNOWN)) {
        sessionSet(null);
        return;
    }
    const { response, json } = await answered("GET", "/api/me");
    sessionSet(response.ok ? sessionOf(response, json, Date.now()) : null);
}

export async function signIn(name, password) {
    const { response, json } = await answered("POST", "/api/sign-in", { name, password });
    if (!response.ok) throw new Problem(response.status, json || {});
    sessionSet(sessionOf(response, json, Date.now()));
}

export async function signOut() {
    await ask("POST", "/api/sign-out");
    sessionSet(null);
}

let endedBecause = "";

/** Nobody is signed in any more: what was on the screen goes, with the reason. */
export function sessionEnded(because) {
    endedBecause = because;
    sessionSet(null);
}

/** Why the last session ended, once. */
export function endedWhy() {
    const why = endedBecause;
    endedBecause = "";
    return why;
}
