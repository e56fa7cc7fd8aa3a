// corpus_test.mjs - errors that people and machines make with a number, each against the real field of a workflow in a real Chromium, and
// as text against the C grammar of the server: nothing is taken in silence. Prints the table, and holds docs/entry.md to it.
//     node --test tests/web/corpus_test.mjs      (after tools/build dev cisterna)
// Screen rules N1 to N3, N7, U7; HZ-22.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Bedside, MAREN } from "./bedside.mjs";
import { browserStart, Demo } from "./stand.mjs";

const DOCUMENT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/entry.md");

let demo, browser, bed, page, cdp;
before(async () => {
    demo = await Demo.start("--speed", "60", "--every", "20 s");
    browser = await browserStart();
    bed = await Bedside.at(browser, demo, MAREN);
    ({ page } = bed);
    cdp = await page.context().newCDPSession(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await bed.begin("Program");
    await bed.identify();
    await bed.step("therapy");
    await page.selectOption("#kind", "continuous");
});
after(async () => {
    await bed?.abandon();
    await bed?.close();
    await browser?.close();
    await demo?.stop();
});

const typed = (text) => async () => page.keyboard.type(text);
const keys = (...names) => async () => { for (const name of names) await page.keyboard.press(name); };
const inserted = (text) => async () => page.keyboard.insertText(text);
const pasted = (text, markup) => async () => {
    await page.evaluate(async ([plain, html]) => {
        const parts = { "text/plain": new Blob([plain], { type: "text/plain" }) };
        if (html) parts["text/html"] = new Blob([html], { type: "text/html" });
        await navigator.clipboard.write([new ClipboardItem(parts)]);
    }, [text, markup]);
    await page.keyboard.press("Control+V");
};
const dropped = (text) => async () => {
    const box = await page.locator("#dose").boundingBox();
    const at = { x: box.x + 20, y: box.y + box.height / 2, data: { items: [{ mimeType: "text/plain", data: text }], dragOperationsMask: 1 } };
    for (const type of ["dragEnter", "dragOver", "drop"]) await cdp.send("Input.dispatchDragEvent", { type, ...at });
};
const filledIn = (text) => async () => page.$eval("#dose", (field, value) => {
    // As a browser fills a form: the value is set, and one event is told afterwards.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
}, text);
const composed = (text) => async () => {
    await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await cdp.send("Input.insertText", { text });
};
const wheeled = async () => {
    await page.hover("#dose");
    await page.mouse.wheel(0, 240);
};

/* What was meant wrongly, how, what stood there before, and the text as a program would send it to the server; `means`: what the field may hold
 * afterwards where that is right. */
const ERRORS = [
    ["double decimal point", typed("5..5"), "", "5..5"], ["two points apart", typed("5.5.5"), "", "5.5.5"], ["a point first", typed(".5"), "", ".5"],
    ["a point last", typed("5."), "", "5."],
    ["leading zero", typed("05"), "", "05"], ["leading zeros", typed("007"), "", "007"], ["leading zeros before a point", typed("00.5"), "", "00.5"],
    ["decimal comma", typed("5,5"), "", "5,5"], ["comma of thousands", typed("1,200"), "", "1,200"], ["blank of thousands", typed("1 200"), "", "1 200"],
    ["exponent", typed("1e3"), "", "1e3"], ["exponent, capital", typed("1E3"), "", "1E3"], ["minus", typed("-5"), "", "-5"], ["plus", typed("+5"), "", "+5"],
    ["minus as typographers write it", inserted("\u22125"), "", "\u22125"], ["too many digits", typed("1234567890"), "", "1234567890123456789"],
    ["too many decimals", typed("0.1234567"), "", "0.12345678901234"], ["a word", typed("five"), "", "five"], ["a letter for a digit (O)", typed("1O"), "", "1O"],
    ["a letter for a digit (l)", typed("l0"), "", "l0"], ["a unit behind", typed("5 mg"), "", "5 mg"], ["another unit behind", typed("500 mcg"), "", "500 mL"],
    ["a percentage", typed("5%"), "", "5 %"], ["a fraction", typed("1/2"), "", "1/2"], ["hexadecimal", typed("0x5"), "", "0x5"],
    ["infinity", typed("Infinity"), "", "Infinity"], ["not a number", typed("NaN"), "", "NaN"],
    ["paste: rich text of a dose", pasted("5.5 mg/day", "<b>5.5</b> <i>mg/day</i>"), "", "5.5 mg/day"], ["paste: blanks around", pasted("  5.5 "), "", "  5.5 "],
    ["paste: line end", pasted("5.5\n6"), "", "5.5\n6"], ["paste: tabulator between", pasted("5\t5"), "", "5\t5"], ["paste: no-break space", pasted("5\u00a05"), "", "5\u00a05"],
    ["paste: full-width digits", pasted("\uff15\uff0e\uff15"), "", "\uff15\uff0e\uff15"], ["paste: Arabic digits", pasted("\u0665"), "", "\u0665"],
    ["paste: invisible mark before", pasted("\u200e5"), "", "\u200e5"], ["paste: superscript", pasted("5\u00b2"), "", "5\u00b2"], ["paste: micro sign", pasted("5 \u00b5g"), "", "5 \u00b5g"],
    ["paste: behind what stands there", pasted(".5"), "5.5", "5.5.5"], ["keyboard of full-width digits", composed("\uff15"), "", "\uff15"],
    ["dropped text", dropped("9"), "5", "5 9"], ["mouse wheel", wheeled, "5", null], ["arrow up", keys("ArrowUp", "ArrowUp"), "5", null],
    ["filled in by the browser, an exponent", filledIn("5e3"), "5", "5e3"], ["filled in by the browser, a name", filledIn("Holt"), "", "Holt"],
    ["undo of another's keys", keys("Control+Z"), "5", null], ["a word deleted at once", keys("Control+Backspace"), "5.5", null],
    ["a key while it is locked", typed("5,55"), "", "5,55"],
].map(([name, act, stood, text]) => ({ name, act, stood, text }));

/* What is right has to pass, or the table would show nothing. */
const RIGHT = [
    ["a number", typed("5.5"), "", "5.5", "5.5"], ["paste of a number", pasted("12.25"), "", "12.25", "12.25"],
    ["0 . . DEL 5", keys("0", ".", ".", "Backspace", "5"), "", "0.5", "0.5"], ["5 5 DEL", keys("5", "5", "Backspace"), "", "5", "5"],
    ["DEL of what is marked", keys("Control+A", "Backspace", "7"), "55", "7", "7"], ["CLEAR", async () => page.click("#dose ~ .clear"), "5.5", null, ""],
    ["5 , Enter . 5", keys("5", ",", "Enter", ".", "5"), "", "5.5", "5.5"],
].map(([name, act, stood, text, means]) => ({ name, act, stood, text, means }));

/** The field empty and unlocked, then with what stood there, then the attempt; what it holds, and whether it says anything. */
async function attempt({ act, stood }) {
    await page.click("#dose");
    for (let tries = 0; tries < 3 && await page.locator("#dose[aria-invalid=true]").count(); tries++) await page.keyboard.press("Escape");
    await page.fill("#dose", "");
    if (stood) await page.keyboard.type(stood);
    const was = await page.inputValue("#dose");
    assert.equal(was, stood);
    await act();
    await page.waitForTimeout(30);
    const value = await page.inputValue("#dose");
    const said = await page.locator("#dose[aria-invalid=true]").count() > 0;
    // What is no whole number yet says so by saying nothing: there are no words below it, and the server refuses it.
    const words = await page.locator(".field.amount:has(#dose) .echo").count() > 0;
    return { value, said, words };
}

/** The C grammar alone: a question to the planner with this dose. */
const grammar = (text) => page.evaluate(async (dose) => {
    const me = await (await fetch("/api/me")).json();
    const answer = await fetch("/api/plan/rate", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf },
                                                   body: JSON.stringify({ model: "C20", drug: "morphine", concentration: "25 mg/mL", dose }) });
    return answer.status;
}, text);

