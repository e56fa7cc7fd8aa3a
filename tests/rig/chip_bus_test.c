/* chip_bus_test.c - a rig whose software runs in another process, behind the board bus, is the same rig, whatever ends its core;
 * and what a core may not do is answered as board/SPEC.md says. The other process is tests/rig/standin.h. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/chip/chip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "amount/amount.h"
#include "rig/play.h"
#include "tests/rig/standin.h"

/* Of patience: longer than any machine is busy. */
enum { TEXT_ROOM = 65536, WHY_ROOM = 200, LONG_MS = 3000 };

struct stage {
    char text[TEXT_ROOM];
    struct reader reader;
    struct scenario scenario;
    struct play host, chip;
    struct chip *core;
    struct standin_orders *orders;
};

static struct stage *stage;

static struct chip *core_make(struct standin_orders **orders, char why[WHY_ROOM])
{
    struct chip_wires wires;
    *orders = standin_wires(&wires);
    assert_non_null(*orders);
    return chip_make(&wires, why, WHY_ROOM);
}

/* The same pump implanted twice: in this program, and beyond the bus. */
static int begin(void **state)
{
    char why[WHY_ROOM] = "";
    (void)state;
    stage = calloc(1, sizeof *stage);
    FILE *file = fopen("examples/morphine-60-days.json", "rb");
    assert_non_null(stage);
    assert_non_null(file);
    stage->reader.size = fread(stage->text, 1, TEXT_ROOM - 1, file);
    fclose(file);
    stage->reader.file = "morphine";
    stage->reader.text = stage->text;
    assert_int_equal(scenario_read(&stage->reader, &stage->scenario), 0);
    stage->core = core_make(&stage->orders, why);
    assert_string_equal(why, "");
    assert_non_null(stage->core);
    assert_true(play_implant(&stage->host, &stage->scenario, NULL, stderr));
    assert_true(play_implant(&stage->chip, &stage->scenario, stage->core, stderr));
    return 0;
}

static int end(void **state)
{
    (void)state;
    chip_free(stage->core);
    scenario_free(&stage->scenario);
    free(stage);
    return 0;
}

/* Memory, flash, truth and log are those of the host. */
static void same(void)
{
    const struct rig *host = &stage->host.rig, *chip = &stage->chip.rig;
    assert_string_equal(chip_why(stage->core), "");
    assert_int_equal(host->now.ms, chip->now.ms);
    assert_int_equal(host->wake.ms, chip->wake.ms);
    assert_int_equal(host->resets, chip->resets);
    assert_int_equal(host->power.on_at.ms, chip->power.on_at.ms);
    assert_memory_equal(host->twin.retained, chip->twin.retained, sizeof host->twin.retained);
    assert_memory_equal(host->twin.flash.byte, chip->twin.flash.byte, FLASH_BYTES);
    assert_int_equal(host->twin.flash.operations, chip->twin.flash.operations);
    assert_memory_equal(&host->twin.totals, &chip->twin.totals, sizeof host->twin.totals);
    assert_int_equal(pump_log_last(&host->pump), pump_log_last(&chip->pump));
    for (uint64_t i = 1; i <= pump_log_last(&host->pump); i++) {
        struct event one = { 0 }, two = { 0 }; /* one that is gone leaves them */
        assert_int_equal(pump_log_read(&host->pump, i, &one), pump_log_read(&chip->pump, i, &two));
        assert_int_equal(one.code, two.code);
        assert_int_equal(one.at.ms, two.at.ms);
    }
}

static void both_run(int64_t ms)
{
    rig_run_until(&stage->host.rig, (instant_ms){ stage->host.rig.now.ms + ms });
    rig_run_until(&stage->chip.rig, (instant_ms){ stage->chip.rig.now.ms + ms });
}

