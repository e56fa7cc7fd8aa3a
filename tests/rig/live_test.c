/* live_test.c - an implant in a file goes on like any rig; wherever its process ends, pump and truth agree at the next start. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/live.h"

#include <math.h>
#include <stdio.h>

#include "link/packet.h"
#include "tests/rig/den.h"

static struct rig plain;

/* In steps and pauses of any length, with marks at every wake: the same as in one go. */
static void it_goes_on_like_any_rig(void **state)
{
    (void)state;
    assert_true(cradle_fill(&live));
    drain(&live);
    plain = *live.implant.rig;
    uint64_t dice = 1;
    const int64_t end_ms = 3 * (int64_t)DAY_MS + 500; /* the last quantum has moved */
    for (int64_t ms = 0; ms < end_ms;) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        ms += (int64_t)(dice >> 40);
        ms = ms < end_ms ? ms : end_ms;
        while (!live_until(&live, (instant_ms){ ms }, 1 + (uint32_t)(dice >> 33 & 7), 0))
            drain(&live);
    }
    rig_run_until(&plain, live.implant.rig->now);
    assert_memory_equal(plain.twin.retained, live.implant.rig->twin.retained, sizeof plain.twin.retained);
    assert_memory_equal(plain.twin.flash.byte, live.implant.rig->twin.flash.byte, sizeof plain.twin.flash.byte);
    assert_memory_equal(&plain.twin.totals, &live.implant.rig->twin.totals, sizeof plain.twin.totals);
    assert_memory_equal(plain.twin.battery.count, live.implant.rig->twin.battery.count, sizeof plain.twin.battery.count);
    assert_true(plain.wake.ms == live.implant.rig->wake.ms);
    assert_int_equal((int64_t)(plain.twin.totals.displaced * 1e12 + 0.5), 3 * (CRADLE_BASE_NL_DAY + 24 * CRADLE_BOLUS_NL));
}

/* All that left the tip is in the person, once. */
static void has_got_all(const struct live *which)
{
    const struct body *body = &which->body;
    const struct twin_totals *totals = &which->implant.rig->twin.totals;
    assert_true(body->lives);
    for (unsigned i = 0; i < BODY_DRUGS_MAX; i++)
        assert_true(body->given_kg[i] == totals->delivered_kg[i]);
    const struct spine *spine = body_spine(body, 0);
    assert_true(fabs((spine != NULL ? spine->given_kg : 0.0) - totals->delivered_kg[0]) <= 1e-12 * totals->delivered_kg[0]);
}

/* What holds of every implant that was stopped `stops` times since it was filled. */
static void agrees(struct live *which, unsigned stops)
{
    const struct rig *rig = which->implant.rig;
    const struct twin_totals *totals = &rig->twin.totals;
    struct pump_status status;
    rig_status(which->implant.rig, &status);
    double moved = totals->displaced / CRADLE_QUANTUM_M3, off = totals->filled - totals->withdrawn - totals->displaced
                                                                 - rig->twin.reservoir_m3;
    assert_true(off < 1e-20 && off > -1e-20);
    assert_true((double)status.metered_quanta <= moved + 1e-6);
    assert_true((double)status.commanded_quanta >= moved - 1e-6);
    assert_true((double)status.commanded_quanta <= moved + stops + 1e-6);
    assert_int_equal(status.mode, MODE_RUNNING);
    assert_int_equal(status.base.nl_day, CRADLE_BASE_NL_DAY);
    assert_int_equal(status.alarms, 0);
    body_follow(&which->body, &rig->twin);
    has_got_all(which);
}

/* Stands at the doors of the core, and looks where something is not as at the last look: as a kill would leave it there. */
struct eye {
    struct live *live;
    uint64_t looks, boots; /* boots before */
    unsigned stops;        /* that it may have had before this one */
    uint64_t operations, retained[RETAINED_BYTES / 8];
    struct driver driver;
};

