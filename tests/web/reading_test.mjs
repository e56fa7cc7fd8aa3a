// reading_test.mjs - the pages that are read, in a real Chromium against a real server and virtual pumps: signing in, the list, the
// implant at a glance and live, what was done, the log, the audit; silence, two windows, keyboard, narrow, large, forced colours.
// REQ-CLIN-01, REQ-ALRM-14, HZ-38; screen rules U1 to U8, W9, A1 to A8, X1 to X8.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browserStart, Demo, Window } from "./stand.mjs";

let demo, browser;
before(async () => {
    // A fast pump, so that it bears being asked every three seconds.
    demo = await Demo.start("--speed", "60", "--every", "3 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

const WARD = "table.ward";
const PAGES = [["ward", "/", WARD], ["glance", "/pumps/SIM-0001", ".facts"], ["visits", "/pumps/SIM-0001/visits", "main table"],
               ["refills", "/pumps/SIM-0001/refills", "main table"], ["therapies", "/pumps/SIM-0001/therapies", "main table"],
               ["log", "/pumps/SIM-0001/log", "main table"], ["reports", "/pumps/SIM-0001/reports", "main table"], ["typed", "/pumps/SIM-0001/typed", "main h2"], ["limits", "/limits", "main .quiet, main table"]];
const UNAUTHORIZED = "console: Failed to load resource: the server responded with a status of 401 (Unauthorized)";

const breakable = (text) => text.replace(/\u00a0/g, " ");

const bar = (window) => window.page.$eval(".simulation", (element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]);

/** Each page of the list, once it is there. */
async function walk(window, visit) {
    for (const [name, address, there] of PAGES) {
        await window.go(address);
        await window.page.waitForSelector(there);
        await visit(name);
    }
}

test("a wrong password is refused in words, and focus stays where it is needed", async () => {
    const window = await Window.open(browser, demo);
    const { page } = window;
    await page.waitForSelector("#name:focus");
    await window.judge("signin");
    await page.fill("#name", "nina");
    await page.fill("#password", "not the password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=No account has this name and this password");
    assert.equal(await page.evaluate(() => document.activeElement.id), "password");
    await window.close(UNAUTHORIZED);
});

for (const colorScheme of ["light", "dark"])
    test(`every page passes its judges, ${colorScheme}`, async () => {
        const window = await Window.as("nina", browser, demo, { colorScheme });
        await walk(window, (name) => window.judge(`${name}-${colorScheme}`));
        await window.close();
    });

test("the list tells who needs attention first, and why", async () => {
    const window = await Window.as("nina", browser, demo);
    await window.page.waitForSelector(`${WARD} >> text=refill due`);
    const rows = (await window.page.locator(`${WARD} tbody tr`).allInnerTexts()).map(breakable);
    assert.equal(rows.length, 3);
    assert.match(rows[0], /Jonas Lindqvist[^]*\* refill due[^]*baclofen 480 mcg per day/);
    assert.match(rows[1], /Teresa Okafor[^]*nothing/);
    assert.match(rows[2], /Maren Holt[^]*5 mg per day[^]*calculated/);
    await window.close();
});

test("the implant at a glance is live, says how old it is, and nothing moves under the reader", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.click("text=Maren Holt");
    await page.waitForSelector(".facts");
    await page.waitForFunction(() => document.querySelectorAll("[aria-labelledby=curves] .curve-table tbody tr").length >= 6);
    const text = breakable(await page.innerText("main"));
    for (const wanted of ["morphine in 24 h", "5 mg per day", "6 mg per day at most", "Reservoir, calculated",
                          "never measured", "not the pump's alarm system", "because of volume", "No alarm stands", "Age of what stands here: ", "software 1", "SIM-0001"])
        assert.ok(text.includes(wanted), `${wanted} in ${text}`);
    assert.doesNotMatch(text, /µg|\d\.\d*0 m[cgL]|undefined|NaN|null/);
    const reservoirs = await page.locator(".curve-table >> nth=1 >> tbody tr td:nth-child(2)").allInnerTexts();
    assert.ok(Number.parseFloat(reservoirs[0]) < Number.parseFloat(reservoirs[reservoirs.length - 1]), "the newest stands first, and is less");
    assert.equal(await page.evaluate(() => window.shifts), 0);
    await window.close();
});

test("a curve of one value is a dot with its time under it", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.click("text=Teresa Okafor");
    await page.waitForSelector(".curve-table tbody tr");
    // What uPlot draws is a canvas: the scale is asked of the module that draws, beside a pump that has told one value.
    const drawn = await page.evaluate(async () => {
        const release = document.querySelector("script[src*='/assets/']").src.replace(/[^/]*$/, "");
        const [{ Curve, Samples }, { html, render }] = await Promise.all([import(`${release}curve.js`), import(`${release}html.js`)]);
        const place = document.createElement("div");
        place.style.width = "600px";
        document.body.append(place);
        const samples = new Samples(1);
        samples.push(Date.parse("2026-11-29T18:16:01Z") / 1000, [0.2], { at: "2026-11-29T18:16:01+00:00", seconds: ":01", cells: ["0.2 mL per day"] });
        const texts = []; // of this curve alone: the pump's own go on beside it
        const fill = CanvasRenderingContext2D.prototype.fillText;
        const fills = { dots: 0 };
        const dot = CanvasRenderingContext2D.prototype.fill;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { if (place.contains(this.canvas)) texts.push(text); return fill.call(this, text, ...rest); };
        CanvasRenderingContext2D.prototype.fill = function (...rest) { fills.dots += place.contains(this.canvas); return dot.call(this, ...rest); };
        render(html`<${Curve} title="One" unit="mL" samples=${samples} version=${1} curve=${0} stroke="--curve-1" least=${0.1} />`, place);
        await new Promise((done) => setTimeout(done, 300));
        render(null, place);
        place.remove();
        CanvasRenderingContext2D.prototype.fillText = fill;
        CanvasRenderingContext2D.prototype.fill = dot;
        return { times: [...new Set(texts.filter((text) => /^\d\d:\d\d:\d\d$/.test(text)))], dots: fills.dots };
    });
    assert.ok(drawn.dots > 0, "the value is drawn");
    assert.ok(drawn.times.length > 0 && drawn.times.every((time) => /^18:1[456]:\d\d$/.test(time)), drawn.times.join(" "));
    await window.close();
});

test("an alarm says what, since when, what the pump does, what to do and by when; a pump that is watched more closely says why", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.click("text=Teresa Okafor");
    await page.waitForSelector(".facts");
    const drawn = await page.evaluate(async () => {
        const release = document.querySelector("script[src*='/assets/']").src.replace(/[^/]*$/, "");
        const [{ Alarms }, { PumpHead }, { html, render }] = await Promise.all(["glance.js", "pump.js", "html.js"].map((name) => import(`${release}${name}`)));
        const place = document.createElement("div");
        document.body.append(place);
        const alarm = (priority, text, by) => ({ priority, text, since: "2026-11-29T18:16:01+00:00", latched: true, does: "Nothing flows.", act: "Refill.", by });
        const state = { mode: "empty", mode_text: "empty: nothing flows", alarms: [alarm("low", "one", "today"), alarm("high", "two", "now")] };
        const json = { patient: { name: "N", birth_date: "1958-04-02", identifier: "A" }, model: "C20", surveillance: "surveillance: raised (cloNIDine not declared for C20)" };
        render(html`<${PumpHead} serial="SIM-1" got=${{ json }} here="" /><${Alarms} state=${state} />`, place);
        const found = { text: place.innerText, frames: [...place.querySelectorAll(".alarm")].map((one) => getComputedStyle(one).animationDuration) };
        render(null, place);
        place.remove();
        return found;
    });
    const text = breakable(drawn.text);
    assert.match(text, /surveillance: raised \(cloNIDine not declared for C20\)/);
    assert.match(text, /\*\*\* High two[^]*Since 2026-Nov-29 18:16[^]*The pump: nothing flows[^]*Nothing flows\. Do, now: Refill\.[^]*\* Low one[^]*Do, today: Refill\./);
    assert.deepEqual(drawn.frames, ["0.5s", "0s"]); // the frame of the high one flashes
    await window.close();
});

