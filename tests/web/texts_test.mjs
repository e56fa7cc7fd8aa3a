// texts_test.mjs - amounts, moments and refill dates as the pages write them, without a browser. Screen rules U1 to U8, REQ-RSVR-07.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

// The modules as a browser gets them, beside a stand-in for what draws: nothing here does.
const WEB = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../web");
const source = (name) => fs.readFileSync(path.join(WEB, name), "utf8").replace('from "./html.js"', 'from "data:text/javascript,export const html = String.raw"');
const load = (name) => import(`data:text/javascript,${encodeURIComponent(source(name))}`);
const { amountRead, amountText, DrugName } = await load("amount.js");
const { ageText, dayText, daysUntil, momentText } = await import(pathToFileURL(path.join(WEB, "moment.js")));
const { boundDay, refillBounds, refillSoon } = await import(pathToFileURL(path.join(WEB, "due.js")));

test("amounts: no zeros at the end, one before the point, commas, a space that does not break, per day in words", () => {
    for (const [text, shown, decimals] of [
        ["18.000000 mL", "18\u00a0mL"], ["0.500000 mL", "0.5\u00a0mL"], ["1200 mcg", "1,200\u00a0mcg"], ["1234567.25 mL", "1,234,567.25\u00a0mL"],
        ["0.2 mL/day", "0.2\u00a0mL\u00a0per\u00a0day"], ["5 mg/day", "5\u00a0mg\u00a0per\u00a0day"], ["-0.25 mL", "\u22120.25\u00a0mL"],
        ["17.987654 mL", "17.98\u00a0mL", 2], ["0.000000 mL", "0\u00a0mL"], ["-0.001 mL", "0\u00a0mL", 2], ["25 mg/mL", "25\u00a0mg/mL"],
        [null, "not known"], ["", "not known"], ["unknown", "unknown"]])
        assert.equal(amountText(text, decimals), shown, String(text));
});

test("amounts are read whole or not at all", () => {
    assert.deepEqual(amountRead("-0.25 mL"), { value: -0.25, unit: "mL" });
    assert.equal(amountRead("none"), null);
    assert.equal(amountRead(null), null);
});

test("moments keep their zone, and what is none stays as it is", () => {
    assert.equal(momentText("2026-11-23T14:05:59.123+01:00"), "2026-Nov-23 14:05 +01:00");
    assert.equal(momentText("2026-03-01T00:00:00Z"), "2026-Mar-01 00:00 UTC");
    assert.equal(momentText(null), "not known");
    assert.equal(momentText("never"), "never");
    assert.equal(dayText("1958-04-02"), "1958-Apr-02");
});

