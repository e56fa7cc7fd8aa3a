// walk.mjs - carries out a page of docs/ that says what to do at the pages: each numbered line is one act, in the words of a few forms.
// So what a nurse reads there is what a browser did. A picture that such a page names is taken into build/web/tour.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { clocksForward, clockTake, REFUSED } from "./bedside.mjs";
import { Window } from "./stand.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PICTURES = path.join(ROOT, "build/web/tour");

/** What stands for something that differs from run to run. */
async function valueOf(walk, text) {
    const password = /^the password of (\w+)$/.exec(text);
    if (password) return walk.demo.passwords[password[1]];
    if (text !== "what the pump has calculated") return text;
    const told = await walk.page.locator(".told").innerHTML();
    return Number(told.match(/calculated: ([\d.]+)/)[1]).toFixed(1).replace(/\.0$/, "");
}

async function press(walk, name) {
    const { page } = walk;
    const button = page.getByRole("button", { name, exact: true }).or(page.getByRole("link", { name, exact: true }));
    await button.first().click();
}

/** Form of a line, and what is done for it. **value**, *what stands on the page*. */
const ACTS = [
    [/^Type \*\*(.+?)\*\* into \*(.+?)\*/, async (walk, value, label) => walk.page.getByLabel(label).first().fill(await valueOf(walk, value))],
    [/^Choose \*\*(.+?)\*\* for \*(.+?)\*/, async (walk, value, label) => walk.page.getByLabel(label).first().selectOption({ label: value })],
    [/^Answer \*\*(yes|no)\*\* to \*(.+?)\*/, async (walk, word, legend) => walk.page.getByRole("group", { name: legend }).getByLabel(word).check()],
    [/^Mark \*(.+?)\*/, async (walk, label) => walk.page.getByLabel(label).check()],
    [/^Press \*(.+?)\*/, press],
    [/^Open \*(.+?)\* in a window of its own/, async (walk, name) => {
        const [opened] = await Promise.all([walk.page.context().waitForEvent("page"), press(walk, name)]);
        walk.pages.push(opened);
        opened.setDefaultTimeout(30000);
    }],
    [/^Go back to the window of the clinic/, async (walk) => (await walk.pages.pop()).close()],
    [/^Read \*(.+?)\*/, async (walk, text) => walk.page.getByText(text).first().waitFor()],
    [/^Wait \*\*(\d+) minutes\*\*/, async (walk, minutes) => clocksForward(walk.page, walk.demo, Number(minutes))],
    [/^Look at `build\/web\/tour\/([\w-]+)\.png`/, async (walk, name) => {
        fs.mkdirSync(PICTURES, { recursive: true });
        await walk.page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
    }],
];

/** The acts of a page of docs/, each with its line. */
export function actsOf(file) {
    const lines = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n");
    return lines.flatMap((line, i) => {
        const said = /^\d+\. (.*)$/.exec(line);
        if (!said) return [];
        for (const [form, act] of ACTS) {
            const found = form.exec(said[1]);
            if (found) return [{ at: `${file}:${i + 1}: ${line}`, act: (walk) => act(walk, ...found.slice(1)) }];
        }
        throw new Error(`${file}:${i + 1}: no form of tests/web/walk.mjs fits: ${line}`);
    });
}

/** All of them in a window of their own, from the sign-in on; what fails says its line and what stood there. */
export async function walked(browser, demo, file) {
    const window = await Window.open(browser, demo);
    const walk = { demo, pages: [window.page], get page() { return this.pages.at(-1); } };
    window.page.setDefaultTimeout(30000);
    await clockTake(window.page, demo);
    const acts = actsOf(file);
    assert.ok(acts.length > 5, `${file} says what to do`);
    for (const { at, act } of acts)
        await act(walk).catch(async (error) => {
            throw new Error(`${at}\n${error.message}\n${await walk.page.innerText("body")}`);
        });
    window.faults = window.faults.filter((fault) => !REFUSED.test(fault));
    await window.close();
}
