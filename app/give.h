/* give.h - the commands that are one wish and one outcome. Each returns the exit code. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_GIVE_H
#define APP_GIVE_H

#include "app/desk.h"

int bolus_run(const struct desk *desk);
int stop_run(const struct desk *desk);
int minimum_run(const struct desk *desk);
int resume_run(const struct desk *desk);
int cancel_run(const struct desk *desk);
int silence_run(const struct desk *desk);
int clear_alarm_run(const struct desk *desk);
int clock_run(const struct desk *desk);
int mri_run(const struct desk *desk);
int unpair_run(const struct desk *desk);
int receipt_run(const struct desk *desk);

#endif
