/* button_test.c - the patient of a live implant presses the button over the air, gets what the pump permits, and goes on with
 * the same key after a kill. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/button.h"

#include "core/program.h"
#include "tests/rig/den.h"

enum { DAYS = 6, LONGEST_MS = 20000, TALKS_MAX = 1000 };

static struct {
    struct live *live;
    struct key key;
    unsigned kept; /* times */
    bool full;     /* it cannot be kept any more */
    int64_t given_ms[TALKS_MAX];
    unsigned given, refused, paired;
} world;

static uint64_t drawn; /* never the same again, whatever begins anew */

static void chance(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(chance_bits(77, drawn++) >> 56);
}

static bool keep(void *context, const struct key *key)
{
    (void)context;
    if (world.full)
        return false;
    world.key = *key;
    world.kept++;
    return true;
}

static void tell(void *context)
{
    struct event event;
    (void)context;
    while (live_event(world.live, &event)) {
        if (event.code == EVENT_COURSE_START && event.field[0] == COURSE_PATIENT)
            world.given_ms[world.given++ % TALKS_MAX] = event.at.ms;
        world.refused += event.code == EVENT_REFUSED && event.field[0] == COMMAND_PATIENT_BOLUS;
        world.paired += event.code == EVENT_PAIRED;
    }
}

static const struct button_edge EDGE = { .chance = chance, .keep = keep, .tell = tell };
static struct button button;

static bool begin(struct live *which, const struct key *kept)
{
    memset(&button, 0, sizeof button);
    memset(&world, 0, sizeof world);
    world.live = which;
    which->body.asks = true;
    return button_begin(&button, which, kept, &EDGE);
}

/* To this moment, with presses; how often each came out. */
static void go_to(int64_t ms, bool radio, unsigned came[4])
{
    struct live *which = world.live;
    for (bool reached = false; !reached; tell(NULL)) {
        reached = live_until(which, (instant_ms){ ms }, FOREVER, 2000);
        tell(NULL);
        int64_t before_ms = which->implant.rig->now.ms;
        enum button_press what = button_pass(&button, radio, 2000);
        came[what] += what != BUTTON_NOTHING;
        assert_in_range(which->implant.rig->now.ms - before_ms, 0, LONGEST_MS * (radio ? 1 : 10));
        assert_false(live_stuck(which));
    }
}

static void presses_as_the_pump_permits(void **state)
{
    (void)state;
    unsigned came[4] = { 0 };
    assert_true(cradle_fill_asked(&live));
    assert_true(begin(&live, NULL));
    go_to(DAYS * (int64_t)DAY_MS, true, came);
    print_message("%d days: %u given, %u refused, the key kept %u times\n", DAYS, came[BUTTON_APPLIED],
                  came[BUTTON_REFUSED], world.kept);
    assert_int_equal(came[BUTTON_UNHEARD], 0);
    assert_true(came[BUTTON_APPLIED] > 2 && came[BUTTON_REFUSED] > 2);
    assert_int_equal(world.given, came[BUTTON_APPLIED]);
    assert_int_equal(world.refused, came[BUTTON_REFUSED]);
    assert_int_equal(world.paired, 1);
    for (unsigned i = 1; i < world.given; i++)
        assert_true(world.given_ms[i] - world.given_ms[i - 1] >= CRADLE_LOCKOUT_MINUTES * (int64_t)MINUTE_MS);
    for (unsigned i = 4; i < world.given; i++)
        assert_true(world.given_ms[i] - world.given_ms[i - 4] >= DAY_MS);
    assert_int_equal(live.body.boluses_asked, came[BUTTON_APPLIED] + came[BUTTON_REFUSED]);
    assert_int_equal(live.body.boluses_given, came[BUTTON_APPLIED]);
    assert_int_equal(person_view(&live.body.person).boluses_asked, live.body.boluses_asked);
    int64_t nl = (int64_t)(live.implant.rig->twin.totals.displaced * 1e12 + 0.5);
    int64_t program_nl = DAYS * (CRADLE_BASE_NL_DAY + 24 * (int64_t)CRADLE_BOLUS_NL);
    assert_in_range(nl - program_nl, (world.given - 1) * CRADLE_ASKED_NL, world.given * CRADLE_ASKED_NL);
}