static void at_door(void *context)
{
    struct eye *eye = context;
    struct twin *twin = &eye->live->implant.rig->twin;
    twin->cut.struck = false; /* only a look: the core goes on */
    twin->flash.off = false;
    twin->cut.doors = 1;
    int64_t wall_ms;
    if (eye->looks > 0 && eye->operations == twin->flash.operations
        && memcmp(eye->retained, twin->retained, sizeof eye->retained) == 0
        && memcmp(&eye->driver, &twin->driver, sizeof eye->driver) == 0)
        return;
    eye->operations = twin->flash.operations;
    eye->driver = twin->driver;
    memcpy(eye->retained, twin->retained, sizeof eye->retained);
    eye->looks++;
    snapshot();
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    live_start(&again, true, (int64_t)(eye->looks % 3) * 400, SEED, wall_ms);
    agrees(&again, 1 + eye->stops);
    assert_in_range(again.implant.rig->pump.now.boots, eye->boots + 1, eye->boots + 1 + eye->stops);
    run_to(&again, again.implant.rig->now.ms + 2 * HOUR_MS); /* no limit, no driver and no clock stands in its way */
    agrees(&again, 1 + eye->stops);
}

static void wherever_it_is_killed_pump_and_truth_agree(void **state)
{
    (void)state;
    assert_true(cradle_fill(&live));
    run_to(&live, 23 * (int64_t)HOUR_MS - 300000);
    struct twin *twin = &live.implant.rig->twin;
    struct eye eye = { .live = &live, .boots = live.implant.rig->pump.now.boots };
    /* Half an hour with some quanta, the hour's checkpoint, and what is written then. */
    twin->cut.strike = at_door;
    twin->cut.context = &eye;
    twin->cut.doors = 1;
    run_to(&live, 23 * (int64_t)HOUR_MS + 1500000);
    twin->cut = (struct twin_cut){ .doors = 0 };
    assert_in_range(eye.looks, 50, 1000);
    agrees(&live, 0);
}

/* The same in the start itself, with a motion under way when it stopped. */
static void killed_in_its_start(void **state)
{
    (void)state;
    assert_true(cradle_fill(&live));
    struct rig *rig = live.implant.rig;
    while (rig->twin.driver.state != MOTOR_MOVING)
        run_to(&live, live_next(&live).ms);
    struct eye eye = { .live = &live, .boots = rig->pump.now.boots, .stops = 1 };
    rig->twin.cut = (struct twin_cut){ .doors = 1, .strike = at_door, .context = &eye };
    live_start(&live, true, 5 * (int64_t)HOUR_MS, SEED, 3000);
    rig->twin.cut = (struct twin_cut){ .doors = 0 };
    assert_in_range(eye.looks, 10, 1000);
    agrees(&live, 1);
    run_to(&live, rig->now.ms + DAY_MS);
    eye = (struct eye){ .live = &live, .boots = rig->pump.now.boots, .stops = 1 };
    rig->twin.restart = true; /* as its software asks for it */
    run_to(&live, live_next(&live).ms);
    assert_false(rig_runs(rig));
    rig->twin.cut = (struct twin_cut){ .doors = 1, .strike = at_door, .context = &eye };
    run_to(&live, live_next(&live).ms);
    rig->twin.cut = (struct twin_cut){ .doors = 0 };
    assert_true(rig_runs(rig));
    assert_in_range(eye.looks, 10, 1000);
    agrees(&live, 2);
}

/* Whatever moves is in the file before anybody waits, and the memory of the core is not. */
static void all_is_marked_but_what_the_core_knew(void **state)
{
    (void)state;
    static const struct pump nothing;
    int64_t wall_ms;
    assert_true(cradle_fill(&live));
    const struct twin *twin = &live.implant.rig->twin;
    for (unsigned wakes = 0; wakes < 20; wakes++) {
        run_to(&live, live_next(&live).ms);
        snapshot();
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        assert_int_equal(again.implant.rig->now.ms, live.implant.rig->now.ms);
        assert_memory_equal(&again.implant.rig->twin, twin, offsetof(struct twin, ether));
        assert_memory_equal(&again.implant.rig->pump, &nothing, sizeof nothing);
    }
    live.implant.rig->twin.ether.to_pump.trouble.delay_least_ms = 50;
    live_hear(&live, REACH_FAR, (const uint8_t[]){ 1, 0 }, 2, 0);
    snapshot();
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK); /* a frame under way is gone */
    live_start(&again, true, 0, SEED, wall_ms);
    run_to(&again, again.implant.rig->now.ms + 1000);
    assert_int_equal(again.implant.rig->twin.ether.heard_frames, 0);
    run_to(&live, live.implant.rig->now.ms + 1000);
    assert_int_equal(live.implant.rig->twin.ether.heard_frames, 1);
}

