/* quantity.h - the quantities of intrathecal therapy, as exact integers.
 *
 * Each quantity is a struct of one member named after its unit, so that mixing two of them does not compile and
 * taking one apart says which unit it had. REQ-THER-01, REQ-TIME-05. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_QUANTITY_H
#define CORE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct { int64_t nl; } vol_nl;          /* volume, nanolitres */
typedef struct { int64_t fl; } vol_fl;          /* volume, femtolitres: a quantum is a whole number of them */
typedef struct { int64_t grain; } vol_grain;    /* volume, 1/432 fL: see GRAIN_PER_NL */
typedef struct { int64_t fg; } mass_fg;         /* drug mass; 1 nL of 1 ng/mL holds 1 fg exactly */
typedef struct { int32_t nl_day; } rate_nl_day; /* flow, nanolitres per day */
typedef struct { int32_t ng_ml; } conc_ng_ml;   /* concentration, nanograms per millilitre */
typedef struct { int64_t ms; } span_ms;         /* a length of time */
typedef struct { int64_t ms; } instant_ms;      /* a moment on the pump's monotonic clock */
typedef struct { int64_t ms; } civil_ms;        /* a moment as wall clocks show it, ms since 1970-01-01 00:00 */
typedef struct { int32_t ppm; } calib_ppm;      /* a unit's calibration: true quantum over nominal, less one */

enum {
    MINUTE_MS = 60000,
    HOUR_MS = 3600000,
    DAY_MS = 86400000,
    DAY_MINUTES = 1440,
    WEEK_DAYS = 7,
    PPM_ONE = 1000000,
    FL_PER_NL = 1000000,
    GRAIN_PER_FL = 432,
    GRAIN_PER_NL = 432000000,    /* = 5 * DAY_MS = 432 * FL_PER_NL */
    GRAIN_PER_RATE_MS = 5,       /* 1 nL/day during 1 ms is 5 grains */
    RATE_NL_DAY_MAX = 28800000,  /* the largest flow of any model */
    CONC_NG_ML_MAX = 100000000,  /* 100 mg/mL */
    VOL_NL_MAX = 100000000,      /* 100 mL: above any reservoir */
    CALIB_PPM_MAX = 200000,      /* +-20 %: beyond it a unit is faulty, not uncalibrated */
    QUANTUM_NL_MAX = 2500
};

/* Why grains: prescribed volume grows by rate * time in nL*ms/day, and falls by calibrated quanta in fL. The
 * largest unit of which both are whole numbers is 1/432 fL, so the accumulator needs no fraction at all. */
_Static_assert((int64_t)GRAIN_PER_NL == (int64_t)GRAIN_PER_RATE_MS * DAY_MS, "a day at 1 nL/day is 1 nL");
_Static_assert((int64_t)GRAIN_PER_NL == (int64_t)GRAIN_PER_FL * FL_PER_NL, "grains per femtolitre");
_Static_assert((int64_t)VOL_NL_MAX < INT64_MAX / GRAIN_PER_NL, "a full reservoir fits in grains");
_Static_assert((int64_t)VOL_NL_MAX * CONC_NG_ML_MAX < INT64_MAX, "a full reservoir of the strongest drug fits in fg");

/* The instant that never comes. */
static const instant_ms INSTANT_NEVER = { INT64_MAX };

/*@ requires -4611686018427387904 <= a.ms <= 4611686018427387903;
    requires -4611686018427387904 <= s.ms <= 4611686018427387903;
    assigns \nothing;
    ensures \result.ms == a.ms + s.ms; */
static inline instant_ms instant_after(instant_ms a, span_ms s)
{
    return (instant_ms){ a.ms + s.ms };
}

/*@ requires 0 <= from.ms && 0 <= to.ms;
    assigns \nothing;
    ensures \result.ms == to.ms - from.ms; */
static inline span_ms span_between(instant_ms from, instant_ms to)
{
    return (span_ms){ to.ms - from.ms };
}

/*@ assigns \nothing;
    ensures (a.ms <= b.ms ==> \result.ms == a.ms) && (b.ms < a.ms ==> \result.ms == b.ms); */
