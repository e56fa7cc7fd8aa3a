/* users.c - users, their passwords, and signing in. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/records/users.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "clinic/records/rows.h"

static void user_of(const struct value *values, struct user *user)
{
    *user = (struct user){ .id = values[0].integer,
                           .role = values[AT(USERS, ROLE)].integer,
                           .created_ms = values[AT(USERS, CREATED)].integer,
                           .disabled_ms = values[AT(USERS, DISABLED)].integer };
    rows_text(&values[AT(USERS, NAME)], user->name, sizeof user->name);
}

static bool cost_bearable(int64_t passes, int64_t memory_kib)
{
    return passes >= 1 && passes <= VAULT_PASSES_MAX && memory_kib >= 1 && memory_kib <= VAULT_MEMORY_KIB_MAX;
}

/* Somebody with the database could ask for hours of work, or all memory, in a hash that nobody's password has. */
static bool hash_bearable(const char *hash)
{
    int64_t memory_kib = 0, passes = 0;
    return sscanf(hash, "$argon2id$v=19$m=%10" SCNd64 ",t=%10" SCNd64, &memory_kib, &passes) == 2 &&
           cost_bearable(passes, memory_kib);
}

/* The wrap of a user, or of the key file (user 0). */
static enum records_fault wrap_read(struct records *records, int64_t user, struct rows_reading *reading)
{
    const struct value bound = value_integer(user);
    return user == 0 ? rows_read(records, TABLE_WRAPS, "WHERE user_id IS NULL", NULL, 0, reading)
                     : rows_read(records, TABLE_WRAPS, "WHERE user_id = ?", &bound, 1, reading);
}

/* Opens the keys with the user's wrap. */
static enum records_fault wrap_open(struct records *records, int64_t user, int64_t role, const void *password, size_t size)
{
    struct rows_reading reading;
    enum vault_fault opened = VAULT_PASSWORD;
    enum records_fault fault = wrap_read(records, user, &reading);
    if (fault == RECORDS_OK) {
        const struct value *salt = &reading.values[AT(WRAPS, SALT)], *box = &reading.values[AT(WRAPS, BOX)];
        const struct vault_cost cost = { (uint32_t)reading.values[AT(WRAPS, PASSES)].integer,
                                         (uint32_t)reading.values[AT(WRAPS, MEMORY)].integer };
        if (salt->size == VAULT_SALT_BYTES && box->size == VAULT_WRAP_BYTES &&
            cost_bearable(reading.values[AT(WRAPS, PASSES)].integer, reading.values[AT(WRAPS, MEMORY)].integer))
            opened = vault_unwrap(&records->vault, password, size, &cost, user, role, salt->bytes, box->bytes);
    }
    rows_done(&reading);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    if (opened == VAULT_MEMORY)
        return records_fail(records, RECORDS_FAILED, "there is not enough memory to try the password");
    return opened == VAULT_OK ? RECORDS_OK : RECORDS_PASSWORD;
}

/* Now that the keys are there: is the row of the user as the audit knows it? */
static enum records_fault row_trusted(struct records *records, int64_t id)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_USERS, id, &reading);
    if (fault == RECORDS_OK)
        fault = rows_check(records, TABLE_USERS, reading.values);
    rows_done(&reading);
    return fault;
}

static enum records_fault password_wrong(struct records *records)
{
    return records_fail(records, RECORDS_PASSWORD,
                        "%s: there is no such user, or this is not the password; nothing was changed",
                        records->database.place);
}

static enum records_fault password_hash(struct records *records, const char *password, size_t size,
                                        const struct vault_cost *cost, char hash[crypto_pwhash_STRBYTES])
{
    if (size < VAULT_PASSWORD_BYTES_MIN || size > VAULT_PASSWORD_BYTES_MAX)
        return records_fail(records, RECORDS_MALFORMED, "a password needs %d to %d bytes", VAULT_PASSWORD_BYTES_MIN,
                            VAULT_PASSWORD_BYTES_MAX);
    if (crypto_pwhash_str(hash, password, size, cost->passes, (size_t)cost->memory_kib * 1024) != 0)
        return records_fail(records, RECORDS_FAILED, "there is not enough memory for the password's cost");
    return RECORDS_OK;
}

