// stand.mjs - a demo of its own, a real Chromium, and what every page is held to: no error, no request to anywhere else, no breach
// of the content security policy, no fault that axe-core or html-validate know.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, "../..");
export const CISTERNA = process.env.CISTERNA_DEV || path.join(ROOT, "build/dev/app/cisterna");
const SHOTS = path.join(ROOT, "build/web");
const AXE = fs.readFileSync(path.join(HERE, "node_modules/axe-core/axe.min.js"), "utf8");

/** A demo in a folder of its own: `base`, the passwords, and its processes by name. */
export class Demo {
    static async start(...options) {
        const demo = new Demo();
        demo.folder = fs.mkdtempSync(path.join(os.tmpdir(), "pages-"));
        await demo.run(...options);
        return demo;
    }

    /** One whose server's clocks can be put forward (ahead.c). */
    static async startAhead(...options) {
        const demo = new Demo();
        demo.folder = fs.mkdtempSync(path.join(os.tmpdir(), "pages-"));
        demo.program = process.env.CISTERNA_AHEAD_DEV || path.join(ROOT, "build/dev/tests/web/cisterna_ahead");
        await demo.run(...options);
        return demo;
    }

    /** Puts the server's clocks forward by so much more. */
    forward(ms) {
        const file = path.join(this.folder, "ahead");
        this.aheadMs += ms;
        fs.writeFileSync(`${file}.new`, String(this.aheadMs));
        fs.renameSync(`${file}.new`, file);
    }

    /** Starts it, or starts it again. Resolves when it tells that it is ready. */
    async run(...options) {
        const env = { ...process.env, CISTERNA_AHEAD: path.join(this.folder, "ahead") };
        this.sessions = {};
        this.aheadMs = 0;
        fs.rmSync(env.CISTERNA_AHEAD, { force: true }); // started again its clocks are right again
        this.process = spawn(this.program || CISTERNA, ["demo", "--state", this.folder, "--listen", "127.0.0.1:0", ...options], { env });
        this.ended = new Promise((resolve) => this.process.on("exit", resolve));
        let told = "";
        this.said = "";
        this.process.stderr.on("data", (bytes) => (this.said += bytes));
        await new Promise((resolve, reject) => {
            this.process.stdout.on("data", (bytes) => {
                told += bytes;
                if (told.includes("Ready after")) resolve();
            });
            this.ended.then((code) => reject(new Error(`the demo ended with ${code}: ${this.said}`)));
        });
        [this.base] = told.match(/http:\S+/);
        this.passwords = Object.fromEntries([...told.matchAll(/^ {2}(\w+) +(\S+) +\w+$/gm)].map((found) => found.slice(1)));
    }

    /** The number of one of its processes: "clinic", "pump SIM-0001". */
    pid(name) {
        const { pid } = this.process;
        const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
        const found = children.find((child) => fs.readFileSync(`/proc/${child}/comm`, "utf8").trim() === name);
        assert.ok(found, `${name} runs`);
        return Number(found);
    }

    /** `keep`: its folder, so that it can be run again. */
    async stop({ keep } = {}) {
        this.process.kill("SIGTERM");
        const code = await this.ended;
        const logs = ["clinic.log", "pumps.log"].map((log) => fs.readFileSync(path.join(this.folder, "demo", log), "utf8")).join("");
        if (!keep) fs.rmSync(this.folder, { recursive: true });
        assert.equal(code, 0, this.said);
        assert.ok(!logs.includes("Sanitizer"), logs);
    }
}

export function browserStart() {
    // The sandbox needs a user that is not root; what is loaded here is our own.
    return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** A window that counts what must not be: `faults` is empty at the end of each test. */
export class Window {
    static async open(browser, demo, settings = {}) {
        const window = new Window();
        window.demo = demo;
        window.faults = [];
        window.context = settings.context || await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
        window.page = await window.context.newPage();
        await window.watch();
        await window.page.goto(`${demo.base}/`);
        return window;
    }

    async watch() {
        const { page, demo, faults } = this;
        page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(`console: ${message.text()}`));
        page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
        page.on("request", (request) => new URL(request.url()).origin !== demo.base && faults.push(`request to ${request.url()}`));
        await page.addInitScript(() => {
            window.breaches = [];
            window.shifts = 0;
            document.addEventListener("securitypolicyviolation", (event) => window.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
                if (!entry.hadRecentInput) window.shifts += entry.value;
            })).observe({ type: "layout-shift", buffered: true });
        });
    }

    /** A window of somebody who has signed in before: passwords may be tried only so often. */
    static async as(name, browser, demo, settings = {}) {
        demo.sessions ||= {};
        if (!demo.sessions[name]) {
            const first = await Window.open(browser, demo);
            await first.signIn(name);
            demo.sessions[name] = await first.context.storageState();
            await first.close();
        }
        return Window.open(browser, demo, { storageState: demo.sessions[name], ...settings });
    }

    async signIn(name) {
        await this.page.fill("#name", name);
        await this.page.fill("#password", this.demo.passwords[name]);
        await this.page.keyboard.press("Enter");
        await this.page.waitForSelector(".session");
    }

    async go(address) {
        await this.page.evaluate((hash) => (window.location.hash = hash), address);
    }

    /** Keeps a picture for people to look at, and holds the page against its judges. */
    async judge(name) {
        fs.mkdirSync(SHOTS, { recursive: true });
        await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
        // axe-core comes through the debugger, as no page could load it; it is asked for WCAG 2.2 A and AA and its own best practice.
        await this.page.evaluate(AXE);
        const axe = await this.page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        assert.deepEqual(axe.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`), [], name);
        const html = new HtmlValidate({ extends: ["html-validate:standard"] });
        const report = await html.validateString(await this.page.content());
        const messages = report.results.flatMap((result) => result.messages.map((one) => `${one.ruleId} line ${one.line}: ${one.message}`));
        assert.deepEqual(messages, [], name);
    }

    /** Does anything stick out of the window sideways? */
    async overflow() {
        return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    }

    async close(...expected) {
        const breaches = await this.page.evaluate(() => window.breaches);
        await this.page.close();
        assert.deepEqual(breaches, []);
        assert.deepEqual(this.faults, expected);
    }
}