static void nobody_presses_who_does_not_ask_or_has_no_button(void **state)
{
    (void)state;
    unsigned came[4] = { 0 };
    assert_false(button_begin(&button, &live, NULL, &EDGE)); /* it was not said */
    assert_true(cradle_fill(&live));
    assert_true(begin(&live, NULL));
    go_to(DAYS * (int64_t)DAY_MS, true, came);
    assert_int_equal(came[BUTTON_APPLIED] + came[BUTTON_REFUSED] + came[BUTTON_UNHEARD], 0);
    assert_int_equal(world.kept + world.paired, 0);
}

/* Silence is no harm: once the radio is there again, it goes on. */
static void presses_into_silence(void **state)
{
    (void)state;
    unsigned came[4] = { 0 };
    assert_true(cradle_fill_asked(&live));
    assert_true(begin(&live, NULL));
    live.body.person.setup.figures.value[FIGURE_BEARABLE] = 0.5; /* it is never well enough */
    go_to(DAY_MS, true, came);
    assert_true(came[BUTTON_APPLIED] > 0);
    unsigned given = world.given;
    go_to(3 * (int64_t)DAY_MS, false, came);
    assert_true(came[BUTTON_UNHEARD] > 0);
    assert_string_equal(button_reason(&button), "the pump does not answer");
    assert_int_equal(world.given, given);
    unsigned unheard = came[BUTTON_UNHEARD];
    go_to(5 * (int64_t)DAY_MS, true, came);
    assert_int_equal(came[BUTTON_UNHEARD], unheard);
    assert_true(world.given > given);
    world.full = true; /* what cannot be kept is not sent */
    given = world.given;
    unsigned refused = world.refused;
    go_to(7 * (int64_t)DAY_MS, true, came);
    assert_true(came[BUTTON_UNHEARD] > unheard);
    assert_string_equal(button_reason(&button), "the key of the button cannot be kept");
    assert_int_equal(world.given + world.refused, given + refused);
}

static void goes_on_with_the_same_key(void **state)
{
    (void)state;
    int64_t wall_ms;
    unsigned came[4] = { 0 };
    assert_true(cradle_fill_asked(&live));
    assert_true(begin(&live, NULL));
    go_to(DAY_MS, true, came);
    assert_true(live_save(&live, 2000));
    for (unsigned lost = 0; lost < 2; lost++) { /* the key; then it is paired anew */
        const struct key kept = world.key;
        snapshot();
        assert_int_equal(reopen(&wall_ms), IMPLANT_OK);
        assert_true(again.body.asks); /* who asks does so after a kill */
        live_start(&again, true, 0, SEED, wall_ms);
        assert_true(begin(&again, lost != 0 ? NULL : &kept));
        memset(came, 0, sizeof came);
        go_to(3 * (int64_t)DAY_MS, true, came);
        assert_int_equal(came[BUTTON_UNHEARD], 0);
        assert_true(came[BUTTON_APPLIED] > 0);
        assert_int_equal(world.paired, lost);
        assert_int_equal(world.key.slot, kept.slot); /* no slot is used up */
        assert_int_equal(world.given, came[BUTTON_APPLIED]);
        world.key = kept;
    }
}

/* A button that finds no slot says so, and not that the pump does not answer. */
static void says_that_all_slots_are_taken(void **state)
{
    (void)state;
    unsigned came[4] = { 0 }, paired = 0;
    struct key key = { .role = ROLE_PATIENT, .label = "button" };
    memcpy(key.pump_id, CRADLE_SERIAL, sizeof CRADLE_SERIAL);
    assert_true(cradle_fill_asked(&live));
    for (unsigned i = 1; i <= PEER_SLOTS + 1; i++) {
        memset(key.secret, (int)i, sizeof key.secret);
        assert_true(begin(&live, &key));
        live.body.person.setup.figures.value[FIGURE_BEARABLE] = 0.5; /* it is never well enough */
        go_to(i * (int64_t)DAY_MS, true, came);
        paired += world.paired;
        assert_true(came[BUTTON_UNHEARD] > 0 || i <= PEER_SLOTS);
    }
    assert_int_equal(paired, PEER_SLOTS);
    assert_string_equal(button_reason(&button),
                        "all slots of the pump are taken: unpair a programmer that nobody uses");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(presses_as_the_pump_permits, den_begin, den_end),
        cmocka_unit_test_setup_teardown(nobody_presses_who_does_not_ask_or_has_no_button, den_begin, den_end),
        cmocka_unit_test_setup_teardown(presses_into_silence, den_begin, den_end),
        cmocka_unit_test_setup_teardown(goes_on_with_the_same_key, den_begin, den_end),
        cmocka_unit_test_setup_teardown(says_that_all_slots_are_taken, den_begin, den_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
