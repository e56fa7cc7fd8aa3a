// tour_test.mjs - the tour and the nurse's tutorial do what they say, in a real Chromium at a demo of their own; the pictures they name
// are taken into build/web/tour.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browserStart, Demo } from "./stand.mjs";
import { actsOf, walked } from "./walk.mjs";

let demo, browser;
before(async () => {
    demo = await Demo.startAhead();
    browser = await browserStart();
});
after(async () => {
    await browser?.close();
    await demo?.stop();
});

for (const file of ["docs/tour.md", "docs/tutorials/nurse.md"])
    test(`${file} does what it says`, async () => {
        await walked(browser, demo, file);
    });

test("a line that no form fits is a fault, and no line is passed over", () => {
    assert.throws(() => actsOf("CONTRIBUTING.md").concat(actsOf("docs/workflows.md"), actsOf("README.md")), /no form of tests\/web\/walk.mjs fits/);
});
