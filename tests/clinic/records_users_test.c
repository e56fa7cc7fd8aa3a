/* records_users_test.c - people, roles and keys: who may sign in, with what, and what they may then do; a wrong password
 * changes nothing; what was changed from outside is noticed at the sign-in. */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "clinic/records/audit.h"
#include "tests/clinic/records_stand.h"

static enum records_fault sign_in(const char *name, const char *password)
{
    struct records records;
    assert_done(&records, records_open(&records, stand_url(), false));
    enum records_fault fault = users_sign_in(&records, name, password, strlen(password));
    assert_true((fault == RECORDS_OK) == records.signed_in);
    assert_true((fault == RECORDS_OK) == records.vault.audits);
    assert_true(fault == RECORDS_OK || strlen(records.error) > 0);
    records_close(&records);
    assert_false(records.vault.audits);
    return fault;
}

static void begun(struct records *records)
{
    stand_fresh(records);
    records_close(records);
}

static void records_are_founded_once(void **state)
{
    (void)state;
    struct records records;
    stand_wipe();
    assert_int_equal(records_open(&records, stand_url(), false), RECORDS_MISSING);
    stand_fresh(&records);
    assert_int_equal(records_found(&records, STAND_AT), RECORDS_EXISTS);
    records_close(&records);
    stand_sign_in(&records, "ada"); /* and nothing has happened to them */
    records_close(&records);
    stand_finds(0, "");
}

/* A founding that was not committed leaves a database in which records can be founded. */
static void an_unfinished_founding_leaves_nothing(void **state)
{
    (void)state;
    struct records records;
    bool founded = true;
    stand_wipe();
    assert_done(&records, records_open(&records, stand_url(), true));
    assert_done(&records, records_found(&records, STAND_AT));
    records_close(&records);
    assert_int_equal(records_open(&records, stand_url(), false), RECORDS_MISSING);
    assert_done(&records, records_open(&records, stand_url(), true));
    assert_done(&records, records_founded(&records, &founded));
    assert_false(founded);
    records_close(&records);
}

static void only_the_right_password_opens(void **state)
{
    (void)state;
    struct records records;
    static const char *const wrong[] = { "", "a pump in every por", "a pump in every port ", "A pump in every port" };
    begun(&records);
    int64_t rows = stand_ask("SELECT count(*) FROM audit");
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(sign_in("ada", wrong[i]), RECORDS_PASSWORD);
    assert_int_equal(sign_in("eve", STAND_PASSWORD), RECORDS_PASSWORD);
    assert_int_equal(sign_in("", STAND_PASSWORD), RECORDS_PASSWORD);
    assert_int_equal(sign_in("ada", STAND_PASSWORD), RECORDS_OK);
    assert_int_equal(stand_ask("SELECT count(*) FROM audit"), rows);
    uint8_t key[USER_KEY_FILE_BYTES];
    memcpy(key, STAND_KEY, sizeof key);
    key[31] ^= 1;
    assert_done(&records, records_open(&records, stand_url(), false));
    assert_int_equal(users_key_open(&records, key), RECORDS_PASSWORD);
    assert_false(records.signed_in);
    assert_done(&records, users_key_open(&records, STAND_KEY));
    records_close(&records);
}

static void roles_have_their_rights(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool opens, writes, administers;
    } people[] = { { "ada", true, true, true },
                   { "nina", true, true, false },
                   { "phil", true, true, false },
                   { "otto", false, false, false } };
    struct records records;
    begun(&records);
    for (unsigned i = 0; i < 4; i++) {
        stand_sign_in(&records, people[i].name);
        assert_int_equal(records.user, i + 1);
        assert_int_equal(records.vault.opens, people[i].opens);
        assert_int_equal(records_begin(&records, STAND_AT), people[i].writes ? RECORDS_OK : RECORDS_REFUSED);
        if (people[i].writes) {
            enum records_fault added =
                users_add(&records, "new", WORD_ROLE_NURSE, STAND_PASSWORD, strlen(STAND_PASSWORD), &VAULT_COST_LEAST, NULL);
            assert_int_equal(added, people[i].administers ? RECORDS_OK : RECORDS_REFUSED);
            records_rollback(&records);
        }
        records_close(&records);
    }
    assert_int_equal(stand_ask("SELECT count(*) FROM users"), 4);
}

/* An auditor's keys open no patient, whatever the software around them does. */
static void an_auditor_does_not_hold_the_data_key(void **state)
{
    (void)state;
    static const uint8_t none[VAULT_KEY_BYTES];
    struct records records;
    begun(&records);
    stand_sign_in(&records, "otto");
    assert_memory_equal(records.vault.data_key, none, sizeof none);
    assert_memory_not_equal(records.vault.audit_key, none, sizeof none);
    records_close(&records);
}

