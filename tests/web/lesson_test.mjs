// lesson_test.mjs - lessons without a browser: each is whole and knows its sources, and goes on when its sign is seen and not before.
// HZ-25, HZ-05.
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const { LESSONS, lessonTurn } = await import(pathToFileURL(path.join(ROOT, "web/lesson.js")));
const { Track } = await import(pathToFileURL(path.join(ROOT, "web/track.js")));

const NOTHING = { view: null, row: null, card: null, page: null, read: false };
const begin = () => ({ step: 0, notes: {}, begun: false });

test("every lesson is whole, and what it teaches has a source", () => {
    const pages = [...fs.readFileSync(path.join(ROOT, "web/pump.js"), "utf8").matchAll(/^ {4}\["(.*?)", "/gm)].map((found) => found[1]);
    const hazards = fs.readFileSync(path.join(ROOT, "docs/trace.csv"), "utf8");
    assert.equal(new Set(LESSONS.map((one) => one.id)).size, 5);
    for (const lesson of LESSONS) {
        for (const step of lesson.steps) {
            assert.ok(pages.includes(step.page), `${lesson.id}: ${step.page}`);
            assert.ok(step.say.length > 20 && (step.read || step.until), `${lesson.id}: ${step.say}`);
        }
        for (const [text, from] of lesson.learned) {
            assert.match(from, /HZ-\d\d|^labels? of |^case reports?[:,] /, text);
            for (const [id] of from.matchAll(/HZ-\d\d/g)) assert.ok(hazards.includes(id), id);
        }
    }
});

test("no step is done by nothing, and none breaks where nothing is known", () => {
    for (const lesson of LESSONS)
        lesson.steps.forEach((step, i) => assert.equal(lessonTurn(lesson, { step: i, notes: {}, begun: false }, NOTHING).step, i, `${lesson.id} ${i}`));
});

test("a step that is only looked at waits for its page and for the reader", () => {
    const lesson = LESSONS.find((one) => one.id === "refill");
    assert.equal(lessonTurn(lesson, begin(), { ...NOTHING, read: true }).step, 0);
    assert.equal(lessonTurn(lesson, begin(), { ...NOTHING, page: "" }).step, 0);
    assert.equal(lessonTurn(lesson, begin(), { ...NOTHING, page: "", read: true }).step, 1);
});

test("the pump that was not infusing: from the slip to what stands against the refill", () => {
    const lesson = LESSONS.find((one) => one.id === "not-infusing");
    const view = { elapsed_ms: 1000, skipping: null, troubles: [{ name: "slip" }], catheter: { segments: [] } };
    let run = lessonTurn(lesson, begin(), { ...NOTHING, view });
    assert.deepEqual([run.step, run.notes.ms], [1, 1000], "the time when the step began");
    const later = { ...view, elapsed_ms: 1000 + 480 * 3600000 };
    assert.equal(lessonTurn(lesson, run, { ...NOTHING, view: { ...later, skipping: { until_ms: 1 } } }).step, 1, "while time is skipped it waits");
    run = lessonTurn(lesson, run, { ...NOTHING, view: later });
    assert.equal(run.step, 2);
    const at = (step, steps, findings) => ({ ...NOTHING, card: { workflow: "refill", step, steps, findings, busy: false, change: "none" } });
    run = lessonTurn(lesson, { ...run, step: 4 }, at("identify", [{ step: "port", state: "ahead" }], []));
    assert.equal(run.step, 5);
    assert.equal(lessonTurn(lesson, run, at("port", [{ step: "port", state: "now" }], [])).step, 5);
    run = lessonTurn(lesson, run, at("residual", [{ step: "port", state: "past" }], []));
    assert.equal(run.step, 6);
    assert.equal(lessonTurn(lesson, run, at("residual", [], [{ rule: "residual", level: "note" }])).step, 6);
    assert.equal(lessonTurn(lesson, run, at("residual", [], [{ rule: "not_infusing", level: "hard limit" }])).step, 7);
});

const seenAt = (ms, history = { rows: [] }) => ({ elapsed_ms: ms, speed: "10", person: { pain: 3 }, history,
    drugs: [{ drug: "morphine", unit: "mcg/mL", tip: ms, levels: [{ level: "C1", csf: ms }] }] });

test("what was seen of a twin: history first, no moment twice, thinned with age, and cut to a span", () => {
    const track = new Track();
    const history = { every_ms: 10, rows: [{ elapsed_ms: -20, tip: 1, pain: 7 }, { elapsed_ms: -10, tip: 2, pain: 6 }] };
    track.take(seenAt(0, history));
    track.take(seenAt(0, history));
    assert.deepEqual(track.rows.map((row) => row.ms), [-20, -10, 0]);
    for (let i = 1; i <= 5000; i++) track.take(seenAt(i * 10000));
    assert.ok(track.moments.length <= 601 && track.moments.length > 150, `${track.moments.length} moments`);
    assert.ok(track.rows.length <= 1201);
    const seen = track.columns("morphine", 10000000);
    assert.deepEqual([seen.begin, seen.end, seen.columns[0].from, seen.columns.at(-1).to], [40000000, 50000000, 40000000, 50000000]);
    for (let i = 1; i < seen.columns.length; i++) assert.equal(seen.columns[i].from, seen.columns[i - 1].to, "no hole where it was looked at all the time");
    assert.deepEqual(track.columns("baclofen", null).columns, []);
});

test("what passed unseen stays a hole, or is what the twin itself has kept", () => {
    const track = new Track();
    track.take(seenAt(0));
    track.take(seenAt(10000));
    track.take(seenAt(86400000));
    assert.deepEqual(track.columns("morphine", null).columns.map((one) => [one.from, one.to]), [[0, 10000], [10000, 60000], [86400000, 86400000]]);
    track.take(seenAt(172800000, { every_ms: 1800000, rows: [{ elapsed_ms: 90000000, tip: 5, pain: 4 }],
                                   levels: [{ elapsed_ms: -5000, drugs: { morphine: [1] } }, { elapsed_ms: 90000000, drugs: { morphine: [7] } }] }));
    const known = track.columns("morphine", null);
    assert.equal(known.begin, -5000);
    assert.deepEqual(known.columns.map((one) => [one.from, one.to, one.values[0]]), [[-5000, 90000000, 1], [90000000, 172800000, 7], [0, 10000, 0], [10000, 60000, 10000],
                     [86400000, 86450000, 86400000], [172800000, 172800000, 172800000]], "what was seen is drawn over what the twin has kept");
    assert.equal(track.rows.find((row) => row.ms === 90000000).tip, 5);
});
