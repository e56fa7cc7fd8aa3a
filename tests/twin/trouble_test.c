/* trouble_test.c - faults that are not of the catheter's: scanner, magnet, sensors, sounder, motor load; and what a reservoir
 * says it could take. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/trouble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/twin/dice.h"
#include "tests/twin/near.h"
#include "twin/hardware/hardware.h"

#define NL 1e-12 /* m3 */

static struct twin twin, tried;
static uint32_t key;

static void implant(const char *model, bool fitted)
{
    const struct motor_budget budget = { 0, ~0u, 1000000, ~1000000u, 1000000, ~1000000u };
    const struct twin_setup setup = { .model = model, .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = 5,
                                      .fill_sensor = fitted, .pressure_sensor = fitted };
    const struct fluid saline = { { 0.0 }, { 0 } };
    assert_true(twin_init(&twin, &setup));
    assert_true(twin_fill(&twin, 18e-6, &saline));
    struct board board = twin_board(&twin);
    board.doors->motor_budget(board.hardware, &budget);
}

static uint8_t quantum(void)
{
    struct board board = twin_board(&twin);
    twin_advance(&twin, (instant_ms){ twin.now.ms + 5000 });
    key++;
    board.doors->motor_key_engine(board.hardware, key);
    board.doors->motor_key_governor(board.hardware, ~key);
    twin_advance(&twin, (instant_ms){ twin.now.ms + 5000 });
    return board.doors->motor_result(board.hardware).state;
}

static struct sensors sensed(void)
{
    struct sensors sensors;
    struct board board = twin_board(&twin);
    board.doors->sense(board.hardware, &sensors);
    return sensors;
}

static void a_scanner_holds_the_rotor_and_lets_go_late(void **state)
{
    (void)state;
    implant("C20", false);
    assert_int_equal(quantum(), MOTOR_DONE);
    assert_int_equal(sensed().field, 0);
    double displaced_m3 = twin.totals.displaced;
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 1);
    twin_set_fault(&twin, TWIN_FAULT_FIELD_REST, 1);
    assert_int_equal(sensed().field, 1);
    assert_int_equal(quantum(), MOTOR_STALLED);
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 0);
    assert_int_equal(sensed().field, 0);
    assert_int_equal(quantum(), MOTOR_STALLED); /* outside, and it still does not turn */
    twin_set_fault(&twin, TWIN_FAULT_STALL, 1);
    twin_set_fault(&twin, TWIN_FAULT_FIELD_REST, 0);
    assert_int_equal(quantum(), MOTOR_STALLED); /* held by something else as well */
    assert_true(twin.totals.displaced == displaced_m3);
    twin_set_fault(&twin, TWIN_FAULT_STALL, 0);
    assert_int_equal(quantum(), MOTOR_DONE);
}

static void a_scanner_pulls_valves_open_once(void **state)
{
    (void)state;
    implant("V20", false);
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 1);
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 1); /* it is there already */
    assert_near(twin.totals.displaced, 20000.0 * NL, 0.001 * NL);
    assert_near(twin.totals.delivered, 20000.0 * NL, 0.001 * NL);
    assert_near(twin.reservoir_m3, 18e-6 - 20000.0 * NL, 0.001 * NL);
    assert_int_equal(quantum(), MOTOR_STALLED);
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 0);
    twin_set_fault(&twin, TWIN_FAULT_FIELD_REST, 1); /* of a rotor: means nothing here */
    assert_int_equal(quantum(), MOTOR_DONE);
    (void)twin_withdraw(&twin, 1.0);
    double displaced_m3 = twin.totals.displaced;
    twin_set_fault(&twin, TWIN_FAULT_FIELD, 1); /* empty, as the rule for this pump asks */
    assert_true(twin.totals.displaced == displaced_m3);
    assert_near(twin.totals.filled, twin.reservoir_m3 + twin.totals.withdrawn + twin.totals.displaced, 1e-21);
}

static void sensors_that_are_fitted_show_the_truth(void **state)
{
    (void)state;
    implant("C20", false);
    assert_true(sensed().reservoir_nl == -1 && sensed().catheter_pa == INT32_MIN);
    implant("C20", true);
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t nl = sensed().reservoir_nl;
        least = nl < least ? nl : least;
        most = nl > most ? nl : most;
    }
    assert_true(least >= 17900000 && least < 17920000 && most <= 18100000 && most > 18080000); /* noise, evenly */
    twin_set_fault(&twin, TWIN_FAULT_SENSOR_WRONG, 0.5);
    assert_in_range(sensed().reservoir_nl, 8900000, 9100000);
    twin_set_fault(&twin, TWIN_FAULT_SENSOR_WRONG, 0);
    (void)twin_withdraw(&twin, 1.0);
    assert_in_range(sensed().reservoir_nl, 0, 100000);
}

