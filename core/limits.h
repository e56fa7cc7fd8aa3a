/* limits.h - what no program, command or fault may pass. Masses at the tip, for each drug. REQ-LIBR-05, REQ-LIBR-09. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "core/mixture.h"
#include "core/model.h"
#include "core/program.h"
#include "core/verdict.h"

enum { WINDOW_BUCKETS = 32 }; /* a window is counted in this many buckets, plus the one being filled */

enum window_kind { WINDOW_HOUR, WINDOW_DAY, WINDOW_KINDS };

/* Length of a window, and of one of its buckets (exact: 32 divides both). */
span_ms window_span(enum window_kind kind);
span_ms window_bucket_span(enum window_kind kind);

struct drug_limit {
    uint16_t drug;
    mass_fg window[WINDOW_KINDS]; /* most mass in any rolling hour, any rolling day: 1 to LIMIT_FG_MAX */
};

enum { DAY_VOLUME_NL_MAX = 28800000 };
#define LIMIT_FG_MAX INT64_C(2880000000000000) /* the largest flow for a day at the largest concentration */

/* One drug_limit for each drug of the therapy, in the mixture's order. */
struct limits {
    uint8_t count;
    struct drug_limit drug[MIXTURE_DRUGS_MAX];
    vol_nl bolus_max;      /* largest single bolus, any kind but prime and bridge */
    rate_nl_day rate_max;  /* largest flow, base and bolus together */
};

/* The mass that a prescribed volume can amount to at the tip, as the governor would count it: whole quanta, one
 * more for the fraction in hand, each rounded up; nothing when nothing is prescribed. Any volume from 0 on:
 * INT64_MAX grains of the strongest drug are less than 2.2e18 fg. */
mass_fg limits_mass(vol_grain prescribed, vol_fl quantum, conc_ng_ml conc);

/* Would this flow alone, kept up for ever, pass any limit? Flow 0 to RATE_NL_DAY_MAX. */
verdict limits_judge_rate(const struct limits *limits, rate_nl_day rate, const struct mixture *mixture,
                          const struct model *model, calib_ppm calibration);

/* The static judgement: would this program, running alone for ever, pass any limit in any window counted with one
 * bucket to spare? Also the form of the limits themselves. A patient or single bolus must fit beside the worst
 * window. Straddling windows are judged by the pump (pump/reserve.h). */
verdict limits_judge(const struct limits *limits, const struct program *program, const struct mixture *mixture,
                     const struct model *model, calib_ppm calibration);

#endif
