// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/bench.h"

#include <stdlib.h>
#include <string.h>

struct oracle *oracle;
double kg;
int64_t now;
uint64_t sequence;
uint8_t bytes[8];
static uint64_t id;

void tell(uint16_t code, int64_t a, int64_t b, int64_t c, int64_t d)
{
    struct event event = { .sequence = ++sequence, .at = { now }, .code = code, .field = { a, b, c, d } };
    hearing_event(oracle, &event);
}

struct therapy plain(void)
{
    struct therapy therapy = { .mixture = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } } };
    therapy.program.kind = PROGRAM_CONTINUOUS;
    therapy.program.base.nl_day = FLOW;
    therapy.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 500 }, .rate = { 48000 },
                                                      .lockout_minutes = 60, .max_per_day = 3, .expiry_days = 30 };
    therapy.limits.count = 1;
    therapy.limits.drug[0] =
        (struct drug_limit){ DRUG_MORPHINE, { { 10 * INT64_C(2500000000) }, { 130 * INT64_C(2500000000) } } };
    return therapy;
}

void activate(const struct therapy *therapy, uint8_t name)
{
    uint8_t token[TOKEN_BYTES] = { name };
    memset(bytes, name, sizeof bytes);
    oracle_sent(oracle, therapy, bytes, sizeof bytes, token);
    tell(EVENT_MODE, oracle->mode, MODE_RUNNING, 0, 0);
    tell(EVENT_ACTIVATED, name, 0, 0, 0);
    if (therapy->program.opening.kind != OPENING_NONE)
        tell(EVENT_COURSE_START, therapy->program.opening.kind, therapy->program.opening.volume.nl,
             therapy->program.opening.rate.nl_day, 0);
}

int bench_begin(void **state)
{
    (void)state;
    const struct oracle_facts facts = { .quantum_fl = QUANTUM_NL * INT64_C(1000000), .rate_min = 48000, .busy_ms = 1500 };
    if (oracle == NULL)
        oracle = calloc(1, sizeof *oracle);
    kg = 0;
    now = 0;
    sequence = id = 0;
    oracle_start(oracle, &facts, 0);
    struct therapy therapy = plain();
    activate(&therapy, 1);
    return oracle == NULL;
}

int bench_end(void **state)
{
    (void)state;
    free(oracle);
    oracle = NULL;
    return 0;
}

void fire_at(int64_t at)
{
    double places[TIP_DRUGS] = { kg };
    now = at;
    oracle_fired(oracle, at, at, places);
    kg += QUANTUM_KG;
}

void flow(unsigned quanta)
{
    int64_t last = now - now % QUARTER_MS;
    for (unsigned i = 0; i < quanta; i++)
        fire_at(last += QUARTER_MS);
    oracle_time(oracle, now);
}

void pass(int64_t ms)
{
    now += ms;
    oracle_time(oracle, now);
}

struct hearing_look look_well(void)
{
    return (struct hearing_look){ .now_ms = now, .mode = oracle->mode, .metered = (int64_t)oracle->fired, .bytes = bytes,
                                  .size = sizeof bytes, .mechanism_sound = true };
}

void apply(uint8_t kind, bool again)
{
    struct command command = { .kind = kind, .id = again ? id : ++id, .volume = { 1000 } };
    struct receipt receipt = { .kind = kind, .outcome = OUTCOME_APPLIED, .at = { now } };
    oracle_answered(oracle, &command, &receipt, again);
}