/* The body's file is older than the marks: what left the tip between the two is given at the opening, before time goes on, and
 * what came before it stands where it was. */
static void a_kill_loses_no_drug(void **state)
{
    (void)state;
    int64_t wall_ms;
    assert_true(cradle_fill(&live));
    drain(&live);
    for (int64_t hour = 1; hour <= 30; hour++) {
        while (!live_until(&live, (instant_ms){ hour * HOUR_MS + 77777 }, FOREVER, 1000 + hour * 3000))
            drain(&live); /* kept every other hour */
        assert_int_equal(live.body_error, 0);
        snapshot();
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        has_got_all(&again);
        assert_int_equal(again.body.at.ms, live.implant.rig->now.ms);
        assert_in_range(again.body.rows, hour / 2, 2 * hour + 1); /* its history too */
        body_follow(&live.body, &live.implant.rig->twin);
        has_got_all(&live);
        if (live.body.given_kg[0] > 0) { /* the same person, but for how two hours were cut */
            struct spine_balance before = spine_balance(body_spine(&live.body, 0)),
                                 after = spine_balance(body_spine(&again.body, 0));
            assert_true(fabs(after.csf - before.csf) <= 0.02 * before.csf);
            assert_true(fabs(after.tissue - before.tissue) <= 0.02 * before.tissue);
        }
        live_start(&again, true, 20 * (int64_t)DAY_MS, SEED, wall_ms);
        run_to(&again, again.implant.rig->now.ms + HOUR_MS);
        agrees(&again, 1);
    }
    assert_true(live.body.rows > 45); /* it lives on between the looks */
}

/* Where the person's file is gone, all that the implant ever delivered is given over its life; another implant's is refused. */
static void a_person_without_a_file(void **state)
{
    (void)state;
    int64_t wall_ms;
    static struct body kept;
    assert_true(cradle_fill(&live));
    run_to(&live, 9 * (int64_t)DAY_MS);
    assert_true(live_save(&live, 2000));
    has_got_all(&live);
    snapshot();
    char path[PATH_ROOM + 16];
    path_in(path, other, "body");
    assert_int_equal(remove(path), 0);
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    has_got_all(&again);
    assert_int_equal(again.body.at.ms, 9 * (int64_t)DAY_MS);
    assert_int_equal(again.body.rows, 0);
    assert_true(bodyfile_save(again.implant.folder, &live.body, "SOMEBODY ELSE'S", false));
    kept = again.body;
    assert_int_equal(live_body(&again, NULL, 2000), BODYFILE_OTHER);
    assert_memory_equal(&kept, &again.body, sizeof kept);
}

/* Time stands still until an event has been told, so that none is missed however long the run. */
static void every_event_is_told(void **state)
{
    (void)state;
    struct event event;
    uint64_t sequence = 0;
    assert_true(cradle_fill(&live));
    int64_t now_ms = live.implant.rig->now.ms;
    assert_false(live_until(&live, (instant_ms){ 90 * (int64_t)DAY_MS }, FOREVER, 0));
    assert_int_equal(live.implant.rig->now.ms, now_ms);
    for (bool reached = false; !reached;) {
        while (live_event(&live, &event))
            assert_int_equal(event.sequence, ++sequence);
        reached = live_until(&live, (instant_ms){ 90 * (int64_t)DAY_MS }, FOREVER, 0);
    }
    assert_in_range(sequence, 2 * 24 * 90, 3 * 24 * 90);
    assert_int_equal(sequence, pump_log_last(&live.implant.rig->pump));
    assert_int_equal(live.calendar.offset.ms, 20000 * (int64_t)DAY_MS);
}

