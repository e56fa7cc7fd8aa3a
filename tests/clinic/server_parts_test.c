/* The parts of the server that count time, with a time of their own: limits, claims, moments, and what a path matches. */
// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "clinic/server/claim.h"
#include "clinic/server/limiter.h"
#include "clinic/server/login.h"
#include "clinic/server/looks.h"
#include "clinic/server/moment.h"
#include "clinic/server/route.h"
#include "clinic/server/schemaanswer.h"
#include "tests/core/check.h"

static void test_a_bucket_empties_and_fills(void **state)
{
    (void)state;
    static struct limiter limiter;
    int64_t now = 1000000;
    assert_true(limiter_start(&limiter));
    for (int i = 0; i < 5; i++)
        assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now), 0);
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now), 30000);
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ad", 2, now), 0);  /* another account */
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ADDRESS, "ada", 3, now), 0); /* another limit */
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now + 29999), 1);
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now + 30000), 0);
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now + 30000), 30000);
    now += INT64_C(1000) * 86400 * 365; /* never more than it holds */
    for (int i = 0; i < 5; i++)
        assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now), 0);
    assert_true(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, now) > 0);
}

/* More names than there are buckets push out the oldest, and nothing else. */
static void test_many_names(void **state)
{
    (void)state;
    static struct limiter limiter;
    assert_true(limiter_start(&limiter));
    for (int i = 0; i < 6; i++)
        (void)limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, 1);
    for (int i = 0; i < LIMIT_BUCKETS - 1; i++)
        assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, &i, sizeof i, 2), 0);
    assert_true(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, 3) > 0);
    int more = LIMIT_BUCKETS;
    assert_int_equal(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, &more, sizeof more, 4), 0);
    assert_true(limiter_take(&limiter, LIMIT_SIGN_IN_ACCOUNT, "ada", 3, 5) > 0); /* used lately: remembered */
}

static void test_claims_end_by_themselves(void **state)
{
    (void)state;
    static struct claims claims;
    char mine[CLAIM_TOKEN_TEXT], other[CLAIM_TOKEN_TEXT];
    assert_int_equal(claims_take(&claims, "SIM-1", 1, "ada", NULL, 0, mine), CLAIM_OK);
    assert_int_equal(claims_take(&claims, "SIM-1", 2, "nina", NULL, CLAIM_MS - 1, other), CLAIM_HELD);
    assert_int_equal(claims_take(&claims, "SIM-1", 2, "nina", mine, 1, other), CLAIM_HELD); /* another's token */
    assert_int_equal(claims_take(&claims, "SIM-1", 1, "ada", NULL, 1, other), CLAIM_HELD);  /* another window */
    assert_int_equal(claims_take(&claims, "SIM-1", 1, "ada", mine, CLAIM_MS - 1, other), CLAIM_OK);
    assert_string_equal(mine, other);
    assert_true(claims_held(&claims, "SIM-1", 1, mine, 2 * CLAIM_MS - 2));
    assert_false(claims_held(&claims, "SIM-1", 1, mine, 2 * CLAIM_MS - 1));
    assert_false(claims_held(&claims, "SIM-2", 1, mine, 1));
    assert_int_equal(claims_take(&claims, "SIM-1", 1, "ada", mine, 2 * CLAIM_MS - 1, other), CLAIM_LOST);
    assert_int_equal(claims_take(&claims, "SIM-1", 2, "nina", NULL, 2 * CLAIM_MS - 1, other), CLAIM_OK);
    assert_string_equal(claims_find(&claims, "SIM-1", 2 * CLAIM_MS)->at.owner, "nina");
    assert_int_equal(claims_release(&claims, "SIM-1", 1, mine, 2 * CLAIM_MS), CLAIM_LOST);
    claims_forget(&claims, 2);
    assert_null(claims_find(&claims, "SIM-1", 2 * CLAIM_MS));
}

