// bedside.mjs - a clinician at the workflows of a pump, as the tests of the pages play one: by keys, choices and clicks.
// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { Window } from "./stand.mjs";

export const [MAREN, JONAS, TERESA] = ["SIM-0001", "SIM-0002", "SIM-0003"];
const WHO = { [MAREN]: ["Maren Holt", "morphine", "25"], [JONAS]: ["Jonas Lindqvist", "baclofen", "2000"],
              [TERESA]: ["Teresa Okafor", "ziconotide", "25"] };
export const REFUSED = /^console: Failed to load resource: the server responded with a status of (400|401|404|409|422) /;

/** A clinician at the workflows of a pump. What the server refuses is a console error of the browser's, and expected here. */
export class Bedside {
    static async at(browser, demo, serial, name = "nina", settings = {}) {
        const bedside = new Bedside();
        bedside.serial = serial;
        bedside.window = await Window.as(name, browser, demo, settings);
        bedside.page = bedside.window.page;
        bedside.page.setDefaultTimeout(15000);
        await bedside.window.go(`/pumps/${serial}/task`);
        await bedside.page.waitForSelector("h2");
        return bedside;
    }

    async begin(button) {
        await this.page.click(`role=button[name="${button}"]`);
        await this.page.waitForSelector(".steps");
    }

    /** Waits for it; when it does not come, what stands there instead is the reason to read. */
    async sees(selector, timeout = 15000) {
        await this.page.waitForSelector(selector, { timeout }).catch(async (error) => {
            throw new Error(`${error.message}\n${await this.page.innerText("main")}`);
        });
    }

    async step(name) {
        await this.sees(`.step-head:has-text("Now: ${name}")`);
    }

    async identify(changes = {}) {
        const [patient, drug, amount] = WHO[this.serial];
        await this.step("identify");
        await this.page.fill("#field-patient", changes.patient || patient);
        await this.page.fill("#field-serial", this.serial);
        await this.page.selectOption("#field-drugs-drug-0", drug);
        await this.page.fill("#field-drugs-conc-0", changes.amount || amount);
        await this.go();
    }

    /** The one button that goes on. */
    async go() {
        await this.page.click(".step-form .primary");
    }

    async therapy(said) {
        const { page } = this;
        await this.step("therapy");
        await page.selectOption("#kind", said.kind || "continuous");
        if (said.dose) await page.fill("#dose", said.dose);
        await said.more?.(page);
        await page.selectOption("#opening", said.opening || "none");
        await page.selectOption("#patient", "no");
        if (said.settings) await said.settings(page);
        else await page.click("text=Keep these as they are in force");
        await this.go();
    }

    async port(port = "reservoir") {
        await this.step("port");
        await this.page.selectOption("#field-port", port);
        await this.page.check("#field-aspirated-yes");
        await this.go();
    }

    /** As much is drawn out as the pump has calculated. */
    async residual() {
        await this.step("residual");
        const rest = (await this.page.locator(".told").innerHTML()).match(/calculated: ([\d.]+)/)[1];
        await this.page.fill("#field-withdrawn", Number(rest).toFixed(1).replace(/\.0$/, ""));
        await this.page.fill("#field-left", "0");
        await this.go();
    }

    /** Finish screen and typed read-back. */
    async send(amount) {
        await this.step("finish");
        await this.go();
        await this.step("readback");
        await this.page.fill("#field-amount", amount);
        await this.go();
    }

    async ended(title) {
        await this.sees(`.outcome:has-text("${title}")`);
        await this.sees('.step-head:has-text("The workflow has ended")');
    }

    async abandon(button = "Drop the draft") {
        await this.page.click("text=Abandon this workflow");
        await this.page.click(`role=button[name="${button}"]`);
        await this.page.waitForSelector('.step-head:has-text("The workflow has ended")');
    }

    async findings() {
        return (await this.page.locator(".finding").allInnerTexts()).join("\n");
    }

    async close() {
        this.window.faults = this.window.faults.filter((fault) => !REFUSED.test(fault));
        await this.window.close();
    }
}

/** Between the server and the sockets of a pump: passes so many frames of the pump, then nothing either way. */
export class Link {
    constructor(radio) {
        this.left = Infinity;
        this.doors = ["near", "far"].map((name) => {
            const real = path.join(radio, `${name}.pump`);
            fs.renameSync(path.join(radio, name), real);
            return net.createServer((server) => this.carry(server, net.connect(real))).listen(path.join(radio, name));
        });
    }

    carry(server, pump) {
        const end = () => [server, pump].forEach((one) => one.destroy());
        server.on("data", (data) => this.left >= 0 && pump.write(data));
        pump.on("data", (data) => {
            this.left -= data.filter((byte) => byte === 0).length;
            if (this.left >= 0) server.write(data);
        });
        for (const one of [server, pump]) one.on("close", end).on("error", end);
    }

    close() {
        this.doors.forEach((door) => door.close());
    }
}

const TURN_MS = 270000; // a claim stands for 300 s; after three of them the page asks whether somebody is there

/** From now on the clock of this page goes forward with the server's of a Demo.startAhead(). */
export async function clockTake(page, demo) {
    await page.clock.install();
    // The date of an answer is written by the library of HTTP, whose clock was not put forward.
    await page.route("**/api/me", async (route) => {
        // Not on a kept connection: the server, whose clock goes forward, ends those, and here nobody opens another by itself.
        const response = await route.fetch({ headers: { ...route.request().headers(), connection: "close" } });
        const date = new Date(Date.parse(response.headers().date) + demo.aheadMs).toUTCString();
        await route.fulfill({ response, headers: { ...response.headers(), date } });
    });
}

/** Time goes on at both clocks, the window renews its claim, and whoever sits there says so when asked. */
export async function clocksForward(page, demo, minutes) {
    for (let turn = 1; (turn - 1) * TURN_MS < minutes * 60000; turn++) {
        demo.forward(TURN_MS);
        await Promise.all([page.waitForResponse(/\/claim$/), page.clock.fastForward(TURN_MS)]);
        if (turn % 3 === 0) await Promise.all([page.waitForResponse(/\/api\/me$/), page.click("text=Stay signed in")]);
    }
}

/** The number of a patient who is added to the records. */
export async function patientNew(page, name) {
    return page.evaluate(async (who) => {
        const me = await (await fetch("/api/me")).json();
        const said = await fetch("/api/patients", { method: "POST", body: JSON.stringify({ name: who, birth_date: "1950-12-31", identifier: "NEW-1" }),
                                                    headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
        return (await said.json()).id;
    }, name);
}