static inline instant_ms instant_min(instant_ms a, instant_ms b)
{
    return a.ms <= b.ms ? a : b;
}

/* The volume one quantum of a unit holds. */
/*@ requires 0 < nominal.nl <= QUANTUM_NL_MAX;
    requires -CALIB_PPM_MAX <= calibration.ppm <= CALIB_PPM_MAX;
    assigns \nothing;
    ensures \result.fl == nominal.nl * (1000000 + calibration.ppm);
    ensures 0 < \result.fl <= 3000000000; */
static inline vol_fl quantum_volume(vol_nl nominal, calib_ppm calibration)
{
    return (vol_fl){ nominal.nl * (PPM_ONE + calibration.ppm) };
}

/*@ requires -21000000000000000 <= v.fl <= 21000000000000000;
    assigns \nothing;
    ensures \result.grain == v.fl * 432; */
static inline vol_grain grain_of_fl(vol_fl v)
{
    return (vol_grain){ v.fl * GRAIN_PER_FL };
}

/*@ requires -VOL_NL_MAX <= v.nl <= VOL_NL_MAX;
    assigns \nothing;
    ensures \result.grain == v.nl * 432000000; */
static inline vol_grain grain_of_nl(vol_nl v)
{
    return (vol_grain){ v.nl * GRAIN_PER_NL };
}

/* What a flow prescribes during a span: exact, no remainder. The span may be up to sixty days at a time. */
/*@ requires 0 <= rate.nl_day <= RATE_NL_DAY_MAX;
    requires 0 <= span.ms <= 5184000000;
    assigns \nothing;
    ensures \result.grain == 5 * rate.nl_day * span.ms;
    ensures 0 <= \result.grain; */
static inline vol_grain grain_of_rate(rate_nl_day rate, span_ms span)
{
    return (vol_grain){ GRAIN_PER_RATE_MS * (int64_t)rate.nl_day * span.ms };
}

/* The shortest whole number of milliseconds after which a flow has prescribed at least this much: never early. */
/*@ requires 0 < rate.nl_day <= RATE_NL_DAY_MAX;
    requires 0 <= volume.grain <= 4611686018427387904;
    assigns \nothing;
    ensures 5 * rate.nl_day * \result.ms >= volume.grain;
    ensures \result.ms > 0 ==> 5 * rate.nl_day * (\result.ms - 1) < volume.grain;
    ensures 0 <= \result.ms; */
static inline span_ms span_until_due(vol_grain volume, rate_nl_day rate)
{
    int64_t per_ms = GRAIN_PER_RATE_MS * (int64_t)rate.nl_day;
    return (span_ms){ (volume.grain + per_ms - 1) / per_ms };
}

/* The mass a volume holds, exact. */
/*@ requires 0 <= volume.nl <= VOL_NL_MAX;
    requires 0 <= conc.ng_ml <= CONC_NG_ML_MAX;
    assigns \nothing;
    ensures \result.fg == volume.nl * conc.ng_ml; */
static inline mass_fg mass_of(vol_nl volume, conc_ng_ml conc)
{
    return (mass_fg){ volume.nl * conc.ng_ml };
}

/* The mass one quantum is charged with: its calibrated volume times the concentration, rounded up to 1 fg. */
/*@ requires 0 < quantum.fl <= 3000000000;
    requires 0 <= conc.ng_ml <= CONC_NG_ML_MAX;
    assigns \nothing;
    ensures \result.fg * 1000000 >= quantum.fl * conc.ng_ml;
    ensures (\result.fg - 1) * 1000000 < quantum.fl * conc.ng_ml;
    ensures 0 <= \result.fg <= 300000000000; */
static inline mass_fg mass_of_quantum(vol_fl quantum, conc_ng_ml conc)
{
    return (mass_fg){ (quantum.fl * conc.ng_ml + FL_PER_NL - 1) / FL_PER_NL };
}

/* Whole nanolitres in a femtolitre count, rounded towards zero: for showing, never for dosing. */
/*@ assigns \nothing;
    ensures \result.nl == v.fl / 1000000; */
static inline vol_nl nl_of_fl(vol_fl v)
{
    return (vol_nl){ v.fl / FL_PER_NL };
}

#endif
