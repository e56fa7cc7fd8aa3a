/* users.h - who may use the records: name, role, password; and the wraps through which they come to the keys. REQ-SECU-11. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_USERS_H
#define CLINIC_RECORDS_USERS_H

#include "clinic/records/records.h"

enum { USER_NAME_BYTES = 64, USER_KEY_FILE_BYTES = 32 };

struct user {
    int64_t id;
    char name[USER_NAME_BYTES];
    int64_t role;                    /* WORD_ROLE_... */
    int64_t created_ms, disabled_ms; /* disabled_ms 0: may sign in */
};

/* Opens the keys with a user's password. The same answer, after about the same work, to a wrong name and a wrong password. */
enum records_fault users_sign_in(struct records *records, const char *name, const char *password, size_t size);
/* Opens them with what a key file holds: the rights of an admin, as user 0. */
enum records_fault users_key_open(struct records *records, const uint8_t key[USER_KEY_FILE_BYTES]);

/* Inside a transaction, for an admin alone. Passwords are VAULT_PASSWORD_BYTES_MIN to _MAX bytes. */
enum records_fault users_add(struct records *records, const char *name, int64_t role, const char *password, size_t size,
                             const struct vault_cost *cost, int64_t *id);
/* The records open with this key from then on, and no longer with one before it. */
enum records_fault users_key_set(struct records *records, const uint8_t key[USER_KEY_FILE_BYTES]);
/* Another password: for oneself, or by an admin. */
enum records_fault users_password(struct records *records, int64_t user, const char *password, size_t size,
                                  const struct vault_cost *cost);
/* The user cannot sign in any more, nor get a password again. The row stays: the audit speaks of it. Nobody disables
 * themselves. */
enum records_fault users_disable(struct records *records, int64_t user);

enum records_fault users_read(struct records *records, int64_t id, struct user *user);
enum records_fault users_find(struct records *records, const char *name, struct user *user);
/* Those from the number `from` on, in their order; how many there were. */
enum records_fault users_list(struct records *records, int64_t from, struct user *users, unsigned room, unsigned *count);

#endif
