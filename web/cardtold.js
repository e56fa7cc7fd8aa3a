// cardtold.js - what this window last knew of the workflow at a pump, for who looks on from another part of the page: nothing is asked.
// SPDX-License-Identifier: Apache-2.0

const cards = new Map();

export function cardTell(serial, card) {
    cards.set(serial, card);
}

/** Null: none is known. */
export function cardOf(serial) {
    return cards.get(serial) || null;
}
