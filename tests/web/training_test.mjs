// training_test.mjs - the training pages in a real Chromium: the frame, time, the spine drawn, the patient, complications, moments and
// lessons. How they look and answer is tested with a twin that the test plays; what they do, with the real one.
// REQ-CLIN-01, HZ-25, HZ-30; screen rules W9, A1, X1 to X8.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { MAREN } from "./bedside.mjs";
import { browserStart, Demo, Window } from "./stand.mjs";
import { TwinFake } from "./twinfake.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "20 s");
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

const TRAINING = `/pumps/${MAREN}/training`;
const NO_TASK = "console: Failed to load resource: the server responded with a status of 404 (Not Found)";
const breakable = (text) => text.replace(/\u00a0/g, " ");

/** A window at the training page with a twin that the test plays. */
async function played(settings = {}, address = TRAINING) {
    const window = await Window.as("nina", browser, demo, settings);
    const fake = new TwinFake();
    await fake.serve(window.page);
    await window.go(address);
    await window.page.waitForSelector(address === TRAINING ? ".spine" : "main h1");
    return { window, page: window.page, fake };
}

for (const [name, settings] of [["light", {}], ["dark", { colorScheme: "dark" }], ["forced", { forcedColors: "active" }],
                                ["narrow", { viewport: { width: 320, height: 640 } }],
                                ["zoomed", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }], ["still", { reducedMotion: "reduce" }]])
    test(`the training page passes its judges: ${name}`, async () => {
        const { window, page } = await played(settings);
        await page.waitForTimeout(2500);
        assert.ok((await window.overflow()) <= 0, "nothing sticks out sideways");
        assert.match(await page.innerText("main"), /SIMULATION TRAINING/);
        await window.judge(`training-${name}`);
        await page.click(".lesson-list summary");
        await page.click('role=button[name="Begin: A bridge"]');
        await page.waitForSelector(".lesson");
        assert.ok((await window.overflow()) <= 0, "nor does a lesson");
        await window.judge(`training-lesson-${name}`);
        await window.close();
    });

test("nothing moves while the twin goes on, and it is said in words and figures what is drawn", async () => {
    const { window, page } = await played();
    await page.waitForTimeout(500);
    const before = await page.evaluate(() => window.shifts);
    await page.waitForTimeout(3500);
    assert.equal(await page.evaluate(() => window.shifts), before);
    assert.match(await page.getAttribute(".spine", "aria-label"), /^Fluid: most at T10, [\d.]+ mcg\/mL; from T9 to T11 there is at least half/);
    assert.match(await page.getAttribute(".heat", "aria-label"), /^morphine in the fluid by level over time, from 2026-Nov-29/);
    assert.equal(await page.locator(".level-table tbody tr").count(), 26);
    assert.match(await page.innerText(".level-table .tip-row"), /T10 tip\s+[\d.]+\s+[\d.]+/);
    assert.match(breakable(await page.innerText(".person")), /Pain [\d.]+ of 10[^]*My back aches[^]*Sleepiness\s+slight 10 %[^]*Breathing\s+as it should be/);
    assert.match(breakable(await page.innerText(".pieces")), /hatched, 0 % to 42 % of the way: morphine 10 mg\/mL\s+dotted, 42 % to 100 % of the way: morphine 25 mg\/mL/);
    assert.equal(await page.locator("main .curve-table").count(), 2);
    await page.selectOption("#spine-scale", "log");
    await page.selectOption("#spine-span", "day");
    await window.judge("training-log");
    await window.close();
});

