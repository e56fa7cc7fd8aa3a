/* complication_test.c - simulated lives against published rates: each kind's frequency, survival, sums, forks; and what each
 * complication does to an implant. */
// SPDX-License-Identifier: Apache-2.0
#include "twin/hardware/complication.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "tests/twin/near.h"
#include "tests/twin/poisson.h"
#include "twin/body/canal.h"
#include "twin/hardware/hardware.h"

enum { LIVES = 20000, YEARS = 5, ALL_KINDS = (1 << COMPLICATIONS_ALL) - 1 }; /* 100,000 patient-years */

static const double YEAR_S = 365.25 * 86400.0;

static uint32_t kinds_of(enum complication_part part)
{
    uint32_t kinds = 0;
    for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
        kinds |= (uint32_t)(complication_row((enum complication)i)->part == part) << i;
    }
    return kinds;
}

static void every_row_tells_where_it_is_from(void **state)
{
    (void)state;
    for (int i = 0; i < COMPLICATIONS_ALL; i++) {
        const struct complication_row *row = complication_row((enum complication)i);
        assert_int_equal(complication_find(row->word), i);
        assert_string_equal(row->unit, row->part == PART_REFILL ? "1/refill" : "1/year");
        assert_true(row->rate > 0.0 && row->rate < 1.0 && row->shape == 1.0 && row->from_d >= 0.0 &&
                    row->until_d >= 0.0);
        bool admits = strstr(row->source, "guess") != NULL || strstr(row->source, "upper bound") != NULL;
        assert_true(row->guess == admits && strlen(row->source) > 20);
    }
    assert_int_equal(complication_find("rust"), -1);
}

/* The arithmetic that sources are quoted for, done again. */
static void the_arithmetic_of_the_sources_holds(void **state)
{
    (void)state;
    const double ascenda_years = 126.0 * 43.0 / 12.0;
    assert_near(complication_row(COMPLICATION_OCCLUSION)->rate, 5.0 / ascenda_years, 1e-6);
    assert_near(complication_row(COMPLICATION_FRACTURE)->rate, 2.0 / ascenda_years, 1e-6);
    assert_near(complication_row(COMPLICATION_DISCONNECTION)->rate, 1.0 / ascenda_years, 1e-6);
    assert_near(complication_row(COMPLICATION_KINK)->rate, 1.0 / ascenda_years, 1e-6);
    assert_near(exp(-78.0 / 12.0 * complication_row(COMPLICATION_STALL)->rate), 1.0 - 0.024, 1e-5);
    assert_near(exp(-(5.9 - 5.0 / 12.0) * complication_row(COMPLICATION_OVER_INFUSION)->rate), 1.0 - 0.0016, 1e-5);
    assert_near(complication_row(COMPLICATION_OVER_INFUSION)->from_d, 5.0 / 12.0 * 365.25, 0.5);
    double infected = 1.0 - exp(-complication_hazard(complication_row(COMPLICATION_INFECTION), 1.0, YEAR_S));
    assert_near(infected / 5.52, 0.007, 1e-5); /* of 100 people in 552 years */
    assert_near(complication_row(COMPLICATION_POCKET_FILL)->rate, 1.0 / 10000.0, 0.0);
}

/* Whatever fails is made new at once; an infection comes after the first implant or not at all. */
static void frequencies_are_the_published_ones(void **state)
{
    (void)state;
    unsigned count[COMPLICATIONS_ALL] = { 0 };
    const unsigned refills = 5 * 5863 / 552; /* of 5 years, by Fluckiger 2008: 53 */
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct complications life;
        enum complication kind;
        assert_true(complications_start(&life, seed, ALL_KINDS, 1.0));
        while (complications_next(&life) <= YEARS * YEAR_S) {
            double at_s = complications_next(&life);
            assert_true(complications_take(&life, at_s, &kind));
            count[kind]++;
            if (kind != COMPLICATION_INFECTION) {
                complications_renew(&life, kind, at_s);
            }
        }
        for (uint32_t i = 0; i < refills; i++) {
            count[COMPLICATION_POCKET_FILL] += complication_at_refill(1.0, seed, i);
        }
    }
    for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
        const struct complication_row *row = complication_row((enum complication)i);
        double mean = row->rate * (YEARS - row->from_d / 365.25) * LIVES;
        mean = i == COMPLICATION_INFECTION     ? 0.007 * 5.52 * LIVES
               : i == COMPLICATION_POCKET_FILL ? 1e-4 * refills * LIVES
                                               : mean;
        assert_true(poisson_allows(row->word, count[i], mean));
    }
}