test("a limit that is overridden more often than heeded is told to be mended", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    const limits = [{ rule: "morphine.change.soft", shown: 10, overridden: 5 }, { rule: "morphine.dose_day.hard", shown: 9, overridden: 0 },
                    { rule: "morphine.step_up.soft", shown: 9, overridden: 6 }, { rule: "residual.soft", shown: 3, overridden: 3 }];
    await page.route("**/api/limits", (route) => route.fulfill({ json: { limits, next: null } }));
    await page.click("text=Limits");
    await page.waitForSelector("main table");
    assert.match(breakable(await page.innerText("main")), /1 limit is overridden more often[^]*Shown 31 times, overridden 14/);
    const rows = (await page.locator("main tbody tr").allInnerTexts()).map((row) => breakable(row).replace(/\t/g, " "));
    assert.match(rows[0], /morphine, step up soft 9 3 6 67% overridden more often than heeded: mend the rule/);
    assert.match(rows.find((row) => row.startsWith("residual")), /100% too few to say/);
    assert.match(rows.find((row) => row.startsWith("morphine, change")), /50% in use/, "half is not more than half");
    assert.match(rows.find((row) => row.startsWith("morphine, dose day")), /hard 9 9 0 cannot be/);
    await window.judge("limits-worn");
    await window.close();
});