enum records_fault users_sign_in(struct records *records, const char *name, const char *password, size_t size)
{
    const struct value bound = value_text(name);
    struct rows_reading reading;
    struct user user = { .id = 0 };
    char hash[crypto_pwhash_STRBYTES] = "";
    enum records_fault fault = rows_read(records, TABLE_USERS, "WHERE name = ?", &bound, 1, &reading);
    if (fault == RECORDS_OK) {
        user_of(reading.values, &user);
        rows_text(&reading.values[AT(USERS, PASSWORD_HASH)], hash, sizeof hash);
    }
    rows_done(&reading);
    if (fault == RECORDS_MISSING) /* as long as it takes for somebody who is there; no password has this hash */
        fault = password_hash(records, "nobody's password", 17, &VAULT_COST, hash);
    if (fault != RECORDS_OK)
        return fault;
    if (user.id != 0 && !hash_bearable(hash))
        return records_fail(records, RECORDS_DAMAGED, "%s: the password of user %s was changed from outside",
                            records->database.place, name);
    if (user.id == 0 || crypto_pwhash_str_verify(hash, password, size) != 0)
        return password_wrong(records);
    if (user.disabled_ms != 0)
        return records_fail(records, RECORDS_REFUSED, "%s: user %s may not sign in any more", records->database.place, name);
    fault = wrap_open(records, user.id, user.role, password, size);
    if (fault == RECORDS_PASSWORD) /* the hash knew the password: role or wrap are not those it was made for */
        return records_fail(records, RECORDS_DAMAGED,
                            "%s: the keys of user %s were changed from outside; sign in as another and run cisterna "
                            "records verify",
                            records->database.place, name);
    if (fault == RECORDS_OK)
        fault = row_trusted(records, user.id);
    if (fault != RECORDS_OK) {
        vault_close(&records->vault);
        return fault;
    }
    records->user = user.id;
    records->role = user.role;
    records->signed_in = true;
    return RECORDS_OK;
}

enum records_fault users_key_open(struct records *records, const uint8_t key[USER_KEY_FILE_BYTES])
{
    enum records_fault fault = wrap_open(records, 0, 0, key, USER_KEY_FILE_BYTES);
    if (fault == RECORDS_PASSWORD)
        return records_fail(records, fault, "%s: the key file is not the one of these records; nothing was changed",
                            records->database.place);
    if (fault != RECORDS_OK)
        return fault;
    records->user = 0;
    records->role = WORD_ROLE_ADMIN;
    records->signed_in = true;
    return RECORDS_OK;
}

/* Writes the wrap of a user (0: the key file), in place of an earlier one. */
static enum records_fault wrap_write(struct records *records, int64_t user, int64_t role, const void *password, size_t size,
                                     const struct vault_cost *cost)
{
    uint8_t salt[VAULT_SALT_BYTES], box[VAULT_WRAP_BYTES];
    struct rows_reading reading;
    bool opens = user == 0 || list_role_opens(role);
    if (opens && !records->vault.opens)
        return records_fail(records, RECORDS_REFUSED, "the keys that are open do not open what is sealed");
    enum records_fault fault = wrap_read(records, user, &reading);
    int64_t id = fault == RECORDS_OK ? reading.values[0].integer : 0;
    rows_done(&reading);
    if (fault != RECORDS_OK && fault != RECORDS_MISSING)
        return fault;
    if (!vault_wrap(&records->vault, password, size, cost, user, role, opens, salt, box))
        return records_fail(records, RECORDS_FAILED, "there is not enough memory for the password's cost");
    struct value values[ROW_VALUES_MAX] = { value_integer(id) };
    values[AT(WRAPS, USER)] = value_link(user);
    values[AT(WRAPS, SALT)] = value_bytes(salt, sizeof salt);
    values[AT(WRAPS, PASSES)] = value_integer(cost->passes);
    values[AT(WRAPS, MEMORY)] = value_integer(cost->memory_kib);
    values[AT(WRAPS, BOX)] = value_bytes(box, sizeof box);
    return id == 0 ? rows_insert(records, TABLE_WRAPS, values, NULL)
                   : rows_update(records, TABLE_WRAPS, values, WORD_ACTION_UPDATE);
}

static enum records_fault administering(struct records *records)
{
    return list_role_administers(records->role)
               ? records_writable(records)
               : records_fail(records, RECORDS_REFUSED, "only an admin may do that; the role is %s",
                              list_word(LIST_ROLE, records->role));
}

/* Letters of other scripts look like these, and what nobody can tell apart must not sign twice. */
static bool name_good(const char *name)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return rows_text_good(name, 1, USER_NAME_BYTES - 1) && strspn(name, good) == strlen(name);
}

