/* watch_test.c - one kind of window: eras of lowered limits, buckets that leave, damage, and every answer against a
 * plain list of all that was booked. REQ-THER-09. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/core/check.h"

#include <string.h>

#include "pump/watch.h"

enum { BUCKET_MS = HOUR_MS / WINDOW_BUCKETS, DRUGS = 2 };

static void limit(struct watch *watch, int64_t first_fg, int64_t second_fg, int64_t now_ms)
{
    const int64_t limit_fg[WATCH_DRUGS] = { first_fg, second_fg };
    watch_limit(watch, limit_fg, DRUGS, WINDOW_HOUR, (instant_ms){ now_ms });
}

static struct watch watch_with(int64_t first_fg, int64_t second_fg)
{
    struct watch watch;
    memset(&watch, 0, sizeof watch);
    watch_clear(&watch, WINDOW_HOUR, (instant_ms){ 0 });
    limit(&watch, first_fg, second_fg, 0);
    return watch;
}

static bool turn(struct watch *watch, int64_t now_ms)
{
    return watch_turn(watch, DRUGS, WINDOW_HOUR, (instant_ms){ now_ms });
}

static enum watch_answer judge(const struct watch *watch, int64_t first_fg, int64_t second_fg, unsigned *slot)
{
    const int64_t charge_fg[WATCH_DRUGS] = { first_fg, second_fg };
    return watch_judge(watch, charge_fg, DRUGS, slot);
}

static void book(struct watch *watch, int64_t first_fg, int64_t second_fg)
{
    const int64_t charge_fg[WATCH_DRUGS] = { first_fg, second_fg };
    watch_book(watch, charge_fg, DRUGS);
}

static void each_drug_has_its_own_ceiling(void **state)
{
    (void)state;
    struct watch watch = watch_with(100, 0);
    unsigned slot = 9;
    assert_int_equal(judge(&watch, 100, 0, &slot), WATCH_FITS);
    assert_int_equal(judge(&watch, 101, 0, &slot), WATCH_FULL);
    assert_int_equal(slot, 0);
    assert_int_equal(judge(&watch, 100, 1, &slot), WATCH_FULL); /* no limit, no drug */
    assert_int_equal(slot, 1);
    book(&watch, 60, 0);
    assert_int_equal(judge(&watch, 40, 0, &slot), WATCH_FITS);
    assert_int_equal(judge(&watch, 41, 0, &slot), WATCH_FULL);
    watch_open(&watch, 0);
    assert_int_equal(judge(&watch, 1, 0, &slot), WATCH_FULL); /* another drug begins without limit */
}

static void a_lowered_limit_holds_what_comes_after_it(void **state)
{
    (void)state;
    struct watch watch = watch_with(100, 50);
    const int64_t lower[WATCH_DRUGS] = { 100, 49 }, same[WATCH_DRUGS] = { 100, 50 }, higher[WATCH_DRUGS] = { 101, 50 };
    unsigned slot = 9;
    assert_true(watch_lowers(&watch, lower, DRUGS));
    assert_false(watch_lowers(&watch, same, DRUGS));
    assert_false(watch_lowers(&watch, higher, DRUGS));
    book(&watch, 50, 0);
    limit(&watch, 30, 50, 1000);
    assert_int_equal(watch.eras, 2);
    assert_int_equal(watch.ceiling_fg[0], 100);                  /* the straddling window as a whole */
    assert_int_equal(judge(&watch, 30, 0, &slot), WATCH_FITS);   /* 80 in all, 30 since */
    assert_int_equal(judge(&watch, 31, 0, &slot), WATCH_FULL);
    book(&watch, 20, 0);
    assert_int_equal(judge(&watch, 11, 0, &slot), WATCH_FULL);
    limit(&watch, 200, 50, 2000); /* raised: at once and without an era */
    assert_int_equal(watch.eras, 2);
    assert_int_equal(judge(&watch, 130, 0, &slot), WATCH_FITS);
    assert_int_equal(judge(&watch, 131, 0, &slot), WATCH_FULL);
}

static void an_era_ends_when_no_window_reaches_before_it(void **state)
{
    (void)state;
    struct watch watch = watch_with(100, 50);
    limit(&watch, 30, 50, 5 * (int64_t)BUCKET_MS); /* in bucket 5, which counts for both eras */
    assert_true(turn(&watch, (5 + WINDOW_BUCKETS) * (int64_t)BUCKET_MS));
    assert_int_equal(watch.eras, 2);
    assert_int_equal(watch.ceiling_fg[0], 100);
    assert_true(turn(&watch, (5 + WINDOW_BUCKETS + 1) * (int64_t)BUCKET_MS));
    assert_int_equal(watch.eras, 1);
    assert_int_equal(watch.ceiling_fg[0], 30);
    assert_int_equal(watch.ceiling_inv[0], ~(int64_t)30);
}