test("every moment shown is a day that exists, or the words for none", () => {
    // REQ-TIME-07, HZ-06: any year, month, day and time that four, two and two digits can say; the calendar typed once more.
    const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const days = (year, month) => (month === 2 ? (year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
    const two = (number) => String(number).padStart(2, "0");
    for (const year of [1800, 1899, 1900, 1958, 1999, 2000, 2023, 2024, 2026, 2100, 2199, 2400])
        for (let month = 0; month <= 14; month++)
            for (let day = 0; day <= 33; day++) {
                const is = month >= 1 && month <= 12 && day >= 1 && day <= days(year, month);
                const text = `${year}-${two(month)}-${two(day)}`;
                const wanted = is ? `${year}-${months[month - 1]}-${two(day)}` : "not known";
                assert.equal(dayText(text), wanted);
                assert.equal(momentText(`${text}T14:05:59+01:00`), is ? `${wanted} 14:05 +01:00` : "not known");
            }
    for (const none of ["??/??/????", "NaN-NaN-NaN", "2026-1-1", "0000-01-01", "0099-01-01", "2026-03-01T24:00:00Z", "2026-03-01T12:60:00Z", "99999-01-01", "1e9", "", undefined])
        assert.equal(momentText(none), "not known", none);
    for (const none of ["??/??/????", "2026-02-30", "2026-03-011", "12", "", null]) assert.equal(dayText(none), "not known", none);
    assert.equal(dayText("never"), "never");
});

test("a date of refill is no later than any of its bounds, and a day that cannot be read bounds nothing", () => {
    let seed = 5;
    const draw = (most) => (seed = (seed * 48271) % 2147483647) % (most + 1);
    const now = Date.parse("2026-03-01T00:00:00Z");
    for (let i = 0; i < 20000; i++) {
        const moment = () => (draw(5) === 0 ? ["??/??/????", "2026-13-40", "", null][draw(3)] : new Date(now + (draw(4000) - 100) * 86400000).toISOString());
        const number = () => (draw(3) === 0 ? null : draw(400));
        const state = { now: "2026-03-01T00:00:00Z", now_ms: 5e9, epoch: 1, refill: { volume_by: moment(), replacement_by: moment(), stability_days: number(),
            stability_days_first: number(), policy_days: number() } };
        const bed = { refilled: moment(), refilled_pump_ms: draw(2) === 0 ? draw(4) * 1e9 : null, refilled_epoch: draw(1), first_fill: draw(1) === 1 };
        const bounds = refillBounds(state, bed);
        for (const text of [state.refill.volume_by, state.refill.replacement_by])
            if (text && !Number.isNaN(Date.parse(text))) assert.ok(Date.parse(bounds[0].at) <= Date.parse(text));
        for (const [at, bound] of bounds.entries()) {
            assert.match(dayText(bound.at), /^\d{4}-[A-Z][a-z]{2}-\d{2}$/);
            assert.ok(at === 0 || Date.parse(bounds[at - 1].at) <= Date.parse(bound.at));
        }
        assert.equal(typeof refillSoon(state, bed), "boolean");
    }
});

test("ages and days ahead are words", () => {
    assert.deepEqual([0, 119000, 120000, 7199000, 7800000].map(ageText), ["0\u00a0s", "119\u00a0s", "2\u00a0min", "119\u00a0min", "2\u00a0h 10\u00a0min"]);
    const now = "2026-11-23T12:00:00Z";
    assert.deepEqual(["2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z", "2026-12-03T12:00:00Z", "2026-11-22T13:00:00Z", "2026-11-20T12:00:00Z"]
        .map((at) => daysUntil(now, at)), ["within a day", "in 1 day", "in 10 days", "a day ago", "3 days ago"]);
});

test("the next refill is the earliest of what bounds it, with its reason", () => {
    const state = { now: "2026-11-01T00:00:00+00:00", refill: { volume_by: "2027-01-01T00:00:00+00:00", replacement_by: null, stability_days: 40,
                                                                stability_days_first: 14, policy_days: 180 } };
    const bed = { refilled: "2026-11-01T00:00:00Z", first_fill: false };
    assert.deepEqual(refillBounds(state, bed).map((one) => one.because), ["stability of the drug", "volume, with every bolus that is allowed", "what is advised"]);
    assert.equal(refillBounds(state, { ...bed, first_fill: true })[0].at, "2026-11-15T00:00:00.000Z");
    assert.equal(refillBounds(state, null)[0].because, "volume, with every bolus that is allowed");
    assert.deepEqual(refillBounds(null, bed), []);
    assert.equal(refillSoon(state, bed), false);
    assert.equal(refillSoon({ ...state, now: "2026-12-05T00:00:00+00:00" }, bed), true);
});

test("an empty reservoir is due since the pump told so, or now, and never at a day that moves with the clock", () => {
    const refill = { volume_by: "2026-10-20T00:00:00+00:00", volume_reached: true, replacement_by: null, stability_days: null, stability_days_first: null, policy_days: null };
    for (const now of ["2026-11-01T00:00:00+00:00", "2026-12-24T00:00:00+00:00"]) {
        const [since] = refillBounds({ now, mode: "empty", refill }, null);
        assert.deepEqual([boundDay(since, dayText), since.because], ["2026-Oct-20", "the reservoir, which is empty"]);
        const state = { now, mode: "running", refill: { ...refill, volume_by: null } };
        const [unknown] = refillBounds(state, null);
        assert.deepEqual([boundDay(unknown, dayText), unknown.because], ["due now", "the reservoir, which is down to its reserve"]);
        assert.equal(refillSoon(state, null), true);
    }
});

test("stability counts from the fill by the pump's own clock, which may run faster than the server's", () => {
    const state = { now: "2026-11-21T00:00:00+00:00", now_ms: 25 * 86400000, epoch: 0, refill: { volume_by: null, replacement_by: null, stability_days: 40,
                                                                                                 stability_days_first: 14, policy_days: null } };
    const bed = { refilled: "2026-11-01T08:00:00Z", refilled_pump_ms: 5 * 86400000, refilled_epoch: 0, first_fill: false };
    assert.equal(refillBounds(state, bed)[0].at, "2026-12-11T00:00:00.000Z");
    assert.equal(refillBounds({ ...state, epoch: 1 }, bed)[0].at, "2026-12-11T08:00:00.000Z", "its clock was lost since: by the records");
    assert.equal(refillBounds(state, { ...bed, refilled_pump_ms: null })[0].at, "2026-12-11T08:00:00.000Z");
});

test("names that are confused are in tall letters, and plain for who hears them", () => {
    const drawn = (name) => String.raw({ raw: ["", ""] }, DrugName({ name })).replace(/\s+/g, " ");
    for (const [name, tall] of [["hydromorphone", "HYDROmorphone"], ["sufentanil", "SUFentanil"], ["fentanyl", "fentaNYL"], ["bupivacaine", "BUPivacaine"],
                                ["ropivacaine", "ROPivacaine"], ["clonidine", "cloNIDine"]])
        assert.equal(drawn(name), `<span aria-hidden="true">${tall}</span><span class="unseen">${name}</span>`);
    for (const name of ["morphine", "baclofen", "ziconotide"]) assert.equal(drawn(name), name);
});

/** The page's modules without their comments. */
const modules = ["", "patient"].flatMap((folder) => fs.readdirSync(path.join(WEB, folder)).filter((name) => name.endsWith(".js"))
    .map((name) => [name, fs.readFileSync(path.join(WEB, folder, name), "utf8").replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "")]));

test("what passes a soft limit says no amount where none is asked for", async () => {
    const alone = source("taskfindings.js").replace(/^import \{([^}]*)\} from .*;$/gm, (_, names) => names.split(",").map((name) => `const ${name} = String.raw;`).join(" "));
    const { passingBody } = await import(`data:text/javascript,${encodeURIComponent(alone)}`);
    const findings = [{ level: "soft limit", rule: "compatibility" }, { level: "note", rule: "grid" }, { level: "soft limit", rule: "bounds", again: "7 mg/day" }];
    const body = passingBody(findings, [{ reason: "consulted", again: "" }, { reason: "tolerance", again: "7 mg per day" }]);
    assert.deepEqual(JSON.parse(JSON.stringify(body)), [{ rule: "compatibility", reason: "consulted" }, { rule: "bounds", reason: "tolerance", again: "7 mg/day" }]);
});

