/* limits.h - the hard limits of a therapy, signed for one pump: a pump that was made with the site's key takes no others.
 * core/SPEC.md (sign limits), REQ-SECU-02, REQ-LIBR-05, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_LIMITS_H
#define CLINIC_FORMULARY_LIMITS_H

#include "clinic/formulary/formulary.h"
#include "clinic/formulary/sitekey.h"
#include "core/therapy.h"

/* The largest mass that the limit of a rolling day may be for a drug of a therapy: the entry's hard bound for all deliveries of a
 * day, with the bucket that a pump counts beside the day's own, and two of the pump's quanta. False when the entry has no such
 * bound. */
bool limits_day_most(const struct entry *entry, const struct therapy *therapy, const struct model *model, conc_ng_ml conc,
                     mass_fg *most);

/* Signs the limits section of a therapy for the pump whose serial it bears. Only what this formulary carries is signed:
 * FORMULARY_MISMATCH when the therapy was checked against another release or for another region, FORMULARY_REFUSED, with each
 * reason on `messages`, when a drug or concentration is not known or a limit lies above a hard bound, FORMULARY_MALFORMED when
 * it is no whole therapy. The signature is untouched then. */
enum formulary_fault formulary_sign_limits(const struct sitekey *key, const struct formulary *formulary,
                                           const struct therapy *therapy, uint8_t signature[SIGNATURE_BYTES], FILE *messages);

#endif