/* RECORDS_EXISTS: somebody has this name, in whatever case. */
static enum records_fault name_free(struct records *records, const char *name)
{
    const struct value bound = value_text(name);
    struct rows_reading reading;
    struct user there = { .id = 0 };
    enum records_fault fault = rows_read(records, TABLE_USERS, "WHERE lower(name) = lower(?)", &bound, 1, &reading);
    if (fault == RECORDS_OK)
        user_of(reading.values, &there);
    rows_done(&reading);
    if (fault == RECORDS_OK)
        return records_fail(records, RECORDS_EXISTS, "%s: there is a user %s already", records->database.place,
                            there.name);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault users_add(struct records *records, const char *name, int64_t role, const char *password, size_t size,
                             const struct vault_cost *cost, int64_t *id)
{
    char hash[crypto_pwhash_STRBYTES];
    int64_t made = 0;
    enum records_fault fault = administering(records);
    if (fault == RECORDS_OK && (!name_good(name) || list_word(LIST_ROLE, role) == NULL))
        fault =
            records_fail(records, RECORDS_MALFORMED,
                         "a user needs a name of 1 to %d letters (A to Z), digits, '.', '_' or '-', and a role: nurse, "
                         "physician, pharmacist, auditor or admin",
                         USER_NAME_BYTES - 1);
    if (fault == RECORDS_OK)
        fault = password_hash(records, password, size, cost, hash);
    if (fault == RECORDS_OK)
        fault = name_free(records, name);
    if (fault != RECORDS_OK)
        return fault;
    struct value values[ROW_VALUES_MAX] = { value_nothing() };
    values[AT(USERS, NAME)] = value_text(name);
    values[AT(USERS, ROLE)] = value_integer(role);
    values[AT(USERS, PASSWORD_HASH)] = value_text(hash);
    values[AT(USERS, CREATED)] = value_integer(records->at_ms);
    fault = rows_insert(records, TABLE_USERS, values, &made);
    if (fault == RECORDS_OK)
        fault = wrap_write(records, made, role, password, size, cost);
    if (fault == RECORDS_OK && id != NULL)
        *id = made;
    return fault;
}

enum records_fault users_key_set(struct records *records, const uint8_t key[USER_KEY_FILE_BYTES])
{
    enum records_fault fault = administering(records);
    return fault == RECORDS_OK ? wrap_write(records, 0, 0, key, USER_KEY_FILE_BYTES, &VAULT_COST_LEAST) : fault;
}

/* Changes one column of a user's row, after a look that nobody else has. */
static enum records_fault column_set(struct records *records, int64_t user, unsigned at, struct value value, int64_t *role)
{
    struct rows_reading reading;
    enum records_fault fault = rows_to_change(records, TABLE_USERS, user, &reading);
    if (fault == RECORDS_OK) {
        reading.values[at] = value;
        *role = reading.values[AT(USERS, ROLE)].integer;
        fault = rows_update(records, TABLE_USERS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault;
}

enum records_fault users_password(struct records *records, int64_t user, const char *password, size_t size,
                                  const struct vault_cost *cost)
{
    char hash[crypto_pwhash_STRBYTES];
    struct user whose = { .id = 0 };
    int64_t role = 0;
    enum records_fault fault = records->user == user ? records_writable(records) : administering(records);
    if (fault == RECORDS_OK)
        fault = users_read(records, user, &whose);
    if (fault == RECORDS_OK && whose.disabled_ms != 0)
        fault = records_fail(records, RECORDS_REFUSED, "user %s may not sign in any more, and gets no password", whose.name);
    if (fault == RECORDS_OK)
        fault = password_hash(records, password, size, cost, hash);
    if (fault == RECORDS_OK)
        fault = column_set(records, user, AT(USERS, PASSWORD_HASH), value_text(hash), &role);
    return fault == RECORDS_OK ? wrap_write(records, user, role, password, size, cost) : fault;
}

/* The password opens nothing any more, not even with the database at hand. */
static enum records_fault wrap_empty(struct records *records, int64_t user)
{
    struct rows_reading reading;
    enum records_fault fault = wrap_read(records, user, &reading);
    if (fault == RECORDS_OK) {
        reading.values[AT(WRAPS, BOX)] = value_bytes("", 0);
        fault = rows_update(records, TABLE_WRAPS, reading.values, WORD_ACTION_UPDATE);
    }
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}

enum records_fault users_disable(struct records *records, int64_t user)
{
    int64_t role = 0;
    enum records_fault fault = administering(records);
    if (fault == RECORDS_OK && user == records->user)
        fault = records_fail(records, RECORDS_REFUSED, "nobody disables themselves: somebody has to be able to administer");
    if (fault == RECORDS_OK)
        fault = column_set(records, user, AT(USERS, DISABLED), value_integer(records->at_ms), &role);
    return fault == RECORDS_OK ? wrap_empty(records, user) : fault;
}

enum records_fault users_read(struct records *records, int64_t id, struct user *user)
{
    struct rows_reading reading;
    enum records_fault fault = rows_by_id(records, TABLE_USERS, id, &reading);
    if (fault == RECORDS_OK)
        user_of(reading.values, user);
    rows_done(&reading);
    return fault;
}

enum records_fault users_find(struct records *records, const char *name, struct user *user)
{
    const struct value bound = value_text(name);
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_USERS, "WHERE name = ?", &bound, 1, &reading);
    if (fault == RECORDS_OK)
        user_of(reading.values, user);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? records_fail(records, fault, "%s: there is no user %s", records->database.place, name)
                                    : fault;
}

enum records_fault users_list(struct records *records, int64_t from, struct user *users, unsigned room, unsigned *count)
{
    const struct value bound[] = { value_integer(from), value_integer(room) };
    struct rows_reading reading;
    enum records_fault fault = rows_read(records, TABLE_USERS, "WHERE id >= ? ORDER BY id LIMIT ?", bound, 2, &reading);
    for (*count = 0; fault == RECORDS_OK && *count < room; fault = rows_next(records, TABLE_USERS, &reading))
        user_of(reading.values, &users[(*count)++]);
    rows_done(&reading);
    return fault == RECORDS_MISSING ? RECORDS_OK : fault;
}
