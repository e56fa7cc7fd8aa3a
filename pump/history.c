// SPDX-License-Identifier: Apache-2.0
#include "pump/history.h"

static int32_t narrow(int64_t nl)
{
    return (int32_t)(nl > VOL_NL_MAX ? VOL_NL_MAX : nl < -VOL_NL_MAX ? -VOL_NL_MAX : nl); /* no reservoir holds more */
}

static int64_t size_of(int64_t nl)
{
    return nl < 0 ? -nl : nl;
}

void history_add(struct history *history, vol_nl found_less_calculated, vol_nl metered)
{
    if (history->refills >= HISTORY_REFILLS) {
        for (unsigned i = 1; i < HISTORY_REFILLS; i++) {
            history->refill[i - 1] = history->refill[i];
        }
        history->refills = HISTORY_REFILLS - 1;
    }
    history->refill[history->refills++] =
        (struct discrepancy){ narrow(found_less_calculated.nl), narrow(metered.nl) };
}

vol_nl history_sum(const struct history *history)
{
    vol_nl sum = { 0 };
    for (unsigned i = 0; i < history->refills && i < HISTORY_REFILLS; i++) {
        sum.nl += history->refill[i].found_nl;
    }
    return sum;
}

bool history_trend(const struct history *history, vol_nl noise, vol_nl tolerance)
{
    int64_t metered_nl = 0, small_nl = 0;
    int64_t sum_nl = size_of(history_sum(history).nl);
    unsigned small = 0;
    for (unsigned i = 0; i < history->refills && i < HISTORY_REFILLS; i++) {
        const struct discrepancy *refill = &history->refill[i];
        metered_nl += refill->metered_nl;
        if (size_of(refill->found_nl) <= tolerance.nl) { /* those beyond have had an alarm of their own */
            small_nl += refill->found_nl;
            small++;
        }
    }
    if (history->refills >= HISTORY_TREND_REFILLS && sum_nl > noise.nl * history->refills &&
        sum_nl * 1000 > metered_nl * METERED_BOUND_PER_MILLE) {
        return true;
    }
    return small > 1 && size_of(small_nl) > tolerance.nl;
}
