// alarms_test.mjs - alarms on the clinic's pages: when they are heard and for how long a pause lasts (without a browser), how old is what
// is told of them, who has seen one, and that this changes nothing at the pump. REQ-ALRM-09, REQ-ALRM-13; screen rules A2, A4, A5, A6.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { alarmsOfRow, PAUSE_MS, Siren } from "../../web/siren.js";
import { JONAS } from "./bedside.mjs";
import { browserStart, Demo, Window } from "./stand.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "1 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

const breakable = (text) => text.replace(/\u00a0/g, " ");
const alarm = (key, priority) => ({ key, priority });

test("the worst alarm is heard at once when it is new, then as often as its priority asks; a low one once", () => {
    const siren = new Siren();
    const heard = (alarms, seconds) => siren.see(alarms, seconds * 1000);
    const [low, medium, high] = [alarm("a", "low"), alarm("b", "medium"), alarm("c", "high")];
    assert.equal(heard([], 0), null);
    assert.equal(heard([low], 1), "low");
    assert.equal(heard([low], 100), null);
    assert.equal(heard([low, medium], 101), "medium");
    assert.equal(heard([low, medium], 125), null);
    assert.equal(heard([low, medium], 126), "medium");
    assert.equal(heard([low, high, medium], 127), "high");
    assert.equal(heard([low, high, medium], 136), null);
    assert.equal(heard([low, high, medium], 137), "high");
    assert.equal(heard([alarm("d", "strange")], 138), "strange", "what has no priority that is known is sounded, as high");
    assert.equal(heard([], 200), null);
    assert.equal(heard([low], 201), "low", "one that came back is new");
});

test("a pause ends by itself, and at once when another alarm comes; one that ends does not end it", () => {
    const siren = new Siren();
    const [one, two] = [alarm("a", "high"), alarm("b", "low")];
    assert.equal(siren.see([one, two], 0), "high");
    siren.pause(1000);
    assert.equal(siren.see([one, two], PAUSE_MS - 1), null);
    assert.equal(siren.see([one], PAUSE_MS + 999), null);
    assert.equal(siren.see([one], PAUSE_MS + 1000), "high");
    siren.pause(PAUSE_MS + 2000);
    assert.equal(siren.see([one, alarm("c", "low")], PAUSE_MS + 12000), "high", "a new condition ends it, and the worst is heard");
    assert.equal(siren.pausedUntil, 0);
    siren.pause(0);
    siren.resume();
    assert.equal(siren.see([one], 2 * PAUSE_MS), "high");
});

test("what is heard are alarms of pumps and their silence, not that a refill is due", () => {
    const row = { serial: "S", age: "10 s", watched: true, silent: false, state: { alarms: [{ code: 17, since: "x", priority: "low", text: "t" }] } };
    assert.deepEqual(alarmsOfRow(row, 150000, 0).map((one) => one.priority), ["low"]);
    assert.deepEqual(alarmsOfRow({ ...row, silent: true }, 150000, 0).map((one) => one.text), ["t", "pump not answering"]);
    assert.deepEqual(alarmsOfRow(row, 150000, 140001).map((one) => one.text), ["t", "nothing new from the pump"]);
    assert.deepEqual(alarmsOfRow({ ...row, state: null, age: null }, 150000, 0), []);
});

