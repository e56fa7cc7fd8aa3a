/* gate_test.c - the governor against a list of every charge ever made, and the motor driver against an engine run
 * amok. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <stdio.h>
#include <string.h>

#include "pump/governor.h"
#include "tests/model/maker.h"
#include "tests/model/stand.h"

enum { CHARGES_MAX = 6000, REGIMES_MAX = 40, DRUGS = 3 };

/* All that was charged and all limits that were ever in force. */
struct book {
    unsigned charges, regimes;
    int64_t at_ms[CHARGES_MAX], fg[CHARGES_MAX][DRUGS];
    int64_t since_ms[REGIMES_MAX], limit_fg[REGIMES_MAX][WINDOW_KINDS][DRUGS];
};

static const int64_t SPAN_MS[WINDOW_KINDS] = { 3600000, 86400000 }, BUCKET_MS[WINDOW_KINDS] = { 112500, 2700000 };

static int64_t book_sum(const struct book *book, unsigned drug, int64_t after_ms)
{
    int64_t sum = 0;
    for (unsigned i = book->charges; i-- > 0 && book->at_ms[i] > after_ms;)
        sum += book->fg[i][drug];
    return sum;
}

static int64_t book_limit(const struct book *book, unsigned kind, unsigned drug, int64_t after_ms)
{
    int64_t largest = 0;
    for (unsigned i = book->regimes; i-- > 0;) {
        if (book->limit_fg[i][kind][drug] > largest)
            largest = book->limit_fg[i][kind][drug];
        if (book->since_ms[i] <= after_ms)
            break;
    }
    return largest;
}

static struct limits random_limits(uint64_t *seed, struct book *book, int64_t now_ms)
{
    struct limits limits = { .count = DRUGS };
    book->since_ms[book->regimes] = now_ms;
    for (unsigned drug = 0; drug < DRUGS; drug++) {
        limits.drug[drug].drug = (uint16_t)(drug + 1);
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            int64_t fg = maker_scale(seed, 2000, 2000000) * (kind == WINDOW_DAY ? 8 : 1);
            limits.drug[drug].window[kind].fg = fg;
            book->limit_fg[book->regimes][kind][drug] = fg;
        }
    }
    return limits;
}

/* What the list says of one more charge: beyond a limit for certain, or within all of them with a bucket to spare. */
static void judge(const struct book *book, const int64_t charge[DRUGS], int64_t now_ms, bool *beyond, bool *within)
{
    *beyond = false;
    *within = true;
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        for (unsigned drug = 0; drug < DRUGS; drug++) {
            int64_t edge_ms = now_ms - SPAN_MS[kind];
            *beyond |= book_sum(book, drug, edge_ms) + charge[drug] > book_limit(book, kind, drug, edge_ms);
            *within &= book_sum(book, drug, edge_ms - BUCKET_MS[kind]) + charge[drug] <=
                       book->limit_fg[book->regimes - 1][kind][drug];
        }
    }
}

static void against_a_list(uint64_t seed, int64_t *passed, int64_t *withheld)
{
    static struct book book;
    struct governor governor;
    int64_t charge[DRUGS] = { 0 };
    instant_ms now = { chance_between(&seed, 0, 100 * (int64_t)DAY_MS) };
    int64_t pause_most = maker_scale(&seed, 100, HOUR_MS);
    memset(&book, 0, sizeof book);
    governor_clear(&governor, now);
    for (unsigned drug = 0; drug < DRUGS; drug++)
        assert_int_equal(governor_slot(&governor, (uint16_t)(drug + 1)), drug);
    while (book.charges < 1500 && now.ms < 140 * (int64_t)DAY_MS) {
        if (book.regimes == 0 || (book.regimes < REGIMES_MAX && chance_between(&seed, 0, 149) == 0)) {
            struct limits limits = random_limits(&seed, &book, now.ms);
            assert_true(governor_turn(&governor, now));
            if (governor_can_limit(&governor, &limits)) {
                governor_limit(&governor, &limits, now);
                book.regimes++;
            }
        }
        for (unsigned drug = 0; drug < DRUGS && chance_between(&seed, 0, 99) == 0; drug++) {
            charge[drug] = chance_between(&seed, 0, 9) == 0 ? 0 : maker_scale(&seed, 1, 20000);
            governor_charge(&governor, drug, (mass_fg){ charge[drug] });
        }
        bool beyond, within;
        judge(&book, charge, now.ms, &beyond, &within);
        struct governor_ruling ruling = governor_pass(&governor, now);
        if (ruling.answer == GOVERNOR_PASS) {
            assert_false(beyond);
            memcpy(book.fg[book.charges], charge, sizeof charge);
            book.at_ms[book.charges++] = now.ms;
            ++*passed;
        } else {
            assert_int_equal(ruling.answer, GOVERNOR_WITHHOLD);
            assert_false(within);
            assert_true(ruling.retry_ms > now.ms);
            ++*withheld;
        }
        bool jump = chance_between(&seed, 0, 199) == 0;
        now.ms += jump ? chance_between(&seed, 0, 2 * (int64_t)DAY_MS) : chance_between(&seed, 0, pause_most);
    }
}