static unsigned survivors(uint32_t kinds, double years)
{
    unsigned count = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct complications life;
        assert_true(complications_start(&life, seed, kinds, 1.0));
        count += complications_next(&life) > years * YEAR_S;
    }
    return count;
}

/* Konrad 2016, 6093 pumps: catheter over 81 %, pump over 90 % after 5 years. And Ascenda alone, without what is guessed. */
static void catheters_and_pumps_survive_as_published(void **state)
{
    (void)state;
    double catheter = (double)survivors(kinds_of(PART_CATHETER), 5.0) / LIVES;
    double pump = (double)survivors(kinds_of(PART_PUMP), 5.0) / LIVES;
    print_message("after 5 years: catheter %.4f, pump %.4f\n", catheter, pump);
    assert_true(catheter > 0.81 && catheter < 0.90);
    assert_true(pump > 0.90 && pump < 0.99);
    const uint32_t counted = 1u << COMPLICATION_KINK | 1u << COMPLICATION_FRACTURE | 1u << COMPLICATION_DISCONNECTION |
                             1u << COMPLICATION_OCCLUSION;
    assert_true(poisson_allows("ascenda", LIVES - survivors(counted, 43.0 / 12.0), LIVES * (1.0 - exp(-9.0 / 126.0))));
}

/* That none of several has happened is the product of what each says alone: their hazards add up. */
static void competing_hazards_add_up(void **state)
{
    (void)state;
    for (double years = 0.2; years < 20.0; years *= 2.0) {
        double sum = 0.0;
        for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
            sum += complication_hazard(complication_row((enum complication)i), 1.0, years * YEAR_S);
        }
        assert_true(poisson_allows("any of all", LIVES - survivors(ALL_KINDS, years), LIVES * (1.0 - exp(-sum))));
    }
    double first_s = 0.0, rate = 0.0; /* a factor on the rates divides the time to the first by it */
    uint32_t kinds = kinds_of(PART_CATHETER);
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        struct complications life;
        assert_true(complications_start(&life, seed, kinds, 100.0));
        first_s += complications_next(&life) / LIVES;
    }
    for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
        rate += (kinds >> i & 1) != 0 ? complication_row((enum complication)i)->rate : 0.0;
    }
    assert_near(first_s * 100.0 * rate / YEAR_S, 1.0, 3.3 / sqrt(LIVES));
}

static void over_infusion_begins_late_and_is_rare(void **state)
{
    (void)state;
    unsigned late = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        double age_s = complication_drawn(COMPLICATION_OVER_INFUSION, 1.0, seed, 0);
        assert_true(age_s > 5.0 / 12.0 * 365.25 * 86400.0 - 43200.0);
        late += age_s < 5.9 * YEAR_S;
        assert_true(complication_drawn(COMPLICATION_OVER_INFUSION, 1e9, seed, 0) > 151.9 * 86400.0);
        assert_true(complication_effect(COMPLICATION_OVER_INFUSION, seed, 0).amount > 1.145);
    }
    assert_true(poisson_allows("over_infusion", late, 0.0016 * LIVES));
}

