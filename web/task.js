// task.js - a workflow at a pump, from its beginning to its end: who holds the pump, the steps, the form of the one at hand, what is
// waited for, and what became of the change. Everybody who may write sees it; whoever holds the pump answers.
// SPDX-License-Identifier: Apache-2.0
import { html, useEffect, useRef, useState } from "./html.js";
import { ask, askQuietly } from "./api.js";
import { amountText } from "./amount.js";
import { cardTell } from "./cardtold.js";
import { PumpHead } from "./pump.js";
import { keyBrought, keysOpen, keysTold } from "./keys.js";
import { ageText, momentText } from "./moment.js";
import { useAsked } from "./table.js";
import { BeginTask, Down, taskBegin } from "./taskbegin.js";
import { claimLost, claimRelease, claimToken } from "./taskclaim.js";
import { Findings, isSoft, Passing, passingBody, prose, words } from "./taskfindings.js";
import { FinishTable, Outcome, PassedList } from "./taskfinish.js";
import { actOf, bodyOf, Fields, formOf } from "./taskforms.js";
import { therapyBody, TherapyEditor, therapyMissing, therapyPick } from "./tasktherapy.js";

const BUSY_MS = 300;
const LOOK_MS = 3000;

/** What was said to be in the pump, by the number of its task: the therapy is said for that. */
const holds = new Map();

/** By serial, the number of a task that was begun here, as long as nothing of it was sent. */
const drafts = new Map();

function useCard(serial) {
    const [look, set] = useState({ card: null, none: false, fault: "" });
    const path = `/api/pumps/${encodeURIComponent(serial)}/task`;
    const known = useRef(look);
    known.current = look;
    const take = (card) => {
        cardTell(serial, card);
        set({ card, none: false, fault: "" });
    };
    const refresh = () => askQuietly(path).then(take, (problem) => {
        if (problem.status === 404) {
            cardTell(serial, null);
            set({ card: null, none: true, fault: "" });
        } else set({ ...known.current, fault: problem.message });
    });
    useEffect(() => {
        let timer;
        let alive = true;
        const turn = async () => {
            await refresh();
            if (alive) timer = setTimeout(turn, known.current.card?.busy ? BUSY_MS : LOOK_MS);
        };
        turn();
        return () => {
            alive = false;
            clearTimeout(timer);
        };
    }, [serial, look.card?.busy]);
    return { ...look, path, take, refresh };
}

/** The order is a list, the one at hand is told to a screen reader too, and each step's state stands as a word. */
function Steps({ steps }) {
    return html`<nav aria-label="Steps of this workflow" class="steps"><ol>${steps.map((step) => html`<li class=${step.state} aria-current=${step.state === "now" ? "step" : undefined}>
        <b>${words(step.step)}</b> <span class="step-state">${{ past: "done", now: "now", ahead: "", never: "not reached" }[step.state]}</span>
        ${step.state === "now" && html`<span class="sub">${step.text}</span>`}</li>`)}</ol></nav>`;
}

/** The nearest amounts that the pump gives, to be picked from: an amount off its resolution is refused, never rounded (N6). */
function Nearest({ fault, pick }) {
    const offers = (fault.nearest || []).filter((text) => pick(fault.where, text));
    if (offers.length === 0) return null;
    return html`<span class="nearest">Nearest that the pump gives: ${offers.map((text) => html`<button type="button" onClick=${() => pick(fault.where, text)()}>
        Take ${amountText(text)}</button> `)}</span>`;
}

function Faults({ problem, pick = () => null }) {
    if (!problem) return null;
    const faults = problem.body?.faults || [];
    const lost = { "claim-lost": "This window does not hold the pump any more: what was drafted is dropped. Begin again." }[problem.kind];
    return html`<div role="alert" class="problem"><p>${lost || (problem.kind === "held" ? "Not taken. The findings below say why, and what would pass." : `Not taken: ${problem.message}.`)}</p>
        ${faults.length > 0 && html`<ul>${faults.map((one) => html`<li>${one.where && html`<b>${one.where}</b>: `}${prose(one.detail)}
            <${Nearest} fault=${one} pick=${pick} /></li>`)}</ul>`}</div>`;
}

