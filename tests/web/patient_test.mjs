// patient_test.mjs - the patient's page in a real Chromium, at a controller and a virtual pump of its own: the button and its states,
// two windows, a double click, silence, alarms and their sound, without JavaScript, by keyboard, narrow, zoomed, in forced colours.
// REQ-PTNT-02 to -05, HZ-28, HZ-30, HZ-38; screen rules W8, A1 to A8, X1 to X8.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { browserStart, Window } from "./stand.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CISTERNA = process.env.CISTERNA_DEV || path.join(ROOT, "build/dev/app/cisterna");
const LIMITS = { drugs: [{ drug: "morphine", hour: "3 mg", day: "40 mg" }], bolus_max: "0.02 mL", rate_max: "4 mL/day" };
const THERAPY = {
    name: "morphine 5 mg/day", drugs: [{ drug: "morphine", concentration: "25 mg/mL" }],
    program: { kind: "continuous", dose: "5 mg/day" },
    patient_bolus: { volume: "0.01 mL", over: "10 min", lockout: "4 h", max_per_day: 4, expiry: "90 d" },
    limits: LIMITS, safe_rate: "0.048 mL/day", restart_limit: "24 h", under_delivery: "high", reservoir_low: "2 mL",
    mri: "keep_program", region: "US",
};
const FILLING = ["refill", "--withdrawn", "0 mL", "--filled", "18 mL", "--drawn-up", "18 mL", "--drug", "morphine", "--concentration",
                 "25 mg/mL", "--dead-drug-free", "--lot", "L-17", "--yes"];

/** A pump with a therapy in force, and the controller of its patient. */
class Implant {
    static async start(changes = {}) {
        const implant = new Implant();
        implant.folder = fs.mkdtempSync(path.join(os.tmpdir(), "patient-"));
        const radio = path.join(implant.folder, "pump"), keys = path.join(implant.folder, "keys");
        const therapy = path.join(implant.folder, "therapy.json"), card = path.join(radio, "card.txt");
        implant.environment = { ...process.env, CISTERNA_PASSPHRASE: "a horse without a battery" };
        fs.mkdirSync(radio);
        fs.writeFileSync(therapy, JSON.stringify({ catheter: { length: "40 cm" }, therapy: { ...THERAPY, ...changes } }));
        implant.pump = spawn(CISTERNA, ["pump", "--state", radio, "--serial", "SIM-0042", "--speed", "100", "--quiet"], { stdio: "ignore" });
        while (!fs.existsSync(card) || !fs.existsSync(path.join(radio, "magnet"))) await new Promise((resolve) => setTimeout(resolve, 20));
        const desk = (...words) => execFileSync(CISTERNA, [...words, "--radio", radio, "--keys", keys], { env: implant.environment, stdio: "pipe" });
        desk("pair", "--role", "clinician", "--card-file", card, "--label", "ward");
        desk("clock", "2026-03-01T08:00:00+01:00");
        desk(...FILLING, "--therapy", therapy);
        desk("pair", "--role", "patient", "--card-file", card, "--label", "controller");
        implant.words = ["patient", "--radio", radio, "--keys", keys, "--book", path.join(implant.folder, "book"), "--port", "0",
                         "--every", "0.5 s", "--patience", "100 ms"];
        implant.boluses = () => desk("log", "--role", "clinician", "--from", "1", "--json").toString().split("\n").filter(Boolean)
            .map((line) => JSON.parse(line)).filter((one) => one.event === "course_start" && one.kind === 5).length;
        await implant.run();
        return implant;
    }

    async run() {
        this.controller = spawn(CISTERNA, this.words, { env: this.environment });
        this.said = "";
        this.controller.stderr.on("data", (bytes) => (this.said += bytes));
        this.ended = new Promise((resolve) => this.controller.on("exit", resolve));
        this.base = await new Promise((resolve, reject) => {
            this.controller.stdout.once("data", (bytes) => resolve(bytes.toString().trim()));
            this.ended.then((code) => reject(new Error(`the controller ended with ${code}: ${this.said}`)));
        });
    }

    async stop() {
        this.controller.kill("SIGTERM");
        const code = await this.ended;
        this.pump.kill("SIGCONT");
        this.pump.kill("SIGTERM");
        await new Promise((resolve) => this.pump.on("exit", resolve));
        fs.rmSync(this.folder, { recursive: true });
        assert.equal(code, 0, this.said);
        assert.ok(!this.said.includes("Sanitizer"), this.said);
    }
}

let browser, quiet, low;
before(async () => {
    [browser, quiet, low] = await Promise.all([browserStart(), Implant.start(), Implant.start({ reservoir_low: "18 mL" })]);
});
after(async () => {
    await browser?.close();
    await quiet?.stop();
    await low?.stop();
});

const READY = "#state >> text=Ready";
const BUTTON = "#ask[aria-disabled=false]";
const SETTINGS = { narrow: { viewport: { width: 320, height: 640 } }, zoomed: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
                   forced: { forcedColors: "active" }, dark: { colorScheme: "dark" }, light: { colorScheme: "light" } };

