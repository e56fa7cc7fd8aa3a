// signed_test.mjs - a site with a key of its own, in a real Chromium: a pump that takes only signed hard limits gets its first therapy
// with the site's file chosen in the page; without it, with another pump's, and with one that was changed, nothing passes.
// REQ-LIBR-02, -05, REQ-SECU-02, HZ-42.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Bedside, patientNew } from "./bedside.mjs";
import { browserStart, CISTERNA } from "./stand.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SERIAL = "SIM-0042";
const PASSWORD = "a pump in every port";
const LIMITS = { drugs: [{ drug: "morphine", hour: "3 mg", day: "40 mg" }], bolus_max: "0.02 mL", rate_max: "4 mL/day" };
const THERAPY = { name: "morphine 5 mg/day", drugs: [{ drug: "morphine", concentration: "25 mg/mL" }],
                  program: { kind: "continuous", dose: "5 mg/day" }, limits: LIMITS, safe_rate: "0.048 mL/day", restart_limit: "24 h",
                  under_delivery: "high", reservoir_low: "2 mL", mri: "keep_program", region: "US" };

/** The first line that a process tells. */
function firstLine(process) {
    return new Promise((resolve, reject) => {
        process.stdout.once("data", (bytes) => resolve(bytes.toString().trim()));
        process.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    });
}

/** A site: its key, its release in force, one pump that holds to that key, its records and its server. */
class Site {
    static async start() {
        const site = new Site();
        site.folder = fs.mkdtempSync(path.join(os.tmpdir(), "signed-"));
        site.environment = { ...process.env, CISTERNA_PASSPHRASE: "a horse without a battery" };
        const at = (name) => path.join(site.folder, name);
        site.at = at;
        site.run = (...words) => execFileSync(CISTERNA, words, { cwd: ROOT, env: site.environment, stdio: "pipe" }).toString().trim();
        const json = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, "formulary", name)));
        const key = site.run("formulary", "key", "--out", at("site.key"));
        fs.writeFileSync(at("head.json"), JSON.stringify({ ...json("release.json"), version: 2 }));
        fs.writeFileSync(at("entry.json"), JSON.stringify({ ...json("morphine.json"), regions: ["US"] }));
        site.run("formulary", "sign", "--key", at("site.key"), "--out", at("release"), at("head.json"), at("entry.json"));
        site.run("formulary", "load", at("release"), "--key", at("site.key.pub"), "--into", at("force"));
        fs.mkdirSync(at("radio"));
        site.pump = spawn(CISTERNA, ["pump", "--state", at("radio"), "--serial", SERIAL, "--speed", "20", "--quiet", "--formulary-key", key], { stdio: "ignore" });
        while (!["card.txt", "magnet"].every((name) => fs.existsSync(at(`radio/${name}`)))) await new Promise((resolve) => setTimeout(resolve, 20));
        site.run("pair", "--role", "clinician", "--card-file", at("radio/card.txt"), "--label", "clinic", "--radio", at("radio"), "--keys", at("keys"));
        fs.writeFileSync(at("word"), PASSWORD);
        site.run("records", "restore", path.join(ROOT, "tests/clinic/records_v1/backup.jsonl"), "--db", at("records.db"));
        site.run("records", "users", "add", "nina", "--role", "nurse", "--db", at("records.db"), "--user", "ada", "--passphrase-file", at("word"),
                 "--new-passphrase-file", at("word"));
        site.server = spawn(CISTERNA, ["clinic", "--db", at("records.db"), "--listen", "127.0.0.1:0", "--radio", at("radio"), "--keys", at("keys"),
                                       "--formulary", at("force"), "--site-key", at("site.key.pub")], { env: site.environment });
        site.said = "";
        site.server.stderr.on("data", (bytes) => (site.said += bytes));
        site.base = await firstLine(site.server);
        site.passwords = { nina: PASSWORD };
        return site;
    }

    /** The file of limits that is signed where the key is kept. */
    limits(serial) {
        fs.writeFileSync(this.at("therapy.json"), JSON.stringify({ catheter: { length: "40 cm" }, therapy: THERAPY }));
        this.run("formulary", "limits", this.at("therapy.json"), "--key", this.at("site.key"), "--release", this.at("force/current"), "--serial", serial,
                 "--model", "C20", "--out", this.at(`limits-${serial}`));
        return this.at(`limits-${serial}`);
    }

    async stop() {
        this.server.kill("SIGTERM");
        const code = await new Promise((resolve) => this.server.on("exit", resolve));
        this.pump.kill("SIGTERM");
        await new Promise((resolve) => this.pump.on("exit", resolve));
        fs.rmSync(this.folder, { recursive: true });
        assert.equal(code, 0, this.said);
        assert.ok(!this.said.includes("Sanitizer"), this.said);
    }
}

