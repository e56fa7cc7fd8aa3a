/* planask.h - the questions of `cisterna plan`: options into a planner's question. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PLANASK_H
#define APP_PLANASK_H

#include "app/plan.h"
#include "clinic/formulary/formulary.h"
#include "clinic/planner/sheet.h"

/* Each reads its options and works out a sheet; EXIT_DONE, or EXIT_USAGE with a message. */
typedef int plan_question(const struct inquiry *inquiry, const struct formulary *formulary, struct sheet *sheet);
plan_question rate_ask, refill_ask, prime_ask, bridge_ask, residual_ask, start_ask, titrate_ask, volume_ask, mix_ask;

#endif
