// task_test.mjs - workflows in a real Chromium, by keys and clicks, against a real server and virtual pumps: each to its end or to its
// watch; what is refused; two windows at one pump; a session that ends; a pump that falls silent in the middle; the fields.
// REQ-CLIN-01 to -12, HZ-01, HZ-22, HZ-24, HZ-28; screen rules N1 to N7, L1, W1 to W7, W9, X1 to X8.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Bedside, JONAS, MAREN, TERESA } from "./bedside.mjs";
import { browserStart, Demo } from "./stand.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "20 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

/** What a link brings when it is pressed, as text; it is a file to be kept and named after pump and visit. */
async function sessionPaper(page, link) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(link)]);
    assert.match(download.suggestedFilename(), /^session-SIM-0001-\d+\.pdf$/);
    return execFileSync("pdftotext", ["-layout", await download.path(), "-"], { encoding: "utf8" }).replace(/\s+/g, " ");
}

test("a therapy is programmed: nothing is filled in, the finish screen, the amount typed again, applied", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page, window } = bed;
    await window.judge("task-begin");
    await bed.begin("Program");
    await bed.identify({ patient: "Maren Hult" });
    await page.waitForSelector(".finding.hard");
    assert.match(await bed.findings(), /not the one of this record/);
    await window.judge("task-identify-held");
    await page.fill("#field-patient", "Maren Holt");
    await bed.go();
    await bed.step("therapy");
    const values = await page.locator(".step-form input[type=text]").evaluateAll((fields) => fields.map((field) => field.value).join(""));
    assert.equal(values, "", "every field opens empty");
    await bed.therapy({ dose: "5.5" });
    await bed.step("finish");
    await window.judge("task-finish");
    const changed = await page.locator("tr.changed").allInnerTexts();
    assert.ok(changed.some((row) => /5\u00a0mg\u00a0per\u00a0day[^]*5\.5\u00a0mg\u00a0per\u00a0day[^]*\+10\u00a0%/.test(row)), changed.join("\n"));
    assert.ok((await page.locator("tr.same").count()) > 5, "what stays stands there as well");
    await bed.go();
    await bed.step("readback");
    await page.fill("#field-amount", "5 mg per day");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.fill("#field-amount", "5.5 mg per day");
    await window.judge("task-readback");
    await bed.go();
    await bed.ended("Applied");
    await bed.sees('.session-report a:has-text("Session (PDF)")');
    const href = await page.getAttribute(".session-report a", "href");
    const paper = await sessionPaper(page, ".session-report a");
    for (const wanted of ["Maren Holt", "Applied: the pump runs the new therapy.", "5.5 mg per day", "10 % more", "Typed again by the clinician: 5.5 mg per day. They agree."])
        assert.ok(paper.includes(wanted), `${wanted} in ${paper}`);
    await window.judge("task-applied");
    // The same stands among the visits, and none beside a visit in which no therapy was sent.
    await window.go(`/pumps/${MAREN}/visits`);
    await page.waitForSelector(`main tbody tr:first-child a[href="${href}"]`);
    await window.judge("visits-report");
    await bed.close();
});

test("off the grid, over a limit, half said: each refusal says what would pass", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page, window } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await bed.go();
    await page.waitForSelector("text=Say the kind of program");
    await bed.therapy({ dose: "5.00001" });
    await page.waitForSelector("text=nearest deliverable");
    await window.judge("task-off-grid");
    await page.fill("#dose", "120");
    await bed.go();
    await page.waitForSelector("text=this therapy is refused");
    await page.fill("#dose", "15");
    await bed.go();
    await page.waitForSelector(".passing");
    await window.judge("task-soft");
    const soft = await page.locator(".pass").count();
    for (let i = 0; i < soft; i++) await page.selectOption(`#reason-${i}`, "tolerance");
    await bed.go();
    await page.waitForSelector("text=Not taken");
    await bed.abandon();
    assert.match(await page.innerText(".outcome"), /Nothing was sent/);
    await bed.close();
});

test("a soft limit passes with its reason, its amount, and a second clinician in a session of their own", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.therapy({ dose: "8" });
    await page.waitForSelector(".passing");
    // The compare card (N7), once however many rules speak of the change; a screen reader gets a table with headings.
    const card = page.getByRole("group", { name: "Compare the old and the new amount" });
    assert.deepEqual(await card.getByRole("columnheader").allInnerTexts(), ["Drug", "Old", "New", "Factor"]);
    assert.deepEqual((await card.locator("tbody tr").allInnerTexts()).map((row) => row.replace(/\u00a0/g, " ").split("\t")), [["morphine", "5.5 mg per day", "8 mg per day", "about \u00d7 1.45"]]);
    await bed.window.judge("task-compare");
    const soft = await page.locator(".pass").count();
    for (let i = 0; i < soft; i++) {
        await page.selectOption(`#reason-${i}`, "tolerance");
        if (await page.locator(`#again-${i}`).count()) await page.fill(`#again-${i}`, "8 mg per day");
    }
    await bed.go();
    await bed.step("finish");
    await bed.go();
    await bed.step("second");
    assert.equal(await page.locator("text=I have read every change, and agree").count(), 0, "nobody agrees with themselves");
    const other = await Bedside.at(browser, demo, MAREN, "phil");
    await other.page.waitForSelector("text=I have read every change, and agree");
    await other.window.judge("task-second");
    assert.match(await other.page.innerText("main"), /because: tolerance/);
    assert.equal(await other.page.locator("text=Abandon this workflow").count(), 0);
    await other.page.click("text=I have read every change, and agree");
    await bed.step("readback");
    await page.fill("#field-amount", "8 mg per day");
    await bed.go();
    await bed.ended("Applied");
    await other.close();
    await bed.close();
});

