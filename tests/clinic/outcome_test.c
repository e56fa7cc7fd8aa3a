/* outcome_test.c - whatever the air, the key's keeper and the programmer's own end do: what is told of a command is what became
 * of it, and it happens once at most. Random, seeded. REQ-LINK-02, HZ-28. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_pump.h"

#include <string.h>

enum { LIVES = 400, STEPS = 30, COMMANDS_MAX = STEPS };

/* A command that was given, and what was told of it last. */
struct given {
    uint64_t id;
    enum told told;
};

struct life {
    struct fake_pump pump;
    struct air air;
    struct programmer programmer;
    struct given given[COMMANDS_MAX];
    unsigned count;
    unsigned unknown, settled;
};

static void note_settled(struct life *life)
{
    const struct receipt *settled = &life->programmer.settled;
    for (unsigned i = 0; i < life->count && settled->id != 0; i++) {
        if (life->given[i].id != settled->id)
            continue;
        enum told told = settled->outcome == OUTCOME_APPLIED ? TOLD_APPLIED : TOLD_NOT_APPLIED;
        assert_true(life->given[i].told == TOLD_UNKNOWN || life->given[i].told == told);
        life->settled += life->given[i].told == TOLD_UNKNOWN;
        life->given[i].told = told;
    }
}

static void give(struct life *life)
{
    static const uint8_t kinds[] = { COMMAND_STOP, COMMAND_CLINICIAN_BOLUS, COMMAND_RESUME, COMMAND_MINIMUM };
    struct command command = { .kind = kinds[chance_next(&life->pump.seed) % sizeof kinds], .volume = { 1 }, .rate = { 1 } };
    struct receipt receipt;
    enum contact contact;
    life->pump.reasons = chance_next(&life->pump.seed) % 4 == 0 ? VERDICT_LOCKOUT : 0;
    enum told told = programmer_command(&life->programmer, &life->air, &command, &receipt, &contact);
    life->unknown += told == TOLD_UNKNOWN;
    /* What was never sent has no outcome, and its id is free. */
    if (told != TOLD_NOT_APPLIED || receipt.outcome != 0)
        life->given[life->count++] = (struct given){ receipt.id, told };
}

static void step(struct life *life)
{
    int64_t what = chance_between(&life->pump.seed, 0, 9);
    if (what == 0) { /* the programmer dies and begins again with what it kept */
        struct patience patience = life->programmer.patience;
        programmer_start(&life->programmer, &life->pump.kept);
        life->programmer.patience = patience;
    } else if (what == 1) { /* the next keep, or the one after it, fails */
        life->pump.keep_fails_from = life->pump.keep_fails_to =
            life->pump.keeps + 1 + (unsigned)chance_between(&life->pump.seed, 0, 1);
    } else if (what <= 4) {
        enum contact contact = programmer_open(&life->programmer, &life->air);
        assert_int_not_equal(contact, CONTACT_VERSION);
        note_settled(life); /* also when the air failed after it was settled */
    } else {
        give(life);
    }
}

static void live(struct life *life, uint64_t seed)
{
    memset(life, 0, sizeof *life);
    fake_start(&life->pump, seed);
    life->air = fake_air(&life->pump);
    life->programmer = fake_paired(&life->pump, &life->air, ROLE_CLINICIAN);
    life->programmer.patience.tries = 3;
    life->pump.plan = plan_chance;
    for (unsigned i = 0; i < STEPS; i++)
        step(life);
    /* In the end the air is good, and whatever was left open is settled. */
    life->pump.plan = plan_pass;
    life->pump.keep_fails_from = life->pump.keep_fails_to = 0;
    assert_int_equal(programmer_open(&life->programmer, &life->air), CONTACT_OK);
    note_settled(life);
    life->pump.reasons = 0;
    give(life);
    for (unsigned i = 0; i < life->count; i++) {
        unsigned done = fake_done(&life->pump, life->given[i].id);
        assert_true(life->given[i].told != TOLD_UNKNOWN);
        assert_int_equal(done, life->given[i].told == TOLD_APPLIED);
    }
    /* And nothing was carried out that was not given. */
    for (unsigned i = 0; i < life->pump.done_count; i++) {
        unsigned known = 0;
        for (unsigned j = 0; j < life->count; j++)
            known += life->given[j].id == life->pump.done[i];
        assert_int_equal(known, 1);
    }
}

static void what_is_told_is_what_became_of_it(void **state)
{
    (void)state;
    static struct life life;
    unsigned given = 0, unknown = 0, settled = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        live(&life, seed);
        given += life.count;
        unknown += life.unknown;
        settled += life.settled;
    }
    print_message("%u lives: %u commands sent, %u unknown at first, %u of them settled\n", LIVES, given, unknown, settled);
    assert_true(given > 1000 && unknown > 100);
    assert_int_equal(settled, unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_is_what_became_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