test("each report of what is on record is a PDF, reached from the patient's pages with what it is", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await window.go("/pumps/SIM-0001/reports");
    await page.waitForSelector("main table");
    const links = await page.locator("main table a").evaluateAll((all) => all.map((link) => [link.innerText, link.getAttribute("href")]));
    assert.deepEqual(links.map(([name]) => name), ["Therapy (PDF)", "Last refill (PDF)", "Refills (PDF)", "Emergency card (PDF)"]);
    for (const [name, href] of links) {
        const [status, type, kept, begins, size] = await page.evaluate(async (path) => {
            const answer = await fetch(path);
            const bytes = new Uint8Array(await answer.arrayBuffer());
            return [answer.status, answer.headers.get("Content-Type"), answer.headers.get("Cache-Control"), String.fromCharCode(...bytes.slice(0, 5)), bytes.length];
        }, href);
        assert.deepEqual([status, type, kept, begins], [200, "application/pdf", "no-store", "%PDF-"], name);
        assert.ok(size > 5000, `${name}: ${size} bytes`);
    }
    await window.close();
});

test("discrepancies are drawn one by one and as their sum, and the table has the numbers", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.route("**/refills?limit=100", async (route) => {
        const answer = await (await route.fetch()).json();
        const refill = (i, discrepancy, outcome = "applied") => ({ ...answer.refills[0], id: i, at: `2026-0${i}-01T10:00:00Z`, outcome, discrepancy });
        const refills = [refill(1, "0.100000 mL"), refill(2, "-0.400000 mL"), refill(3, "-0.300000 mL", "not_applied"), refill(4, "-0.500000 mL")];
        await route.fulfill({ json: { refills, next: null, trend: { count: 3, sum: "-0.800000 mL", largest: "-0.500000 mL" } } });
    });
    await window.go("/pumps/SIM-0001/refills");
    await page.waitForSelector("main table");
    const sums = (await page.locator("main tbody tr td:nth-child(6)").allInnerTexts()).map(breakable);
    assert.deepEqual(sums, ["0.1 mL", "\u22120.3 mL", "\u22120.3 mL", "\u22120.8 mL"], "the last one is the server's own sum");
    assert.equal(await page.locator(".trend circle").count(), 4);
    await window.judge("refills-trend");
    await window.close();
});

test("a pump that falls silent becomes an alarm, in the list and at a glance; heard again, it ends", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.click("text=Teresa Okafor");
    await page.waitForSelector(".facts");
    process.kill(demo.pid("pump SIM-0003"), "SIGSTOP");
    await page.waitForSelector(".alarm-place .alarm.medium >> text=The pump does not answer", { timeout: 90000 });
    assert.match(await page.innerText(".alarm-place"), /\*\* Medium[^]*not what the pump does now[^]*its own beeper/);
    assert.equal(await page.evaluate(() => window.shifts), 0);
    await window.judge("glance-silent");
    await window.go("/");
    await page.waitForSelector(`${WARD} >> text=pump not answering`);
    assert.match((await page.locator(`${WARD} tbody tr`).allInnerTexts())[0], /Teresa Okafor/);
    await window.judge("ward-silent");
    process.kill(demo.pid("pump SIM-0003"), "SIGCONT");
    await page.waitForFunction(() => !document.querySelector("table.ward").innerText.includes("not answering"), null, { timeout: 90000 });
    window.faults = window.faults.filter((fault) => !fault.includes("503 (Service Unavailable)")); // its twin was silent too
    await window.close();
});

test("a stream that is refused is asked for again, and then the page is live", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    let asked = 0;
    await page.route("**/events", (route) => (asked++ === 0 ? route.fulfill({ status: 503, body: "" }) : route.continue()));
    await page.click("text=Maren Holt");
    await page.waitForSelector("text=Nothing heard from the pump yet");
    await page.waitForSelector("text=Age of what stands here");
    assert.ok(asked >= 2);
    await window.close("console: Failed to load resource: the server responded with a status of 503 (Service Unavailable)");
});

test("a server that falls silent becomes an alarm by the page's own clock", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    await page.click("text=Maren Holt");
    await page.waitForSelector(".facts");
    const clinic = demo.pid("clinic");
    process.kill(clinic, "SIGSTOP");
    try {
        await page.waitForSelector(".alarm-place >> text=The clinic's server does not answer", { timeout: 60000 });
    } finally {
        process.kill(clinic, "SIGCONT");
    }
    await page.waitForFunction(() => !document.querySelector(".alarm-place .alarm"), null, { timeout: 60000 });
    await window.close();
});