const WAITING = { interrogate: "The pump is asked what it is, what it holds and what it does.", stage: "The therapy goes to the pump, which stores it beside the one in force.",
                  activate: "The change is sent. Do not take the programmer away.", command: "The command is sent. Do not take the programmer away.",
                  record: "The records are written.", audit: "The audit is written." };

/** What is done at the pump or the records; or why it was not, and the way on. */
function Waits({ card, send, mine }) {
    if (card.wants === "answer" || card.step === null) return null;
    if (card.busy) return html`<p class="waiting" role="status">${WAITING[card.wants] || "Something is carried out."} This may take some seconds.</p>`;
    return html`<div class="waiting"><p role="alert"><b>${card.change === "unknown" ? "Not found out yet:" : "It was not done:"}</b> ${card.fault || "no reason was told"}.</p>
        ${mine && html`<button type="button" class="primary" onClick=${() => send("/again", {})}>${card.wants === "interrogate" ? "Ask the pump again" : "Try it once more"}</button>`}</div>`;
}

function useNow() {
    const [now, tick] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => tick(Date.now()), 1000);
        return () => clearInterval(timer);
    }, []);
    return now;
}

/** Until when, and how long that is; by the server's clock, which this machine's only counts on from. */
function Countdown({ card, until, children }) {
    const now = useNow();
    const read = useRef({ card: null, at: 0 });
    if (read.current.card !== card) read.current = { card, at: Date.now() };
    const left = Date.parse(until) - Date.parse(card.now) - (now - read.current.at);
    return html`<p class="quiet countdown">${children} ${momentText(until)}${left > 0 ? html`, in <b>${ageText(left)}</b>` : ": that is over"}.</p>`;
}

/** What the pump said when it was asked. */
function Told({ pump }) {
    if (!pump) return null;
    return html`<details class="told"><summary>What the pump told: ${words(pump.mode)}, ${prose(pump.therapy || "no therapy")}</summary>
        <ul><li>Reservoir, calculated: ${amountText(pump.reservoir_calculated, 2)}; flow now: ${amountText(pump.base)}</li>
            <li>From the reservoir to the tip: ${pump.contents.length > 0 ? pump.contents.join(", then ") : "never filled"}</li>
            <li>Its clock: ${pump.clock}</li>
            <li>Alarms: ${pump.alarms.length > 0 ? pump.alarms.map(words).join(", ") : "none"}</li>
            ${pump.doses.map((dose) => html`<li>${dose.drug}: ${amountText(dose.most_in_a_day)} at most in 24 hours, with every bolus</li>`)}</ul></details>`;
}

/* Steps whose button acts on the pump at once: a key that was meant for a field does not (W4). */
const ACTS = ["lower", "readback"];

function enterKept(event) {
    if (event.key === "Enter" && event.target.tagName !== "BUTTON") event.preventDefault();
}

