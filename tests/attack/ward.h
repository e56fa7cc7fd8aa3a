/* ward.h - a bedside whose patient is weighed every minute: the worst rolling hour and day that truly left the tip. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_ATTACK_WARD_H
#define TESTS_ATTACK_WARD_H

#include "tests/hazard/bedside.h"
#include "pump/state.h"

struct ward {
    struct bedside bed;
    uint16_t drug;
    uint32_t minutes;
    double dose[DAY_MINUTES + 1]; /* delivered in all, fg, at the last minutes: a ring */
    double worst_hour_fg, worst_day_fg;
};

/* An implant as bedside_implant(), weighed for its first drug. */
void ward_admit(struct ward *ward, const char *model, const struct mixture *mixture);
/* Lets whole minutes pass and weighs after each. */
void ward_pass(struct ward *ward, unsigned minutes);
/* The retained memory, to be damaged. */
struct kept *ward_memory(struct ward *ward);
/* Damages one bit of the governor's charges: it finds out before the next quantum and forgets its windows. */
void ward_confuse_governor(struct ward *ward);
/* The mass in a volume of a mixture's first drug, fg. */
double ward_mass(const struct mixture *mixture, int64_t nl);

#endif
