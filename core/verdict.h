/* verdict.h - refusals, as a set of reasons: all that apply are told, and nothing is ever clamped in silence.
 * REQ-THER-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include <stdint.h>

typedef uint64_t verdict; /* bits of verdict.def; 0 means allowed */

#define VERDICT(name, bit, word, text) static const verdict VERDICT_##name = (uint64_t)1 << (bit);
#include "core/verdict.def"
#undef VERDICT

/* How many reasons there are: bits 0 to VERDICT_COUNT - 1. */
enum { VERDICT_COUNT = 45 };

/* The machine word and the sentence of one reason bit (0 to VERDICT_COUNT - 1); null for others. */
const char *verdict_word(unsigned bit);
const char *verdict_text(unsigned bit);

#endif
