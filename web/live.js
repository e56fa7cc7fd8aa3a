// live.js - what a pump tells, as it comes, and how old that is. When nothing comes any more the page says so by a timer of its
// own: silence is an alarm (A7), whether it is the pump's, the server's or the network's.
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "./html.js";
import { ask, sessionEnded } from "./api.js";

/** A stream says something at least every 5 s (--heartbeat); twice that and a little more is silence. */
export const SERVER_SILENT_MS = 12000;
/** A pump is asked every minute (--every), in a demo more often; data older than two turns and a little are stale (guess). */
export const STALE_MS = 150000;

/** A stream that is refused, as when there are too many of them, is asked for again so often; then the page stays with its alarm. */
const AGAIN_MS = 5000;
const AGAIN_MOST = 12;

const NOTHING = { state: null, heardMs: 0, toldMs: 0, silent: false, fault: "", lost: false };

/** The stream of one pump: calls `change` with its picture. Returns what ends it. */
export function listen(serial, change) {
    let picture = { ...NOTHING, heardMs: Date.now() };
    let source = null;
    let timer = 0;
    let refused = 0;
    const take = (event, isState) => {
        const data = JSON.parse(event.data);
        const now = Date.now();
        refused = 0;
        picture = { ...picture, heardMs: now, lost: false, silent: data.silent, fault: data.fault || "" };
        if (isState) picture.state = data.state;
        // The age is the server's: this machine's clock only counts on from it.
        if (data.age !== null) picture.toldMs = now - Number.parseInt(data.age, 10) * 1000;
        change(picture);
    };
    const end = (event) => {
        source.close();
        if (JSON.parse(event.data).reason === "the session has ended") sessionEnded("it was over at the server");
    };
    const fail = () => {
        picture = { ...picture, lost: true };
        change(picture);
        if (source.readyState !== EventSource.CLOSED) return;
        // A stream that is refused for good closes itself: a session that is over says so here.
        if (refused === 0) ask("GET", "/api/me").catch(() => {});
        refused += 1;
        if (refused <= AGAIN_MOST) timer = setTimeout(open, AGAIN_MS);
    };
    const open = () => {
        source = new EventSource(`/api/pumps/${encodeURIComponent(serial)}/events`);
        source.addEventListener("state", (event) => take(event, true));
        source.addEventListener("age", (event) => take(event, false));
        source.addEventListener("end", end);
        source.addEventListener("error", fail);
    };
    open();
    return () => {
        clearTimeout(timer);
        source.close();
    };
}

/** The picture of a pump and what it means now; `each` is called for every state that comes. */
export function useLive(serial, each) {
    const [picture, change] = useState(NOTHING);
    const [now, tick] = useState(Date.now());
    const handler = useRef(each);
    handler.current = each;
    useEffect(() => {
        let last = null;
        const end = listen(serial, (next) => {
            change(next);
            if (next.state && next.state !== last && handler.current) handler.current(next.state, next.toldMs);
            last = next.state;
        });
        const timer = setInterval(() => tick(Date.now()), 1000);
        return () => {
            end();
            clearInterval(timer);
        };
    }, [serial]);
    return { ...picture, ...freshness(picture, now) };
}

/** How old the data are, and why that is an alarm; `alarm` empty: it is none. */
export function freshness(picture, now) {
    const known = picture.toldMs > 0;
    const ageMs = known ? now - picture.toldMs : null;
    let alarm = "";
    if (picture.heardMs > 0 && now - picture.heardMs > SERVER_SILENT_MS) alarm = "The clinic's server does not answer.";
    else if (picture.silent && !known) alarm = "The pump has not been heard since the server started.";
    else if (picture.silent) alarm = "The pump does not answer.";
    else if (known && ageMs > STALE_MS) alarm = "Nothing new has come from the pump.";
    return { ageMs, alarm };
}