let browser, site;
before(async () => {
    [browser, site] = await Promise.all([browserStart(), Site.start()]);
});
after(async () => {
    await browser?.close();
    await site?.stop();
});

/** Begins the implant for this patient of the records, up to who and what it is. */
async function begun(bed, number) {
    const { page } = bed;
    const name = await page.evaluate(async (id) => (await (await fetch(`/api/patients/${id}`)).json()).name, number);
    await page.fill("#patient-number", String(number));
    await page.selectOption("#region", "US");
    await page.click("text=Begin the implant");
    await bed.step("identify");
    await page.fill("#field-patient", name);
    await page.fill("#field-serial", SERIAL);
    await bed.go();
}

/** Up to the therapy, and all of it said. */
async function upToTherapy(bed) {
    const { page } = bed;
    await bed.step("catheter");
    await page.fill("#field-length", "40");
    await bed.go();
    await bed.step("fill");
    for (const [id, value] of [["filled", "18"], ["drawn_up", "18"]]) await page.fill(`#field-${id}`, value);
    await page.selectOption("#field-drugs-drug-0", "morphine");
    await page.fill("#field-drugs-conc-0", "25");
    await bed.go();
    await bed.step("therapy");
    for (const [id, value] of [["kind", "continuous"], ["opening", "none"], ["patient", "no"], ["under", "high"], ["mri", "keep_program"]])
        await page.selectOption(`#${id}`, value);
    for (const [id, value] of [["dose", "5"], ["hour-morphine", "3"], ["day-morphine", "40"], ["bolusMax", "0.02"], ["rateMax", "4"], ["safe", "0.048"],
                               ["restart", "24"], ["low", "2"]])
        await page.fill(`#${id}`, value);
}

test("a patient who has a pump gets another one for a reason only: a soft limit that asks for no amount", async () => {
    const bed = await Bedside.at(browser, site, SERIAL);
    await begun(bed, 1);
    await bed.sees(".passing");
    assert.match(await bed.findings(), /second pump|another pump|in place/);
    assert.equal(await bed.page.locator("#again-0").count(), 0);
    await bed.page.selectOption("#reason-0", "other");
    await bed.go();
    await bed.step("catheter");
    await bed.abandon();
    await bed.close();
});

test("signed limits travel with the therapy that is said in the page; nothing else passes", async () => {
    const bed = await Bedside.at(browser, site, SERIAL);
    const { page, window } = bed;
    await begun(bed, await patientNew(page, "Ines Almeida"));
    await upToTherapy(bed);
    await bed.go();
    await bed.sees(".finding.hard");
    assert.match(await bed.findings(), /sign/);
    await page.click("summary >> text=Rarely needed");
    const good = site.limits(SERIAL);
    const changed = site.at("changed");
    fs.writeFileSync(changed, fs.readFileSync(good, "utf8").replace("40000000000000", "70000000000000"));
    for (const wrong of [site.limits("SIM-0043"), changed]) {
        await page.setInputFiles("#signed", wrong);
        await Promise.all([page.waitForResponse(/\/task\/therapy$/), bed.go()]);
        await bed.sees(".step-form .problem >> text=limits");
    }
    await window.judge("task-signed");
    await page.setInputFiles("#signed", good);
    await bed.go();
    await bed.step("prime");
    await page.selectOption("#field-holds", "no_drug");
    await bed.go();
    await bed.send("5 mg per day");
    await bed.step("watch");
    await bed.sees('.outcome:has-text("Applied")');
    await bed.close();
});