/* Seized, a claim is for an emergency; whoever lost it has it again afterwards, and nobody else in between. */
static void test_a_seized_claim_goes_back(void **state)
{
    (void)state;
    static struct claims claims;
    char nina[CLAIM_TOKEN_TEXT], phil[CLAIM_TOKEN_TEXT], ada[CLAIM_TOKEN_TEXT], other[CLAIM_TOKEN_TEXT];
    char from[CLAIM_OWNER_BYTES];
    assert_int_equal(claims_seize(&claims, "SIM-1", 2, "phil", 0, phil, from), CLAIM_OK);
    assert_string_equal(from, "");
    assert_true(claims_find(&claims, "SIM-1", 0)->emergency);
    assert_int_equal(claims_release(&claims, "SIM-1", 2, phil, 0), CLAIM_OK);
    assert_null(claims_find(&claims, "SIM-1", 0));
    assert_int_equal(claims_take(&claims, "SIM-1", 1, "nina", NULL, 0, nina), CLAIM_OK);
    assert_false(claims_find(&claims, "SIM-1", 0)->emergency);
    assert_int_equal(claims_seize(&claims, "SIM-1", 2, "phil", 1, phil, from), CLAIM_OK);
    assert_string_equal(from, "nina");
    assert_false(claims_held(&claims, "SIM-1", 1, nina, 1));
    assert_int_equal(claims_take(&claims, "SIM-1", 2, "phil", phil, 2, other), CLAIM_OK);
    assert_true(claims_find(&claims, "SIM-1", 2)->emergency); /* renewed, it is what it was */
    assert_int_equal(claims_seize(&claims, "SIM-1", 3, "ada", 3, ada, from), CLAIM_OK);
    assert_string_equal(from, "phil");
    assert_int_equal(claims_release(&claims, "SIM-1", 3, ada, 4), CLAIM_OK);
    assert_true(claims_held(&claims, "SIM-1", 1, nina, 4));
    assert_false(claims_find(&claims, "SIM-1", 4)->emergency);
    assert_int_equal(claims_take(&claims, "SIM-1", 3, "ada", NULL, CLAIM_MS - 1, other), CLAIM_HELD);
    assert_int_equal(claims_take(&claims, "SIM-1", 3, "ada", NULL, CLAIM_MS, ada), CLAIM_OK); /* nina's time is over */
    assert_int_equal(claims_seize(&claims, "SIM-1", 2, "phil", CLAIM_MS, phil, from), CLAIM_OK);
    claims_forget(&claims, 2);
    assert_true(claims_held(&claims, "SIM-1", 3, ada, CLAIM_MS));
    assert_int_equal(claims_seize(&claims, "SIM-1", 2, "phil", CLAIM_MS, phil, from), CLAIM_OK);
    claims_forget(&claims, 3);
    claims_forget(&claims, 2);
    assert_null(claims_find(&claims, "SIM-1", CLAIM_MS));
}

static void test_claims_fill(void **state)
{
    (void)state;
    static struct claims claims;
    char serial[SERIAL_BYTES], token[CLAIM_TOKEN_TEXT];
    for (int i = 0; i < CLAIMS_MAX; i++) {
        snprintf(serial, sizeof serial, "SIM-%d", i);
        assert_int_equal(claims_take(&claims, serial, 1, "ada", NULL, 0, token), CLAIM_OK);
    }
    assert_int_equal(claims_take(&claims, "SIM-x", 1, "ada", NULL, 0, token), CLAIM_FULL);
    assert_int_equal(claims_take(&claims, "SIM-x", 1, "ada", NULL, CLAIM_MS, token),
                     CLAIM_OK); /* the others have ended */
}

