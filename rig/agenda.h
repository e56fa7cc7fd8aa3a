/* agenda.h - which base flow a program prescribes at a civil moment, written from core/SPEC.md for the oracle alone:
 * it shares nothing with the program's own reckoning in core/program.c, so that an error there shows. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_AGENDA_H
#define RIG_AGENDA_H

#include "core/program.h"

/* nL/day at this moment, and the civil moment up to which it certainly holds (a midnight at the latest for a program
 * by days; INT64_MAX for one that never changes). */
int32_t agenda_flow(const struct program *program, int64_t civil, int64_t *until_ms);

#endif
