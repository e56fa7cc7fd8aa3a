#!/usr/bin/env node
// pages.mjs - how fast the pages are in Debian's chromium, and whether a day of live data makes them grow.
//
//   tools/build release cisterna && node bench/pages.mjs [--paints 15] [--rounds 40] [--hours 24]
//
// 1. First contentful paint: of the sign-in and of an implant at a glance, each in a new context (nothing kept) and again in the same.
// 2. Interactions: keys in the field of a dose, choices and clicks of a workflow, filters of the log, the way from page to page; each as
//    the browser's Event Timing has it, from the input to the next frame (it counts in steps of 8 ms), median, p98 and the longest.
// 3. A day: the glance of a pump is fed with a state a second of the pump's time, as fast as the page takes them, by a stream that
//    stands in for the server's (EventSource is replaced in that window alone; it draws after each ten states). The heap after a forced collection each hour.
//
// Figures, not a test. Exit code 1 when the heap of the last quarter of the day grows by more than 1 % of itself an hour.
// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { parseArgs } from "node:util";

const ROOT = path.resolve(import.meta.dirname, "..");
process.env.CISTERNA_DEV ||= path.join(ROOT, "build/release/app/cisterna");
const { Bedside, MAREN } = await import(path.join(ROOT, "tests/web/bedside.mjs"));
const { browserStart, Demo, Window } = await import(path.join(ROOT, "tests/web/stand.mjs"));

const { values } = parseArgs({ options: { paints: { type: "string", default: "15" }, rounds: { type: "string", default: "40" },
                                          hours: { type: "string", default: "24" } } });
const HOUR_S = 3600;

function quantile(sorted, part) {
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

function row(name, list) {
    const sorted = [...list].sort((a, b) => a - b);
    console.log(`${name.padEnd(46)} ${String(sorted.length).padStart(5)} ${[0.5, 0.98, 1].map((part) => quantile(sorted, part).toFixed(0).padStart(7)).join(" ")}`);
}

async function paint(context, base, hash, there) {
    const page = await context.newPage();
    await page.goto(`${base}/#${hash}`);
    await page.waitForSelector(there);
    const ms = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    const ready = await page.evaluate(() => performance.now());
    await page.close();
    return [ms, ready];
}

async function paints(browser, demo) {
    await Window.as("nina", browser, demo).then((window) => window.close());
    for (const [name, hash, there, storageState] of [["sign-in", "/", "#name", undefined],
                                                     ["an implant at a glance", `/pumps/${MAREN}`, ".facts", demo.sessions.nina]]) {
        const [cold, warm, ready] = [[], [], []];
        for (let i = 0; i < Number(values.paints); i++) {
            const context = await browser.newContext({ storageState, viewport: { width: 1280, height: 900 } });
            cold.push((await paint(context, demo.base, hash, there))[0]);
            const again = await paint(context, demo.base, hash, there);
            warm.push(again[0]);
            ready.push(again[1]);
            await context.close();
        }
        row(`first contentful paint, ${name}, first time`, cold);
        row(`first contentful paint, ${name}, again`, warm);
        row(`its content is there, ${name}, again`, ready);
    }
}

/** Every interaction from now on, by Event Timing: the longest event of each. */
async function observe(page) {
    await page.evaluate(() => {
        window.interactions = new Map();
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries())
                if (entry.interactionId) window.interactions.set(entry.interactionId, Math.max(entry.duration, window.interactions.get(entry.interactionId) || 0));
        }).observe({ type: "event", durationThreshold: 16, buffered: false });
        window.inputs = 0;
        for (const kind of ["keydown", "pointerdown"]) window.addEventListener(kind, () => (window.inputs += 1), true);
    });
}

/** What was under 16 ms the browser does not tell: it counts as 16. */
async function observed(page) {
    await page.waitForTimeout(300);
    const [told, inputs] = await page.evaluate(() => [[...window.interactions.values()], window.inputs]);
    return [...told, ...Array(Math.max(0, inputs - told.length)).fill(16)];
}

async function interactions(browser, demo) {
    const rounds = Number(values.rounds);
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await page.selectOption("#kind", "continuous");
    await observe(page);
    for (let i = 0; i < rounds; i++) {
        await page.click("#dose");
        await page.keyboard.type("5.25");
        for (let j = 0; j < 4; j++) await page.keyboard.press("Backspace");
    }
    row("workflow: keys in the field of a dose", await observed(page));
    await observe(page);
    for (let i = 0; i < rounds; i++) await page.click(".step-form .primary");
    row("workflow: clicks that are refused with a reason", await observed(page));
    await bed.abandon();
    await bed.window.go(`/pumps/${MAREN}`);
    await page.waitForSelector(".facts");
    await observe(page);
    for (let i = 0; i < rounds; i++) {
        for (const [tab, there] of [["Refills", "h2 >> text=Refills"], ["At a glance", ".facts"]]) {
            await page.click(`.tabs >> text=${tab}`);
            await page.waitForSelector(there);
        }
    }
    row("glance: to another page and back", await observed(page));
    await bed.window.go(`/pumps/${MAREN}/log`);
    await page.waitForSelector(".filters");
    await observe(page);
    for (let i = 0; i < rounds; i++) {
        for (const box of await page.locator(".filters input, .filters button, .filters select").all()) await box.click();
    }
    row("log: filters", await observed(page));
    bed.window.faults = bed.window.faults.filter((fault) => !fault.includes("503")); // more streams a second than the server gives anybody
    await bed.close();
}

