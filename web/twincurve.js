// twincurve.js - concentration at the tip and pain over time, as the twin knows them. No real pump and no clinic could: it says so.
// SPDX-License-Identifier: Apache-2.0
import { html, useRef } from "./html.js";
import { Curve, Samples } from "./curve.js";
import { civilAt, figureText, secondsAt, useTwin } from "./twin.js";

/** Rows of a track as samples of the curves; only what is new is added. */
function useSamples(view, track) {
    const kept = useRef({ track: null, samples: null, ms: -1 });
    if (!view) return null;
    if (kept.current.track !== track) kept.current = { track, samples: new Samples(2), ms: -1 };
    const { samples } = kept.current;
    for (const row of track.rows) {
        if (row.ms <= kept.current.ms) continue;
        const at = civilAt(view, row.ms);
        samples.push(secondsAt(view, row.ms), [row.tip, row.pain], { at, seconds: at.slice(16, 19), cells: [figureText(row.tip), figureText(row.pain)] });
        kept.current.ms = row.ms;
    }
    return samples;
}

const SINCE = "values of the simulation, with those from before this page was opened";

/** Both curves, each with its table. `children`: what stands above them. */
export function TwinCurves({ view, track }) {
    const samples = useSamples(view, track);
    const drug = view.drugs[0];
    return html`${drug && html`<${Curve} title=${`${drug.drug} at the catheter's tip`} unit=${drug.unit} samples=${samples} version=${samples.version}
            curve=${0} stroke="--curve-2" least=${0.001} since=${SINCE} smooth=${true} />`}
        ${view.person && html`<${Curve} title="Pain" unit="0 to 10" samples=${samples} version=${samples.version} curve=${1} stroke="--curve-1"
            least=${10} most=${10} since=${SINCE} smooth=${true} />`}`;
}

/** The same on the page of an implant. Nothing stands there where the server has no twin of it. */
export function TwinTruth({ serial }) {
    const { view, problem, track } = useTwin(serial);
    return html`<section aria-labelledby="truth" class="truth"><h2 id="truth">Known to the simulation alone</h2>
        <p class="training-mark"><b>SIMULATION TRAINING</b> The twin's truth: no real pump could tell it, and nothing here is to be acted on.
            ${" "}<a href=${`#/pumps/${serial}/training`}>Go to the training page</a></p>
        ${problem && html`<p class="problem" role="status">The simulation does not answer: ${problem.message}.</p>`}
        ${view ? html`<${TwinCurves} view=${view} track=${track} />` : !problem && html`<p class="quiet" role="status">Loading</p>`}</section>`;
}
