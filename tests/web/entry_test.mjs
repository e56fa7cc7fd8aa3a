// entry_test.mjs - numbers as people type them, in the real fields of a workflow in a real Chromium: each key is kept and leads again to
// what was sent. Screen rules N1 to N3, N6, N8, N9; HZ-22.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Bedside, MAREN } from "./bedside.mjs";
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

/** A clinician at the step where the therapy is said, the kind of program chosen. */
async function therapyAt() {
    const bed = await Bedside.at(browser, demo, MAREN);
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await bed.page.selectOption("#kind", "continuous");
    return bed;
}

/** The rows of the records about one field, the newest first. */
const typedOf = (page, field) => page.evaluate(async (name) => {
    const pump = await (await fetch("/api/pumps/SIM-0001")).json();
    const { typed } = await (await fetch(`/api/patients/${pump.patient.id}/typed`)).json();
    return typed.filter((row) => row.field === name);
}, field);

/** The grammar of the page, key by key: where the field would be after each. */
const replayed = (page, row) => page.evaluate(async ({ pressed }) => {
    const release = document.querySelector("script[src*='/assets/']").src.replace(/[^/]*$/, "");
    const { typingFault } = await import(`${release}number.js`);
    let value = "";
    let locked = false;
    for (const { key, from, to } of pressed) {
        const text = key.startsWith("Paste:") ? key.slice(6) : key.length === 1 ? key : null;
        if (locked) locked = !["Enter", "Escape", "Backspace", "Delete"].includes(key);
        else if (text !== null && typingFault(value.slice(0, from) + text + value.slice(to)) !== "") locked = true;
        else if (text !== null) value = value.slice(0, from) + text + value.slice(to);
        else if (key === "Backspace") value = value.slice(0, from === to ? Math.max(0, from - 1) : from) + value.slice(to);
        else if (key === "Delete") value = value.slice(0, from) + value.slice(from === to ? to + 1 : to);
        else if (key === "Clear") value = "";
    }
    return value;
}, row);

test("every key is kept with its moment and the value it left, and leads again to the value that was sent", async () => {
    const bed = await therapyAt();
    const { page, window } = bed;
    await page.click("#dose");
    for (const key of ["5", ".", ".", "Backspace", "0", "5", "Backspace", "ArrowLeft", "Delete", "ArrowRight", "5", ",", "Enter"]) await page.keyboard.press(key);
    assert.equal(await page.inputValue("#dose"), "5.5");
    await restSaid(page);
    await bed.go();
    await bed.step("finish");
    const [row, ...others] = await typedOf(page, "dose");
    assert.deepEqual(others, []);
    assert.deepEqual(row.pressed.map((press) => [press.key, press.value]),
                     [["5", "5"], [".", "5."], [".", "5."], ["Backspace", "5."], ["0", "5.0"], ["5", "5.05"], ["Backspace", "5.0"], ["ArrowLeft", "5.0"],
                      ["Delete", "5."], ["ArrowRight", "5."], ["5", "5.5"], [",", "5.5"], ["Enter", "5.5"]]);
    assert.ok(row.pressed.every((press, i) => i === 0 || press.ms >= row.pressed[i - 1].ms), "in the order of their moments");
    assert.ok(row.pressed[12].ms <= row.sent);
    assert.equal(row.value, "5.5");
    assert.equal(row.replays, true, "by the server");
    assert.equal(await replayed(page, row), "5.5", "by the grammar of the page");
    const finish = await page.locator("tr.changed").allInnerTexts();
    assert.ok(finish.some((text) => text.includes("5.5\u00a0mg\u00a0per\u00a0day")), finish.join("\n"));
    assert.equal((await typedOf(page, "field-drugs-conc-0"))[0].value, "25");
    await bed.abandon();
    await window.go(`/pumps/${MAREN}/typed`);
    await page.waitForSelector("main table");
    await page.click("summary >> nth=0");
    await window.judge("typed");
    assert.match(await page.innerText("main"), /dose[^]*5\.5[^]*the keys lead to it/);
    await bed.close();
});

/** All of a therapy but its dose. */
async function restSaid(page) {
    await page.selectOption("#opening", "none");
    await page.selectOption("#patient", "no");
    await page.click("text=Keep these as they are in force");
}

