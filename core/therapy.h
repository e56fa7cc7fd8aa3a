/* therapy.h - one whole therapy, and its one canonical byte encoding. The same bytes are hashed, staged, stored,
 * read back, signed and shown. Byte by byte: core/SPEC.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_THERAPY_H
#define CORE_THERAPY_H

#include <stddef.h>

#include "core/limits.h"
#include "core/mixture.h"
#include "core/model.h"
#include "core/program.h"
#include "core/result.h"

enum { THERAPY_BYTES_MAX = 2048, NAME_BYTES = 32, SERIAL_BYTES = 16, REGION_BYTES = 4, THERAPY_VERSION = 1 };

enum priority { PRIORITY_LOW = 1, PRIORITY_MEDIUM = 2, PRIORITY_HIGH = 3 };
enum mri_rule { MRI_KEEP_PROGRAM = 1, MRI_EMPTY_FIRST = 2 };

/* Text members: UTF-8 without control characters, padded with zeros to their size, last byte zero. */
struct therapy {
    char name[NAME_BYTES];       /* for people: "morphine, start" */
    char serial[SERIAL_BYTES];   /* the one pump it is for */
    uint8_t model;               /* enum model_code */
    uint8_t revision;            /* of the model's constants */
    calib_ppm calibration;       /* of this unit */
    vol_nl dead_volume;          /* tubing plus catheter of this implant */
    uint16_t formulary_version;  /* release of the drug library it was checked against; 0 none */
    char region[REGION_BYTES];   /* "US", "EU" */
    struct mixture mixture;
    struct program program;
    struct limits limits;
    rate_nl_day safe_rate;       /* what a fault drops to: 0, or a flow */
    uint16_t restart_limit_hours;/* longest interruption after which the same dose may go on: 1 to 720 */
    uint8_t under_delivery;      /* enum priority: how bad is too little of this drug */
    vol_nl reservoir_low;        /* alarm when the calculated remainder falls to this */
    uint8_t mri_rule;            /* enum mri_rule */
};

/* Writes the canonical bytes; RESULT_NO_ROOM or RESULT_MALFORMED (a member outside its range) leave *size untouched. */
MUST_USE enum result therapy_encode(const struct therapy *therapy, uint8_t *bytes, size_t room, size_t *size);
/* Reads them strictly: anything but the canonical bytes of a therapy is refused, and *therapy is then untouched. */
MUST_USE enum result therapy_decode(const uint8_t *bytes, size_t size, struct therapy *therapy);
/* Where the limits section (tag, length and payload) lies in canonical bytes: it can be signed on its own. */
MUST_USE enum result therapy_limits_section(const uint8_t *bytes, size_t size, size_t *offset, size_t *length);

/* Every static reason why this pump (model, calibration, dead volume as given) cannot take this therapy; 0 when fit. */
verdict therapy_judge(const struct therapy *therapy, const struct model *model);

#endif