static void a_user_needs_a_name_a_role_and_a_long_password(void **state)
{
    (void)state;
    struct records records;
    stand_fresh(&records);
    assert_done(&records, records_begin(&records, STAND_AT));
    const size_t size = strlen(STAND_PASSWORD);
    assert_int_equal(users_add(&records, "", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL), RECORDS_MALFORMED);
    assert_int_equal(users_add(&records, "a\nb", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL),
                     RECORDS_MALFORMED);
    assert_int_equal(users_add(&records, "new", 6, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL), RECORDS_MALFORMED);
    assert_int_equal(users_add(&records, "new", WORD_ROLE_NURSE, "short pass", 9, &VAULT_COST_LEAST, NULL), RECORDS_MALFORMED);
    assert_int_equal(users_add(&records, "ada", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL), RECORDS_EXISTS);
    assert_int_equal(users_add(&records, "new", WORD_ROLE_NURSE, "short pass", 10, &VAULT_COST_LEAST, NULL), RECORDS_OK);
    /* A Cyrillic i, full width, a blank, a sign; and the same name in another case. */
    static const char *const alike[] = { "n\xD1\x96na", "\xEF\xBD\x8Enina", "ni na", "nina@clinic",
                                         "ada\xE2\x80\x91"
                                         "2" };
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(users_add(&records, alike[i], WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL),
                         RECORDS_MALFORMED);
    assert_int_equal(users_add(&records, "ADA", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL),
                     RECORDS_EXISTS);
    assert_non_null(strstr(records.error, "there is a user ada already"));
    assert_int_equal(users_add(&records, "New", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL),
                     RECORDS_EXISTS);
    assert_done(&records,
                users_add(&records, "Dr.Ada_2-b", WORD_ROLE_NURSE, STAND_PASSWORD, size, &VAULT_COST_LEAST, NULL));
    assert_done(&records, records_commit(&records));
    records_close(&records);
}

static void a_password_can_be_changed(void **state)
{
    (void)state;
    static const char NEW[] = "quanta, not volumes";
    struct records records;
    begun(&records);
    stand_sign_in(&records, "nina");
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(users_password(&records, 1, NEW, strlen(NEW), &VAULT_COST_LEAST), RECORDS_REFUSED); /* another's */
    assert_done(&records, users_password(&records, 2, NEW, strlen(NEW), &VAULT_COST_LEAST));
    assert_done(&records, records_commit(&records));
    records_close(&records);
    assert_int_equal(sign_in("nina", STAND_PASSWORD), RECORDS_PASSWORD);
    assert_int_equal(sign_in("nina", NEW), RECORDS_OK);
    assert_int_equal(sign_in("ada", STAND_PASSWORD), RECORDS_OK);
    stand_finds(0, "");
}

static void who_is_disabled_stays_outside(void **state)
{
    (void)state;
    struct records records;
    struct user user;
    begun(&records);
    stand_sign_in(&records, "ada");
    assert_done(&records, records_begin(&records, STAND_AT + 5));
    assert_int_equal(users_disable(&records, 1), RECORDS_REFUSED); /* ada herself */
    assert_done(&records, users_disable(&records, 2));
    assert_int_equal(users_password(&records, 2, STAND_PASSWORD, strlen(STAND_PASSWORD), &VAULT_COST_LEAST), RECORDS_REFUSED);
    assert_done(&records, records_commit(&records));
    assert_done(&records, users_read(&records, 2, &user));
    assert_int_equal(user.disabled_ms, STAND_AT + 5);
    records_close(&records);
    assert_int_equal(sign_in("nina", STAND_PASSWORD), RECORDS_REFUSED);
    assert_int_equal(stand_ask("SELECT length(box) FROM wraps WHERE user_id = 2"), 0);
    stand_finds(0, "");
    stand_attack("UPDATE users SET disabled_ms = NULL WHERE id = 2"); /* does not bring the keys back */
    assert_int_equal(sign_in("nina", STAND_PASSWORD), RECORDS_DAMAGED);
}

static void nobody_is_promoted_from_outside(void **state)
{
    (void)state;
    static const char *const attacks[] = {
        "UPDATE users SET role = 5 WHERE id = 2",
        "UPDATE users SET created_ms = created_ms + 1 WHERE id = 2",
        "UPDATE wraps SET box = (SELECT box FROM wraps WHERE user_id = 1) WHERE user_id = 2",
        "UPDATE wraps SET user_id = 9 WHERE user_id = 1; UPDATE wraps SET user_id = 1 WHERE user_id = 2;"
        "UPDATE wraps SET user_id = 2 WHERE user_id = 9",
    };
    for (unsigned i = 0; i < 4; i++) {
        struct records records;
        begun(&records);
        stand_attack(attacks[i]);
        assert_done(&records, records_open(&records, stand_url(), false));
        assert_int_equal(users_sign_in(&records, "nina", STAND_PASSWORD, strlen(STAND_PASSWORD)), RECORDS_DAMAGED);
        /* Another role or wrap opens no keys at all; what is bound to nothing is found by its hash. */
        assert_non_null(strstr(records.error, i == 1 ? "row 2 of table users" : "the keys of user nina"));
        records_close(&records);
    }
}