static void both_ask(enum party party, uint8_t kind)
{
    struct receipt one, two;
    struct command command = { .kind = kind }, again = command;
    people_command(&stage->host.people, party, &command, &one);
    people_command(&stage->chip.people, party, &again, &two);
    assert_int_equal(stage->host.people.unheard, stage->chip.people.unheard);
    assert_int_equal(one.outcome, two.outcome);
    assert_int_equal(one.at.ms, two.at.ms);
    assert_int_equal(one.reasons, two.reasons);
}

static void days_are_the_same(void **state)
{
    (void)state;
    same();
    for (unsigned day = 0; day < 3; day++) {
        both_run(5 * HOUR_MS + 12345);
        both_ask(PARTY_PATIENT, COMMAND_PATIENT_BOLUS);
        both_run(19 * HOUR_MS);
        both_ask(PARTY_CLINICIAN, day == 1 ? COMMAND_STOP : COMMAND_RESUME);
        same();
    }
    assert_int_equal(chip_counts(stage->core).self_starts, 0);
    assert_int_equal(chip_counts(stage->core).malformed, 0);
}

static void bench_commands_are_the_same(void **state)
{
    struct receipt one = { 0 }, two = { 0 };
    struct command command = { .kind = COMMAND_STOP }, again = command;
    (void)state;
    both_run(2 * HOUR_MS);
    rig_command(&stage->host.rig, ROLE_CLINICIAN, &command, &one);
    rig_command(&stage->chip.rig, ROLE_CLINICIAN, &again, &two);
    assert_int_equal(one.outcome, OUTCOME_APPLIED);
    assert_int_equal(two.outcome, OUTCOME_APPLIED);
    assert_int_equal(one.at.ms, two.at.ms);
    both_run(HOUR_MS);
    same();
}

/* Power goes at a door, at an operation of the flash, in the start after that, or by a reset. */
static void every_end_is_the_same(void **state)
{
    static const struct rig_cut cuts[] = {
        { .door = 1 },
        { .door = 2 },
        { .door = 3 },
        { .door = 17 },
        { .door = 40, .off = { 5 * 60000 } },
        { .flash_operation = 1, .phase = FLASH_CUT_MIDDLE },
        { .flash_operation = 2, .phase = FLASH_CUT_AFTER },
        { .flash_operation = 3, .phase = FLASH_CUT_BEFORE, .off = { 1000 } },
    };
    (void)state;
    for (unsigned i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        assert_true(rig_cut(&stage->host.rig, &cuts[i]) && rig_cut(&stage->host.rig, &cuts[(i * 3 + 1) % 5]));
        assert_true(rig_cut(&stage->chip.rig, &cuts[i]) && rig_cut(&stage->chip.rig, &cuts[(i * 3 + 1) % 5]));
        both_ask(PARTY_PATIENT, COMMAND_PATIENT_BOLUS);
        both_run(7 * HOUR_MS);
        rig_cut_none(&stage->host.rig);
        rig_cut_none(&stage->chip.rig);
        same();
    }
    static const struct rig_reset resets[] = {
        { .cause = BOOT_BROWN_OUT, .memory = RIG_MEMORY_FLIPPED, .flips = 3 },
        { .cause = BOOT_WATCHDOG },
        { .cause = BOOT_POWER, .clock_lost = true },
        { .cause = BOOT_BROWN_OUT, .memory = RIG_MEMORY_LOST },
    };
    for (unsigned i = 0; i < sizeof resets / sizeof resets[0]; i++) {
        rig_reset_as(&stage->host.rig, &resets[i]);
        rig_reset_as(&stage->chip.rig, &resets[i]);
        both_run(3 * HOUR_MS);
        same();
    }
    rig_hang(&stage->host.rig);
    rig_hang(&stage->chip.rig);
    both_run(HOUR_MS);
    same();
    assert_true(stage->chip.rig.resets >= 13);
}

static void a_chip_without_a_copy_of_the_flash(void **state)
{
    (void)state;
    uint64_t doors = chip_counts(stage->core).doors;
    stage->orders->hello.flash = 0;
    rig_reset(&stage->host.rig, RIG_MEMORY_KEPT);
    rig_reset(&stage->chip.rig, RIG_MEMORY_KEPT);
    both_run(2 * HOUR_MS);
    same();
    assert_true(chip_counts(stage->core).doors > doors + 1000); /* each read is asked for */
}

