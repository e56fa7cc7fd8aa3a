// workflow_test.mjs - the rest of the workflows in a real Chromium: a new pump is implanted, a bridge with its boundary drawn, a scan,
// access to the catheter, explant; a change whose outcome is unknown until the pump is asked again; keyboard alone, narrow, forced colours.
// REQ-CLIN-01 to -12, REQ-LINK-04, HZ-17, HZ-24; screen rules W3, W5 to W7, X1 to X8.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Bedside, JONAS, Link, MAREN, patientNew, TERESA } from "./bedside.mjs";
import { browserStart, CISTERNA, Demo } from "./stand.mjs";

let demo, browser, fresh;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "20 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    fresh?.kill();
    await demo?.stop();
});

/** A pump that nobody has filled yet, known to the clinic's keys. */
async function pumpNew(serial) {
    const folder = path.join(demo.folder, "demo");
    const radio = path.join(folder, "radios", serial);
    fs.mkdirSync(radio);
    fresh = spawn(CISTERNA, ["pump", "--state", radio, "--serial", serial, "--speed", "60", "--quiet"], { stdio: "ignore" });
    while (!["card.txt", "magnet"].every((name) => fs.existsSync(path.join(radio, name)))) await new Promise((resolve) => setTimeout(resolve, 20));
    execFileSync(CISTERNA, ["pair", "--role", "clinician", "--card-file", path.join(radio, "card.txt"), "--label", "clinic", "--radio", radio,
                            "--keys", path.join(folder, "keys"), "--passphrase-file", path.join(folder, "passphrase")]);
}

test("a new pump is implanted, and runs", async () => {
    await pumpNew("SIM-0009");
    const bed = await Bedside.at(browser, demo, "SIM-0009");
    const { page, window } = bed;
    const number = await patientNew(page, "Ines Almeida");
    await page.fill("#patient-number", String(number));
    await page.selectOption("#region", "US");
    await page.click("text=Begin the implant");
    await bed.step("identify");
    await page.fill("#field-patient", "Ines Almeida");
    await page.fill("#field-serial", "SIM-0009");
    await bed.go();
    await bed.step("catheter");
    await page.fill("#field-length", "40");
    await bed.go();
    await bed.step("fill");
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "morphine");
    await page.fill("#field-drugs-conc-0", "25");
    await bed.go();
    await bed.therapy({ kind: "periodic", more: async () => {
        await page.selectOption("#every", "every 6 hours");
        await page.fill("#bolus", "0.5");
        await page.fill("#bolus-rate", "1");
        await page.fill("#first", "0");
        await page.fill("#dose", "2");
        assert.match(await page.innerText(".day-words"), /every 6 hours: 4 doses a day × 0\.5\u00a0mg = 2\u00a0mg\u00a0per\u00a0day; with the base of 2\u00a0mg\u00a0per\u00a0day that is 4\u00a0mg\u00a0per\u00a0day/);
    }, settings: async () => {
        for (const [id, value] of [["hour-morphine", "3"], ["day-morphine", "40"], ["bolusMax", "0.02"], ["rateMax", "4"], ["safe", "0.048"], ["restart", "24"], ["low", "2"]])
            await page.fill(`#${id}`, value);
        await page.selectOption("#under", "high");
        await page.selectOption("#mri", "keep_program");
        await window.judge("task-periodic");
    } });
    await bed.step("schedule");
    await page.selectOption("#field-interval", "every hour");
    await page.fill("#field-dose", "0.5 mg");
    await page.fill("#field-total", "2 mg per day");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.selectOption("#field-interval", "every 6 hours");
    await bed.go();
    await bed.step("prime");
    await page.selectOption("#field-holds", "no_drug");
    await bed.go();
    await bed.send("4 mg per day");
    await bed.step("watch");
    await bed.abandon("End it here");
    await bed.ended("Applied");
    await bed.close();
});

test("another concentration needs a bridge, and its boundary is drawn on its way to the tip", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page, window } = bed;
    await bed.begin("Refill with a change");
    await bed.identify();
    await bed.port();
    await bed.residual();
    await bed.step("fill");
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "morphine");
    await page.fill("#field-drugs-conc-0", "10");
    await page.check("#field-rinsed");
    await bed.go();
    await bed.therapy({ dose: "5", opening: "bridge", more: async () => {
        await page.selectOption("#opening", "bridge");
        await page.check("#whole");
        await page.fill("#open-rate", "0.3");
    } });
    await bed.step("bridge");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.waitForSelector(".bridge-view");
    await window.judge("task-bridge");
    assert.match(await page.innerText(".bridge-view"), /morphine 10\u00a0?.?mg\/mL[^]*boundary is at the tip/);
    await bed.abandon();
    await bed.close();
});