/** The form of one step; begun anew at each, so that nothing said at one is sent at another. */
function StepForm({ card, send, region }) {
    const [form, put] = useState(() => {
        keysOpen();
        return {};
    });
    const [passing, pass] = useState([]);
    const [problem, tell] = useState(null);
    const [busy, work] = useState(false);
    const drugs = holds.get(card.task) || [];
    const isTherapy = card.step === "therapy";
    const held = problem?.kind === "held" ? card.findings : [];
    const set = (part) => put((old) => ({ ...old, ...part }));
    const submit = async (event) => {
        event.preventDefault();
        if (busy) return;
        const missing = isTherapy ? therapyMissing(form) : "";
        if (missing) {
            tell({ message: missing.replace(/\.$/, ""), kind: "missing" });
            return;
        }
        work(true);
        const body = isTherapy ? therapyBody(form, drugs, region) : bodyOf(card, form);
        if (Array.isArray(body.drugs)) holds.set(card.task, body.drugs);
        const wrong = await send(`/${card.step}`, { ...body, passing: passingBody(held, passing), keys: keysTold() });
        work(false);
        tell(wrong);
        if (wrong && !(wrong.body?.task?.findings || []).some(isSoft)) pass([]);
    };
    /* What a picked amount is for, or null: it is judged again with the rest, like one that was typed. */
    const pick = (where, text) => {
        const found = isTherapy ? therapyPick(where, text, form, drugs) : null;
        return found && (() => {
            keyBrought(found.id, "Pick", found.old || "", found.value);
            set(found.part);
            tell(null);
            document.getElementById(found.id)?.focus();
        });
    };
    const about = formOf(card.step);
    return html`<form class="step-form" onSubmit=${submit} onKeyDown=${ACTS.includes(card.step) ? enterKept : undefined} noValidate=${true}>
        ${about.say && html`<p>${about.say}</p>`}
        ${isTherapy ? html`<${TherapyEditor} drugs=${drugs} pump=${card.pump} t=${form} set=${set} region=${region} />`
            : html`<${Fields} card=${card} region=${region} form=${form} set=${set} />`}
        <${Faults} problem=${problem} pick=${pick} />
        <${Findings} findings=${held} title="What stands against it" />
        <${Passing} findings=${held} passing=${passing} onChange=${pass} />
        <button type="submit" class="primary" aria-disabled=${busy}>${actOf(card.step, form)}</button>
    </form>`;
}

function Second({ card, mine, send }) {
    const [problem, tell] = useState(null);
    if (mine)
        return html`<p role="status" class="notice">Another clinician has to agree: they sign in in a window of their own, open the workflows of this pump, read the same screen and agree. This page goes on by itself.</p>`;
    return html`<div class="step-form"><p>${card.owner} has passed the limits above. Read every change; whoever does not agree tells ${card.owner}, who abandons it.</p>
        <${Faults} problem=${problem} />
        <button type="button" class="primary" onClick=${async () => tell(await send("/second", { task: card.task, digest: card.digest, agree: true }))}>I have read every change, and agree</button></div>`;
}

function Abandon({ card, send }) {
    const [sure, ask2] = useState(false);
    const [problem, tell] = useState(null);
    const sent = card.change !== "none";
    if (!sure) return html`<button type="button" onClick=${() => ask2(true)}>Abandon this workflow</button>`;
    return html`<div class="abandon"><p>${sent ? "What was sent is recorded as it is known; the rest of the workflow is left out." : "The draft is dropped. Pump and records stay as they are."}</p>
        <${Faults} problem=${problem} />
        <button type="button" onClick=${() => ask2(false)}>Go on with the workflow</button>
        <button type="button" onClick=${async () => tell(await send("/abandon", {}))}>${sent ? "End it here" : "Drop the draft"}</button></div>`;
}

/** The way down at a pump that another works at. */
function Lower({ serial, owner, begun }) {
    const [problem, tell] = useState(null);
    const begin = () => taskBegin(serial, "emergency", {}).then(begun, tell);
    return html`<${Down} owner=${owner} begin=${begin} /><${Faults} problem=${problem} />`;
}

/** The heading of each new step takes the focus: that is where a person and a screen reader go on. */
function StepHead({ card }) {
    const head = useRef(null);
    const first = useRef(true);
    useEffect(() => {
        if (!first.current) head.current.focus();
        first.current = false;
    }, [card.step, card.busy]);
    const title = card.step === null ? "The workflow has ended" : card.busy ? "Waiting" : `Now: ${words(card.step)}`;
    return html`<h3 class="step-head" tabindex="-1" ref=${head}>${title}</h3>`;
}