static void a_turn_drops_only_what_left(void **state)
{
    (void)state;
    struct watch whole = watch_with(LIMIT_FG_MAX, LIMIT_FG_MAX);
    for (int64_t bucket = 0; bucket < WINDOW_RING; bucket++) { /* bucket n holds n + 1 and 100 (n + 1) */
        assert_true(turn(&whole, bucket * BUCKET_MS));
        book(&whole, bucket + 1, 100 * (bucket + 1));
    }
    for (int64_t later = 0; later <= WINDOW_RING + 3; later++) {
        struct watch watch = whole;
        int64_t left = 0;
        for (int64_t bucket = later; bucket < WINDOW_RING; bucket++)
            left += bucket + 1;
        assert_true(turn(&watch, (WINDOW_BUCKETS + later) * BUCKET_MS));
        assert_int_equal(watch.window[0].sum_fg, left);
        assert_int_equal(watch.window[1].sum_fg, 100 * left);
        assert_true(watch_sound(&watch, DRUGS, WINDOW_HOUR));
    }
    assert_true(turn(&whole, 1000000 * (int64_t)BUCKET_MS)); /* asleep for four years */
    assert_int_equal(whole.window[0].sum_fg, 0);
}

static void forgetting_keeps_limits_and_eras(void **state)
{
    (void)state;
    struct watch watch = watch_with(100, 50);
    unsigned slot;
    book(&watch, 90, 50);
    limit(&watch, 30, 50, 1000);
    watch_forget(&watch, WINDOW_HOUR, (instant_ms){ 7 * (int64_t)BUCKET_MS });
    assert_true(watch_sound(&watch, DRUGS, WINDOW_HOUR));
    assert_int_equal(watch.newest, 7);
    assert_int_equal(watch.eras, 2);
    assert_int_equal(judge(&watch, 30, 50, &slot), WATCH_FITS);
    assert_int_equal(judge(&watch, 31, 50, &slot), WATCH_FULL);
}

/* A watch in the middle of its life: something in every bucket and two eras. */
static struct watch lived(void)
{
    struct watch watch = watch_with(LIMIT_FG_MAX, LIMIT_FG_MAX);
    for (int64_t bucket = 0; bucket < 40; bucket++) {
        assert_true(turn(&watch, bucket * BUCKET_MS));
        book(&watch, 5 + bucket, 7000);
    }
    limit(&watch, LIMIT_FG_MAX / 2, LIMIT_FG_MAX, 39 * (int64_t)BUCKET_MS + 5);
    return watch;
}

static void flips(size_t from, size_t size)
{
    const struct watch whole = lived();
    assert_true(watch_sound(&whole, DRUGS, WINDOW_HOUR));
    for (size_t bit = 8 * from; bit < 8 * (from + size); bit++) {
        struct watch watch = whole;
        ((uint8_t *)&watch)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(watch_sound(&watch, DRUGS, WINDOW_HOUR));
    }
}

#define FLIP(member) flips(offsetof(struct watch, member), sizeof((struct watch *)0)->member)

/* What the eras say is under the governor's seal; all else that the drugs in use lean on must show here. */
static void every_flipped_bit_shows(void **state)
{
    (void)state;
    FLIP(newest);
    FLIP(turn_ms);
    FLIP(at);
    FLIP(check);
    FLIP(window[0]);
    FLIP(window[1]);
    FLIP(ceiling_fg[0]);
    FLIP(ceiling_fg[1]);
    FLIP(ceiling_inv[0]);
    FLIP(ceiling_inv[1]);
}

static void a_turn_trusts_neither_place_nor_bucket(void **state)
{
    (void)state;
    const struct watch whole = lived();
    int64_t next_ms = 40 * (int64_t)BUCKET_MS;
    unsigned leaves = 40 % WINDOW_RING;
    for (unsigned bit = 0; bit < 64; bit++) {
        struct watch watch = whole;
        watch.newest ^= (int64_t)((uint64_t)1 << bit);
        assert_false(turn(&watch, next_ms));
        watch = whole;
        watch.turn_ms ^= (int64_t)((uint64_t)1 << bit);
        assert_false(turn(&watch, next_ms));
        watch = whole;
        watch.window[1].bucket_fg[leaves] ^= (int64_t)((uint64_t)1 << bit);
        assert_false(turn(&watch, next_ms));
        watch = whole;
        watch.check[leaves] ^= (uint64_t)1 << bit;
        assert_false(turn(&watch, next_ms));
        watch = whole;
        watch.window[0].sum_inv ^= (int64_t)((uint64_t)1 << bit);
        assert_false(turn(&watch, next_ms));
        watch = whole;
        watch.ceiling_fg[0] ^= (int64_t)((uint64_t)1 << bit);
        unsigned slot;
        assert_int_equal(judge(&watch, 1, 1, &slot), WATCH_DAMAGED);
    }
    for (unsigned bit = 0; bit < 32; bit++) {
        struct watch watch = whole;
        watch.at ^= (uint32_t)1 << bit;
        assert_false(turn(&watch, next_ms));
    }
}