test("nothing a page writes is on the list of what is mistaken", () => {
    // U1 and U4: units and words that were read as others (ISMP, Joint Commission).
    const mistaken = /\u00b5|\u03bc|\bug\b|\bcc\b|\bmcg\.|\bmL\.(?=\s)|\bIU\b|\bQO?D\b|\bHS\b|\bMSO4\b|\bD\/C\b|\bAZT\b|@ ?\d/;
    assert.ok(modules.length > 20);
    for (const [name, text] of modules) assert.doesNotMatch(text, mistaken, name);
});

test("colours of alarms are for alarms alone", () => {
    const style = fs.readFileSync(path.join(WEB, "style.css"), "utf8").replace(/\/\*[^]*?\*\//g, "");
    const used = [...style.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, , rules]) => /var\(--(high|medium|low)/.test(rules));
    assert.ok(used.length >= 9);
    for (const [, selector] of used) assert.match(selector.trim(), /^(\.alarm|\.alarm-mark)[.\w >,-]*$/);
    // A3: the frames of alarms alone flash, fewer than three times a second, and never for whoever wants nothing to move.
    const moving = style.match(/@media \(prefers-reduced-motion: no-preference\) \{[^]*?\n\}/)[0];
    assert.doesNotMatch(style.replace(moving, ""), /animation|@keyframes|transition|blink/);
    const flashes = [...moving.matchAll(/([^{}\n]+)\{ animation: frame-flash ([\d.]+)s steps\(1\) infinite; \}/g)]
        .map(([, selector, seconds]) => [selector.trim(), Number(seconds)]);
    assert.deepEqual(flashes.map(([selector]) => selector), [".alarm.high", ".alarm.medium"]);
    const [high, medium] = flashes.map(([, seconds]) => 1 / seconds); // in Hz, as IEC 60601-1-8 is said to have them
    assert.ok(high >= 1.4 && high <= 2.8 && medium >= 0.4 && medium <= 0.8, `${high} and ${medium} Hz`);
    assert.match(moving, /@keyframes frame-flash \{ 50% \{ border-color: transparent; \} \}/);
    // Any other colour is grey, blue or violet: hues of alarms are 0 to 70 and 160 to 200 degrees.
    const hue = (text) => {
        const [r, g, b] = text.match(/../g).map((part) => Number.parseInt(part, 16) / 255);
        const most = Math.max(r, g, b), range = most - Math.min(r, g, b);
        if (range / (most || 1) < 0.25) return null;
        return ((most === r ? (g - b) / range : most === g ? 2 + (b - r) / range : 4 + (r - g) / range) * 60 + 360) % 360;
    };
    for (const [, name, colour] of style.matchAll(/--([\w-]+): #([0-9a-f]{6})/g)) {
        if (/^(high|medium|low)/.test(name)) continue;
        const found = hue(colour);
        assert.ok(found === null || (found > 200 && found < 330), `--${name} #${colour} has the hue of an alarm: ${found}`);
    }
});
