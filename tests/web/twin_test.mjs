// twin_test.mjs - training with the real twin: what is done on the training page comes to pass in pump and patient, and the clinic's pages
// see of it what a pump's sensors see. Time is skipped, so that a month takes seconds.
// REQ-RSVR-05, REQ-ALRM-05, HZ-02, HZ-25, HZ-39.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Bedside, JONAS, MAREN, TERESA } from "./bedside.mjs";
import { browserStart, Demo } from "./stand.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "3 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

const LONG = 60000;
const breakable = (text) => text.replace(/\u00a0/g, " ");

/** A clinician at the training page of a pump. */
async function trainer(serial) {
    const bed = await Bedside.at(browser, demo, serial);
    await bed.window.go(`/pumps/${serial}/training`);
    await bed.sees(".spine");
    return bed;
}

/** Time goes ahead, and has gone. */
async function ahead(page, span) {
    const hours = Number.parseInt(span, 10) * (span.endsWith("h") ? 1 : 24);
    const wanted = (await twin(page)).elapsed_ms + hours * 3600000;
    await page.selectOption("#span", span);
    await page.click('role=button[name="Go ahead"]');
    const late = Date.now() + LONG;
    for (let view = await twin(page); view.skipping || view.elapsed_ms < wanted; view = await twin(page))
        assert.ok(Date.now() < late, `time goes ahead: ${view.elapsed} of ${span}`);
}

const twinPath = (page) => `/api/pumps/${page.url().match(/pumps\/([\w.-]+)/)[1]}/twin`;
const twin = (page) => page.evaluate(async (path) => (await fetch(path)).json(), twinPath(page));

/** The reservoir as the page tells it in truth, mL. */
async function reservoir(page) {
    return Number.parseFloat(await page.locator('.truth-facts .fact:has-text("Reservoir") dd').innerText());
}

test("speed and time; a kink starves the tip while the pump sees nothing, and a stall alarms", async () => {
    const bed = await trainer(TERESA);
    const { page, window } = bed;
    await page.selectOption("#speed", "600");
    await page.click("text=Set the speed");
    await bed.sees("text=Time passes at 600");
    assert.equal((await twin(page)).speed, "600");
    await ahead(page, "7 d");
    await bed.sees(".level-table .tip-row");
    assert.match(await page.innerText(".level-table caption"), /ziconotide by level now, ng\/mL/);
    const well = (await twin(page)).drugs[0].tip;
    assert.ok(well > 0, "the drug has come to the tip");
    await page.selectOption("#amount-kink", "5 %");
    await page.click('role=button[name="Begin: Catheter kinked"]');
    await bed.sees(".trouble.on >> text=on now: 5");
    await ahead(page, "3 d");
    await bed.sees("text=5\u00a0% of what is pumped passes");
    assert.ok((await twin(page)).drugs[0].tip < well / 4, "little passes the kink");
    await window.judge("training-kink");
    await window.go(`/pumps/${TERESA}`);
    await bed.sees("text=No alarm stands at the pump");
    await window.go(`/pumps/${TERESA}/training`);
    await bed.sees(".trouble.on");
    await page.click('role=button[name="End it: Catheter kinked"]');
    await page.click('role=button[name="Begin: Granuloma at the tip"]');
    await bed.sees(".trouble.on >> text=on now: 30");
    await page.click('role=button[name="End it: Granuloma at the tip"]');
    await page.click('role=button[name="Begin: Motor stall"]');
    await bed.sees(".trouble.on >> text=Motor stall");
    await ahead(page, "6 h");
    await window.go(`/pumps/${TERESA}`);
    await bed.sees(".alarm >> text=the mechanism did not move when told to", LONG);
    await window.judge("training-stall");
    await bed.close();
});