/* Answered as malformed, booked as a watchdog's start, and the pump goes on. */
static void what_no_core_may_ask(void **state)
{
    static const enum misdeed misdeeds[] = { MISDEED_CHECK,   MISDEED_SEQUENCE, MISDEED_SIZE, MISDEED_UNKNOWN,
                                             MISDEED_NO_SYNC, MISDEED_BEYOND,   MISDEED_FRAME };
    struct rig *rig = &stage->chip.rig;
    (void)state;
    chip_patience(stage->core, LONG_MS);
    for (unsigned i = 0; i < sizeof misdeeds / sizeof misdeeds[0]; i++) {
        uint32_t resets = rig->resets;
        stage->orders->misdeed = misdeeds[i];
        stage->orders->answered = 0;
        rig_run_until(rig, (instant_ms){ rig->now.ms + DAY_MS });
        assert_int_equal(stage->orders->answered & 0xF, BUS_MALFORMED);
        assert_int_equal(chip_counts(stage->core).malformed, i + 1);
        assert_int_equal(rig->resets, resets + 1);
        assert_int_equal(rig->power.reset.cause, BOOT_WATCHDOG);
        assert_true(rig_runs(rig) && !rig->stuck);
    }
}

static void a_core_that_starts_by_itself_tells_its_fault(void **state)
{
    struct rig *rig = &stage->chip.rig;
    struct bus_fault fault = { .kind = 0 };
    (void)state;
    both_run(HOUR_MS);
    assert_false(chip_fault(stage->core, &fault));
    stage->orders->misdeed = MISDEED_START;
    rig_run_until(rig, (instant_ms){ rig->now.ms + HOUR_MS });
    assert_int_equal(chip_counts(stage->core).self_starts, 1);
    assert_int_equal(rig->power.reset.cause, BOOT_WATCHDOG);
    assert_true(chip_fault(stage->core, &fault));
    assert_int_equal(fault.kind, BUS_FAULT_USAGE);
    assert_int_equal(fault.pc, 0x1234);
    assert_string_equal(chip_fault_word(fault.kind), "usage");
    assert_false(chip_fault(stage->core, &fault));
    assert_true(rig_runs(rig));
}

/* It is silent: as on the host after rig_hang() the watchdog barks a minute later. */
static void a_core_that_hangs(void **state)
{
    struct rig *rig = &stage->chip.rig;
    (void)state;
    both_run(HOUR_MS);
    chip_patience(stage->core, LONG_MS);
    stage->orders->misdeed = MISDEED_SILENCE;
    while (rig_runs(rig))
        rig_run_until(rig, rig_next(rig));
    assert_int_equal(rig->power.on_at.ms, rig->now.ms + RIG_WATCHDOG_MS);
    chip_patience(stage->core, -1);
    rig_run_until(rig, (instant_ms){ rig->now.ms + HOUR_MS });
    assert_int_equal(chip_counts(stage->core).hangs, 1);
    assert_int_equal(rig->power.reset.cause, BOOT_WATCHDOG);
    assert_true(rig_runs(rig) && !rig->stuck);
}

static void a_chip_that_is_gone_ends_the_run(void **state)
{
    struct rig *rig = &stage->chip.rig;
    (void)state;
    stage->orders->misdeed = MISDEED_DEATH;
    rig_run_until(rig, (instant_ms){ DAY_MS });
    assert_true(rig->stuck);
    assert_false(rig_runs(rig));
    assert_int_equal(chip_end(stage->core), CHIP_LOST);
    assert_non_null(strstr(chip_why(stage->core), "the stand-in has ended"));
}