test("what is done is asked of the twin, is on, and is off again", async () => {
    const { window, page, fake } = await played();
    await page.selectOption("#speed", "600");
    await page.click("text=Set the speed");
    await page.waitForSelector("text=Time passes at 600");
    await page.selectOption("#span", "6 h");
    await page.click('role=button[name="Go ahead"]');
    await page.waitForSelector("text=Going ahead by 6 hours");
    await page.selectOption("#amount-kink", "5 %");
    await page.click('role=button[name="Begin: Catheter kinked"]');
    await page.waitForSelector(".trouble.on >> text=on now: 5");
    await page.click('role=button[name="Begin: Tip migrated"]');
    await page.waitForSelector(".tip-row >> text=L4");
    await window.judge("training-troubles");
    await page.click('role=button[name="End it: Catheter kinked"]');
    await page.click('role=button[name="End it: Tip migrated"]');
    await page.waitForFunction(() => !document.querySelector(".trouble.on"));
    assert.deepEqual(fake.asked, [{ do: "speed", speed: "600" }, { do: "skip", span: "6 h" }, { do: "fault", fault: "kink", on: true, amount: "5 %" },
                                  { do: "migrate", level: "L4" }, { do: "fault", fault: "kink", on: false }, { do: "migrate", level: "T10" }]);
    for (const title of ["Infection", "Next fill goes beside"]) {
        await page.click(`role=button[name="Begin: ${title}"]`);
        await page.waitForSelector(`.trouble.on >> text=${title}`);
    }
    await page.click('role=button[name="End it: Infection"]');
    await page.waitForSelector(".trouble.on >> text=Infection", { state: "detached" });
    assert.deepEqual(fake.asked.slice(-3), [{ do: "infection", on: true }, { do: "fault", fault: "pocket", on: true, amount: "100 %" }, { do: "infection", on: false }]);
    await page.click("text=/Go ahead by \\d+ days, a day past it/");
    await page.waitForFunction(() => document.body.innerText.includes("Going ahead by"));
    assert.equal(fake.asked.at(-1).do, "skip");
    await page.fill("#moment-name", "Before Kink");
    await page.click("text=Keep this moment");
    await page.waitForSelector("text=small letters, digits and hyphens");
    await page.fill("#moment-name", "before-kink");
    await page.click("text=Keep this moment");
    await page.click('role=button[name="Begin a new patient here: before-kink"]');
    await page.waitForFunction(() => window.location.hash === "#/pumps/SIM-0002/training");
    await page.waitForSelector("h1 >> text=Jonas Lindqvist");
    await window.close();
});

test("by the keyboard alone", async () => {
    const { window, page, fake } = await played();
    const reach = async (selector) => {
        for (let i = 0; i < 90; i++) {
            if (await page.evaluate((one) => document.activeElement.matches(one), selector)) return;
            await page.keyboard.press("Tab");
        }
        assert.fail(`${selector} is not reached`);
    };
    await reach("#amount-kink");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".trouble.on");
    assert.deepEqual(fake.asked, [{ do: "fault", fault: "kink", on: true, amount: "50 %" }]);
    await window.close();
});

test("the page at a glance shows what only the simulation knows, and says so", async () => {
    const { window, page } = await played({}, `/pumps/${MAREN}`);
    await page.waitForSelector(".truth .curve-table");
    assert.match(await page.innerText(".truth"), /SIMULATION TRAINING[^]*no real pump could tell it[^]*morphine at the catheter's tip[^]*Pain/i);
    await window.judge("training-glance");
    await window.close();
});

test("without a twin no page asks for one, and there is no way to it", async () => {
    const window = await Window.as("nina", browser, demo);
    await window.page.route(/\/api\/pumps\/SIM-\d+$/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), twin: false } });
    });
    await window.go(`/pumps/${MAREN}`);
    await window.page.waitForSelector(".facts");
    assert.equal(await window.page.locator("text=Training").count(), 0);
    assert.equal(await window.page.locator(".truth").count(), 0);
    await window.go(TRAINING);
    await window.page.waitForSelector("text=there is nothing to train with");
    await window.close();
});

test("a lesson stands above every page, goes on by what is done, and survives a reload", async () => {
    const { window, page, fake } = await played();
    await page.click(".lesson-list summary");
    await page.click('role=button[name="Begin: The beeping pump"]');
    await page.waitForSelector(".lesson >> text=step 1 of 10");
    await page.click("text=I have looked: go on");
    await page.click("text=Let the motor stall");
    await page.waitForSelector(".lesson >> text=step 3 of 10");
    assert.deepEqual(fake.asked, [{ do: "fault", fault: "stall", on: true }]);
    await window.judge("training-lesson");
    await page.click(".lesson >> text=Go to At a glance");
    await page.waitForSelector(".facts");
    await page.reload();
    await page.waitForSelector(".lesson >> text=step 3 of 10");
    assert.match(await page.innerText(".lesson"), /SIMULATION TRAINING/);
    await window.go(`/pumps/${MAREN}/task`);
    await page.waitForSelector(".begin");
    await window.judge("training-lesson-task");
    for (let step = 3; step < 11; step++) {
        await page.waitForSelector(`.lesson >> text=step ${step} of 10`);
        await page.click("text=Pass over this step");
    }
    await page.waitForSelector(".learned >> text=HZ-17");
    await window.judge("training-learned");
    await page.click("text=Close the lesson");
    await page.waitForFunction(() => !document.querySelector(".lesson"));
    window.faults = window.faults.filter((fault) => fault !== NO_TASK); // the page of workflows asks again and again whether one is under way
    await window.close();
});
