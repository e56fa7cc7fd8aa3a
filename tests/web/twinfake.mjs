// twinfake.mjs - a twin as rig/control tells one, played by the test: what the pages show can be set, and what they ask is kept. For the
// look of the training pages; that the real one does what it says is tested with the real one.
// SPDX-License-Identifier: Apache-2.0

const LEVELS = [["C", 7], ["T", 12], ["L", 5], ["S", 2]].flatMap(([letter, count]) => Array.from({ length: count }, (unused, i) => `${letter}${i + 1}`));
const four = (value) => Number(value.toPrecision(4));

export class TwinFake {
    constructor() {
        this.ms = 266400000;
        this.speed = "10";
        this.tip = "T10";
        this.troubles = [];
        this.moments = [];
        this.asked = [];
        this.segments = [{ from: 0, to: 0.42, drug: "morphine", concentration: "10 mg/mL" }, { from: 0.42, to: 1, drug: "morphine", concentration: "25 mg/mL" }];
    }

    /** Falls off from the tip, and is less where little passes the catheter. */
    levels(strength) {
        const tip = LEVELS.indexOf(this.tip);
        return LEVELS.map((level, i) => ({ level, csf: four(strength * Math.exp(-Math.abs(i - tip) / 2.4)), tissue: four(0.8 * strength * Math.exp(-Math.abs(i - tip) / 3.5)) }));
    }

    passes() {
        return this.troubles.some((one) => one.name === "stall") ? 0 : this.troubles.some((one) => one.name === "kink") ? 0.2 : 1;
    }

    view() {
        this.ms += Number(this.speed) * 1000;
        const tip = 12.3 * (0.2 + 0.8 * this.passes()) * (1 + 0.2 * Math.sin(this.ms / 7000000));
        const pain = four(Math.min(7, 7 - tip / 3));
        const rows = Array.from({ length: 288 }, (unused, i) => ({ elapsed_ms: this.ms - (289 - i) * 900000, rate: "0.2 mL/day", reservoir: "17.9 mL",
                                                                   tip: four(12.3 * (1 - Math.exp(-i / 40)) * (1 + 0.1 * Math.sin(i / 9))), pain: four(7 - 4 * (1 - Math.exp(-i / 60))) }));
        return {
            simulation: true, serial: "SIM-0001", time: new Date(Date.UTC(2026, 10, 29, 18, 20, 3) + this.ms - 266400000).toISOString().replace(/\.\d+Z/, "+00:00"),
            elapsed: "3 d 2 h", elapsed_ms: this.ms, speed: this.speed, skipping: null, radio: true,
            person: { pain, baseline_pain: 7, relief: four(1 - pain / 7), sedation: 0.1, breathing: 0.95, spasticity: 0, withdrawal: 0.02, confusion: 0,
                      feels: ["My back aches, but I can sit with it.", "I am a little sleepy after lunch."], boluses_asked: 3, boluses_given: 2 },
            drugs: [{ drug: "morphine", unit: "mcg/mL", tip: four(tip), cisterna: 0.021, levels: this.levels(tip) }],
            catheter: { tip_level: this.tip, segments: this.segments, passes: this.passes() },
            truth: { reservoir: "17.912345 mL", delivered_today: "0.083417 mL", battery: "98 %" },
            troubles: this.troubles, history: { every_ms: 900000, rows }, moments: this.moments,
        };
    }

    /** What was asked of it, done as far as a page can see that. */
    ask(request) {
        this.asked.push(request);
        if (request.do === "speed") this.speed = request.speed;
        else if (request.do === "skip") this.ms += Number.parseInt(request.span, 10) * (request.span.endsWith("h") ? 3600000 : 86400000);
        else if (request.do === "migrate") this.tip = request.level;
        else if (request.do === "save") this.moments.push({ name: request.name, elapsed_ms: this.ms, damaged: false });
        else if (request.do === "fork") return { done: true, serial: "SIM-0002" };
        else {
            const name = request.fault || request.do;
            this.troubles = this.troubles.filter((one) => one.name !== name);
            if (request.on) this.troubles.push({ name, ...(request.amount && { amount: request.amount }), since_ms: this.ms });
        }
        return { done: true };
    }

    /** Stands in for the server's route to it in a window. */
    async serve(page) {
        await page.route(/\/api\/pumps\/[\w.-]+\/twin$/, async (route) => {
            const json = route.request().method() === "GET" ? this.view() : this.ask(route.request().postDataJSON());
            await route.fulfill({ json });
        });
        await page.route(/\/api\/pumps\/SIM-\d+$/, async (route) => {
            const response = await route.fetch();
            await route.fulfill({ response, json: { ...(await response.json()), twin: true } });
        });
    }
}