const shown = (text) => JSON.stringify(text).slice(1, -1).replace(/[^ -~]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`).replace(/\|/g, "\\|");
const rows = [];

for (const error of ERRORS)
    test(`caught: ${error.name}`, async () => {
        const { value, said, words } = await attempt(error);
        const unchanged = value === error.stood;
        const isCaught = said || unchanged || !words;
        const status = error.text === null ? null : await grammar(/[a-z%]$|mL$/i.test(error.text) && /mg|mL|%|\u00b5/.test(error.text) ? error.text : `${error.text} mg/day`);
        // Blanks and a dose with its unit are no error to the server, which gets amounts with units: the field alone refuses them.
        rows.push([error.name, shown(error.text ?? ""), said ? "caught: told, field locked" : unchanged ? "caught: nothing changed" : isCaught ? "caught: no number yet" : `PASSED as ${value}`,
                   status === null ? "does not reach it" : status === 200 ? "passed" : "caught"]);
        assert.ok(isCaught, `${error.name}: the field took ${JSON.stringify(value)} in silence`);
        assert.match(value, /^((0|[1-9]\d*)(\.\d*)?)?$/, "whatever stands there was taken key by key");
        if (error.text === null || error.name.startsWith("filled in")) assert.equal(value, error.stood, "what is no key changes nothing");
        if (status !== null && error.text !== "5.5 mg/day") assert.notEqual(status, 200, `${error.name}: the server took ${JSON.stringify(error.text)}`);
    });

for (const right of RIGHT)
    test(`taken: ${right.name}`, async () => {
        const { value, said } = await attempt(right);
        assert.equal(value, right.means, right.name);
        assert.equal(said, false);
        const status = right.text === null ? null : await grammar(`${right.text} mg/day`);
        rows.push([right.name, right.means, right.means === "" ? "right: emptied" : `right: ${right.means}`, status === null ? "does not reach it" : status === 200 ? "passed" : "CAUGHT"]);
        if (status !== null) assert.equal(status, 200);
    });

for (const [name, dose] of [["out by ten, more", "50"], ["out by ten, less", "0.5"], ["out by a hundred, more", "500"], ["of another field: the flow", "0.2"]])
    test(`caught when it is judged: ${name}`, async () => {
        const { value } = await attempt({ act: typed(dose), stood: "" });
        assert.equal(value, dose, "a number it is");
        await page.selectOption("#opening", "none");
        await page.selectOption("#patient", "no");
        await page.click("text=Keep these as they are in force");
        await bed.go();
        await page.waitForFunction(() => document.querySelector(".step-form [role=alert].problem"));
        const [refused, hard, soft] = await Promise.all([".step-form .problem li", ".finding.hard", ".finding.soft"].map((found) => page.locator(found).count()));
        assert.ok(refused + hard + soft > 0, `${name}: nothing stands against ${dose}`);
        rows.push([name, dose, "a number: taken", refused ? "caught: refused by pump or limits, with what would pass" : hard ? "caught: hard limit" : "caught: soft limit, needs a reason"]);
        await page.waitForSelector('.step-head:has-text("Now: therapy")');
    });

test("the table, and what is published of it", () => {
    const caught = rows.filter((row) => row.some((cell) => /^caught/.test(cell))).length;
    const silent = rows.filter((row) => row.some((cell) => /PASSED|CAUGHT/.test(cell))).length;
    const lines = ["| attempted | as | the field | the server |", "|---|---|---|---|", ...rows.map((row) => `| ${row[0]} | \`${row[1] || " "}\` | ${row[2]} | ${row[3]} |`)];
    const table = `${lines.join("\n")}\n\n${rows.length} attempts: ${caught} errors caught, ${rows.length - caught - silent} right ones taken, ${silent} taken in silence.\n`;
    console.log(table);
    if (process.env.CORPUS_WRITE) fs.writeFileSync(process.env.CORPUS_WRITE, table);
    assert.equal(silent, 0);
    assert.ok(fs.readFileSync(DOCUMENT, "utf8").includes(table), "docs/entry.md holds this table: CORPUS_WRITE=FILE writes it");
});