static void a_shape_bends_the_hazard(void **state)
{
    (void)state;
    struct complication_row row = { "wear", PART_PUMP, 0.1, "1/year", 100.0, 0.0, 3.0, true, "" };
    double median_s = complication_age(&row, 1.0, log(2.0));
    assert_near(median_s, 100.0 * 86400.0 + 10.0 * pow(log(2.0), 1.0 / 3.0) * YEAR_S, 1.0);
    for (double hazard = 0.001; hazard < 10.0; hazard *= 3.0) {
        assert_near(complication_hazard(&row, 7.0, complication_age(&row, 7.0, hazard)) / hazard, 1.0, 1e-12);
    }
    assert_true(complication_hazard(&row, 1.0, 99.0 * 86400.0) == 0.0);
    row.until_d = 200.0;
    assert_true(isinf(complication_age(&row, 1.0, log(2.0))));
    assert_true(complication_hazard(&row, 1.0, 1e9) == complication_hazard(&row, 1.0, 200.0 * 86400.0));
    assert_true(isinf(complication_age(&row, 0.0, 0.5)));
}

/* Same seed, same life: whatever else can happen, and however the run was copied. */
static void a_copy_lives_the_same_life(void **state)
{
    (void)state;
    struct complications one, other;
    enum complication kind = COMPLICATIONS_ALL, again = COMPLICATIONS_ALL;
    unsigned taken = 0;
    assert_true(complications_start(&one, 7, ALL_KINDS, 50.0));
    assert_true(complications_start(&other, 7, 1u << COMPLICATION_LEAK, 50.0));
    assert_true(one.due_s[COMPLICATION_LEAK] == other.due_s[COMPLICATION_LEAK] &&
                isinf(other.due_s[COMPLICATION_KINK]));
    assert_true(complications_start(&other, 8, ALL_KINDS, 50.0));
    assert_memory_not_equal(one.due_s, other.due_s, sizeof one.due_s);
    assert_false(complications_start(&one, 1, ALL_KINDS, -1.0) || complications_start(&one, 1, ALL_KINDS, NAN));
    assert_int_equal(one.seed, 7);
    for (double at_s = 0.0; at_s < 10.0 * YEAR_S; at_s += 1e6) {
        other = one;
        while (complications_take(&one, at_s, &kind)) {
            taken++;
            assert_true(complications_take(&other, at_s, &again) && kind == again);
            complications_renew(&one, kind, at_s);
            complications_renew(&other, kind, at_s);
        }
        assert_false(complications_take(&other, at_s, &again));
        assert_memory_equal(&one, &other, sizeof one);
    }
    assert_in_range(taken, 10, 60); /* 0.04 a year times 50 times 10 is 20 */
    complications_renew(&other, COMPLICATION_POCKET_FILL, 0.0);
    assert_true(isinf(other.due_s[COMPLICATION_POCKET_FILL])); /* at refills only */
}

/* Sizes fill the ranges that the header gives, and no two kinds go together. */
static void sizes_fill_their_ranges(void **state)
{
    (void)state;
    const struct {
        enum complication kind;
        double least, most;
    } rows[] = {
        { COMPLICATION_KINK, 0.1, 0.9 },
        { COMPLICATION_LEAK, 0.2, 1.0 },
        { COMPLICATION_OVER_INFUSION, 1.145, 1.5 },
        { COMPLICATION_POCKET_FILL, 0.2, 1.0 },
        { COMPLICATION_INFECTION, 38.0, 39.5 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double width = rows[r].most - rows[r].least, sum = 0.0, pair = 0.0, least = 1.0, most = 0.0;
        for (uint64_t seed = 1; seed <= LIVES; seed++) {
            double share = (complication_effect(rows[r].kind, seed, 0).amount - rows[r].least) / width;
            sum += share / LIVES;
            pair += (share - 0.5) * (complication_effect(COMPLICATION_MIGRATION, seed, 0).drawn_back_m - 0.135) / 0.23 /
                    LIVES;
            least = fmin(least, share);
            most = fmax(most, share);
        }
        assert_true(least > 0.0 && least < 0.001 && most > 0.999 && most < 1.0 + 1e-12);
        assert_near(sum, 0.5, 5.0 / sqrt(12.0 * LIVES));
        assert_near(pair, 0.0, 5.0 / 12.0 / sqrt(LIVES));
    }
    double together = 0.0; /* nor does how bad it is depend on when */
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        double late = 1.0 - exp(-complication_row(COMPLICATION_LEAK)->rate *
                                complication_drawn(COMPLICATION_LEAK, 1.0, seed, 0) / YEAR_S);
        together += (late - 0.5) * ((complication_effect(COMPLICATION_LEAK, seed, 0).amount - 0.2) / 0.8 - 0.5) / LIVES;
    }
    assert_near(together, 0.0, 5.0 / 12.0 / sqrt(LIVES));
    bool out = true;
    assert_near(complication_tip(level_middle(LEVEL_T10), 0.05, &out), level_middle(LEVEL_T10) + 0.05, 1e-12);
    assert_false(out);
    (void)complication_tip(level_middle(LEVEL_T10), 0.25, &out);
    assert_true(out);
}

