/* model.h - the constants of a pump model, and the capability record a programmer reads from the pump. REQ-RSVR-10,
 * REQ-LINK-11. The twin never reads this table: it has its own, so that a wrong constant here shows. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_MODEL_H
#define CORE_MODEL_H

#include "core/quantity.h"
#include "core/result.h"

enum mechanism { MECHANISM_ROTOR = 1, MECHANISM_VALVE = 2 };

#define MODEL(name, code, ...) MODEL_##name = code,
enum model_code {
#include "core/model.def"
};
#undef MODEL

/* One row per constant: name, type of the member, its unit member, its meaning. Tests walk this list and perturb
 * each. */
#define MODEL_CONSTANTS(X)                                                                                             \
    X(reservoir, vol_nl, nl, "largest fill")                                                                           \
    X(quantum, vol_nl, nl, "least volume the mechanism delivers, nominal")                                             \
    X(rate_min, rate_nl_day, nl_day, "least flow other than stopped")                                                  \
    X(rate_max, rate_nl_day, nl_day, "largest flow, base and bolus together")                                          \
    X(tubing, vol_nl, nl, "volume of the tubing inside the pump")                                                      \
    X(catheter_per_cm, vol_fl_cm, fl, "catheter volume of one centimetre")                                             \
    X(boundary_tolerance, calib_ppm, ppm, "share of the dead volume by which a drug boundary may stray")               \
    X(motor_interval, span_ms, ms, "least time from one quantum to the next")                                          \
    X(motor_timeout, span_ms, ms, "time after which a quantum without encoder motion is a stall")

typedef vol_fl vol_fl_cm; /* femtolitres per centimetre */

struct model {
    uint8_t code; /* enum model_code */
    uint8_t revision;
    uint8_t mechanism; /* enum mechanism */
#define MODEL_MEMBER(name, type, unit, meaning) type name;
    MODEL_CONSTANTS(MODEL_MEMBER)
#undef MODEL_MEMBER
};

/* The model with this code at this revision; null when there is none. */
const struct model *model_find(uint8_t code, uint8_t revision);
/* "C20" and the like; null when unknown. */
const char *model_name(uint8_t code);
const struct model *model_named(const char *name);

enum { CATHETER_MM_MAX = 2000 }; /* guess: longer than any */
/* Tubing plus catheter: what must be pushed out before a new drug reaches the tip. Length in millimetres, 0 to
 * CATHETER_MM_MAX. */
vol_nl model_dead_volume(const struct model *model, int32_t catheter_mm);

enum { CAPABILITY_BYTES = 64 };
/* The capability record, version 1 (core/SPEC.md): what this model can hold and deliver, for a programmer to read.
 * Returns the bytes written. */
unsigned model_capability(const struct model *model, uint8_t record[CAPABILITY_BYTES]);

#endif
