/* codec_test.c - what every encoding must be: one form for each meaning, and nothing else accepted. Bytes that were
 * changed, cut or lengthened are refused, or are themselves the one form of something. REQ-LINK-02. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "core/catalog.h"
#include "core/command.h"
#include "tests/core/sample.h"

enum { ROUNDS = 1500 };

static void texts_same(const struct therapy *a, const struct therapy *b)
{
    assert_memory_equal(a->name, b->name, NAME_BYTES);
    assert_memory_equal(a->serial, b->serial, SERIAL_BYTES);
    assert_memory_equal(a->region, b->region, REGION_BYTES);
}

static void programs_same(const struct program *a, const struct program *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->base.nl_day, b->base.nl_day);
    assert_int_equal(a->day_set_count, b->day_set_count);
    for (unsigned set = 0; set < PROGRAM_DAY_SETS_MAX; set++) {
        assert_int_equal(a->day_set[set].count, b->day_set[set].count);
        for (unsigned i = 0; i < PROGRAM_STEPS_MAX; i++) {
            assert_int_equal(a->day_set[set].step[i].minute, b->day_set[set].step[i].minute);
            assert_int_equal(a->day_set[set].step[i].rate.nl_day, b->day_set[set].step[i].rate.nl_day);
        }
    }
    assert_memory_equal(a->weekday_set, b->weekday_set, WEEK_DAYS);
    assert_true(a->periodic.volume.nl == b->periodic.volume.nl && a->periodic.rate.nl_day == b->periodic.rate.nl_day);
    assert_int_equal(a->periodic.interval_minutes, b->periodic.interval_minutes);
    assert_int_equal(a->periodic.first_minutes, b->periodic.first_minutes);
    assert_int_equal(a->opening.kind, b->opening.kind);
    assert_true(a->opening.volume.nl == b->opening.volume.nl && a->opening.rate.nl_day == b->opening.rate.nl_day);
    assert_int_equal(a->patient.allowed, b->patient.allowed);
    assert_true(a->patient.volume.nl == b->patient.volume.nl && a->patient.rate.nl_day == b->patient.rate.nl_day);
    assert_int_equal(a->patient.lockout_minutes, b->patient.lockout_minutes);
    assert_int_equal(a->patient.max_per_day, b->patient.max_per_day);
    assert_int_equal(a->patient.expiry_days, b->patient.expiry_days);
}

static void therapies_same(const struct therapy *a, const struct therapy *b)
{
    texts_same(a, b);
    assert_int_equal(a->model, b->model);
    assert_int_equal(a->revision, b->revision);
    assert_int_equal(a->calibration.ppm, b->calibration.ppm);
    assert_true(a->dead_volume.nl == b->dead_volume.nl);
    assert_int_equal(a->formulary_version, b->formulary_version);
    assert_true(mixture_same(&a->mixture, &b->mixture));
    programs_same(&a->program, &b->program);
    assert_int_equal(a->limits.count, b->limits.count);
    for (unsigned i = 0; i < MIXTURE_DRUGS_MAX; i++) {
        assert_int_equal(a->limits.drug[i].drug, b->limits.drug[i].drug);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
            assert_true(a->limits.drug[i].window[kind].fg == b->limits.drug[i].window[kind].fg);
    }
    assert_true(a->limits.bolus_max.nl == b->limits.bolus_max.nl);
    assert_int_equal(a->limits.rate_max.nl_day, b->limits.rate_max.nl_day);
    assert_int_equal(a->safe_rate.nl_day, b->safe_rate.nl_day);
    assert_int_equal(a->restart_limit_hours, b->restart_limit_hours);
    assert_int_equal(a->under_delivery, b->under_delivery);
    assert_true(a->reservoir_low.nl == b->reservoir_low.nl);
    assert_int_equal(a->mri_rule, b->mri_rule);
}

static void therapy_returns_whole(void **state)
{
    (void)state;
    uint64_t seed = 31;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct therapy therapy = sample_therapy(&seed), back;
        uint8_t bytes[THERAPY_BYTES_MAX];
        size_t size = 0;
        memset(&back, 0x5A, sizeof back);
        assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
        assert_int_equal(therapy_decode(bytes, size, &back), RESULT_OK);
        therapies_same(&therapy, &back);
    }
}

/* Either refused with *therapy untouched, or the one form of what it means. True when accepted. */
static bool therapy_strict(const uint8_t *bytes, size_t size)
{
    static struct therapy read, before;
    memset(&before, 0xA5, sizeof before);
    read = before;
    uint8_t again[THERAPY_BYTES_MAX];
    size_t again_size = 0;
    if (therapy_decode(bytes, size, &read) != RESULT_OK) {
        assert_memory_equal(&read, &before, sizeof read);
        return false;
    }
    assert_int_equal(therapy_encode(&read, again, sizeof again, &again_size), RESULT_OK);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, bytes, size);
    return true;
}

