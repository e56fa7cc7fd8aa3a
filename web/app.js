// app.js - the frame of every page: SIMULATION, who is signed in and until when, and which page the address names.
// SPDX-License-Identifier: Apache-2.0
import { html, render, useEffect, useRef, useState } from "./html.js";
import { AlarmSound } from "./alarmsound.js";
import { ask, onSession, sessionEnded, sessionFind, signOut } from "./api.js";
import { Audit } from "./audit.js";
import { Glance } from "./glance.js";
import { LessonBar, useLesson } from "./lessonbar.js";
import { Limits } from "./limits.js";
import { Log } from "./log.js";
import { clockText } from "./moment.js";
import { Refills } from "./refills.js";
import { Reports } from "./reports.js";
import { SignIn } from "./signin.js";
import { Task } from "./task.js";
import { Therapies } from "./therapies.js";
import { Training } from "./training.js";
import { Typed } from "./typed.js";
import { Visits } from "./visits.js";
import { Ward } from "./ward.js";

const OPENERS = ["nurse", "physician", "pharmacist", "admin"];
const CLINICIANS = ["nurse", "physician", "pharmacist"];
const AUDITORS = ["auditor", "admin"];
const EVERYBODY = [...OPENERS, "auditor"];

/* Every page: the form of its address (after "#"), its title, who may see it, and what it is. */
const PAGES = [
    [/^\/$/, "Patients", OPENERS, () => html`<${Ward} />`],
    [/^\/pumps\/([\w.-]+)$/, "At a glance", OPENERS, (serial) => html`<${Glance} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/visits$/, "Visits", OPENERS, (serial) => html`<${Visits} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/refills$/, "Refills", OPENERS, (serial) => html`<${Refills} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/therapies$/, "Therapies", OPENERS, (serial) => html`<${Therapies} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/log$/, "Log", OPENERS, (serial) => html`<${Log} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/reports$/, "Reports", OPENERS, (serial) => html`<${Reports} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/typed$/, "Keys typed", OPENERS, (serial) => html`<${Typed} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/task$/, "Workflows", CLINICIANS, (serial) => html`<${Task} key=${serial} serial=${serial} />`],
    [/^\/pumps\/([\w.-]+)\/training$/, "Training", OPENERS, (serial) => html`<${Training} key=${serial} serial=${serial} />`],
    [/^\/limits$/, "Limits", EVERYBODY, () => html`<${Limits} />`],
    [/^\/audit$/, "Audit", AUDITORS, () => html`<${Audit} />`],
];

function addressOf() {
    return window.location.hash.slice(1) || "/";
}

/** The page of an address for this role: its title and content. Where a role has nothing at "/", it is sent to what it has. */
function pageOf(address, role) {
    for (const [form, title, roles, make] of PAGES) {
        const found = form.exec(address);
        if (found && roles.includes(role)) return { title, content: make(...found.slice(1)) };
    }
    if (address === "/" && AUDITORS.includes(role)) return pageOf("/audit", role);
    return { title: "Not found", content: html`<main id="main"><h1>Not found</h1>
        <p>There is no such page, or not for the role ${role}. <a href="#/">Go to the first page</a></p></main>` };
}

/* The next one to sign in here begins at the first page, not at this one's patient. */
async function leave() {
    await signOut().catch(() => sessionEnded("the server could not be told"));
    window.location.hash = "#/";
}

const WARN_MS = 120000;

/** When the session ends, as text; the last two minutes as an alert, with the way to stay (2.2.1). */
function SessionEnd({ session }) {
    const [now, tick] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => tick(Date.now()), 1000);
        return () => clearInterval(timer);
    }, []);
    const ends = Math.min(session.idleAt, session.endsAt);
    const left = ends - now;
    useEffect(() => {
        if (left <= 0) sessionEnded("nothing was done for too long, or the session had lasted long enough");
    }, [left <= 0]);
    const soon = left < WARN_MS;
    const text = soon ? "Signed out in less than 2 minutes" : `Ends at ${clockText(ends)} if unused`;
    const stay = () => ask("GET", "/api/me").catch(() => {});
    return html`<span class=${`session-end ${soon ? "soon" : ""}`}>
        <span role=${soon ? "alert" : undefined}>${text}</span>
        ${soon && session.idleAt < session.endsAt && html`${" "}
            <button type="button" onClick=${stay}>Stay signed in</button>`}</span>`;
}

function Header({ session, address }) {
    const role = session && session.user.role;
    const link = (path, name) => html`<a href=${`#${path}`} aria-current=${address === path ? "page" : undefined}>${name}</a>`;
    return html`<header>
        <p class="simulation"><b>SIMULATION</b> Not a medical device. Never for use in people.</p>
        <div class="bar">
            <span class="brand">Cisterna</span>
            ${session && html`<nav aria-label="Pages">${OPENERS.includes(role) && link("/", "Patients")}
                ${link("/limits", "Limits")} ${AUDITORS.includes(role) && link("/audit", "Audit")}</nav>`}
            ${session && html`<div class="session">${OPENERS.includes(role) && html`<${AlarmSound} />`} <span>${session.user.name}, ${role}</span> <${SessionEnd} session=${session} />
                <button type="button" onClick=${leave}>Sign out</button></div>`}
        </div>
    </header>`;
}

function useAddress() {
    const [address, set] = useState(addressOf());
    useEffect(() => {
        const changed = () => set(addressOf());
        window.addEventListener("hashchange", changed);
        return () => window.removeEventListener("hashchange", changed);
    }, []);
    return address;
}

function App() {
    const [session, set] = useState(undefined);
    const address = useAddress();
    const run = useLesson();
    const before = useRef(address);
    useEffect(() => {
        const end = onSession(set);
        sessionFind().catch(() => set(null));
        return end;
    }, []);
    const page = session ? pageOf(address, session.user.role) : { title: "Sign in", content: html`<${SignIn} />` };
    useEffect(() => {
        document.title = `${page.title} · Cisterna, SIMULATION`;
        // A person has gone to another page: the session is used, and the new page's heading is where a screen reader reads on.
        if (before.current === address || !session) return;
        before.current = address;
        ask("GET", "/api/me").catch(() => {});
        const heading = document.querySelector("main h1");
        if (heading) {
            heading.tabIndex = -1;
            heading.focus();
        }
    }, [address, Boolean(session), page.title]);
    if (session === undefined)
        return html`<${Header} session=${null} address=${address} /><main id="main"><h1>Cisterna</h1></main>`;
    return html`<a class="skip" href="#main" onClick=${(event) => {
        event.preventDefault();
        document.getElementById("main").querySelector("h1").focus();
    }}>Skip to the page</a><${Header} session=${session} address=${address} />
    ${session && run && OPENERS.includes(session.user.role) && html`<${LessonBar} run=${run} address=${address} />`}${page.content}
    <footer><p>Simulated pump, simulated patient. The implant's own beeper is its alarm, not this page.</p></footer>`;
}

const place = document.getElementById("app");
place.replaceChildren();
render(html`<${App} />`, place);
