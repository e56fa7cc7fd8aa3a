// refusal_test.mjs - what workflows refuse, as a clinician at the pages meets it: each wrong answer is said at its step, the finding
// that stands against it is read, and the right one passes. Then what the pump and the server refuse: a pump that was changed
// meanwhile, a link that is silent before anything is sent, a pump that another took over. REQ-CLIN-01 to -12, HZ-23, HZ-24, HZ-36,
// HZ-37; screen rules N4, L1, L2, W1 to W9.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { Bedside, JONAS, Link, MAREN, TERESA } from "./bedside.mjs";
import { browserStart, CISTERNA, Demo, Window } from "./stand.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.start("--speed", "20", "--every", "20 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

/** Says it, by the ids of fields: text, choice, or true for what is to be marked. */
async function say(page, said) {
    for (const [id, value] of Object.entries(said)) {
        const field = page.locator(`#${id}`);
        if (value === true) await field.check();
        else if (await field.evaluate((one) => one.tagName === "SELECT")) await field.selectOption(value);
        else await field.fill(value);
    }
}

/** Each of these is said and refused, with words that match; one that follows says only what differs. */
async function refused(bed, ...rows) {
    for (const [said, words] of rows) {
        await say(bed.page, said);
        await bed.go();
        // What stood against the answer before may still be read for a moment.
        await bed.page.waitForFunction((source) => {
            const against = [...document.querySelectorAll(".finding.hard, .finding.soft, .step-form .problem")];
            return against.some((one) => new RegExp(source).test(one.innerText.replace(/\s/g, " ")));
        }, words.source).catch(async () => assert.fail(`${JSON.stringify(said)}: ${words} is not in\n${await bed.page.innerText("main")}`));
    }
}

test("who and what it is", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    await bed.begin("Program");
    await bed.step("identify");
    await refused(bed,
        [{ "field-serial": "SIM-0001", "field-drugs-drug-0": "morphine", "field-drugs-conc-0": "25" }, /"patient" is missing/],
        [{ "field-patient": "Jonas Lindqvist" }, /the patient said is not the one of this record/],
        [{ "field-patient": "Maren Holt", "field-serial": "SIM-0002" }, /the serial said is "SIM-0002", the pump that answers is SIM-0001/],
        [{ "field-serial": "SIM-0001", "field-drugs-drug-0": "baclofen", "field-drugs-conc-0": "2000" }, /baclofen 2000 mcg\/mL is said to be in the pump/],
        [{ "field-drugs-drug-0": "morphine", "field-drugs-conc-0": "2.5" }, /morphine 2.5 mg\/mL is said to be in the pump/]);
    await bed.abandon();
    await bed.close();
});

test("a refill: the port, what was drawn out, what was filled", async () => {
    const bed = await Bedside.at(browser, demo, JONAS);
    await bed.begin("Refill");
    await bed.identify();
    await bed.step("port");
    await refused(bed, [{ "field-port": "catheter", "field-aspirated-yes": true }, /leads straight to the spinal fluid/]);
    await bed.port();
    await bed.step("residual");
    await refused(bed,
        [{ "field-withdrawn": "25", "field-left": "0" }, /25 mL in a reservoir of 20 mL/],
        [{ "field-withdrawn": "1" }, /over-infusion: measure again/],
        [{ "field-withdrawn": "9" }, /the drug has not been given/]);
    await bed.residual();
    await bed.step("fill");
    await refused(bed,
        [{ "field-filled": "18", "field-drugs-drug-0": "baclofen", "field-drugs-conc-0": "2000" }, /"drawn_up" is missing/],
        [{ "field-drawn_up": "17" }, /18 mL is said to be in the pump, but the syringe held 17 mL/],
        [{ "field-filled": "22", "field-drawn_up": "22" }, /22 mL does not go into the reservoir/],
        [{ "field-filled": "18", "field-drawn_up": "18", "field-drugs-conc-0": "500" }, /would hold baclofen 500 mcg\/mL: workflow bridge/],
        [{ "field-drugs-drug-0": "morphine", "field-drugs-conc-0": "25" }, /would hold morphine 25 mg\/mL: workflow bridge/]);
    await bed.abandon();
    await bed.close();
});

test("a therapy: half said, out by ten and by 24, above the limits, below what the pump can give", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await bed.page.click("text=Keep these as they are in force");
    await refused(bed,
        [{ kind: "continuous", dose: "5" }, /Say what comes first/],
        [{ opening: "none" }, /Say whether the patient may ask/],
        [{ patient: "no", dose: "50" }, /would pass its limit for a day/],
        [{ dose: "0.5" }, /this pump cannot deliver; nearest deliverable: 1.2 mg per day/],
        [{ dose: "5", "hour-morphine": "" }, /the field "hour" is missing/],
        [{ "hour-morphine": "10", "day-morphine": "150", rateMax: "8", dose: "50" }, /ten/],
        [{ dose: "120" }, /24/]);
    await bed.abandon();
    await bed.close();
});