test("a moment is gone back to by a new patient with a new pump, and the old one goes on", async () => {
    const bed = await trainer(TERESA);
    const { page, window } = bed;
    await page.fill("#moment-name", "before");
    await page.click("text=Keep this moment");
    await page.click('role=button[name="Begin a new patient here: before"]');
    await page.waitForFunction((serial) => window.location.hash.endsWith("/training") && !window.location.hash.includes(serial), TERESA, { timeout: 2 * LONG });
    await bed.sees(".spine", LONG);
    assert.notEqual(twinPath(page), `/api/pumps/${TERESA}/twin`);
    assert.match(await page.innerText("h1"), /Teresa Okafor, again 1/);
    await window.judge("training-fork");
    await bed.close();
});

test("the lesson of a safe refill, to its end", async () => {
    const bed = await trainer(MAREN);
    const { page } = bed;
    const step = (number) => bed.sees(`.lesson >> text=step ${number} of 9`, LONG);
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: A safe refill"]');
    await page.click(".lesson >> text=Go to At a glance");
    await page.click("text=I have looked: go on");
    await page.click(".lesson >> text=Go to Workflows");
    await bed.begin("Refill");
    await step(3);
    await bed.identify();
    await bed.port();
    await bed.residual();
    await bed.step("fill");
    await step(6);
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "morphine");
    await page.fill("#field-drugs-conc-0", "25");
    await page.fill("#field-lot", "L-18");
    await bed.go();
    await bed.send("18 mL");
    await bed.step("watch");
    await step(9);
    await bed.abandon("End it here");
    await bed.sees(".learned >> text=HZ-05");
    await bed.close();
});

test("the lesson of the pump that was not infusing, to its end", async () => {
    const bed = await trainer(MAREN);
    const { page, window } = bed;
    const step = (number) => bed.sees(`.lesson >> text=step ${number} of 10`, LONG);
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: The pump that was not infusing"]');
    await page.click("text=Let the gear slip");
    await step(2);
    await ahead(page, "30 d");
    await step(3);
    await page.click(".lesson >> text=Go to At a glance");
    await bed.sees("text=No alarm stands at the pump");
    await page.click("text=I have looked: go on");
    await page.click(".lesson >> text=Go to Training");
    await bed.sees(".truth-facts");
    const held = await reservoir(page);
    await page.click("text=I have looked: go on");
    await page.click(".lesson >> text=Go to Workflows");
    await step(5);
    await bed.begin("Refill");
    await bed.identify();
    await bed.port();
    await step(7);
    await bed.step("residual");
    await page.fill("#field-withdrawn", held.toFixed(1));
    await page.fill("#field-left", "0");
    await bed.go();
    await bed.sees(".finding.hard >> text=not infusing");
    await step(8);
    await window.judge("training-lesson-refill");
    await page.click("text=I have looked: go on");
    await step(9);
    await page.selectOption("#field-cause", "not_found");
    await bed.go();
    await bed.sees(".finding.hard >> text=not infusing");
    await page.selectOption("#field-cause", "under_infusion");
    await page.check("#field-retitrated");
    await bed.go();
    await step(10);
    await bed.abandon();
    await bed.sees(".learned >> text=19 mL were left at a refill");
    await window.judge("training-learned-real");
    await bed.close();
});

test("the lesson of the first implant, to its end", async () => {
    const bed = await trainer(MAREN);
    const { page, window } = bed;
    const step = (number) => bed.sees(`.lesson >> text=step ${number} of 8`, LONG);
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: The first implant"]');
    await page.click(".lesson >> text=Go to Workflows of SIM-0004");
    await page.fill("#patient-number", "4");
    await page.selectOption("#region", "US");
    await page.click("text=Begin the implant of SIM-0004");
    await bed.step("identify");
    await step(2);
    await page.fill("#field-patient", "Ines Almeida");
    await page.fill("#field-serial", "SIM-0004");
    await bed.go();
    await bed.step("catheter");
    await page.fill("#field-length", "45");
    await bed.go();
    await bed.step("fill");
    await step(4);
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "morphine");
    await page.fill("#field-drugs-conc-0", "10");
    await bed.go();
    await bed.therapy({ dose: "1", opening: "prime", more: async () => {
        await page.selectOption("#opening", "prime");
        await page.check("#whole");
        await page.fill("#open-rate", "2");
    }, settings: async () => {
        for (const [id, value] of [["hour-morphine", "1"], ["day-morphine", "10"], ["bolusMax", "0.02"], ["rateMax", "4"], ["safe", "0.048"], ["restart", "24"], ["low", "2"]])
            await page.fill(`#${id}`, value);
        await page.selectOption("#under", "high");
        await page.selectOption("#mri", "keep_program");
    } });
    await bed.step("prime");
    await step(6);
    await page.selectOption("#field-holds", "no_drug");
    await bed.go();
    await step(7);
    await bed.send("3.57 mg per day"); // with what the prime gives
    await bed.step("watch");
    await step(8);
    await bed.abandon("End it here");
    await bed.sees(".learned >> text=Coffey 2009");
    await window.go("/pumps/SIM-0004/training");
    await bed.sees(".spine", LONG);
    await window.judge("training-implanted");
    await bed.close();
});