/* The reference: a list of all that was booked and of every era there ever was. */
enum { BOOKED_MAX = 4000, ERAS_MAX = 400 };
static struct { int64_t ms, fg[DRUGS]; } booked[BOOKED_MAX];
static struct { int64_t ms; unsigned first; int64_t limit_fg[DRUGS]; } eras[ERAS_MAX];
static unsigned books, era_count;

/* The oldest era that a window ending now still reaches into. */
static unsigned oldest(int64_t now_ms)
{
    unsigned era = 0;
    while (era + 1 < era_count && now_ms / BUCKET_MS - WINDOW_BUCKETS > eras[era + 1].ms / BUCKET_MS)
        era++;
    return era;
}

static bool list_fits(int64_t now_ms, const int64_t charge_fg[DRUGS])
{
    for (unsigned drug = 0; drug < DRUGS; drug++) {
        for (unsigned era = oldest(now_ms); era < era_count; era++) {
            int64_t most = 0, sum = charge_fg[drug];
            for (unsigned later = era; later < era_count; later++)
                most = eras[later].limit_fg[drug] > most ? eras[later].limit_fg[drug] : most;
            for (unsigned i = era == oldest(now_ms) ? 0 : eras[era].first; i < books; i++) {
                if (booked[i].ms / BUCKET_MS >= now_ms / BUCKET_MS - WINDOW_BUCKETS)
                    sum += booked[i].fg[drug];
            }
            if (sum > most)
                return false;
        }
    }
    return true;
}

static uint64_t below(uint64_t *seed, uint64_t bound)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 33) % bound;
}

static void it_answers_as_the_whole_list_would(void **state)
{
    (void)state;
    unsigned fit = 0, full = 0, most_eras = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t random = seed;
        struct watch watch = watch_with(1000, 500);
        int64_t now_ms = 0;
        books = 0;
        era_count = 1;
        eras[0].ms = 0;
        eras[0].first = 0;
        eras[0].limit_fg[0] = 1000;
        eras[0].limit_fg[1] = 500;
        for (unsigned step = 0; step < 1500; step++) {
            now_ms += (int64_t)below(&random, below(&random, 40) == 0 ? 2 * HOUR_MS : BUCKET_MS);
            assert_true(turn(&watch, now_ms));
            if (below(&random, 30) == 0) {
                int64_t limit_fg[WATCH_DRUGS] = { (int64_t)below(&random, 1500), (int64_t)below(&random, 700) };
                const int64_t *last_fg = eras[era_count - 1].limit_fg;
                bool lowers = limit_fg[0] < last_fg[0] || limit_fg[1] < last_fg[1];
                assert_int_equal(watch_lowers(&watch, limit_fg, DRUGS), lowers);
                if (!lowers || era_count - oldest(now_ms) < WATCH_ERAS) {
                    limit(&watch, limit_fg[0], limit_fg[1], now_ms);
                    if (lowers) {
                        eras[era_count].ms = now_ms;
                        eras[era_count].first = books;
                        era_count++;
                    }
                    memcpy(eras[era_count - 1].limit_fg, limit_fg, sizeof eras[0].limit_fg);
                }
            }
            assert_int_equal(watch.eras, era_count - oldest(now_ms));
            most_eras = watch.eras > most_eras ? watch.eras : most_eras;
            int64_t charge_fg[WATCH_DRUGS] = { (int64_t)below(&random, 150), (int64_t)below(&random, 60) };
            unsigned slot;
            bool fits = list_fits(now_ms, charge_fg);
            assert_int_equal(watch_judge(&watch, charge_fg, DRUGS, &slot), fits ? WATCH_FITS : WATCH_FULL);
            if (fits) {
                book(&watch, charge_fg[0], charge_fg[1]);
                booked[books].ms = now_ms;
                memcpy(booked[books].fg, charge_fg, sizeof booked[0].fg);
                books++;
            }
            fit += fits;
            full += !fits;
        }
        assert_true(watch_sound(&watch, DRUGS, WINDOW_HOUR));
    }
    assert_true(fit > 1000 && full > 1000); /* both answers were asked for, */
    assert_int_equal(most_eras, WATCH_ERAS); /* and all the eras there can be */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_drug_has_its_own_ceiling),
        cmocka_unit_test(a_lowered_limit_holds_what_comes_after_it),
        cmocka_unit_test(an_era_ends_when_no_window_reaches_before_it),
        cmocka_unit_test(a_turn_drops_only_what_left),
        cmocka_unit_test(forgetting_keeps_limits_and_eras),
        cmocka_unit_test(every_flipped_bit_shows),
        cmocka_unit_test(a_turn_trusts_neither_place_nor_bucket),
        cmocka_unit_test(it_answers_as_the_whole_list_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