/* What each does to the flow of one implant, by a hundred quanta of it. */
static void each_is_a_fault_of_the_twin(void **state)
{
    (void)state;
    static struct twin twin;
    const struct motor_budget budget = { 0, ~0u, 1000000, ~1000000u, 1000000, ~1000000u };
    for (unsigned i = 0; i < COMPLICATIONS_ALL; i++) {
        const struct twin_setup setup = { .model = "C20", .calibration = 1.0, .catheter_m3 = 0.2e-6, .seed = i };
        const struct fluid saline = { { 0.0 }, { 0 } };
        struct complication_effect effect = complication_effect((enum complication)i, 3, 0);
        assert_true(twin_init(&twin, &setup));
        if (effect.fault != TWIN_FAULTS)
            twin_set_fault(&twin, effect.fault, effect.amount);
        assert_true(twin_fill(&twin, 10e-6, &saline));
        struct board board = twin_board(&twin);
        board.doors->motor_budget(board.hardware, &budget);
        for (uint32_t key = 1; key <= 100; key++) {
            twin_advance(&twin, (instant_ms){ (int64_t)key * 10000 });
            board.doors->motor_key_engine(board.hardware, key);
            board.doors->motor_key_governor(board.hardware, ~key);
            twin_advance(&twin, (instant_ms){ (int64_t)key * 10000 + 5000 });
            (void)board.doors->motor_result(board.hardware);
        }
        double share = twin.totals.delivered / 25e-9;
        bool less = i == COMPLICATION_KINK || i == COMPLICATION_LEAK, more = i == COMPLICATION_OVER_INFUSION;
        bool none = i == COMPLICATION_FRACTURE || i == COMPLICATION_DISCONNECTION || i == COMPLICATION_OCCLUSION ||
                    i == COMPLICATION_STALL;
        assert_near(share,
                    less   ? (i == COMPLICATION_LEAK ? 1.0 - effect.amount : effect.amount)
                    : none ? 0.0
                    : more ? effect.amount
                           : 1.0,
                    1e-3);
        assert_near(twin.totals.displaced / 25e-9, i == COMPLICATION_STALL ? 0.0 : more ? effect.amount : 1.0, 1e-3);
        assert_int_equal(effect.infected, i == COMPLICATION_INFECTION);
        assert_int_equal(effect.drawn_back_m > 0.0, i == COMPLICATION_MIGRATION);
        assert_int_equal(twin.totals.pocket > 0.0, i == COMPLICATION_POCKET_FILL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_tells_where_it_is_from),
        cmocka_unit_test(the_arithmetic_of_the_sources_holds),
        cmocka_unit_test(frequencies_are_the_published_ones),
        cmocka_unit_test(catheters_and_pumps_survive_as_published),
        cmocka_unit_test(competing_hazards_add_up),
        cmocka_unit_test(over_infusion_begins_late_and_is_rare),
        cmocka_unit_test(a_shape_bends_the_hazard),
        cmocka_unit_test(a_copy_lives_the_same_life),
        cmocka_unit_test(sizes_fill_their_ranges),
        cmocka_unit_test(each_is_a_fault_of_the_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