for (const [name, settings] of Object.entries(SETTINGS))
    test(`both pages hold together and pass their judges: ${name}`, async () => {
        const window = await Window.open(browser, low, settings);
        const { page } = window;
        await page.waitForSelector(READY);
        await page.waitForSelector(".alarm.low >> text=The medicine in your pump is getting low.");
        assert.ok(await window.overflow() <= 0, "the page sticks out sideways");
        await window.judge(`patient-${name}`);
        const box = await page.locator("#ask").boundingBox();
        assert.ok(box.height >= 100 && box.width >= 200, "the button is large");
        await page.click("text=About your pump");
        await page.waitForSelector("h1 >> text=About your pump");
        assert.ok(await window.overflow() <= 0, "the second page sticks out sideways");
        await window.judge(`patient-about-${name}`);
        await window.close();
    });

test("without JavaScript the emergency words and the second page stand there, and no state is claimed", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${quiet.base}/`);
    const text = await page.innerText("body");
    for (const wanted of ["Call the emergency number", "is very sleepy, cannot be woken", "Not known", "The button needs JavaScript"])
        assert.ok(text.includes(wanted), `${wanted} in ${text}`);
    assert.ok(!text.includes("Ready"));
    await page.click("text=About your pump");
    assert.match(await page.innerText("body"), /Ziconotide is not an opioid/);
    await context.close();
});

test("an alarm stands in plain words; its sound is paused by the pump; the page's own sound is off until it was heard", async () => {
    const window = await Window.open(browser, low);
    const { page } = window;
    await page.waitForSelector(".alarm.low");
    assert.match(await page.innerText(".alarm"), /\* Low[^]*Call your clinic today[^]*Your pump goes on giving medicine[^]*Since /);
    const bursts = await page.evaluate(async () => {
        const { burstOf } = await import(new URL("sound.js", document.querySelector("script[type=module]").src));
        return ["high", "medium", "low", "?"].map((priority) => [burstOf(priority).pulses.length, burstOf(priority).everyMs]);
    });
    assert.deepEqual(bursts, [[10, 10000], [3, 25000], [2, 30000], [10, 10000]]);
    assert.match(await page.innerText("#sound"), /off/);
    await page.click("#sound-test");
    await page.waitForSelector("#sound >> text=Did you hear three tones?");
    assert.match(await page.innerText("#sound"), /off/);
    await page.click("#sound-heard");
    assert.match(await page.innerText("#sound"), /: on$/);
    await page.click("#pause");
    await page.waitForSelector("#paused >> text=The pump's sound is paused until");
    await page.waitForSelector(".alarm.low");
    await page.reload();
    await page.waitForSelector(READY);
    assert.match(await page.innerText("#sound"), /off$/);
    await window.close();
});

test("a silent pump, and a controller that ended, are told; nothing can be asked for meanwhile", async () => {
    const window = await Window.open(browser, low);
    const { page } = window;
    await page.waitForSelector(READY);
    low.pump.kill("SIGSTOP");
    await page.waitForSelector("#state >> text=Pump not answering", { timeout: 60000 });
    assert.equal(await page.getAttribute("#ask", "aria-disabled"), "true");
    await page.click("#ask", { force: true });
    await window.judge("patient-silent");
    low.pump.kill("SIGCONT");
    await page.waitForSelector(READY, { timeout: 60000 });
    low.controller.kill("SIGSTOP");
    await page.waitForSelector("#detail >> text=This controller's program does not answer", { timeout: 60000 });
    assert.equal(await page.getAttribute("#ask", "aria-disabled"), "true");
    low.controller.kill("SIGCONT");
    await page.waitForSelector(READY, { timeout: 60000 });
    assert.equal(await page.innerText("#outcome"), "");
    await window.close();
    assert.equal(low.boluses(), 0);
});

test("a double click by two windows and a reload are one dose, told only when the pump confirmed it", async () => {
    const window = await Window.open(browser, quiet);
    const second = await Window.open(browser, quiet);
    const { page } = window;
    await Promise.all([page.waitForSelector(BUTTON), second.page.waitForSelector(BUTTON)]);
    await window.judge("patient-ready");
    assert.ok(await page.isVisible("#given-none"));
    await Promise.all([page.dblclick("#ask"), second.page.dblclick("#ask")]);
    await page.reload();
    for (const one of [page, second.page]) {
        await one.waitForSelector("#state >> text=/^Locked until \\d\\d:\\d\\d$/");
        await one.waitForSelector("#outcome >> text=The pump confirmed it: your extra dose was begun");
        await one.waitForSelector("#given li >> text=Told by the pump's receipt");
        assert.equal(await one.locator("#given li").count(), 1);
        assert.equal(await one.getAttribute("#ask", "aria-disabled"), "true");
    }
    await window.judge("patient-locked");
    assert.equal(await second.page.evaluate(() => window.shifts), 0);
    await window.close();
    await second.close();
    assert.equal(quiet.boluses(), 1);
});

test("the keyboard alone is enough, and a screen reader is told of the state", async () => {
    const window = await Window.open(browser, low);
    const { page } = window;
    await page.waitForSelector(BUTTON);
    assert.equal(await page.getAttribute("#live", "role"), "status");
    for (let tries = 0; tries < 10; tries++) {
        await page.keyboard.press("Tab");
        const here = await page.evaluate(() => ({ id: document.activeElement.id, ring: getComputedStyle(document.activeElement).outlineStyle }));
        assert.notEqual(here.ring, "none", `where the focus is can be seen at ${here.id}`);
        if (here.id === "ask") break;
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector("#outcome >> text=The pump confirmed it");
    assert.equal(await page.evaluate(() => document.activeElement.id), "ask", "the focus stays where it was");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    await window.close();
    assert.equal(low.boluses(), 1);
});