test("into the catheter: the wrong port, and an injection where nothing came; a pump that is not empty", async () => {
    const bed = await Bedside.at(browser, demo, TERESA);
    const { page } = bed;
    await bed.begin("Catheter access");
    await bed.identify();
    await bed.step("port");
    await refused(bed, [{ "field-port": "reservoir", "field-aspirated-yes": true }, /only the catheter's would pass/]);
    await bed.port("catheter");
    await bed.step("aspirate");
    await refused(bed, [{}, /"aspirated" is missing/]);
    await page.check("#field-aspirated-no");
    await bed.go();
    await bed.step("inject");
    await refused(bed, [{ "field-inject-yes": true }, /pushes its whole content into the spine at once/]);
    await bed.window.judge("task-inject-held");
    await bed.abandon();
    await page.click("text=Go to the workflows");
    await bed.begin("Explant");
    await bed.identify();
    await bed.step("empty");
    await refused(bed, [{ "field-emptied-no": true, "field-withdrawn": "1" }, /the reservoir must have been emptied/]);
    await bed.abandon();
    await bed.close();
});

test("a prime into a catheter that holds drug", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page } = bed;
    await bed.begin("Prime");
    await bed.identify();
    await bed.step("catheter");
    await refused(bed, [{}, /either "volume" or "length"/], [{ "field-length": "45", "field-volume": "0.1" }, /either "volume" or "length"/]);
    await page.fill("#field-volume", "");
    await bed.go();
    await bed.therapy({ dose: "5", opening: "prime", more: async () => say(page, { opening: "prime", whole: true, "open-rate": "2" }) });
    await bed.step("prime");
    await refused(bed, [{ "field-holds": "drug", "field-concentration": "25 mg/mL" }, /one bolus: 2.925 mg of morphine is above the hard limit/]);
    await bed.abandon();
    await bed.close();
});

/** Up to the typed read-back, and the amount is typed. */
async function programmed(bed, dose) {
    await bed.begin("Program");
    await bed.identify();
    await bed.therapy({ dose });
    await bed.step("finish");
    await bed.go();
    await bed.step("readback");
    await bed.page.fill("#field-amount", bed.serial === JONAS ? `${dose} mcg per day` : `${dose} mg per day`);
}

test("a pump that was changed after it was asked refuses what was decided before", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    await programmed(bed, "5.5");
    const folder = path.join(demo.folder, "demo");
    execFileSync(CISTERNA, ["bolus", "--role", "patient", "--pump", MAREN, "--radio", path.join(folder, "radios", MAREN), "--keys",
                            path.join(folder, "keys"), "--passphrase-file", path.join(folder, "passphrase")]);
    await bed.go();
    await bed.ended("Not applied");
    await bed.window.judge("task-not-applied");
    assert.match(await bed.page.innerText(".outcome"), /The pump has not done what was sent[^]*The pump refused; nothing was changed/);
    await bed.close();
});

test("a link that is silent before anything was sent: it was not done, and is tried once more", async () => {
    const link = new Link(path.join(demo.folder, "demo", "radios", JONAS));
    const bed = await Bedside.at(browser, demo, JONAS);
    await programmed(bed, "500");
    link.left = 0;
    await bed.go();
    await bed.sees('role=button[name="Try it once more"]', 30000);
    assert.match(await bed.page.innerText(".waiting"), /It was not done/);
    assert.equal(await bed.page.locator(".outcome").count(), 0, "nothing is claimed of a change that was never sent");
    await bed.window.judge("task-silent");
    link.left = Infinity;
    await bed.page.click('role=button[name="Try it once more"]');
    await bed.ended("Applied");
    await bed.close();
    link.close();
});

test("the way down takes the pump from whoever works at it; their draft is dropped", async () => {
    const bed = await Bedside.at(browser, demo, TERESA);
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    const other = await Bedside.at(browser, demo, TERESA, "phil");
    await other.sees("text=takes the pump from nina, whose draft is dropped");
    await other.begin("Stop or lower the pump");
    await other.step("lower");
    await other.page.selectOption("#field-lower", "stop");
    await other.go();
    await other.ended("Applied");
    await bed.sees("text=what was drafted is dropped");
    assert.equal(await bed.page.locator("#kind").count(), 0, "what was drafted is not to be sent any more");
    await bed.window.judge("task-taken");
    await other.close();
    await bed.close();
});

test("whom nobody knows is told so, and too many tries have to wait", async () => {
    const window = await Window.open(browser, demo);
    const { page } = window;
    await page.fill("#name", "otto");
    for (let tries = 0; !(await page.locator("main").innerText()).match(/wait|again in|too often/i); tries++) {
        assert.ok(tries < 20, await page.innerText("main"));
        await page.fill("#password", `guess ${tries}`);
        await Promise.all([page.waitForResponse(/sign-in$/), page.keyboard.press("Enter")]);
    }
    await window.judge("signin-limited");
    window.faults = window.faults.filter((fault) => !/status of (401|429)/.test(fault));
    await window.close();
});