static void no_password_stands_anywhere(void **state)
{
    (void)state;
    struct records records;
    begun(&records);
    assert_int_equal(stand_ask("SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$%'"), 4);
    assert_int_equal(stand_ask("SELECT count(*) FROM users WHERE password_hash LIKE '%pump%'"), 0);
    assert_int_equal(stand_ask("SELECT count(DISTINCT password_hash) FROM users"), 4); /* salted: all have one password */
}

static void nothing_is_written_outside_a_transaction(void **state)
{
    (void)state;
    struct records records;
    stand_fresh(&records);
    assert_int_equal(users_disable(&records, 2), RECORDS_FAILED);
    assert_int_equal(records_commit(&records), RECORDS_FAILED);
    assert_done(&records, records_begin(&records, STAND_AT));
    assert_int_equal(records_begin(&records, STAND_AT), RECORDS_FAILED);
    assert_done(&records, users_disable(&records, 2));
    records_rollback(&records);
    assert_int_equal(stand_ask("SELECT count(*) FROM users WHERE disabled_ms IS NOT NULL"), 0);
    records_close(&records);
    stand_finds(0, "");
}

/* Hours of work, or more memory than there is, asked for in the database: refused before any of it is done. */
static void nobody_is_held_up_from_outside(void **state)
{
    (void)state;
    static const char *const attacks[] = {
        "UPDATE users SET password_hash = replace(password_hash, 't=1,', 't=4000000000,') WHERE id = 2",
        "UPDATE users SET password_hash = replace(password_hash, 'm=8,', 'm=4000000000,') WHERE id = 2",
        "UPDATE users SET password_hash = '' WHERE id = 2",
        "UPDATE wraps SET passes = 4000000000 WHERE user_id = 2",
        "UPDATE wraps SET memory_kib = 4000000000 WHERE user_id = 2",
        "UPDATE wraps SET passes = -1 WHERE user_id = 2",
    };
    for (unsigned i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        struct records records;
        begun(&records);
        stand_attack(attacks[i]);
        assert_int_equal(sign_in("nina", STAND_PASSWORD), RECORDS_DAMAGED);
    }
}

/* Two processes: one waits for the other, is refused when that takes too long, and goes on from what the other has written. */
static void two_writers_take_turns(void **state)
{
    (void)state;
    struct records one, other;
    stand_fresh(&one);
    stand_open(&other);
    assert_int_equal(database_patience(&other.database, 1), DATABASE_OK);
    assert_done(&one, records_begin(&one, STAND_AT));
    assert_done(&one, users_disable(&one, 2));
    assert_int_equal(records_begin(&other, STAND_AT), RECORDS_BUSY);
    assert_non_null(strstr(other.error, "another process"));
    assert_done(&one, records_commit(&one));
    assert_done(&other, records_begin(&other, STAND_AT));
    assert_int_equal(other.audit_last, one.audit_last);
    assert_done(&other, users_disable(&other, 3));
    assert_done(&other, records_commit(&other));
    assert_done(&one, records_begin(&one, STAND_AT));
    assert_done(&one, users_disable(&one, 4));
    assert_done(&one, records_commit(&one));
    records_close(&one);
    records_close(&other);
    stand_finds(0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_founded_once),
        cmocka_unit_test(an_unfinished_founding_leaves_nothing),
        cmocka_unit_test(only_the_right_password_opens),
        cmocka_unit_test(roles_have_their_rights),
        cmocka_unit_test(an_auditor_does_not_hold_the_data_key),
        cmocka_unit_test(a_user_needs_a_name_a_role_and_a_long_password),
        cmocka_unit_test(a_password_can_be_changed),
        cmocka_unit_test(who_is_disabled_stays_outside),
        cmocka_unit_test(nobody_is_promoted_from_outside),
        cmocka_unit_test(no_password_stands_anywhere),
        cmocka_unit_test(nothing_is_written_outside_a_transaction),
        cmocka_unit_test(nobody_is_held_up_from_outside),
        cmocka_unit_test(two_writers_take_turns),
    };
    return cmocka_run_group_tests(tests, stand_begin, stand_end);
}
