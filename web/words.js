// words.js - the machine's words as a person reads them.
// SPDX-License-Identifier: Apache-2.0

/** "incomplete_aspiration" as "incomplete aspiration". */
export function words(text) {
    return (text || "not known").replace(/_/g, " ");
}