static void time_goes_on_and_nothing_moves_while_it_is_off(void **state)
{
    (void)state;
    int64_t wall_ms;
    assert_true(cradle_fill(&live));
    run_to(&live, 5 * (int64_t)HOUR_MS + 123456);
    snapshot();
    double displaced = live.implant.rig->twin.totals.displaced;
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    assert_int_equal(wall_ms, 2000);
    live_start(&again, true, 7654321, SEED + 1, 9000);
    assert_int_equal(again.implant.rig->now.ms, 5 * (int64_t)HOUR_MS + 123456 + 7654321);
    assert_true(again.implant.rig->twin.totals.displaced == displaced);
    assert_true(again.implant.rig->twin.seed == SEED + 1);
    struct event event;
    bool booted = false;
    while (live_event(&again, &event))
        booted |= event.code == EVENT_BOOT && event.field[0] == BOOT_BROWN_OUT && event.at.ms == again.implant.rig->now.ms;
    assert_true(booted);
    run_to(&again, 29 * (int64_t)HOUR_MS);
    agrees(&again, 1);
    assert_true(again.implant.rig->twin.totals.displaced > displaced);
    assert_string_equal(again.implant.rig->unit.serial, CRADLE_SERIAL);
    assert_true(implant_save(&again.implant, 7777));
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK); /* and so on */
    assert_int_equal(wall_ms, 7777);
    assert_int_equal(again.implant.rig->now.ms, 29 * (int64_t)HOUR_MS);
    snapshot();
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    live_start(&again, true, -5, SEED, 0); /* a wall clock that was set back */
    assert_int_equal(again.implant.rig->now.ms, 5 * (int64_t)HOUR_MS + 123456);
}

/* The pump is told of a refill over the air, and somebody fills: what the twin then holds is what was told, drug by drug, also
 * where another drug and strength are put on top of what was left. */
static void what_is_filled_on_top_is_blended_once(void **state)
{
    (void)state;
    static const struct {
        struct mixture fill;
        int64_t left_nl;
        double morphine, clonidine; /* expected, kg/m3: by hand */
    } refills[] = {
        { { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } }, 0, 10, 0 },
        { { .count = 2, .component = { { DRUG_MORPHINE, { 30000000 } }, { DRUG_CLONIDINE, { 400000 } } } }, 3000000, 22.5, 0.25 },
    };
    const struct twin *twin = &live.implant.rig->twin;
    for (unsigned i = 0; i < sizeof refills / sizeof refills[0]; i++) {
        struct command command = { .kind = COMMAND_REFILL };
        struct receipt receipt;
        command.refill = (struct refill){ .withdrawn = { i == 0 ? 0 : 2000000 }, .left = { refills[i].left_nl },
                                          .filled = { 5000000 }, .drawn_up = { 5000000 }, .fill = refills[i].fill,
                                          .dead_drug_free = i == 0 };
        rig_command(live.implant.rig, ROLE_CLINICIAN, &command, &receipt);
        assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
        drain(&live);
        double morphine = 0, clonidine = 0;
        for (unsigned k = 0; k < FLUID_DRUGS_MAX; k++) {
            morphine += twin->reservoir_fluid.drug[k] == DRUG_MORPHINE ? twin->reservoir_fluid.kg_m3[k] : 0;
            clonidine += twin->reservoir_fluid.drug[k] == DRUG_CLONIDINE ? twin->reservoir_fluid.kg_m3[k] : 0;
        }
        assert_true(morphine - refills[i].morphine < 1e-5 && refills[i].morphine - morphine < 1e-5);
        assert_true(clonidine - refills[i].clonidine < 1e-5 && refills[i].clonidine - clonidine < 1e-5);
        assert_int_equal((int64_t)(twin->reservoir_m3 * 1e12 + 0.5), refills[i].left_nl + 5000000);
    }
}