test("an alarm says how old what is told of it is; acknowledged it says by whom, and stands as before", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    page.setDefaultTimeout(60000);
    await window.go(`/pumps/${JONAS}`);
    await page.waitForSelector(".facts");
    assert.match(breakable(await page.innerText(".told-age")), /As the pump told it, age: \d+ s\b/);
    await page.waitForSelector(".told-age >> text=/as of the last pull of its log, 20\\d\\d-\\w{3}-\\d\\d \\d\\d:\\d\\d/");
    await window.go(`/pumps/${JONAS}/training`);
    await page.click('role=button[name="Begin: Motor stall"]');
    await page.waitForSelector("text=Motor stall: it is on now");
    await page.selectOption("#span", "6 h");
    await page.click('role=button[name="Go ahead"]');
    await window.go(`/pumps/${JONAS}`);
    const card = page.locator("[aria-labelledby=alarms] .alarm", { hasText: "the mechanism did not move" });
    await card.getByRole("button", { name: /^Acknowledge: the mechanism did not move/ }).click();
    await card.getByText(/^Acknowledged/).waitFor();
    const text = breakable(await card.innerText());
    assert.match(text, /\*\*\* High the mechanism did not move[^]*Since 20[^]*The pump: [^]*Do, [^]*Acknowledged 20\d\d-\w{3}-\d\d \d\d:\d\d UTC by account \d+\. It stands as before\./);
    const told = await page.evaluate(async (serial) => {
        const get = async (path) => (await fetch(path)).json();
        const pump = await get(`/api/pumps/${serial}`);
        return { pump, kept: await get(`/api/implants/${pump.implant}/alarms`), me: await get("/api/me") };
    }, JONAS);
    const [kept] = told.kept.alarms.filter((one) => one.alarm === "MOTOR_STALL");
    assert.ok(kept.seen && kept.ended === null && kept.cleared === null, JSON.stringify(kept));
    assert.ok(told.pump.state.alarms.some((one) => one.code === kept.code), "the pump's own alarm stands");
    await window.judge("glance-alarm");
    await window.close();
    // Who, when and which row is in the audit.
    const auditor = await Window.as("otto", browser, demo);
    const rows = await auditor.page.evaluate(async () => {
        const all = [];
        for (let from = 1; from;) {
            const json = await (await fetch(`/api/audit?from=${from}&limit=100`)).json();
            all.push(...json.rows);
            from = json.next;
        }
        return all;
    });
    const seen = rows.filter((row) => row.table === "alarms" && row.row === kept.id && row.action === "update");
    assert.ok(seen.some((row) => row.user === kept.seen_by && row.at.slice(0, 16) === kept.seen.slice(0, 16)), JSON.stringify(seen));
    await auditor.close();
});

test("what the records have and the pump does not tell is shown, and how old it is; a pump never heard hides nothing", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    const kept = { id: 7, code: 18, alarm: "RESERVOIR_EMPTY", text: "reservoir empty by calculation", priority: "high", raised: "2026-11-20T10:00:00Z",
                   ended: "2026-11-21T10:00:00Z", cleared: null, seen: null, seen_by: null };
    await page.route("**/api/implants/*/alarms", (route) => route.fulfill({ json: { alarms: [kept], next: null, pulled: "2026-11-22T10:00:00Z", age: "7200 s" } }));
    await page.route("**/api/pumps/SIM-0003", async (route) => route.fulfill({ json: { ...await (await route.fetch()).json(), state: null, age: null } }));
    await page.route("**/api/pumps/SIM-0003/events", () => {});
    await page.route("**/api/alarms/7/seen", (route) => route.fulfill({ status: 403, contentType: "application/problem+json", json: { type: "about:blank", status: 403, kind: "forbidden", detail: "not for this role" } }));
    await window.go("/pumps/SIM-0003");
    await page.waitForSelector("[aria-labelledby=alarms] .alarm.high");
    const text = breakable(await page.innerText("[aria-labelledby=alarms]"));
    assert.match(text, /The pump has not been heard\.\s+On record as of the last pull of its log, 2026-Nov-22 10:00 UTC, age: 2 h 0 min/);
    assert.match(text, /\*\*\* High reservoir empty[^]*Since 2026-Nov-20 10:00 UTC; its condition ended 2026-Nov-21 10:00 UTC, and it stays until a clinician clears it[^]*On record alone/);
    await page.click('role=button[name=/^Acknowledge/]');
    await page.waitForSelector(".seen [role=alert] >> text=Not acknowledged: not for this role");
    await window.close("console: Failed to load resource: the server responded with a status of 403 (Forbidden)");
});

test("the clinic's pages say that their sound is off until a test was heard; a pause is counted down", async () => {
    const window = await Window.as("nina", browser, demo);
    const { page } = window;
    page.setDefaultTimeout(60000);
    await page.waitForSelector(".page-sound >> text=Sound off");
    await page.click("text=Enable and test sound");
    await page.waitForSelector(".page-sound >> text=Did you hear three tones?");
    await page.click("text=I heard it");
    await page.waitForSelector(".page-sound >> text=Sound on");
    // The stall of the test before stands at one pump: it is heard on the page of another, by its priority.
    await window.go("/pumps/SIM-0001/visits");
    await page.waitForSelector('.page-sound[data-heard="high"]');
    await page.click("text=Pause sound for 10 minutes");
    await page.waitForSelector(".page-sound >> text=/Sound paused, 9:5\\d left/");
    await page.waitForSelector(".page-sound >> text=/Sound paused, 9:5[0-7] left/");
    await window.judge("sound-paused");
    await window.go("/");
    await page.waitForSelector("table.ward");
    await page.click("text=End the pause");
    await page.waitForSelector(".page-sound >> text=Sound on");
    await window.close();
});