static void damaged_therapy_is_refused_or_canonical(void **state)
{
    (void)state;
    uint64_t seed = 32;
    unsigned accepted = 0, refused = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct therapy therapy = sample_therapy(&seed);
        uint8_t bytes[THERAPY_BYTES_MAX + 1];
        size_t size = 0;
        assert_int_equal(therapy_encode(&therapy, bytes, THERAPY_BYTES_MAX, &size), RESULT_OK);
        for (unsigned probe = 0; probe < 40; probe++) {
            size_t at = (size_t)chance_between(&seed, 0, (int64_t)size - 1);
            uint8_t kept = bytes[at];
            bytes[at] = (uint8_t)(probe % 2 ? kept ^ (1u << chance_between(&seed, 0, 7)) : chance_next(&seed));
            if (therapy_strict(bytes, size))
                accepted++;
            else
                refused++;
            bytes[at] = kept;
        }
        bytes[size] = 0;
        assert_false(therapy_strict(bytes, size + 1));
        assert_false(therapy_strict(bytes, (size_t)chance_between(&seed, 0, (int64_t)size - 1)));
    }
    assert_true(accepted > 1000 && refused > 1000); /* both ways were really tried */
}

/* The first therapy found of each kind, cut at every length, with the total in the header told right and told wrong. */
static void every_cut_of_a_therapy_is_refused(void **state)
{
    (void)state;
    uint64_t seed = 33;
    for (unsigned round = 0; round < 20; round++) {
        struct therapy therapy = sample_therapy(&seed);
        uint8_t bytes[THERAPY_BYTES_MAX];
        size_t size = 0;
        assert_int_equal(therapy_encode(&therapy, bytes, sizeof bytes, &size), RESULT_OK);
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t shorter[THERAPY_BYTES_MAX];
            memcpy(shorter, bytes, cut);
            assert_false(therapy_strict(shorter, cut));
            if (cut >= 8) {
                shorter[6] = (uint8_t)cut;
                shorter[7] = (uint8_t)(cut >> 8);
                assert_false(therapy_strict(shorter, cut));
            }
        }
    }
}

static struct command sample_command(uint64_t *seed)
{
    struct command command = { .kind = (uint8_t)chance_between(seed, 1, 12), .id = chance_next(seed) | 1 };
    command.head = command_needs_head(command.kind) ? chance_next(seed) : 0;
    command.retitrated = (uint8_t)chance_between(seed, 0, 1);
    command.stage.total = (uint16_t)chance_between(seed, 1, THERAPY_BYTES_MAX);
    command.stage.offset = (uint16_t)chance_between(seed, 0, command.stage.total - 1);
    int64_t left = command.stage.total - command.stage.offset;
    command.stage.size = (uint8_t)chance_between(seed, 1, left < STAGE_CHUNK_MAX ? left : STAGE_CHUNK_MAX);
    for (unsigned i = 0; i < command.stage.size; i++)
        command.stage.bytes[i] = (uint8_t)chance_next(seed);
    command.volume = sample_volume(seed);
    command.rate = sample_rate(seed, 1);
    command.refill.withdrawn = sample_volume(seed);
    command.refill.filled = sample_volume(seed);
    command.refill.drawn_up = sample_volume(seed);
    command.refill.fill = sample_mixture(seed);
    command.refill.dead_drug_free = (uint8_t)chance_between(seed, 0, 1);
    command.refill.activate = (uint8_t)chance_between(seed, 0, 1);
    sample_text(seed, command.refill.lot, LOT_BYTES, 0);
    if (command.kind != COMMAND_REFILL || command.refill.activate)
        for (unsigned i = 0; i < TOKEN_BYTES; i++)
            command.token[i] = (uint8_t)chance_next(seed);
    command.calendar.offset.ms = chance_between(seed, -1000000, INT64_C(7258118400000));
    sample_text(seed, command.calendar.zone, ZONE_LABEL_BYTES, 0);
    command.minutes = (uint16_t)chance_between(seed, 1, 720);
    command.alarm = alarm_row((unsigned)chance_between(seed, 0, ALARM_COUNT - 1))->code;
    return command;
}