static void pressure_rises_behind_what_does_not_pass(void **state)
{
    (void)state;
    implant("C20", true);
    for (int i = 0; i < 10; i++)
        assert_int_equal(quantum(), MOTOR_DONE);
    assert_in_range(sensed().catheter_pa, 1200, 1400);
    twin_set_fault(&twin, TWIN_FAULT_OCCLUSION, 1);
    int32_t before = sensed().catheter_pa;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(quantum(), MOTOR_DONE);
        assert_true(sensed().catheter_pa > before + 5000);
        before = sensed().catheter_pa;
    }
    for (int i = 0; i < 100; i++)
        (void)quantum();
    assert_in_range(sensed().catheter_pa, 199900, 200100);
    twin_set_fault(&twin, TWIN_FAULT_OCCLUSION, 0);
    assert_in_range(sensed().catheter_pa, 1200, 1400);
    twin_set_fault(&twin, TWIN_FAULT_KINK, 0.5); /* half passes: it settles where a whole quantum's volume stands */
    for (int i = 0; i < 30; i++)
        (void)quantum();
    assert_in_range(sensed().catheter_pa, 11100, 11500);
}

/* What a mass at the tip holds back changes while it grows: it adds to a kink, and to the pressure behind both. */
static void a_mass_at_the_tip_grows_and_shrinks(void **state)
{
    (void)state;
    implant("C20", true);
    int32_t before = sensed().catheter_pa;
    for (int tenth = 1; tenth <= 10; tenth++) {
        double delivered_m3 = twin.totals.delivered;
        twin_set_fault(&twin, TWIN_FAULT_GRANULOMA, tenth / 10.0);
        for (int i = 0; i < 40; i++)
            assert_int_equal(quantum(), MOTOR_DONE); /* the rotor turns all the same */
        assert_near(twin.totals.delivered - delivered_m3, 40.0 * 250.0 * NL * (10 - tenth) / 10.0, 0.01 * NL);
        assert_true(sensed().catheter_pa > before + 500);
        before = sensed().catheter_pa;
    }
    assert_in_range(before, 199900, 200100);
    twin_set_fault(&twin, TWIN_FAULT_GRANULOMA, 0.5);
    assert_in_range(sensed().catheter_pa, 199900, 200100); /* it presses still */
    for (int i = 0; i < 60; i++)
        (void)quantum();
    assert_in_range(sensed().catheter_pa, 11100, 11500);
    twin_set_fault(&twin, TWIN_FAULT_KINK, 0.5);
    double delivered_m3 = twin.totals.delivered;
    for (int i = 0; i < 40; i++)
        (void)quantum();
    assert_near(twin.totals.delivered - delivered_m3, 40.0 * 250.0 * NL / 4, 0.01 * NL);
    twin_set_fault(&twin, TWIN_FAULT_KINK, 0);
    (void)quantum();
    assert_true(sensed().catheter_pa > 5000);
    twin_set_fault(&twin, TWIN_FAULT_GRANULOMA, 0);
    assert_in_range(sensed().catheter_pa, 1200, 1400);
    assert_near(twin.totals.displaced, twin.totals.delivered + twin.totals.lost, 1e-21);
}

/* Once, and only the fill sensor could tell: what the pump is told and what it feels otherwise is the same. */
static void a_fill_goes_into_the_pocket_once(void **state)
{
    (void)state;
    implant("C20", true);
    struct fluid strong = { { 0.0 }, { 0 } };
    assert_true(fluid_add(&strong, 1, 25.0));
    (void)twin_withdraw(&twin, 1.0);
    twin_set_fault(&twin, TWIN_FAULT_POCKET, 0.25);
    assert_true(twin_fill(&twin, 0.0, &strong)); /* no fill: it still waits for one */
    assert_true(twin_can_fill(&twin, 0.0, 24e-6, &strong) && !twin_can_fill(&twin, 0.0, 27e-6, &strong));
    assert_true(twin_fill(&twin, 16e-6, &strong));
    assert_near(twin.reservoir_m3, 12e-6, 0.001 * NL);
    assert_near(twin.totals.pocket, 4e-6, 0.001 * NL);
    assert_near(twin.totals.pocket_kg[0], 100e-6, 1e-15); /* 4 mL of 25 mg/mL: kg */
    assert_in_range(sensed().reservoir_nl, 11900000, 12100000);
    assert_near(twin.totals.filled, twin.reservoir_m3 + twin.totals.withdrawn + twin.totals.displaced, 1e-21);
    assert_true(twin_fill(&twin, 4e-6, &strong));
    assert_near(twin.reservoir_m3, 16e-6, 0.001 * NL);
    twin_set_fault(&twin, TWIN_FAULT_POCKET, 1.0);
    assert_true(twin_fill(&twin, 20e-6, &strong)); /* it all goes beside: there is room enough */
    assert_near(twin.reservoir_m3, 16e-6, 0.001 * NL);
    assert_near(twin.totals.pocket, 24e-6, 0.001 * NL);
}

