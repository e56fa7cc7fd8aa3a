/* limitsfile.h - the hard limits that a site has signed for one pump, as one file: they travel to whoever programs, and the key
 * that signs does not. A signed text (signedtext.h) of canonical JSON; what is hashed begins with "cisterna limits file 1".
 *
 *     cisterna limits file 1
 *     signature <128 lower-case hexadecimal digits>
 *     {"bolus_max_nl":...,"cisterna_limits":1,"drugs":[{"conc_ng_ml":...,"day_fg":...,"drug":"morphine","hour_fg":...}],
 *      "pump":"SIM-0042","rate_max_nl_day":...,"region":"US","release":2,"signature":"<128 digits>"}
 *
 * (one line). The signature within is the one that the pump checks (limits.h): it binds serial and limits, and nothing else. The
 * one above binds release, region and concentrations too, for whoever programs. REQ-LIBR-02, -05, REQ-SECU-02, HZ-42. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_LIMITSFILE_H
#define CLINIC_FORMULARY_LIMITSFILE_H

#include "clinic/formulary/limits.h"

enum { LIMITSFILE_BYTES_MAX = 65536 };

struct signed_limits {
    char serial[SERIAL_BYTES]; /* of the pump */
    uint16_t release;          /* of the formulary that carries them */
    char region[ENTRY_REGION_BYTES];
    struct mixture mixture; /* what they were judged for */
    struct limits limits;
    uint8_t signature[SIGNATURE_BYTES]; /* for the pump */
};

/* Signs the limits of a therapy (formulary_sign_limits(), whose faults these are) and writes the bytes of a file, to be freed.
 * *text is untouched on failure. */
enum formulary_fault limitsfile_write(const struct sitekey *key, const struct formulary *formulary,
                                      const struct therapy *therapy, char **text, size_t *size, FILE *messages);
/* Reads one: FORMULARY_DAMAGED unless it is whole and signed by this key. `name` is for messages. */
enum formulary_fault limitsfile_read(const char *name, const char *text, size_t size, const uint8_t key[SIGN_KEY_BYTES],
                                     struct signed_limits *limits, FILE *messages);
/* Are these the limits of this therapy, for its pump, by the release that is in force? FORMULARY_MISMATCH for another pump,
 * region or release, FORMULARY_REFUSED for other drugs, concentrations or limits; each difference is told, and what would be
 * right. */
enum formulary_fault limitsfile_fit(const char *name, const struct signed_limits *limits,
                                    const struct formulary *in_force, const struct therapy *therapy, FILE *messages);

#endif