function Work({ card, send, mine, again }) {
    const region = card.pump?.in_force?.region || again.region;
    const over = card.step === null;
    const answers = card.wants === "answer" && !card.busy;
    return html`<div class="work"><${Steps} steps=${card.steps} />
        <div class="at-hand">
            <${StepHead} card=${card} />
            <${Outcome} card=${card} serial=${again.serial} />
            <${Waits} card=${card} send=${send} mine=${mine} />
            ${over && card.fault && html`<p>${card.fault}.</p>`}
            <${Told} pump=${card.pump} />
            ${card.findings.length > 0 && !card.findings.some((one) => one.level === "hard limit" || isSoft(one)) &&
                html`<${Findings} findings=${card.findings} title="What was said last, judged" />`}
            ${card.finish && html`<${FinishTable} rows=${card.finish} />`}
            <${PassedList} passed=${card.passed} />
            ${card.watch_until && html`<${Countdown} card=${card} until=${card.watch_until}>Watch the patient until<//>`}
            ${answers && card.step === "second" ? html`<${Second} card=${card} mine=${mine} send=${send} />`
                : answers && mine && formOf(card.step) && html`<${StepForm} key=${`${card.task} ${card.step}`} card=${card} send=${send} region=${region} />`}
            ${!mine && !over && card.step !== "second" && html`<p class="quiet">${card.owner} works at this pump. Here it can be read.</p>`}
            ${!mine && !over && html`<${Lower} serial=${again.serial} owner=${card.owner} begun=${again.begun} />`}
            ${card.dropped_at && html`<${Countdown} card=${card} until=${card.dropped_at}>Without an answer the draft is dropped at<//>`}
            ${mine && !over && !card.busy && card.change !== "unknown" && html`<${Abandon} key=${card.step} card=${card} send=${send} />`}
            ${over && html`<button type="button" class="primary" onClick=${again.begin}>Go to the workflows of this pump</button>`}
        </div></div>`;
}

export function Task({ serial }) {
    const got = useAsked(`/api/pumps/${encodeURIComponent(serial)}`);
    const { card, none, fault, path, take, refresh } = useCard(serial);
    const [left, leave] = useState(0);
    const [region, regionSet] = useState("");
    const token = claimToken(serial);
    /* Says something at the task. The problem, or null; what it tells of the task is taken over. */
    const send = async (verb, body) => {
        try {
            take(await ask("POST", `${path}${verb}`, verb === "/second" ? body : { claim: claimToken(serial) || "", ...(verb === "/finish" && { digest: card.digest }), ...body }));
            return null;
        } catch (problem) {
            if (problem.body?.task) take(problem.body.task);
            else await refresh();
            if (problem.kind === "claim-lost") claimLost(serial);
            return problem;
        }
    };
    const over = card && card.step === null && !card.busy;
    useEffect(() => {
        if (over) claimRelease(serial);
    }, [over]);
    const begin = none || (over && left === card.task);
    if (card && card.task === drafts.get(serial) && (over || card.change !== "none")) drafts.delete(serial);
    const dropped = drafts.has(serial) && (none || (card && card.task !== drafts.get(serial)));
    return html`<main id="main"><${PumpHead} serial=${serial} got=${got} here="/task" />
        <h2>${card && !begin ? `Workflow: ${words(card.workflow)}` : "Workflows"}</h2>
        ${fault && html`<p role="alert" class="problem">The page could not look again: ${fault}. What stands here may be old.</p>`}
        ${dropped && html`<p role="status" class="notice">The workflow that was begun here has ended, and what was drafted is dropped: somebody took the pump to lower it,
            or nobody answered for too long. Nothing of it was sent.</p>`}
        ${begin ? html`<${BeginTask} serial=${serial} known=${Boolean(got.json)} onBegun=${(begun, regionSaid) => {
            regionSet(regionSaid);
            drafts.set(serial, begun.task);
            take(begun);
        }} />`
            : card ? html`<${Work} card=${card} send=${send} mine=${Boolean(token)} again=${{ region, serial, begun: take, begin: () => leave(card.task) }} />`
            : html`<p class="quiet" role="status">Loading</p>`}
    </main>`;
}
