/* model.c - the table of pump models and the capability record made from a row of it. */
// SPDX-License-Identifier: Apache-2.0
#include "core/model.h"

#include <stddef.h>

#include "core/bytes.h"
#include "core/command.h"
#include "core/program.h"
#include "core/text.h"
#include "core/therapy.h"

#define MODEL(name, ...) MODEL_AT_##name,
enum model_position {
#include "core/model.def"
    MODEL_COUNT
};
#undef MODEL

#define MODEL(name, code_, revision_, mechanism_, reservoir_, quantum_, rate_min_, rate_max_, tubing_, catheter_,      \
              tolerance_, interval_, timeout_)                                                                         \
    [MODEL_AT_##name] = { .code = code_,                                                                               \
                          .revision = revision_,                                                                       \
                          .mechanism = MECHANISM_##mechanism_,                                                         \
                          .reservoir = { reservoir_ },                                                                 \
                          .quantum = { quantum_ },                                                                     \
                          .rate_min = { rate_min_ },                                                                   \
                          .rate_max = { rate_max_ },                                                                   \
                          .tubing = { tubing_ },                                                                       \
                          .catheter_per_cm = { catheter_ },                                                            \
                          .boundary_tolerance = { tolerance_ },                                                        \
                          .motor_interval = { interval_ },                                                             \
                          .motor_timeout = { timeout_ } },
static const struct model MODELS[MODEL_COUNT] = {
#include "core/model.def"
};
#undef MODEL

/* What the arithmetic of quantity.h and the records rely on, of every row. */
#define MODEL(name, code, revision, mechanism, reservoir, quantum, rate_min, rate_max, tubing, catheter, tolerance,    \
              interval, timeout)                                                                                       \
    _Static_assert((reservoir) <= VOL_NL_MAX && (quantum) <= QUANTUM_NL_MAX && (rate_max) <= RATE_NL_DAY_MAX,          \
                   #name " stays within the quantities");                                                              \
    _Static_assert((rate_min) > 0 && (rate_min) < (rate_max) && (timeout) < (interval), #name " is in order");         \
    _Static_assert(sizeof(#name) <= 4, #name " fits the four bytes of the capability record");
#include "core/model.def"
#undef MODEL

const struct model *model_find(uint8_t code, uint8_t revision)
{
    for (unsigned i = 0; i < MODEL_COUNT; i++)
        if (MODELS[i].code == code && MODELS[i].revision == revision)
            return &MODELS[i];
    return NULL;
}

const char *model_name(uint8_t code)
{
    /* One case for each row: a code used twice does not compile. */
#define MODEL(name, number, ...)                                                                                       \
    case number:                                                                                                       \
        return #name;
    switch (code) {
#include "core/model.def"
    default:
        return NULL;
    }
#undef MODEL
}

const struct model *model_named(const char *name)
{
    for (unsigned i = 0; i < MODEL_COUNT; i++)
        if (text_same(model_name(MODELS[i].code), name))
            return &MODELS[i];
    return NULL;
}

vol_nl model_dead_volume(const struct model *model, int32_t catheter_mm)
{
    vol_fl catheter = { model->catheter_per_cm.fl * catheter_mm / 10 };
    return (vol_nl){ model->tubing.nl + nl_of_fl(catheter).nl };
}

unsigned model_capability(const struct model *model, uint8_t record[CAPABILITY_BYTES])
{
    enum { CAPABILITY_VERSION = 1, NAME_SIZE = 4 };
    struct byte_writer writer = { .at = record, .left = CAPABILITY_BYTES };
    const char *name = model_name(model->code);
    byte_write(&writer, CAPABILITY_VERSION, 1);
    byte_write(&writer, model->code, 1);
    byte_write(&writer, model->revision, 1);
    byte_write(&writer, model->mechanism, 1);
    for (unsigned i = 0, ended = name == NULL; i < NAME_SIZE; i++) {
        ended = ended || name[i] == '\0';
        byte_write(&writer, ended ? 0 : (uint8_t)name[i], 1);
    }
    byte_write(&writer, (uint64_t)model->reservoir.nl, 4);
    byte_write(&writer, (uint64_t)model->quantum.nl, 4);
    byte_write(&writer, (uint64_t)model->rate_min.nl_day, 4);
    byte_write(&writer, (uint64_t)model->rate_max.nl_day, 4);
    byte_write(&writer, (uint64_t)model->tubing.nl, 4);
    byte_write(&writer, (uint64_t)model->catheter_per_cm.fl, 8);
    byte_write(&writer, (uint64_t)model->boundary_tolerance.ppm, 4);
    byte_write(&writer, (uint64_t)model->motor_interval.ms, 4);
    byte_write(&writer, (uint64_t)model->motor_timeout.ms, 4);
    byte_write(&writer, THERAPY_VERSION, 1);
    byte_write(&writer, COMMAND_VERSION, 1);
    byte_write(&writer, THERAPY_BYTES_MAX, 2);
    byte_write(&writer, COMMAND_BYTES_MAX, 2);
    byte_write(&writer, MIXTURE_DRUGS_MAX, 1);
    byte_write(&writer, PROGRAM_DAY_SETS_MAX, 1);
    byte_write(&writer, PROGRAM_STEPS_MAX, 1);
    byte_write(&writer, PATIENT_BOLUSES_MAX, 1);
    byte_write(&writer, INTERVAL_MINUTES_MIN, 2);
    while (writer.left > 0)
        byte_write(&writer, 0, 1);
    return CAPABILITY_BYTES;
}