static void refused(const struct bus_hello *change, enum misdeed at_start, const char *text)
{
    struct chip_wires wires;
    char why[WHY_ROOM] = "";
    struct standin_orders *orders = standin_wires(&wires);
    assert_non_null(orders);
    wires.patience_ms = at_start == MISDEED_SILENCE ? LONG_MS : -1;
    orders->at_start = at_start;
    orders->hello.version = change->version != 0 ? change->version : orders->hello.version;
    orders->hello.pump_bytes += change->pump_bytes;
    orders->hello.unit_bytes += change->unit_bytes;
    orders->hello.window += change->window;
    orders->hello.retained += change->retained;
    assert_null(chip_make(&wires, why, sizeof why));
    assert_non_null(strstr(why, text));
}

static void images_that_do_not_fit(void **state)
{
    (void)state;
    refused(&(struct bus_hello){ .version = BUS_VERSION + 1 }, MISDEED_NONE, "version 2 of the board bus");
    refused(&(struct bus_hello){ .pump_bytes = 8 }, MISDEED_NONE, "another state of the sources");
    refused(&(struct bus_hello){ .unit_bytes = 4 }, MISDEED_NONE, "another state of the sources");
    refused(&(struct bus_hello){ .window = 0x7FFFFFF0 }, MISDEED_NONE, "not in its memory");
    refused(&(struct bus_hello){ .retained = 4 }, MISDEED_NONE, "not in its memory");
    refused(&(struct bus_hello){ .version = 0 }, MISDEED_SILENCE, "has not said HELLO");
    refused(&(struct bus_hello){ .version = 0 }, MISDEED_DEATH, "has ended");
}

/* A core that starts is found behind whatever stood on the line before, and only with sequence 0. */
static void hello_is_hunted_for(void **state)
{
    const uint8_t before[] = { 0x00, BUS_SYNC_1, BUS_SYNC_1, BUS_SYNC_2, BUS_SENSE, 0, 0, 0, 0x77, BUS_SYNC_1 };
    uint8_t bytes[BUSLINE_BYTES_MAX] = { BUS_SYNC_1, BUS_SYNC_2, BUS_HELLO, 0, sizeof(struct bus_hello), 0 };
    const size_t end = BUS_HEAD_BYTES + sizeof(struct bus_hello);
    struct busline line;
    struct busline_request request;
    enum busline_fault fault;
    (void)state;
    for (uint8_t sequence = 0; sequence < 2; sequence++) {
        bytes[3] = sequence;
        uint16_t check = bus_check(0xFFFF, bytes + 2, end - 2);
        memcpy(bytes + end, &check, sizeof check);
        busline_start(&line);
        for (size_t i = 0; i < sizeof before; i++)
            assert_int_equal(busline_take(&line, before[i], &request, &fault), BUSLINE_MORE);
        for (size_t i = 0; i < end + 1; i++)
            assert_int_equal(busline_take(&line, bytes[i], &request, &fault), BUSLINE_MORE);
        assert_int_equal(busline_take(&line, bytes[end + 1], &request, &fault),
                         sequence == 0 ? BUSLINE_REQUEST : BUSLINE_MORE);
        assert_true(sequence != 0 || (request.number == BUS_HELLO && request.size == sizeof(struct bus_hello)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days_are_the_same, begin, end),
        cmocka_unit_test_setup_teardown(bench_commands_are_the_same, begin, end),
        cmocka_unit_test_setup_teardown(every_end_is_the_same, begin, end),
        cmocka_unit_test_setup_teardown(a_chip_without_a_copy_of_the_flash, begin, end),
        cmocka_unit_test_setup_teardown(what_no_core_may_ask, begin, end),
        cmocka_unit_test_setup_teardown(a_core_that_starts_by_itself_tells_its_fault, begin, end),
        cmocka_unit_test_setup_teardown(a_core_that_hangs, begin, end),
        cmocka_unit_test_setup_teardown(a_chip_that_is_gone_ends_the_run, begin, end),
        cmocka_unit_test(images_that_do_not_fit),
        cmocka_unit_test(hello_is_hunted_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
