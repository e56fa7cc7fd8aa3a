/* mixture.h - what is in a reservoir or a length of catheter: one primary drug and up to three adjuvants.
 * REQ-LIBR-09 */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_MIXTURE_H
#define CORE_MIXTURE_H

#include "core/bytes.h"
#include "core/quantity.h"
#include "core/result.h"

enum { MIXTURE_DRUGS_MAX = 4 };

#define DRUG(name, code, word, opioid, withdrawal) DRUG_##name = code,
enum drug {
    DRUG_NONE = 0,
#include "core/drug.def"
};
#undef DRUG

struct component {
    uint16_t drug; /* enum drug */
    conc_ng_ml conc;
};

/* count 0 is a drug-free fluid (saline). Components: the primary drug first, then adjuvants in rising order of code;
 * no drug twice, no concentration of zero. `unknown` means nobody recorded what it is. */
struct mixture {
    uint8_t count;
    bool unknown;
    struct component component[MIXTURE_DRUGS_MAX];
};

/* The word shown for a drug, or null when the code is not known. */
const char *drug_word(uint16_t drug);
/* The code for a drug's word, letter case ignored; DRUG_NONE when there is none. */
uint16_t drug_code(const char *word);
bool drug_is_opioid(uint16_t drug);
bool drug_stop_is_hazard(uint16_t drug);

/* Concentration of a drug in a mixture; zero when it is not in it. */
conc_ng_ml mixture_conc(const struct mixture *mixture, uint16_t drug);
/* Known drugs, canonical order, concentrations within 1 ng/mL to CONC_NG_ML_MAX. */
bool mixture_valid(const struct mixture *mixture);
/* Same drugs at the same concentrations (two unknown mixtures are never the same). */
bool mixture_same(const struct mixture *a, const struct mixture *b);
/* What comes of pouring `fill` upon `left`: each concentration by volume, rounded up to 1 ng/mL so that a dose is
 * never underestimated; the fill's primary drug stays first. Volumes 0 to VOL_NL_MAX, not both zero. Fails with
 * RESULT_NO_ROOM when together they hold more than four drugs, RESULT_MALFORMED when `left` is unknown and not
 * empty. */
MUST_USE enum result mixture_blend(const struct mixture *left, vol_nl left_volume, const struct mixture *fill,
                                   vol_nl fill_volume, struct mixture *blend);

/* The bytes of a known mixture, as they stand in therapies and commands (core/SPEC.md): at most MIXTURE_BYTES_MAX.
 * Reading turns the reader bad when there are more drugs than fit; whether they are valid is for mixture_valid to
 * say. */
enum { COMPONENT_BYTES = 6, MIXTURE_BYTES_MAX = 1 + MIXTURE_DRUGS_MAX * COMPONENT_BYTES };
void mixture_write(struct byte_writer *writer, const struct mixture *mixture);
void mixture_read(struct byte_reader *reader, struct mixture *mixture);

#endif