test("the lesson of a bridge, to its end: the boundary goes by the tip", async () => {
    const bed = await trainer(JONAS);
    const { page, window } = bed;
    const step = (number) => bed.sees(`.lesson >> text=step ${number} of 9`, LONG);
    await ahead(page, "3 d");
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: A bridge"]');
    await page.click("text=I have looked: go on");
    await page.click(".lesson >> text=Go to Workflows");
    await bed.begin("Refill with a change");
    await bed.identify();
    await bed.port();
    await bed.residual();
    await bed.step("fill");
    await step(4);
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "baclofen");
    await page.fill("#field-drugs-conc-0", "1000");
    await page.check("#field-rinsed");
    await bed.go();
    await bed.therapy({ dose: "480", opening: "bridge", more: async () => {
        await page.selectOption("#opening", "bridge");
        await page.check("#whole");
        await page.fill("#open-rate", "0.24");
    } });
    await bed.step("bridge");
    await step(6);
    await bed.go();
    await bed.step("finish");
    await step(7);
    await bed.go();
    await bed.step("readback");
    const asked = breakable(await page.locator('tr:has-text("most in any 24 h") td').nth(1).innerText());
    await page.fill("#field-amount", asked);
    await bed.go();
    await step(8);
    await page.click(".lesson >> text=Go to Training");
    await step(9);
    await bed.sees(".pieces >> text=dotted");
    await window.judge("training-bridge");
    await ahead(page, "3 d");
    await bed.sees(".learned >> text=14,499 pumps");
    await bed.close();
});

test("the lesson of the beeping pump, to its end", async () => {
    const bed = await trainer(JONAS);
    const { page, window } = bed;
    const step = (number) => bed.sees(`.lesson >> text=step ${number} of 10`, LONG);
    const looked = () => page.click("text=I have looked: go on");
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: The beeping pump"]');
    await looked();
    await page.click("text=Let the motor stall");
    await step(3);
    await ahead(page, "6 h");
    await page.click(".lesson >> text=Go to At a glance");
    await step(4);
    await bed.sees(".alarm >> text=the mechanism did not move when told to");
    await looked();
    await page.click(".lesson >> text=Go to Training");
    await bed.sees("#span");
    await ahead(page, "1 d");
    await step(6);
    await page.click(".lesson >> text=Go to Workflows");
    await bed.begin("After a scan");
    // What it holds depends on what was taught before.
    const view = await page.evaluate((serial) => fetch(`/api/pumps/${serial}/twin`).then((told) => told.json()), bed.serial);
    await bed.identify({ amount: view.catheter.segments[0].concentration.split(" ")[0].replace(",", "") });
    await bed.step("watch");
    await bed.abandon("End it here");
    await step(7);
    await page.click(".lesson >> text=Go to Log");
    await looked();
    await page.click(".lesson >> text=Go to Training");
    await page.click("text=Let the motor turn again");
    await step(9);
    await bed.sees("#span");
    await ahead(page, "6 h");
    await step(10);
    await page.click(".lesson >> text=Go to At a glance");
    await looked();
    await bed.sees(".learned >> text=HZ-18");
    await window.judge("training-beeped");
    await bed.close();
});