static void refill_tell(int64_t withdrawn_nl, int64_t left_nl, int64_t filled_nl, uint16_t drug, int32_t mg_ml)
{
    struct receipt receipt;
    struct command command = { .kind = COMMAND_REFILL };
    command.refill = (struct refill){ .withdrawn = { withdrawn_nl }, .left = { left_nl }, .filled = { filled_nl },
                                      .drawn_up = { filled_nl },
                                      .fill = { .count = 1, .component = { { drug, { mg_ml * 1000000 } } } } };
    command.refill.dead_drug_free = live.implant.rig->twin.totals.filled == 0;
    rig_command(live.implant.rig, ROLE_CLINICIAN, &command, &receipt);
    assert_int_equal(receipt.outcome, OUTCOME_APPLIED);
    drain(&live);
}

/* Whatever is wrong, all that a syringe held is somewhere; and the file takes it for true. */
static void fluid_holds(double syringes_m3)
{
    int64_t wall_ms;
    const struct twin *twin = &live.implant.rig->twin;
    const struct twin_totals *totals = &twin->totals;
    assert_true(syringes_m3 == totals->filled + totals->pocket + totals->spilled);
    assert_true(totals->filled == twin->reservoir_m3 + totals->withdrawn + totals->displaced);
    assert_true(twin->reservoir_m3 <= twin->reservoir_capacity_m3);
    implant_mark(&live.implant, 2000);
    snapshot();
    assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
    assert_true(again.implant.rig->twin.totals.spilled == totals->spilled);
}

static double on_grid(int64_t nl)
{
    return volume_on_grid(rig_m3((vol_nl){ nl }));
}

/* The reservoir is fuller than the pump reckons: what fits goes in on top of what is truly left, and the rest is spilled. */
static void a_fill_of_a_reservoir_that_is_fuller_loses_no_drug(void **state)
{
    (void)state;
    const struct twin *twin = &live.implant.rig->twin;
    drain(&live);
    refill_tell(0, 0, 20000000, DRUG_MORPHINE, 10);
    assert_true(twin_withdraw(&live.implant.rig->twin, on_grid(2676000)) > 0); /* 17.324 mL are there */
    refill_tell(11699000, 0, 19000000, DRUG_MORPHINE, 5);
    assert_int_equal(rig_nl(twin->reservoir_m3).nl, 20000000);
    assert_int_equal(rig_nl(twin->totals.spilled).nl, 4625000); /* 19 + 5.625 - 20 */
    assert_true(fabs(twin->reservoir_fluid.kg_m3[0] - (5.625 * 10 + 14.375 * 5) / 20) < 1e-3);
    fluid_holds(on_grid(20000000) + on_grid(19000000));
    assert_true(live.refill.is && live.refill.told.nl == 11699000 && live.refill.filled.nl == 19000000);
    assert_int_equal(rig_nl(live.refill.drawn_m3).nl, 11699000);
    assert_int_equal(rig_nl(live.refill.entered_m3).nl, 14375000);
    assert_int_equal(rig_nl(live.refill.spilled_m3).nl, 4625000);
    /* More is told as drawn out than is there. */
    assert_true(twin_withdraw(&live.implant.rig->twin, on_grid(15000000)) > 0);
    refill_tell(11000000, 0, 7000000, DRUG_MORPHINE, 5);
    assert_int_equal(live.refill.told.nl, 11000000);
    assert_int_equal(rig_nl(live.refill.drawn_m3).nl, 5000000);
    assert_int_equal(rig_nl(twin->reservoir_m3).nl, 7000000);
    assert_true(live.refill.spilled_m3 == 0);
    fluid_holds(on_grid(20000000) + on_grid(19000000) + on_grid(7000000));
}