static void the_rest_shows_at_its_door(void **state)
{
    (void)state;
    implant("C20", false);
    struct board board = twin_board(&twin);
    struct motor_witness witness;
    twin_set_fault(&twin, TWIN_FAULT_MAGNET, 1);
    twin_set_fault(&twin, TWIN_FAULT_TEMPERATURE, 41.25);
    twin_set_fault(&twin, TWIN_FAULT_LEAKAGE, 300);
    assert_int_equal(sensed().magnet, 1);
    assert_in_range(sensed().temperature_mdeg, 41200, 41300);
    assert_in_range(sensed().leakage_na, 300, 310);
    twin_set_fault(&twin, TWIN_FAULT_MAGNET, 0);
    twin_set_fault(&twin, TWIN_FAULT_TEMPERATURE, 0);
    twin_set_fault(&twin, TWIN_FAULT_LEAKAGE, 0);
    assert_int_equal(sensed().magnet, 0);
    assert_in_range(sensed().temperature_mdeg, 36950, 37050);
    assert_in_range(sensed().leakage_na, 0, 10);
    twin_set_fault(&twin, TWIN_FAULT_SOUNDER_DEAD, 1);
    board.doors->sound(board.hardware, TONE_DUAL);
    assert_true(!board.doors->sounder_alive(board.hardware) && twin.tones == 0);
    twin_set_fault(&twin, TWIN_FAULT_SOUNDER_DEAD, 0);
    board.doors->sound(board.hardware, TONE_DUAL);
    assert_true(board.doors->sounder_alive(board.hardware) && twin.tones == 1);
    for (int i = 0; i < 12; i++)
        (void)quantum();
    board.doors->motor_witness(board.hardware, &witness);
    assert_true(witness.fired == 12 && witness.clock_ms == twin.now.ms && witness.load == 1000);
    twin_set_load(&twin, 3.0, 1000000);
    twin_advance(&twin, (instant_ms){ twin.now.ms + 250000 });
    board.doors->motor_witness(board.hardware, &witness);
    assert_int_equal(witness.load, 1500);
    twin_advance(&twin, (instant_ms){ twin.now.ms + 10000000 });
    board.doors->motor_witness(board.hardware, &witness);
    assert_int_equal(witness.load, 3000);
    twin_set_fault(&twin, TWIN_FAULT_LOAD, 0);
    board.doors->motor_witness(board.hardware, &witness);
    assert_int_equal(witness.load, 1000);
}

/* Asking gives the answer that trying gives. */
static void asking_is_as_good_as_trying(void **state)
{
    (void)state;
    struct dice dice = { 4 };
    unsigned fits = 0;
    for (int i = 0; i < 300; i++) {
        implant("C20", false);
        struct fluid fluid = { { 0.0 }, { 0 } };
        for (uint16_t drug = 1; drug <= dice_between(&dice, 0, 4); drug++)
            assert_true(fluid_add(&fluid, drug, 1.0));
        double out_m3 = 25e-6 * dice_share(&dice) - 1e-6, in_m3 = 22e-6 * dice_share(&dice) - 1e-6;
        tried = twin;
        bool told = twin_can_fill(&twin, out_m3, in_m3, &fluid);
        assert_memory_equal(&twin, &tried, sizeof twin);
        (void)twin_withdraw(&tried, out_m3);
        assert_true(twin_fill(&tried, in_m3, &fluid) == told);
        fits += told;
    }
    assert_in_range(fits, 50, 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scanner_holds_the_rotor_and_lets_go_late),
        cmocka_unit_test(a_scanner_pulls_valves_open_once),
        cmocka_unit_test(sensors_that_are_fitted_show_the_truth),
        cmocka_unit_test(pressure_rises_behind_what_does_not_pass),
        cmocka_unit_test(a_mass_at_the_tip_grows_and_shrinks),
        cmocka_unit_test(a_fill_goes_into_the_pocket_once),
        cmocka_unit_test(the_rest_shows_at_its_door),
        cmocka_unit_test(asking_is_as_good_as_trying),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
