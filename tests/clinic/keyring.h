/* keyring.h - a file of keys in a folder of its own, for the tests of how it is kept and held. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_CLINIC_KEYRING_H
#define TESTS_CLINIC_KEYRING_H

#include "clinic/programmer/keystore.h"

enum { KEYRING_PASSPHRASE_BYTES = 24 };
extern const char KEYRING_PASSPHRASE[KEYRING_PASSPHRASE_BYTES + 1];
/* The least that Argon2id takes: what a passphrase costs is not tested with it. */
extern const struct keystore_cost KEYRING_COST;
/* Where the file is, once keyring_make() has made its folder. */
extern char keyring_path[128];

/* The folder, made and removed around a group of tests. */
int keyring_make(void **state);
int keyring_remove(void **state);

/* A key of chance, the same for the same seed; and whether two are the same. */
struct key keyring_key(uint64_t seed);
void keyring_assert_same(const struct key *a, const struct key *b);
/* A fresh file with the keys of the seeds from 0 on. */
void keyring_fresh(unsigned keys);
/* Tries to open it with its passphrase; and opens it, or makes it. */
enum keystore_fault keyring_try(struct keystore *store, const struct keystore_cost *create);
struct keystore keyring_open(void);
/* Its bytes, as they are. */
size_t keyring_read(uint8_t *bytes, size_t room);
void keyring_write(const uint8_t *bytes, size_t size);

#endif