/* The same with a share that goes into the pocket, of any size; and with more drugs than the twin has places for. */
static void what_does_not_fit_beside_a_pocket_is_spilled(void **state)
{
    (void)state;
    struct twin *twin = &live.implant.rig->twin;
    drain(&live);
    refill_tell(0, 0, 20000000, DRUG_MORPHINE, 10);
    double syringes_m3 = on_grid(20000000);
    for (int i = 0; i < 40; i++) {
        (void)twin_withdraw(twin, on_grid(1000000 + i * 333333 % 9000000));
        twin_set_fault(twin, TWIN_FAULT_POCKET, i / 39.0);
        refill_tell(0, 0, 19000000, DRUG_MORPHINE, 5);
        syringes_m3 += on_grid(19000000);
        fluid_holds(syringes_m3);
        assert_true(twin->reservoir_m3 + 1e-16 > twin->reservoir_capacity_m3 || live.refill.spilled_m3 == 0);
    }
    static const uint16_t DRUGS[] = { DRUG_HYDROMORPHONE, DRUG_CLONIDINE, DRUG_BACLOFEN, DRUG_BUPIVACAINE };
    for (unsigned i = 0; i < sizeof DRUGS / sizeof DRUGS[0]; i++) {
        (void)twin_withdraw(twin, 1.0);
        const struct fluid fluid = { .drug = { DRUGS[i] }, .kg_m3 = { 5 } };
        double spilled_m3 = twin_fill_pressed(twin, on_grid(8000000), &fluid);
        syringes_m3 += on_grid(8000000);
        fluid_holds(syringes_m3);
        assert_true(spilled_m3 == (i == 3 ? on_grid(8000000) : 0));
    }
}

/* With a magnet, and near, the pump says who it is; all it sends is told once. */
static void what_is_heard_is_answered(void **state)
{
    (void)state;
    uint8_t body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX], told[RADIO_FRAME_MAX];
    struct packet packet = { .kind = PACKET_EMERGENCY, .wish = EMERGENCY_IDENTIFY, .challenge = 0x1122334455667788 };
    size_t size = frame_write(body, packet_write(&packet, body), frame);
    run_to(&live, 60000);
    live_hear(&live, REACH_NEAR, frame, size, 0);
    assert_int_equal(live_say(&live, told), 0);
    live_magnet(&live, true);
    live_hear(&live, REACH_FAR, frame, size, 0);
    assert_int_equal(live_say(&live, told), 0);
    live_hear(&live, REACH_NEAR, frame, size, 0);
    size = live_say(&live, told);
    size = frame_read(told, size, body);
    assert_true(packet_read(body, size, &packet));
    assert_int_equal(packet.kind, PACKET_IDENTITY);
    assert_true(packet.challenge == 0x1122334455667788);
    assert_memory_equal(packet.bytes, CRADLE_SERIAL, sizeof CRADLE_SERIAL);
    assert_int_equal(live_say(&live, told), 0);
    assert_int_equal(live.implant.rig->now.ms, 60000);
    assert_int_equal(live.implant.rig->twin.ether.heard_frames, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_goes_on_like_any_rig, den_begin, den_end),
        cmocka_unit_test_setup_teardown(wherever_it_is_killed_pump_and_truth_agree, den_begin, den_end),
        cmocka_unit_test_setup_teardown(killed_in_its_start, den_begin, den_end),
        cmocka_unit_test_setup_teardown(all_is_marked_but_what_the_core_knew, den_begin, den_end),
        cmocka_unit_test_setup_teardown(a_kill_loses_no_drug, den_begin, den_end),
        cmocka_unit_test_setup_teardown(a_person_without_a_file, den_begin, den_end),
        cmocka_unit_test_setup_teardown(every_event_is_told, den_begin, den_end),
        cmocka_unit_test_setup_teardown(what_is_filled_on_top_is_blended_once, den_begin, den_end),
        cmocka_unit_test_setup_teardown(a_fill_of_a_reservoir_that_is_fuller_loses_no_drug, den_begin, den_end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_beside_a_pocket_is_spilled, den_begin, den_end),
        cmocka_unit_test_setup_teardown(time_goes_on_and_nothing_moves_while_it_is_off, den_begin, den_end),
        cmocka_unit_test_setup_teardown(what_is_heard_is_answered, den_begin, den_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