static bool command_strict(const uint8_t *bytes, size_t size)
{
    struct command read;
    uint8_t again[COMMAND_BYTES_MAX];
    size_t again_size = 0;
    if (command_decode(bytes, size, &read) != RESULT_OK)
        return false;
    assert_int_equal(command_encode(&read, again, sizeof again, &again_size), RESULT_OK);
    assert_int_equal(again_size, size);
    assert_memory_equal(again, bytes, size);
    return true;
}

static void command_is_strict(void **state)
{
    (void)state;
    uint64_t seed = 34;
    for (unsigned round = 0; round < 4 * ROUNDS; round++) {
        struct command command = sample_command(&seed);
        uint8_t bytes[COMMAND_BYTES_MAX + 1];
        size_t size = 0;
        assert_int_equal(command_encode(&command, bytes, COMMAND_BYTES_MAX, &size), RESULT_OK);
        assert_true(command_strict(bytes, size));
        for (size_t cut = 0; cut < size; cut++)
            assert_false(command_strict(bytes, cut));
        bytes[size] = 0;
        assert_false(command_strict(bytes, size + 1));
        for (unsigned probe = 0; probe < 20; probe++) {
            size_t at = (size_t)chance_between(&seed, 0, (int64_t)size - 1);
            uint8_t kept = bytes[at];
            bytes[at] = (uint8_t)chance_next(&seed);
            (void)command_strict(bytes, size);
            bytes[at] = kept;
        }
    }
}

/* What a command carries comes back: the members that its kind uses, seen through their bytes. */
static void command_members_come_back(void **state)
{
    (void)state;
    uint64_t seed = 35;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct command command = sample_command(&seed), back;
        uint8_t bytes[COMMAND_BYTES_MAX];
        size_t size = 0;
        assert_int_equal(command_encode(&command, bytes, sizeof bytes, &size), RESULT_OK);
        assert_int_equal(command_decode(bytes, size, &back), RESULT_OK);
        assert_true(back.kind == command.kind && back.id == command.id && back.head == command.head);
        if (command.kind == COMMAND_STAGE) {
            assert_true(back.stage.total == command.stage.total && back.stage.offset == command.stage.offset);
            assert_memory_equal(back.stage.bytes, command.stage.bytes, STAGE_CHUNK_MAX);
        }
        if (command.kind == COMMAND_REFILL) {
            assert_true(back.refill.withdrawn.nl == command.refill.withdrawn.nl);
            assert_true(back.refill.filled.nl == command.refill.filled.nl);
            assert_true(back.refill.drawn_up.nl == command.refill.drawn_up.nl);
            assert_true(mixture_same(&back.refill.fill, &command.refill.fill));
            assert_int_equal(back.refill.dead_drug_free, command.refill.dead_drug_free);
            assert_int_equal(back.refill.activate, command.refill.activate);
            assert_memory_equal(back.refill.lot, command.refill.lot, LOT_BYTES);
        }
        if (command.kind == COMMAND_REFILL || command.kind == COMMAND_ACTIVATE)
            assert_memory_equal(back.token, command.token, TOKEN_BYTES);
        if (command.kind == COMMAND_SET_CLOCK) {
            assert_true(back.calendar.offset.ms == command.calendar.offset.ms);
            assert_memory_equal(back.calendar.zone, command.calendar.zone, ZONE_LABEL_BYTES);
        }
        if (command.kind == COMMAND_CLINICIAN_BOLUS)
            assert_true(back.volume.nl == command.volume.nl && back.rate.nl_day == command.rate.nl_day);
        if (command.kind == COMMAND_SILENCE)
            assert_int_equal(back.minutes, command.minutes);
        if (command.kind == COMMAND_CLEAR_ALARM)
            assert_int_equal(back.alarm, command.alarm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(therapy_returns_whole),
        cmocka_unit_test(damaged_therapy_is_refused_or_canonical),
        cmocka_unit_test(every_cut_of_a_therapy_is_refused),
        cmocka_unit_test(command_is_strict),
        cmocka_unit_test(command_members_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