static void the_governor_agrees_with_a_list_of_all_charges(void **state)
{
    (void)state;
    int64_t passed = 0, withheld = 0;
    for (uint64_t seed = 1; seed <= 150; seed++)
        against_a_list(seed, &passed, &withheld);
    printf("governor against a list: %lld passed, %lld withheld\n", (long long)passed, (long long)withheld);
    assert_true(passed > 10000 && withheld > 10000);
}

/* A running pump with limits just wide enough, whose driver and governor have been told. */
static struct therapy running(struct stand *stand, uint64_t seed, const struct model *model)
{
    struct mixture mixture = { .count = 1, .component = { { DRUG_MORPHINE, { 10000000 } } } };
    stand_start(stand, model, 0, 300, seed);
    struct therapy therapy = { .name = "amok", .mixture = mixture, .restart_limit_hours = 48, .dead_volume = stand->dead,
                               .model = model->code, .revision = model->revision, .under_delivery = PRIORITY_HIGH,
                               .mri_rule = MRI_KEEP_PROGRAM };
    memcpy(therapy.serial, stand->unit.serial, SERIAL_BYTES);
    therapy.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { 4800000 } };
    maker_limit(&therapy, model, 0, 0);
    assert_int_equal(stand_refill(stand, &mixture, (vol_nl){ 19000000 }, &therapy).reasons, 0);
    /* The dead volume held none of the drug: let the drug reach the tip and the driver's wider budget for saline lapse. */
    stand_run(stand, 2 * (int64_t)DAY_MS);
    assert_int_equal(stand->pump.now.mode, MODE_RUNNING);
    return therapy;
}

static void an_engine_run_amok_cannot_pass_the_governor(void **state)
{
    (void)state;
    static struct stand stand;
    struct therapy therapy = running(&stand, 7, model_named("C20"));
    struct board board = stand_board(&stand);
    struct governor *governor = &((struct kept *)(void *)board.retained)->governor;
    int64_t quantum_fg = mass_of_quantum(stand.pump.quantum, therapy.mixture.component[0].conc).fg;
    int64_t passed[2] = { 0, 0 };
    for (int64_t ms = 0; ms < 25 * (int64_t)HOUR_MS; ms += 500)
        if (governor_pass(governor, (instant_ms){ stand.now.ms + ms }).answer == GOVERNOR_PASS)
            for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
                passed[kind] += ms < SPAN_MS[kind];
    for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
        assert_true(passed[kind] > 0);
        assert_true(passed[kind] * quantum_fg <= therapy.limits.drug[0].window[kind].fg);
    }
}

/* The doors themselves, with right keys, as fast as they open. */
static void a_core_run_amok_cannot_pass_the_driver(void **state)
{
    (void)state;
    static struct stand stand;
    const char *models[] = { "C20", "V20" };
    for (unsigned m = 0; m < 2; m++) {
        struct therapy therapy = running(&stand, 8, model_named(models[m]));
        struct board board = stand_board(&stand);
        int64_t quantum_fg = mass_of_quantum(stand.pump.quantum, therapy.mixture.component[0].conc).fg;
        int64_t start_ms = stand.now.ms + DAY_MS + BUCKET_MS[WINDOW_DAY]; /* what ran before has left the window */
        twin_advance(&stand.twin, (instant_ms){ start_ms });
        double quantum_m3 = (double)stand.unit.model.quantum.nl / 1e12, before_m3 = stand.twin.totals.displaced;
        int64_t fired[2] = { 0, 0 };
        uint32_t key = 1;
        for (int64_t ms = 0; ms < 25 * (int64_t)HOUR_MS; ms += 50) {
            instant_ms now = { start_ms + ms };
            twin_advance(&stand.twin, now);
            for (unsigned kind = 0; kind < WINDOW_KINDS; kind++)
                if (ms < SPAN_MS[kind])
                    fired[kind] = (int64_t)((stand.twin.totals.displaced - before_m3) / quantum_m3 + 0.5);
            (void)board.doors->motor_result(board.hardware);
            key = key * 2654435761u + 1;
            board.doors->motor_key_engine(board.hardware, key);
            board.doors->motor_key_governor(board.hardware, ~key);
        }
        for (unsigned kind = 0; kind < WINDOW_KINDS; kind++) {
            assert_true(fired[kind] > 0);
            assert_true(fired[kind] * quantum_fg <= therapy.limits.drug[0].window[kind].fg);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_governor_agrees_with_a_list_of_all_charges),
        cmocka_unit_test(an_engine_run_amok_cannot_pass_the_governor),
        cmocka_unit_test(a_core_run_amok_cannot_pass_the_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
