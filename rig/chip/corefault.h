/* corefault.h - what a chip's core tells of its faults, for those who look on at a run. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_COREFAULT_H
#define RIG_CHIP_COREFAULT_H

#include <jansson.h>

#include "rig/chip/chip.h"

/* The next fault that was not told yet, as the details of an outside event; null when there is none, or no chip. */
json_t *corefault_next(struct chip *chip);

/* Why a rig got stuck: its chip is lost, or its pump asks for the same instant over and over. */
const char *corefault_stuck(const struct rig *rig);

#endif