/** A window whose streams are ours: what `window.tell(event, data)` is given, they say. */
async function fedWindow(browser, demo) {
    const context = await browser.newContext({ storageState: demo.sessions.nina, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
        window.EventSource = class extends EventTarget {
            static CLOSED = 2;
            constructor() {
                super();
                this.readyState = 1;
                window.tell = (kind, data) => this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
            }
            close() {}
        };
    });
    await page.goto(`${demo.base}/#/pumps/${MAREN}`);
    await page.waitForSelector(".facts");
    await page.waitForFunction(() => window.tell);
    return { context, page };
}

/** Seconds of the pump, one state each; the page takes every one, and draws after each ten. */
async function feed(page, first, count) {
    await page.evaluate(async ([from, seconds]) => {
        window.template ||= (await (await fetch("/api/pumps/SIM-0001")).json()).state;
        const began = Date.parse("2026-03-01T00:00:00Z");
        const frame = new MessageChannel();
        for (let i = 0; i < seconds; i++) {
            const at = from + i;
            const now = new Date(began + at * 1000).toISOString().replace("Z", "+00:00");
            const state = { ...window.template, now, now_ms: at * 1000, base: `${(0.2 + (at % 600) / 6000).toFixed(6)} mL/day`,
                            reservoir_calculated: `${(18 - at * 0.0000023).toFixed(6)} mL` };
            window.tell("state", { silent: false, age: "0 s", state });
            // A turn of the loop for ten of them, in which the page draws; now and then a whole frame.
            if (at % 10 === 0) await new Promise((resolve) => {
                frame.port1.onmessage = resolve;
                frame.port2.postMessage(0);
            });
            if (at % 60 === 0) await new Promise(requestAnimationFrame);
        }
        frame.port1.close();
    }, [first, count]);
}

async function day(browser, demo) {
    const { context, page } = await fedWindow(browser, demo);
    const debug = await context.newCDPSession(page);
    await debug.send("HeapProfiler.enable");
    await debug.send("Performance.enable");
    const measured = [];
    for (let hour = 0; hour <= Number(values.hours); hour++) {
        if (hour > 0) await feed(page, (hour - 1) * HOUR_S, HOUR_S);
        for (let i = 0; i < 2; i++) await debug.send("HeapProfiler.collectGarbage");
        const { metrics } = await debug.send("Performance.getMetrics");
        const of = (name) => metrics.find((one) => one.name === name).value;
        measured.push({ hour, kib: of("JSHeapUsedSize") / 1024, nodes: of("Nodes"), listeners: of("JSEventListeners") });
        console.log(`hour ${String(hour).padStart(3)} ${(measured.at(-1).kib).toFixed(0).padStart(8)} KiB ${String(of("Nodes")).padStart(6)} nodes ${String(of("JSEventListeners")).padStart(5)} listeners`);
    }
    await context.close();
    return measured;
}

/** Least squares: KiB an hour. */
function slope(list) {
    const [x, y] = ["hour", "kib"].map((name) => list.reduce((sum, one) => sum + one[name], 0) / list.length);
    return list.reduce((sum, one) => sum + (one.hour - x) * (one.kib - y), 0) / list.reduce((sum, one) => sum + (one.hour - x) ** 2, 0);
}

const demo = await Demo.start("--speed", "20", "--every", "20 s");
const browser = await browserStart();
try {
    console.log(`${"ms".padEnd(46)}     n  median     p98     max`);
    await paints(browser, demo);
    await interactions(browser, demo);
    console.log("\na day of one state a second, at a glance; heap after a forced collection");
    const measured = await day(browser, demo);
    const late = measured.slice(Math.floor(measured.length * 0.75));
    const grows = slope(late);
    console.log(`\nslope ${slope(measured).toFixed(1)} KiB an hour, in the last quarter ${grows.toFixed(1)}; most ${Math.max(...measured.map((one) => one.kib)).toFixed(0)} KiB`);
    process.exitCode = grows > late[0].kib / 100 ? 1 : 0;
} finally {
    await browser.close();
    await demo.stop();
}
