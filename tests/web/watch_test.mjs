// watch_test.mjs - workflows to the end of their watch, in a real Chromium: prime, refill, bridge, and a scan's second look; the
// server's clock is put forward (ahead.c), the page's with it, and the nurse stays signed in meanwhile. A draft that nobody goes on
// with, and one whose session ends, are dropped. REQ-CLIN-08, -09, REQ-RSVR-09, HZ-05, HZ-09; screen rules W5 to W7, W9.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Bedside, clocksForward, clockTake, JONAS, MAREN, TERESA } from "./bedside.mjs";
import { browserStart, Demo, Window } from "./stand.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.startAhead("--speed", "60", "--every", "20 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

async function bedAt(serial) {
    const bed = await Bedside.at(browser, demo, serial);
    await clockTake(bed.page, demo);
    await bed.page.reload();
    await bed.page.waitForSelector("h2");
    return bed;
}

/** Too early is refused, no word about signs as well; then it is over, and recorded. */
async function watched(bed, minutes) {
    const { page } = bed;
    await bed.step("watch");
    assert.match(await page.innerText(".countdown"), /Watch the patient until[^]*in /);
    await page.check("#field-signs-no");
    await bed.go();
    await bed.sees(".finding.hard");
    assert.match(await bed.findings(), /watch the patient for \d+\s+min more/);
    await clocksForward(page, demo, minutes);
    await bed.sees("text=: that is over");
    await bed.go();
}

/** How much has to flow until the new drug is at the tip, in mL, once it is less than `before`; the line's boundary goes with it. */
async function boundary(bed, before = Infinity) {
    const told = async () => {
        const text = await bed.page.innerText(".bridge-now figcaption");
        return text.includes("The tip gives") ? 0 : Number(text.match(/Until ([\d.]+)/)[1]);
    };
    await bed.sees(".bridge-now", 30000);
    while (await told() >= before) await bed.page.waitForTimeout(100);
    return told();
}

test("an empty catheter is primed, and the patient watched until an hour after the drug is at the tip", async () => {
    const bed = await bedAt(MAREN);
    const { page, window } = bed;
    await bed.begin("Prime");
    await bed.identify();
    await bed.step("catheter");
    await page.fill("#field-length", "45");
    await bed.go();
    await bed.therapy({ dose: "5", opening: "prime", more: async () => {
        await page.selectOption("#opening", "prime");
        await page.check("#whole");
        await page.fill("#open-rate", "2.6");
    } });
    await bed.step("prime");
    await bed.go();
    await bed.sees('text=the field "holds" is missing');
    await page.selectOption("#field-holds", "drug");
    await page.fill("#field-concentration", "25 mg/mL");
    await bed.go();
    await bed.sees(".finding.hard");
    await page.selectOption("#field-holds", "no_drug");
    await page.fill("#field-concentration", "");
    await window.judge("task-prime");
    await bed.go();
    await bed.send("11.425 mg per day");
    await watched(bed, 210);
    await bed.ended("Applied");
    await window.judge("task-primed");
    await bed.close();
});

test("a refill is watched to its end; a prime, a bridge and a scan differ in what they wait for", async () => {
    const bed = await bedAt(TERESA);
    const { page } = bed;
    await bed.begin("Refill");
    await bed.identify();
    await bed.port();
    await bed.residual();
    await bed.step("fill");
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "ziconotide");
    await page.fill("#field-drugs-conc-0", "25");
    await bed.go();
    await bed.send("18 mL");
    await watched(bed, 30);
    await bed.ended("Applied");
    await page.click("text=Go to the workflows");
    await bed.begin("After a scan");
    await bed.identify();
    await watched(bed, 20);
    await bed.sees(".outcome", 30000);
    await bed.sees('.step-head:has-text("The workflow has ended")');
    await bed.close();
});

test("a draft that nobody goes on with for ten minutes is dropped, and so is one whose session ends; nothing was sent", async () => {
    const bed = await bedAt(MAREN);
    const { page } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await page.selectOption("#kind", "continuous");
    await page.fill("#dose", "7");
    await clocksForward(page, demo, 11);
    await bed.sees("text=Nothing was sent");
    await bed.sees('.step-head:has-text("The workflow has ended")');
    assert.equal(await page.locator("#dose").count(), 0);
    await page.click("text=Go to the workflows");
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    demo.forward(16 * 60000);
    await bed.sees("text=What was not sent is discarded");
    assert.ok(!(await page.innerText("body")).includes("Maren Holt"));
    await bed.close();
    // Whoever comes next finds the pump free, and the audit tells both ends.
    demo.sessions = {};
    const next = await bedAt(MAREN);
    await next.sees("h3 >> text=Begin");
    await next.close();
    const auditor = await Window.as("otto", browser, demo);
    let idle = 0;
    for (let more = true; more;) { // page by page, to the last
        await auditor.page.waitForSelector("main table");
        idle += await auditor.page.locator("main tr:has-text('workflow idle'):has-text('implants 1')").count();
        const on = auditor.page.locator("main .pages button:has-text('Go on from number')");
        more = await on.count() > 0;
        const said = more ? await on.innerText() : "";
        if (more) await on.click();
        if (more) await auditor.page.waitForFunction((was) => !document.querySelector("main .pages")?.innerText.includes(was) && document.querySelector("main table"), said);
    }
    assert.equal(idle, 2);
    await auditor.close();
});

test("a bridge is watched to its end, and the boundary moves on to the tip", async () => {
    const bed = await bedAt(JONAS);
    const { page, window } = bed;
    await bed.begin("Refill with a change");
    await bed.identify();
    await bed.port();
    await bed.residual();
    await bed.step("fill");
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
    await bed.go();
    await bed.send("750 mcg per day");
    await watched(bed, 30);
    await bed.ended("Applied");
    await window.go(`/pumps/${JONAS}`);
    const left = await boundary(bed);
    assert.ok(left > 0.2, "it has only begun");
    await bed.close();
    // The same pump, with a clock so fast that the bridge ends while one looks.
    await demo.stop({ keep: true });
    await demo.run("--speed", "6000", "--every", "3 s");
    const later = await Bedside.at(browser, demo, JONAS);
    await later.window.go(`/pumps/${JONAS}`);
    const seen = [left];
    while (seen.at(-1) > 0) {
        const now = await boundary(later, seen.at(-1));
        assert.ok(now < seen.at(-1), `${seen} ${now}`);
        if (seen.push(now) === 2) await later.window.judge("glance-bridge");
    }
    assert.ok(seen.length > 2, `it is seen on its way: ${seen}`);
    await later.sees("text=The tip gives what the reservoir holds");
    await later.sees("text=nothing besides the program");
    await later.window.judge("glance-bridged");
    await later.close();
});

test("at a thousand times the speed half an hour is two seconds: what was staged is over before it is sent, and the pump says so", async () => {
    await demo.stop({ keep: true });
    await demo.run("--speed", "1000", "--every", "20 s");
    const bed = await Bedside.at(browser, demo, TERESA);
    const { page } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.therapy({ dose: "2.5" });
    await bed.step("finish");
    await bed.go();
    await bed.step("readback");
    await page.fill("#field-amount", "2.5 mcg per day");
    await page.waitForTimeout(3000);
    await bed.go();
    await bed.sees('.outcome:has-text("Not applied")', 60000);
    assert.match(await page.innerText(".outcome"), /no whole therapy is staged[^]*nothing was changed/);
    await bed.close();
});
