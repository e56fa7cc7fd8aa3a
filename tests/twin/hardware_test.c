/* hardware_test.c - the implant as a whole: volume and mass balances under every fault, runs forked by assignment,
 * doors. */
// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/hardware/hardware.h"

enum { MORPHINE = 1, BACLOFEN = 3, BUPIVACAINE = 5, CLONIDINE = 6, FENTANYL = 7 };

#define NL 1e-12        /* m3 */
#define BALANCE_M3 1e-21    /* a billionth of a nanolitre */
#define GRID_BIAS_M3 (1000 * 0x1p-61) /* each of a thousand shared quanta is rounded to the volume grid */

static struct fluid morphine(double kg_m3)
{
    struct fluid fluid = { { 0.0 }, { 0 } };
    assert_true(fluid_add(&fluid, MORPHINE, kg_m3));
    return fluid;
}

static void give_budget(struct twin *twin)
{
    struct motor_budget budget = { 0, ~0u, 1000000, ~1000000u, 10000000, ~10000000u };
    struct board board = twin_board(twin);
    board.doors->motor_budget(board.hardware, &budget);
}

static struct twin implanted(const char *model, double calibration)
{
    struct twin twin;
    struct twin_setup setup = { .model = model, .calibration = calibration, .catheter_m3 = 0.2e-6, .seed = 5 };
    setup.dead_fluid = morphine(25.0);
    assert_true(twin_init(&twin, &setup));
    assert_true(twin_fill(&twin, 20e-6, &setup.dead_fluid));
    give_budget(&twin);
    return twin;
}

/* Asks for one quantum at this instant and lets it end; returns what the driver reports. */
static uint8_t quantum(struct twin *twin, uint32_t key, int64_t at_ms)
{
    struct board board = twin_board(twin);
    twin_advance(twin, (instant_ms){ at_ms });
    board.doors->motor_key_engine(board.hardware, key);
    board.doors->motor_key_governor(board.hardware, ~key);
    if (twin_next(twin).ms != INT64_MAX) {
        twin_advance(twin, twin_next(twin));
    }
    return board.doors->motor_result(board.hardware).state;
}

static uint32_t quanta(struct twin *twin, int count)
{
    uint32_t done = 0;
    for (int i = 0; i < count; i++) {
        int64_t at_ms = twin->now.ms + 20000;
        done += quantum(twin, (uint32_t)(at_ms / 100), at_ms) == MOTOR_DONE ? 1 : 0;
    }
    return done;
}

static void balances(const struct twin *twin)
{
    const struct twin_totals *totals = &twin->totals;
    assert_near(totals->filled, twin->reservoir_m3 + totals->withdrawn + totals->displaced, BALANCE_M3);
    assert_near(totals->displaced, totals->delivered + totals->lost, BALANCE_M3);
    assert_near(twin_dead_volume(twin), 0.34e-6, 0x1p-60); /* always full: it never changes */
    assert_true(twin->reservoir_m3 >= 0.0 && totals->lost >= 0.0);
}

static void a_setup_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct twin twin;
    struct twin_setup good = { .model = "V20", .calibration = 1.0, .catheter_m3 = 0.2e-6 };
    assert_true(twin_init(&twin, &good));
    struct twin_setup bad = good;
    bad.model = "X1";
    assert_false(twin_init(&twin, &bad));
    bad = good;
    bad.calibration = 0.0;
    assert_false(twin_init(&twin, &bad));
    bad = good;
    bad.catheter_m3 = -1.0;
    assert_false(twin_init(&twin, &bad));
    bad = good;
    bad.dead_fluid.drug[0] = MORPHINE;
    bad.dead_fluid.kg_m3[0] = -1.0;
    assert_false(twin_init(&twin, &bad));
}