test("a dose off the pump's resolution is refused with the two nearest, and one is picked", async () => {
    const bed = await therapyAt();
    const { page, window } = bed;
    await page.click("#dose");
    await page.keyboard.type("5.00001");
    await restSaid(page);
    await bed.go();
    await page.waitForSelector(".nearest");
    assert.deepEqual((await page.locator(".nearest button").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim()),
                     ["Take 5 mg per day", "Take 5.000025 mg per day"]);
    await window.judge("task-nearest");
    assert.equal(await page.inputValue("#dose"), "5.00001", "nothing is rounded for anybody");
    await page.click("text=Take 5.000025");
    assert.equal(await page.inputValue("#dose"), "5.000025");
    assert.equal(await page.evaluate(() => document.activeElement.id), "dose");
    await bed.go();
    await bed.step("finish");
    const [last, first] = await typedOf(page, "dose");
    assert.deepEqual([first.value, last.value, last.replays], ["5.00001", "5.000025", true]);
    assert.equal(last.pressed.at(-1).key, "Pick:5.000025");
    await bed.abandon();
    await bed.close();
});

test("steps of 5 % of what is in force, one a click, up to the library's usual change, judged as if typed", async () => {
    const bed = await therapyAt();
    const { page, window } = bed;
    const up = page.locator('.stepper:has-text("+")');
    const down = page.locator(".stepper").first();
    await up.click();
    assert.equal(await page.inputValue("#dose"), "5.25");
    await down.click();
    await down.click();
    assert.equal(await page.inputValue("#dose"), "4.75");
    await page.fill("#dose", "5");
    await up.focus();
    await page.keyboard.down("Enter");
    for (let i = 0; i < 5; i++) await page.keyboard.down("Enter"); // held: the system repeats it
    await page.keyboard.up("Enter");
    assert.equal(await page.inputValue("#dose"), "5.25", "a key that is held is one step");
    await page.mouse.move(...Object.values(await up.boundingBox()).slice(0, 2).map((at) => at + 5));
    await page.mouse.down();
    await page.waitForTimeout(1200);
    await page.mouse.up();
    assert.equal(await page.inputValue("#dose"), "5.5", "so is a button that is held");
    for (let i = 0; i < 4; i++) await up.click();
    assert.equal(await page.inputValue("#dose"), "6.5");
    assert.equal(await up.isDisabled(), true, "30 % at one time is the library's usual most");
    await page.waitForSelector("text=beyond it, type the dose");
    // N4: the volume, how long the reservoir lasts, and the change; N5: decimals are smaller, zeros slashed.
    assert.match((await page.innerText(".step-form")).replace(/\u00a0/g, " "), /30% more than the dose in force \(5 mg per day\); 0\.26 mL per day; what is in the reservoir now would last about 6\d days/);
    const [size, part, zero] = await page.$eval("#dose-said .echo", (echo) => [echo, echo.querySelector("small")].map((one) => Number.parseFloat(getComputedStyle(one).fontSize))
        .concat(getComputedStyle(echo).fontVariantNumeric));
    assert.ok(part < size && zero.includes("slashed-zero") && zero.includes("tabular-nums"));
    await window.judge("task-steps");
    await restSaid(page);
    await bed.go();
    await bed.step("finish");
    const [row] = await typedOf(page, "dose");
    assert.deepEqual([row.value, row.replays, row.pressed.at(-1).key], ["6.5", true, "Step:6.5"]);
    await bed.abandon();
    await bed.close();
});

test("Enter in a field never sends a change to the pump: its button does", async () => {
    const bed = await therapyAt();
    const { page } = bed;
    await page.fill("#dose", "5.5");
    await restSaid(page);
    await bed.go();
    await bed.step("finish");
    await bed.go();
    await bed.step("readback");
    await page.click("#field-amount");
    await page.keyboard.type("5.5 mg per day");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1000);
    await bed.step("readback");
    assert.equal(await page.locator(".outcome").count(), 0, "nothing was sent");
    await page.locator(".step-form .primary").focus();
    await page.keyboard.press("Enter");
    await bed.ended("Applied");
    const [row] = await typedOf(page, "field-amount");
    assert.deepEqual([row.step, row.value, row.replays], ["readback", "5.5 mg per day", true]);
    await bed.close();
});