test("the catheter's port, a scan before and after, explant", async () => {
    const bed = await Bedside.at(browser, demo, TERESA);
    const { page } = bed;
    await bed.begin("Catheter access");
    await bed.identify();
    await bed.port("catheter");
    await bed.step("aspirate");
    await page.check("#field-aspirated-yes");
    await bed.go();
    await bed.step("inject");
    await page.check("#field-inject-no");
    await bed.go();
    await page.waitForSelector("text=The workflow is done and recorded");
    await page.click("text=Go to the workflows");
    await bed.begin("Before a scan");
    await bed.identify();
    await bed.step("scan");
    await page.selectOption("#field-plan", "empty");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.selectOption("#field-plan", "keep");
    await bed.go();
    await bed.step("finish");
    await bed.go();
    await bed.ended("Applied");
    await page.click("text=Go to the workflows");
    await bed.begin("After a scan");
    await bed.identify();
    await bed.step("watch");
    await bed.abandon("End it here");
    await page.click("text=Go to the workflows");
    await bed.begin("Explant");
    await bed.identify();
    await bed.step("empty");
    await page.check("#field-emptied-yes");
    await page.fill("#field-withdrawn", "17.9");
    await bed.go();
    await bed.step("finish");
    await bed.go();
    await bed.ended("Applied");
    await bed.close();
});

test("a link that is lost in the middle: unknown, what the pump does meanwhile, and found out by asking again", async () => {
    const link = new Link(path.join(demo.folder, "demo", "radios", JONAS));
    const bed = await Bedside.at(browser, demo, JONAS);
    const { page, window } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.therapy({ dose: "500" });
    await bed.step("finish");
    await bed.go();
    await bed.step("readback");
    await page.fill("#field-amount", "500 mcg per day");
    link.left = 1; // the handshake is answered; the receipt of the command is lost
    await bed.go();
    await bed.sees('.outcome:has-text("UNKNOWN")', 30000);
    await bed.sees('role=button[name="Ask the pump again"]', 30000);
    await window.judge("task-unknown");
    assert.match(await page.innerText(".outcome"), /If nobody does anything:/);
    assert.equal(await page.locator("text=Abandon this workflow").count(), 0, "it has to be found out first");
    link.left = Infinity;
    await page.click('role=button[name="Ask the pump again"]');
    await bed.sees('.step-head:has-text("The workflow has ended")', 30000);
    assert.match(await page.innerText(".outcome"), /Applied|Not applied/);
    await bed.close();
    link.close();
});

test("by the keyboard alone, in a narrow window", async () => {
    const bed = await Bedside.at(browser, demo, MAREN, "nina", { viewport: { width: 320, height: 640 } });
    const { page, window } = bed;
    const reach = async (selector) => {
        for (let i = 0; i < 80; i++) {
            if (await page.evaluate((one) => document.activeElement.matches(one), selector)) return;
            await page.keyboard.press("Tab");
        }
        assert.fail(`${selector} is not reached`);
    };
    await reach(".begin button");
    await page.keyboard.press("Enter");
    await bed.step("lower");
    assert.equal(await page.evaluate(() => document.activeElement.className), "step-head", "a new step takes the focus");
    assert.ok((await window.overflow()) <= 0, "nothing sticks out sideways");
    await reach("#field-lower");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await window.judge("task-narrow");
    await reach(".step-form .primary");
    assert.match(await page.evaluate(() => document.activeElement.innerText), /least flow/);
    await page.keyboard.press("Enter");
    await bed.ended("Applied");
    await bed.close();
});

for (const settings of [{ forcedColors: "active" }, { colorScheme: "dark" }])
    test(`a therapy is read ${JSON.stringify(settings)}`, async () => {
        const bed = await Bedside.at(browser, demo, MAREN, "nina", settings);
        await bed.begin("Program");
        await bed.identify();
        await bed.step("therapy");
        await bed.page.selectOption("#kind", "continuous");
        await bed.page.fill("#dose", "5.5");
        await bed.page.keyboard.type(",");
        await bed.window.judge(`task-therapy-${Object.values(settings)[0]}`);
        await bed.abandon();
        await bed.close();
    });
