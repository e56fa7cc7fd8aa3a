// sound.js - the sound of the patient's page: off until the patient has heard a test of it, because browsers mute in silence (A6).
// REQ-PTNT-05, HZ-38.
// SPDX-License-Identifier: Apache-2.0

let context = null;
let heard = false;

/* Three short tones: guess. */
function tones() {
    const at = context.currentTime;
    for (let i = 0; i < 3; i++) {
        const tone = context.createOscillator();
        const volume = context.createGain();
        tone.frequency.value = 660;
        volume.gain.setValueAtTime(0.2, at + i * 0.3);
        volume.gain.setValueAtTime(0, at + i * 0.3 + 0.18);
        tone.connect(volume).connect(context.destination);
        tone.start(at + i * 0.3);
        tone.stop(at + i * 0.3 + 0.2);
    }
}

/** Plays it, from a press of a button. False when this browser makes no sound. */
export async function soundTest() {
    try {
        context ||= new AudioContext();
        await context.resume();
        if (context.state !== "running") return false;
        tones();
        return true;
    } catch {
        return false;
    }
}

/** The patient says that it was heard. */
export function soundHeard() {
    heard = true;
}

export function soundIsOn() {
    return heard && context !== null && context.state === "running";
}

/** For an alarm that stands; nothing before a test was heard. */
export function soundAlarm() {
    if (soundIsOn()) tones();
}
