/* bench.h - a run made by hand, told to the oracle: a plain therapy, and a pump that does what it should. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RIG_BENCH_H
#define TESTS_RIG_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig/account.h"
#include "rig/hearing.h"
#include "rig/oracle.h"

enum { QUANTUM_NL = 250, FLOW = 250 * 24 * 4, QUARTER_MS = 900000 }; /* a quantum every quarter of an hour */
#define QUANTUM_KG (250e-12 * 10) /* of 10 mg/mL */

extern struct oracle *oracle;
extern double kg;         /* at the tip so far */
extern int64_t now;
extern uint64_t sequence; /* of the log */
extern uint8_t bytes[8];  /* of the therapy in force */

int bench_begin(void **state);
int bench_end(void **state);
/* An entry of the log, now. */
void tell(uint16_t code, int64_t a, int64_t b, int64_t c, int64_t d);
struct therapy plain(void);
void activate(const struct therapy *therapy, uint8_t name);
void fire_at(int64_t at);
/* What a pump does that does what it should: a quantum each quarter. */
void flow(unsigned quanta);
void pass(int64_t ms);
struct hearing_look look_well(void);
void apply(uint8_t kind, bool again);

#define WELL() assert_int_equal(oracle->breach.promise, PROMISE_NONE)
#define BROKEN(which) assert_int_equal(oracle->breach.promise, PROMISE_##which)

#endif