test("two windows at one pump: the second is told who holds it", async () => {
    const bed = await Bedside.at(browser, demo, TERESA);
    await bed.begin("Program");
    await bed.step("identify");
    const second = await Bedside.at(browser, demo, TERESA);
    await second.page.waitForSelector("text=works at this pump. Here it can be read");
    assert.equal(await second.page.locator(".step-form").count(), 0);
    await second.close();
    await bed.abandon();
    await bed.close();
});

test("by the hour and by weekday: the day is drawn, its sum stands in words, and is said again", async () => {
    const bed = await Bedside.at(browser, demo, JONAS);
    const { page, window } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.therapy({ kind: "flex", more: async () => {
        await page.fill("#step-0-0", "432");
        await page.click("text=Another step");
        await page.fill("#from-0-1", "12:00");
        await page.fill("#step-0-1", "528");
        for (const day of ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
            await page.selectOption(`#week-${day}`, "day 1");
        assert.match(await page.innerText(".day-words"), /2 steps, together 480\u00a0mcg\u00a0per\u00a0day/);
        await window.judge("task-flex");
    } });
    await bed.step("schedule");
    await page.fill("#field-total", "408 mcg per day");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.fill("#field-total", "480 mcg per day");
    await bed.go();
    await bed.send("480 mcg per day");
    await bed.ended("Applied");
    await bed.close();
});

test("a refill goes as far as its watch, with the pocket named before it", async () => {
    const bed = await Bedside.at(browser, demo, TERESA);
    const { page, window } = bed;
    await bed.begin("Refill");
    await bed.identify();
    await bed.step("port");
    await page.selectOption("#field-port", "reservoir");
    await page.check("#field-aspirated-no");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await page.check("#field-aspirated-yes");
    await bed.go();
    await bed.step("residual");
    await page.fill("#field-withdrawn", "5");
    await page.fill("#field-left", "0");
    await bed.go();
    await page.waitForSelector(".finding.hard");
    await window.judge("task-residual");
    await bed.residual();
    await bed.step("fill");
    assert.match(await page.innerText(".step-form"), /needle is in the reservoir/);
    await page.fill("#field-filled", "18");
    await page.fill("#field-drawn_up", "18");
    await page.selectOption("#field-drugs-drug-0", "ziconotide");
    await page.fill("#field-drugs-conc-0", "25");
    await page.fill("#field-lot", "L-18");
    await bed.go();
    await bed.send("18 mL");
    await bed.step("watch");
    await page.waitForSelector("text=Watch the patient until");
    await window.judge("task-watch");
    await bed.abandon("End it here");
    await bed.ended("Applied");
    await bed.close();
});

test("the way down asks for nothing but how low", async () => {
    const bed = await Bedside.at(browser, demo, JONAS);
    await bed.begin("Stop or lower the pump");
    await bed.step("lower");
    await bed.page.selectOption("#field-lower", "minimum");
    await bed.window.judge("task-lower");
    await bed.page.click("text=Go to the least flow now");
    await bed.ended("Applied");
    await bed.close();
});

test("a field for a number takes the one grammar, blocks the rest at the key, and stays locked until that is acknowledged", async () => {
    const bed = await Bedside.at(browser, demo, MAREN);
    const { page } = bed;
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await page.selectOption("#kind", "continuous");
    for (const keys of [["5", "."], ["5.5", "."], ["0", "5"], ["5", ","], ["5", "e"], ["", "-"], ["", "+"], ["", "."], ["123456789", "0"], ["0.123456", "7"],
                        ["5", " "], ["5", "m"]]) {
        const [before, key] = keys;
        await page.fill("#dose", "");
        await page.click("#dose");
        if (before) await page.keyboard.type(before);
        await page.keyboard.type(key);
        const isCaught = `${before}${key}` !== "5.";
        assert.equal(await page.inputValue("#dose"), isCaught ? before : "5.", keys.join("|"));
        assert.equal(await page.locator("#dose[aria-invalid=true]").count(), isCaught ? 1 : 0, keys.join("|"));
        if (!isCaught) continue;
        await page.keyboard.type("7");
        assert.equal(await page.inputValue("#dose"), before, "locked until it is acknowledged");
        await page.keyboard.press("Escape");
    }
    await page.fill("#dose", "");
    await page.keyboard.type("240.25");
    assert.match(await page.innerText("#dose-said"), /two hundred forty point two five milligrams per day/);
    await page.mouse.wheel(0, 300);
    assert.equal(await page.inputValue("#dose"), "240.25");
    await page.keyboard.press("Backspace");
    assert.equal(await page.inputValue("#dose"), "240.2");
    await bed.abandon();
    await bed.close();
});

test("a session that ends discards what was said", async () => {
    const bed = await Bedside.at(browser, demo, TERESA, "phil");
    const { page } = bed;
    await page.clock.install();
    await bed.begin("Program");
    await bed.step("identify");
    await page.fill("#field-patient", "Teresa Okafor");
    await page.clock.fastForward("20:00");
    await page.waitForSelector("text=What was not sent is discarded");
    assert.equal(await page.locator("#field-patient").count(), 0);
    await bed.close();
});
