// sound.js - the sound of the pages: off until somebody has heard a test of it, because browsers mute in silence (A6).
// REQ-PTNT-05, REQ-ALRM-13, HZ-38.
// SPDX-License-Identifier: Apache-2.0

let context = null;
let heard = false;

/** The sound of each priority: when its pulses begin, in seconds, and how often the burst comes again. Ten pulses as 3 + 2 and 3 + 2, three,
 * and two: second-hand figures of IEC 60601-1-8, from manuals of other devices; the times between pulses are guesses. */
export const BURSTS = {
    high: { pulses: [0, 0.3, 0.6, 1.05, 1.35, 2.2, 2.5, 2.8, 3.25, 3.55], everyMs: 10000 },
    medium: { pulses: [0, 0.4, 0.8], everyMs: 25000 },
    low: { pulses: [0, 0.5], everyMs: 30000 },
};

/** What has no priority that is known sounds as high. */
export function burstOf(priority) {
    return BURSTS[priority] || BURSTS.high;
}

function tones({ pulses }) {
    const at = context.currentTime;
    for (const begin of pulses) {
        const tone = context.createOscillator();
        const volume = context.createGain();
        tone.frequency.value = 660;
        volume.gain.setValueAtTime(0.2, at + begin);
        volume.gain.setValueAtTime(0, at + begin + 0.18);
        tone.connect(volume).connect(context.destination);
        tone.start(at + begin);
        tone.stop(at + begin + 0.2);
    }
}

/** Plays it, from a press of a button. False when this browser makes no sound. */
export async function soundTest() {
    try {
        context ||= new AudioContext();
        await context.resume();
        if (context.state !== "running") return false;
        tones(BURSTS.medium);
        return true;
    } catch {
        return false;
    }
}

/** Somebody says that it was heard. */
export function soundHeard() {
    heard = true;
}

export function soundIsOn() {
    return heard && context !== null && context.state === "running";
}

/** For an alarm of this priority that stands; nothing before a test was heard. */
export function soundAlarm(priority) {
    if (soundIsOn()) tones(burstOf(priority));
}
