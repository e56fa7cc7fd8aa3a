/* surveillance.h - how closely a pump is watched. Drugs that its maker does not name for it, and mixtures, wear its mechanism:
 * 7.0 % of pumps with such drugs had failed at 78 months, and 2.4 % of the others (hazard table, HZ-07; about one marketed
 * rotor pump). Our models have no maker: which drugs the formulary declares for them is a guess, and the rule is what is shown.
 * REQ-LIBR-10, HZ-07, HZ-16. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_GUARD_SURVEILLANCE_H
#define CLINIC_GUARD_SURVEILLANCE_H

#include "clinic/formulary/formulary.h"
#include "clinic/guard/finding.h"
#include "core/mixture.h"
#include "core/model.h"

enum {
    SURVEILLANCE_LOOK_DAYS = 30, /* a pump of the raised tier is interrogated that often at least: guess */
    SURVEILLANCE_SHARE = 2,      /* there, a difference at a refill beyond tolerance / SHARE needs a reason: guess */
    SURVEILLANCE_DRUGS_MAX = 16,
    SURVEILLANCE_TEXT_BYTES = 320
};

/* Begins as zero: the usual tier. What has worn a mechanism stays: taking more in never lowers it. */
struct surveillance {
    bool mixed;                            /* more than one drug at a time; */
    unsigned drugs;                        /* and those that are not declared for the model */
    uint16_t drug[SURVEILLANCE_DRUGS_MAX]; /* enum drug, or a number that is none */
};

/* What the pump holds or held. A drug without an entry is declared for nothing; `formulary` null: so is every drug. */
void surveillance_drug(struct surveillance *surveillance, const struct formulary *formulary, const struct model *model,
                       uint16_t drug);
void surveillance_mixture(struct surveillance *surveillance, const struct formulary *formulary, const struct model *model,
                          const struct mixture *mixture);
/* The raised tier? */
bool surveillance_raised(const struct surveillance *surveillance);
/* The tier, why, and what it means, in one sentence. */
void surveillance_words(const struct surveillance *surveillance, const struct model *model,
                        char text[SURVEILLANCE_TEXT_BYTES]);

/* More than one drug at a time is outside what makers declare: a reason is asked for, once. `old` null: nothing is in the pump; a
 * mixture that adds no drug to it is noted. HZ-16 */
void guard_mixture(struct findings *findings, const struct mixture *old, const struct mixture *new);
/* Tells the tier that this mixture gives the pump: raised as a note, the usual one as passed. */
void guard_surveillance(struct findings *findings, const struct formulary *formulary, const struct model *model,
                        const struct mixture *mixture);

#endif
