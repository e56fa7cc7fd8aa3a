// levels.js - the canal by vertebral level as it is drawn, and how a concentration becomes a length or a shade. One picture and the
// other use the same heights, so that a level stands on one line in both.
// SPDX-License-Identifier: Apache-2.0

/** Heights of the pictures: a pixel is a millimetre of the canal. */
export const TOP = 34;
export const FOOT = 10;

/* Lengths in mm by the first letter, as twin/body/level.def has them with their sources. */
const LENGTHS = { C: 16, T: 20, L: 36, S: 34 };
/* Half the canal's and the cord's width, for the eye alone: [level, canal, cord]. Not to scale. */
const WIDTHS = [["C1", 28, 12], ["C5", 30, 15], ["T1", 26, 11], ["T6", 22, 9], ["T11", 26, 12], ["L1", 30, 7], ["L3", 31, 0], ["L5", 27, 0],
                ["S1", 18, 0], ["S2", 7, 0]];

/** [{ level, top, height, middle }] from C1 to S2, in pixels below the top of a picture. */
export function levelRows(names) {
    let top = TOP;
    return names.map((level) => {
        const height = LENGTHS[level[0]] || 20;
        const row = { level, top, height, middle: top + height / 2 };
        top += height;
        return row;
    });
}

export const LEVELS = [...["C", 7], ...["T", 12], ...["L", 5], ...["S", 2]].reduce(
    (names, part, i, all) => (i % 2 === 0 ? [...names, ...Array.from({ length: all[i + 1] }, (unused, n) => part + (n + 1))] : names), []);

export const HEIGHT = levelRows(LEVELS).reduce((sum, row) => sum + row.height, TOP + FOOT);

/** Points of the outline: half widths of canal and cord at each height. */
export function outline(rows) {
    const known = WIDTHS.map(([level, canal, cord]) => ({ y: rows.find((row) => row.level === level)?.middle ?? 0, canal, cord }));
    known[0].y = rows[0].top;
    known[known.length - 1].y = rows[rows.length - 1].top + rows[rows.length - 1].height;
    return known;
}

/** 1, 2 or 5 and zeros: the least of them that is not below a value. */
export function roundUp(value) {
    if (!(value > 0)) return 1;
    const decade = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map((one) => one * decade).find((one) => one >= value * (1 - 1e-9));
}

/** So many tenfold steps below the most are shown where the scale is logarithmic. */
export const DECADES = 5;

/** Share of the whole length, 0 to 1, of a value where `most` is 1. */
export function shareOf(value, most, isLog) {
    if (!(value > 0) || !(most > 0)) return 0;
    const share = isLog ? 1 + Math.log10(value / most) / DECADES : value / most;
    return Math.min(1, Math.max(0, share));
}

/** A figure at a scale: 0, or one digit and its zeros. */
export function scaleText(value) {
    return value.toLocaleString("en-US", { maximumSignificantDigits: 2 });
}