test("two windows are one session; signed out in one, the other hides what it showed", async () => {
    const first = await Window.open(browser, demo);
    await first.signIn("phil");
    const second = await Window.open(browser, demo, { context: first.context });
    await second.page.click("text=Maren Holt");
    await second.page.waitForSelector(".facts");
    await first.page.click("text=Sign out");
    await first.page.waitForSelector("#name");
    await second.page.waitForSelector("text=You were signed out");
    assert.ok(!(await second.page.innerText("body")).includes("Maren Holt"));
    await first.close();
    await second.close();
});

test("the session's end is in sight, can be put off, and comes", async () => {
    const window = await Window.open(browser, demo);
    const { page } = window;
    await page.clock.install();
    await page.reload();
    await window.signIn("ada");
    assert.match(await page.innerText(".session-end"), /^Ends at \d\d:\d\d if unused$/);
    await page.clock.fastForward("13:30");
    await page.waitForSelector("[role=alert] >> text=Signed out in less than 2 minutes");
    await page.click("text=Stay signed in");
    await page.waitForSelector(".session-end >> text=/^Ends at/");
    await page.clock.fastForward("15:30");
    await page.waitForSelector("text=You were signed out");
    await window.close();
});

test("the keyboard alone is enough", async () => {
    const window = await Window.open(browser, demo);
    const { page } = window;
    const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
    await page.waitForSelector("#name:focus");
    await page.keyboard.type("phil");
    await press("Tab");
    await page.keyboard.type(demo.passwords.phil);
    await press("Enter");
    await page.waitForSelector(WARD);
    // From the beginning of the page to the second patient, and on to the log, by Tab and Enter only.
    const reach = async (text) => {
        for (let tries = 0; tries < 40; tries++) {
            await press("Tab");
            const here = await page.evaluate(() => ({ tag: document.activeElement.tagName, text: document.activeElement.innerText,
                                                      ring: getComputedStyle(document.activeElement).outlineStyle }));
            // Behind the last element the focus is the browser's own.
            if (here.tag !== "BODY") assert.notEqual(here.ring, "none", `where the focus is can be seen at ${here.tag} ${here.text}`);
            if (here.text === text) return;
        }
        assert.fail(`${text} is never reached`);
    };
    await reach("Maren Holt");
    await press("Enter");
    await page.waitForSelector(".facts");
    await page.waitForFunction(() => document.activeElement.tagName === "H1");
    await reach("Log");
    await press("Enter");
    await page.waitForSelector(".filters");
    await page.waitForFunction(() => document.activeElement.tagName === "H1");
    await reach("Sign out");
    await press("Enter");
    await page.waitForSelector("#name:focus");
    await window.close();
});

for (const [name, settings] of [["narrow", { viewport: { width: 320, height: 640 } }],
                                ["zoomed", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
                                ["forced", { forcedColors: "active" }]])
    test(`every page holds together: ${name}`, async () => {
        const window = await Window.as("nina", browser, demo, settings);
        await walk(window, async (page) => {
            assert.ok(await window.overflow() <= 0, `${page} sticks out sideways`);
            if (name === "forced") assert.deepEqual(await bar(window), ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], "SIMULATION in the system's own colours");
            await window.judge(`${page}-${name}`);
        });
        await window.close();
    });

test("an auditor sees the audit and no patient", async () => {
    const window = await Window.open(browser, demo);
    const { page } = window;
    await window.signIn("otto");
    await page.click("text=Verify the records");
    await page.waitForSelector("text=/^Whole: \\d+ rows of the audit/");
    await window.judge("audit");
    const row = (id, outcome) => ({ id, at: "2026-11-29T18:16:01Z", user: 3, action: "twin_fault", table: "twin_acts", row: id, row_hash: null,
                                    twin: { implant: 1, said: "fault kink, on, amount 20 %", outcome } });
    await page.route("**/api/audit?from=1&limit=100", (route) => route.fulfill({ json: { rows: ["done", "refused", "unanswered", "begun"].map((one, i) => row(i + 1, one)), next: null } }));
    await window.go("/limits");
    await window.go("/audit");
    await page.waitForSelector("main table >> text=twin fault");
    const rows = (await page.locator("main tbody tr").allInnerTexts()).map((one) => breakable(one).replace(/\t/g, " "));
    assert.match(rows[0], /3 twin fault twin acts 1 implants 1: fault kink, on, amount 20 %; done none/);
    assert.match(rows[1], /20 %; refused: nothing was done/);
    assert.match(rows[2], /20 %; no answer: it may have been done/);
    assert.match(rows[3], /20 %; not known whether it was done/);
    assert.ok(!(await page.innerText("body")).includes("Maren"));
    await window.go("/pumps/SIM-0001");
    await page.waitForSelector("text=There is no such page, or not for the role auditor");
    await window.close();
});