static void without_faults_metered_is_displaced_is_delivered(void **state)
{
    (void)state;
    const char *models[] = { "C20", "C40", "V20" };
    const double nominal_m3[] = { 0.25e-9, 0.25e-9, 2.5e-9 }; /* as the models are described */
    for (size_t m = 0; m < 3; m++) {
        struct twin twin = implanted(models[m], 1.0371);
        uint32_t done = quanta(&twin, 5000);
        assert_int_equal(done, 5000);
        balances(&twin);
        assert_near(twin.totals.displaced, 5000.0 * nominal_m3[m] * 1.0371, 1e-6 * NL);
        assert_true(twin.totals.displaced == twin.totals.delivered && twin.totals.lost == 0.0);
        assert_near(twin.totals.delivered_kg[0] / (25.0 * twin.totals.delivered), 1.0, 1e-14);
        assert_int_equal(twin.totals.drug[0], MORPHINE);
    }
}

static void each_fault_does_what_it_says(void **state)
{
    (void)state;
    const double quantum_m3 = 0.25e-9;
    const struct {
        enum twin_fault fault;
        double amount;
        double done, displaced, delivered; /* per quantum asked for */
    } rows[] = {
        { TWIN_FAULT_STALL, 1.0, 0.0, 0.0, 0.0 },
        { TWIN_FAULT_SLIP, 0.25, 1.0, 0.75, 0.75 },
        { TWIN_FAULT_SLIP, 7.0, 1.0, 0.0, 0.0 },
        { TWIN_FAULT_OVERINFUSION, 1.2, 1.0, 1.2, 1.2 },
        { TWIN_FAULT_KINK, 0.4, 1.0, 1.0, 0.4 },
        { TWIN_FAULT_OCCLUSION, 1.0, 1.0, 1.0, 0.0 },
        { TWIN_FAULT_LEAK, 0.3, 1.0, 1.0, 0.7 },
        { TWIN_FAULT_DISCONNECTION, 1.0, 1.0, 1.0, 0.0 },
        { TWIN_FAULT_SENSOR_STUCK, 1.0, 1.0, 1.0, 1.0 },
        { TWIN_FAULT_GRANULOMA, 0.3, 1.0, 1.0, 0.7 },
        { TWIN_FAULT_GRANULOMA, 1.0, 1.0, 1.0, 0.0 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct twin twin = implanted("C20", 1.0);
        twin_set_fault(&twin, rows[r].fault, rows[r].amount);
        assert_int_equal(quanta(&twin, 1000), (int)(1000.0 * rows[r].done));
        balances(&twin);
        assert_near(twin.totals.displaced, 1000.0 * quantum_m3 * rows[r].displaced, 1e-6 * NL);
        assert_near(twin.totals.delivered, 1000.0 * quantum_m3 * rows[r].delivered, GRID_BIAS_M3);
        assert_near(twin.totals.delivered_kg[0], 25.0 * twin.totals.delivered, 1e-18);
        /* and off again */
        struct twin_totals before = twin.totals;
        twin_set_fault(&twin, rows[r].fault, 0.0);
        assert_int_equal(quanta(&twin, 1000), 1000);
        balances(&twin);
        assert_near(twin.totals.delivered - before.delivered, 1000.0 * quantum_m3, 1e-6 * NL);
        assert_true(twin.totals.lost == before.lost);
    }
}

/* A kink or a disconnection holds a new drug back; a leak does not. */
static void a_new_drug_arrives_when_the_passed_volume_says_so(void **state)
{
    (void)state;
    const struct { enum twin_fault fault; double amount, pace; } rows[] = {
        { TWIN_FAULT_SENSOR_STUCK, 1.0, 1.0 }, { TWIN_FAULT_KINK, 0.5, 0.5 }, { TWIN_FAULT_LEAK, 0.5, 1.0 },
        { TWIN_FAULT_DISCONNECTION, 1.0, 0.0 }, { TWIN_FAULT_OCCLUSION, 1.0, 0.0 },
        { TWIN_FAULT_GRANULOMA, 0.5, 0.5 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct twin twin = implanted("C20", 1.0);
        (void)twin_withdraw(&twin, 1.0);
        struct fluid weak = morphine(10.0);
        assert_true(twin_fill(&twin, 20e-6, &weak));
        twin_set_fault(&twin, rows[r].fault, rows[r].amount);
        for (int i = 1; i <= 3000; i++) {
            (void)quanta(&twin, 1);
            double passed_nl = 250.0 * i * rows[r].pace;
            if (passed_nl < 339999.0) {
                assert_true(twin_tip_concentration(&twin, MORPHINE) == 25.0);
            } else if (passed_nl > 340001.0) {
                assert_true(twin_tip_concentration(&twin, MORPHINE) == 10.0);
            }
        }
        balances(&twin);
    }
}

static double whole_mass(const struct twin *twin, int place)
{
    double held_kg[FLUID_DRUGS_MAX];
    catheter_mass(&twin->catheter, held_kg);
    return twin->reservoir_m3 * twin->reservoir_fluid.kg_m3[place] + held_kg[place] + twin->totals.delivered_kg[place];
}

static void refill_at_random(struct twin *twin, struct dice *dice, double in_kg[2])
{
    double out_m3 = twin_withdraw(twin, 25e-6 * dice_share(dice));
    in_kg[0] -= out_m3 * fluid_concentration(&twin->reservoir_fluid, MORPHINE);
    in_kg[1] -= out_m3 * fluid_concentration(&twin->reservoir_fluid, CLONIDINE);
    struct fluid fluid = morphine((double)dice_between(dice, 0, 3) * 10.0);
    assert_true(fluid_add(&fluid, CLONIDINE, (double)dice_between(dice, 0, 1) * 0.1));
    double before_m3 = twin->reservoir_m3;
    double room_m3 = twin->reservoir_capacity_m3 - before_m3;
    if (!(twin->fault[TWIN_FAULT_POCKET] > 0.0)) {
        assert_false(twin_fill(twin, room_m3 + 1.0 * NL, &fluid));
    }
    assert_true(twin_fill(twin, room_m3 * dice_share(dice), &fluid));
    in_kg[0] += (twin->reservoir_m3 - before_m3) * fluid_concentration(&fluid, MORPHINE);
    in_kg[1] += (twin->reservoir_m3 - before_m3) * fluid_concentration(&fluid, CLONIDINE);
}

static bool rotor_held(const struct twin *twin)
{
    bool rests = twin->fault[TWIN_FAULT_FIELD_REST] > 0.0 && twin->mechanism.kind == MECHANISM_IS_ROTOR;
    return twin->fault[TWIN_FAULT_STALL] > 0.0 || twin->fault[TWIN_FAULT_FIELD] > 0.0 || rests;
}

static void everything_at_once_balances(uint64_t seed)
{
    struct dice dice = { seed };
    const char *models[] = { "C20", "C40", "V20" };
    struct twin twin = implanted(models[seed % 3], 0.8 + 0.4 * dice_share(&dice));
    bool lossless = seed % 4 == 0; /* without losses the mass balance can be told too */
    double in_kg[2] = { whole_mass(&twin, 0), 0.0 };
    for (uint32_t i = 1; i <= 3000; i++) {
        int64_t chance = dice_between(&dice, 0, 99);
        if (chance < 3) {
            enum twin_fault fault = (enum twin_fault)dice_between(&dice, 0, lossless ? 2 : TWIN_FAULTS - 1);
            twin_set_fault(&twin, fault, dice_between(&dice, 0, 1) == 0 ? 0.0 : 1.3 * dice_share(&dice));
        } else if (chance < 5) {
            refill_at_random(&twin, &dice, in_kg);
        } else if (chance < 7) { /* power goes, or the shaft jams, in the middle of a motion */
            struct board board = twin_board(&twin);
            board.doors->motor_key_engine(board.hardware, i);
            board.doors->motor_key_governor(board.hardware, ~i);
            twin_advance(&twin, (instant_ms){ twin.now.ms + dice_between(&dice, 0, 399) });
            if (chance == 5) {
                twin_power_cut(&twin);
            } else {
                twin_set_fault(&twin, TWIN_FAULT_STALL, 1.0);
            }
            twin_advance(&twin, (instant_ms){ twin.now.ms + 10000 });
            assert_int_equal(board.doors->motor_result(board.hardware).state, MOTOR_STALLED);
        } else {
            uint8_t told = quantum(&twin, i, twin.now.ms + dice_between(&dice, 1, 50000));
            assert_int_equal(told, rotor_held(&twin) ? MOTOR_STALLED : MOTOR_DONE);
        }
        balances(&twin);
    }
    if (lossless) {
        assert_near(whole_mass(&twin, 0) / in_kg[0], 1.0, 1e-12);
        assert_near(whole_mass(&twin, 1) / in_kg[1], 1.0, 1e-12);
        assert_true(twin.totals.lost == 0.0);
    }
}

static void balances_under_any_faults(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        everything_at_once_balances(seed);
    }
}

static void an_empty_reservoir_gives_what_is_left_then_nothing(void **state)
{
    (void)state;
    struct twin twin = implanted("C20", 1.0);
    double left_m3 = 2.6 * 0.25e-9;
    (void)twin_withdraw(&twin, 20e-6 - left_m3);
    assert_int_equal(quanta(&twin, 10), 10); /* the rotor turns all the same */
    assert_true(twin.reservoir_m3 == 0.0);
    assert_near(twin.totals.displaced, left_m3, 1e-6 * NL);
    assert_true(twin_withdraw(&twin, 1e-6) == 0.0);
    balances(&twin);
}

static void withdrawing_and_filling_keep_their_bounds(void **state)
{
    (void)state;
    struct twin twin = implanted("C20", 1.0);
    struct fluid four = morphine(1.0);
    assert_true(fluid_add(&four, BACLOFEN, 1.0));
    assert_true(fluid_add(&four, BUPIVACAINE, 1.0));
    assert_true(fluid_add(&four, CLONIDINE, 1.0));
    struct fluid fifth = { { 1.0 }, { FENTANYL } };
    assert_true(twin_withdraw(&twin, -1.0) == 0.0);
    assert_false(twin_fill(&twin, 1.0 * NL, &four)); /* it is full */
    assert_near(twin_withdraw(&twin, 5e-6), 5e-6, 0x1p-60);
    assert_true(twin_fill(&twin, 5e-6, &four));
    assert_near(fluid_concentration(&twin.reservoir_fluid, MORPHINE), 19.0, 1e-9);
    assert_near(fluid_concentration(&twin.reservoir_fluid, CLONIDINE), 0.25, 1e-9);
    (void)twin_withdraw(&twin, 1.0);
    struct twin_totals before = twin.totals;
    assert_false(twin_fill(&twin, 1e-6, &fifth));
    assert_false(twin_fill(&twin, -1e-6, &four));
    assert_memory_equal(&twin.totals, &before, sizeof before);
    balances(&twin);
}

static void a_power_cut_moves_a_part_and_confirms_nothing(void **state)
{
    (void)state;
    struct twin twin = implanted("C20", 1.0);
    struct board board = twin_board(&twin);
    twin_advance(&twin, (instant_ms){ 1000 });
    board.doors->motor_key_engine(board.hardware, 1);
    board.doors->motor_key_governor(board.hardware, ~1u);
    twin_advance(&twin, (instant_ms){ 1100 });
    twin_power_cut(&twin);
    twin_power_cut(&twin);
    assert_near(twin.totals.displaced, 62.5 * NL, 1e-6 * NL);
    assert_int_equal(twin_next(&twin).ms, 1500);
    twin_advance(&twin, (instant_ms){ 1500 });
    assert_int_equal(board.doors->motor_result(board.hardware).state, MOTOR_STALLED);
    assert_int_equal(quantum(&twin, 1, 5000), MOTOR_REFUSED); /* the driver remembers across the cut */
    assert_int_equal(quantum(&twin, 2, 5000), MOTOR_DONE);
    balances(&twin);
}

static void go_on(struct twin *twin, uint64_t seed)
{
    struct dice dice = { seed };
    struct radio_heard heard;
    uint8_t frame[9];
    struct board board = twin_board(twin);
    struct sensors sensors;
    struct fluid fluid = morphine(12.0);
    for (uint32_t i = 1; i <= 4000; i++) {
        (void)quantum(twin, 100000 + i, twin->now.ms + dice_between(&dice, 1, 30000));
        board.doors->sense(board.hardware, &sensors);
        board.retained[i % 100] ^= board.doors->random(board.hardware) ^ (uint64_t)sensors.temperature_mdeg;
        memset(frame, (int)(i & 0xFF), sizeof frame);
        assert_true(twin_transmit(twin, frame, sizeof frame, REACH_FAR));
        board.doors->radio_receive(board.hardware, &heard);
        board.retained[101] += heard.size != 0 ? heard.bytes[3] : 0;
        board.doors->radio_send(board.hardware, frame, i % 9 + 1);
        if (i % 500 == 0) {
            twin_set_fault(twin, (enum twin_fault)dice_between(&dice, 0, TWIN_FAULTS - 1), dice_share(&dice));
            (void)twin_withdraw(twin, 1e-6);
            assert_true(twin_fill(twin, 0.5e-6, &fluid));
        }
    }
}

static void a_copy_goes_on_like_the_original(void **state)
{
    (void)state;
    struct twin first = implanted("C40", 1.01);
    (void)quanta(&first, 2000);
    struct board board = twin_board(&first);
    board.doors->motor_key_engine(board.hardware, 77); /* in the middle of a motion, too */
    board.doors->motor_key_governor(board.hardware, ~77u);
    first.ether.to_pump.trouble = (struct ether_trouble){ 100000, 100000, 100000, 100000, 5, 40000 };
    first.ether.from_pump.trouble = first.ether.to_pump.trouble;
    struct twin second = first;
    go_on(&first, 9);
    assert_memory_not_equal(&first.totals, &second.totals, sizeof first.totals);
    go_on(&second, 9);
    assert_memory_equal(&first.totals, &second.totals, sizeof first.totals);
    assert_memory_equal(first.retained, second.retained, sizeof first.retained);
    assert_memory_equal(&first.ether, &second.ether, sizeof first.ether);
    assert_memory_equal(first.battery.count, second.battery.count, sizeof first.battery.count);
    assert_true(first.reservoir_m3 == second.reservoir_m3 && first.now.ms == second.now.ms);
}

static void doors_are_counted_and_refusals_reach_them(void **state)
{
    (void)state;
    struct twin twin = implanted("C20", 1.0);
    struct board board = twin_board(&twin);
    struct sensors sensors;
    board.doors->sound(board.hardware, TONE_SINGLE);
    board.doors->sense(board.hardware, &sensors);
    board.doors->watchdog(board.hardware);
    assert_int_equal(quanta(&twin, 3), 3);
    assert_int_equal(twin.tone, TONE_SINGLE);
    assert_int_equal(twin.tones, 1);
    assert_int_equal(twin.battery.count[BATTERY_TONE], 1);
    assert_int_equal(twin.battery.count[BATTERY_SENSE], 1);
    assert_int_equal(twin.battery.count[BATTERY_WAKE], 1);
    assert_int_equal(twin.battery.count[BATTERY_QUANTUM], 3);
    assert_in_range(sensors.temperature_mdeg, 36950, 37050);
    assert_int_equal(sensors.battery_mv, 3200);
    struct motor_budget none = { 0, ~0u, 3, ~3u, 3, ~3u };
    board.doors->motor_budget(board.hardware, &none);
    double displaced_m3 = twin.totals.displaced;
    assert_int_equal(quantum(&twin, 5, twin.now.ms + 1000), MOTOR_REFUSED);
    assert_true(twin.totals.displaced == displaced_m3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setup_that_makes_no_sense_is_refused),
        cmocka_unit_test(without_faults_metered_is_displaced_is_delivered),
        cmocka_unit_test(each_fault_does_what_it_says),
        cmocka_unit_test(a_new_drug_arrives_when_the_passed_volume_says_so),
        cmocka_unit_test(balances_under_any_faults),
        cmocka_unit_test(an_empty_reservoir_gives_what_is_left_then_nothing),
        cmocka_unit_test(withdrawing_and_filling_keep_their_bounds),
        cmocka_unit_test(a_power_cut_moves_a_part_and_confirms_nothing),
        cmocka_unit_test(a_copy_goes_on_like_the_original),
        cmocka_unit_test(doors_are_counted_and_refusals_reach_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