static void test_moments(void **state)
{
    (void)state;
    static const char *const BAD[] = { "",
                                       "2026-03-01",
                                       "2026-03-01T12:00:00",
                                       "2026-03-01 12:00:00Z",
                                       "2026-02-29T12:00:00Z",
                                       "2026-03-01T24:00:00Z",
                                       "2026-03-01T12:60:00Z",
                                       "2026-03-01T12:00:60Z",
                                       "2026-03-01T12:00:00+01:00",
                                       "2026-03-01T12:00:00.1Z",
                                       "1969-12-31T23:59:59Z",
                                       "2026-3-01T12:00:00Z",
                                       "+026-03-01T12:00:00Z" };
    char text[MOMENT_TEXT_BYTES];
    int64_t ms = 7;
    for (unsigned i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(moment_read(BAD[i], &ms));
    assert_int_equal(ms, 7);
    /* From `date -u -d 2026-03-01T12:00:00Z +%s`. */
    assert_true(moment_read("2026-03-01T12:00:00Z", &ms));
    assert_int_equal(ms, INT64_C(1772366400000));
    assert_true(moment_read("2026-03-01T12:00:00.025Z", &ms));
    assert_int_equal(ms, INT64_C(1772366400025));
    moment_write(text, ms);
    assert_string_equal(text, "2026-03-01T12:00:00.025Z");
    moment_write(text, 951782399000); /* date -u -d @951782399 */
    assert_string_equal(text, "2000-02-28T23:59:59Z");
    assert_true(moment_date_good("2000-02-29"));
    assert_false(moment_date_good("1900-02-29"));
    assert_false(moment_date_good("2000-04-31"));
    assert_false(moment_date_good("2000-00-10"));
}

static unsigned gone;
static void count_gone(void *context, uint64_t number)
{
    (void)context;
    (void)number;
    gone++;
}

/* A session whose records are signed in to as somebody; the records are an empty database in memory. */
static struct login *begun(struct logins *logins, int64_t user, int64_t now_ms, char token[SESSION_TOKEN_TEXT])
{
    struct login *login = login_new();
    const struct user somebody = { .id = user, .role = WORD_ROLE_NURSE };
    assert_int_equal(database_open(&login->records.database, ":memory:", true), DATABASE_OK);
    assert_true(logins_begin(logins, login, &somebody, now_ms, token));
    return login;
}

static void test_sessions_end(void **state)
{
    (void)state;
    struct logins logins = { .idle_ms = 100, .absolute_ms = 1000, .gone = count_gone };
    char token[SESSION_TOKEN_TEXT], second[SESSION_TOKEN_TEXT];
    assert_true(vault_ready());
    struct login *login = begun(&logins, 1, 0, token);
    assert_ptr_equal(logins_find(&logins, token, true, 99), login);
    login_release(login);
    assert_ptr_equal(logins_find(&logins, token, false, 198), login); /* looked at, not used */
    login_release(login);
    assert_null(logins_find(&logins, token, true, 199));
    (void)begun(&logins, 1, 0, second);
    assert_null(logins_find(&logins, token + 1, true, 50));
    for (int64_t now = 0; now < 1000; now += 50) {
        login = logins_find(&logins, second, true, now);
        assert_non_null(login);
        login_release(login);
    }
    assert_null(logins_find(&logins, second, true, 1000)); /* in any case */
    gone = 0;
    logins_sweep(&logins, 1000, 0);
    assert_int_equal(gone, 2);
    logins_close(&logins);
}

/* One that is held goes on until it is let go; ASan would tell. */
static void test_held_sessions_outlive_their_end(void **state)
{
    (void)state;
    struct logins logins = { .idle_ms = 100, .absolute_ms = 1000, .gone = count_gone };
    char token[SESSION_TOKEN_TEXT];
    (void)begun(&logins, 1, 0, token);
    struct login *held = logins_find(&logins, token, true, 1);
    (void)begun(&logins, 2, 0, token);
    logins_sweep(&logins, 1, 1); /* all of user 1 */
    assert_true(held->ended);
    assert_int_equal(held->user.id, 1);
    login_release(held);
    struct login *other = logins_find(&logins, token, true, 1);
    assert_int_equal(other->user.id, 2);
    login_release(other);
    logins_close(&logins);
}

static void test_one_account_has_so_many(void **state)
{
    (void)state;
    struct logins logins = { .idle_ms = 100, .absolute_ms = 1000, .gone = count_gone };
    char first[SESSION_TOKEN_TEXT], token[SESSION_TOKEN_TEXT];
    (void)begun(&logins, 1, 0, first);
    for (int i = 1; i < SESSIONS_OF_ONE; i++)
        (void)begun(&logins, 1, 0, token);
    struct login *login = logins_find(&logins, first, true, 1);
    assert_non_null(login);
    login_release(login);
    (void)begun(&logins, 1, 0, token);
    assert_null(logins_find(&logins, first, true, 1));
    (void)begun(&logins, 2, 0, token); /* another account has its own */
    logins_close(&logins);
}

/* A look is remembered for so long; whoever shares its place is noted once more, and nobody too seldom. */
static void test_looks_are_remembered_for_a_while(void **state)
{
    (void)state;
    static struct looks looks;
    assert_false(looks_noted(&looks, 1, 0));
    looks_keep(&looks, 1, 1000);
    looks_keep(&looks, 2, 1000);
    assert_true(looks_noted(&looks, 1, 1000 + LOOK_AGAIN_MS - 1));
    assert_false(looks_noted(&looks, 1, 1000 + LOOK_AGAIN_MS));
    assert_false(looks_noted(&looks, 3, 1001));
    assert_false(looks_noted(&looks, 1 + LOOKS_MAX, 1001));
    looks_keep(&looks, 1 + LOOKS_MAX, 1001);
    assert_true(looks_noted(&looks, 1 + LOOKS_MAX, 1002));
    assert_false(looks_noted(&looks, 1, 1002));
    assert_true(looks_noted(&looks, 2, 1002));
}

/* Bodies and answers stand in one list of the OpenAPI document; each route says what it answers, and each reply has a route. */
static void test_every_route_has_a_reply(void **state)
{
    (void)state;
    const struct route *route = NULL;
    unsigned replies = 0, routed = 0;
    for (unsigned i = 0; (route = route_at(i)) != NULL; i++) {
        if (reply_at(route->name, 0) == NULL)
            fail_msg("%s %s has no row REPLY in clinic/server/answer.def", method_word(route->method), route->path);
        for (unsigned j = 0; reply_at(route->name, j) != NULL; j++)
            routed++;
    }
#define REPLY(...) replies++;
#include "clinic/server/answer.def"
#undef REPLY
    assert_int_equal(routed, replies);
    for (unsigned i = ANSWER_NOTHING + 1; i < ANSWERS; i++) {
        for (unsigned j = SCHEMA_NONE + 1; j < SCHEMAS; j++)
            assert_string_not_equal(answer_word((enum answer_form)i), schema_word((enum schema)j));
        for (unsigned j = ANSWER_NOTHING + 1; j < i; j++)
            assert_string_not_equal(answer_word((enum answer_form)i), answer_word((enum answer_form)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bucket_empties_and_fills),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_claims_end_by_themselves),
        cmocka_unit_test(test_a_seized_claim_goes_back),
        cmocka_unit_test(test_claims_fill),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_looks_are_remembered_for_a_while),
        cmocka_unit_test(test_every_route_has_a_reply),
        cmocka_unit_test(test_sessions_end),
        cmocka_unit_test(test_held_sessions_outlive_their_end),
        cmocka_unit_test(test_one_account_has_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
