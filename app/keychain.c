/* keychain.c - finding, opening and taking the file of keys. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* nanosleep() */
#include "app/keychain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/secret.h"

/* Where keys are when nobody says where: for their user alone, and not in what is carried to other machines. */
static bool path_of(const struct desk *desk, char path[KEYFILE_PATH_BYTES])
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (desk_has(desk, OPTION_AT_KEYS))
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s", desk->value[OPTION_AT_KEYS]);
    else if (state != NULL && *state != '\0')
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s/cisterna/keys", state);
    else if (home != NULL && *home != '\0')
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s/.local/state/cisterna/keys", home);
    return length > 0 && length < KEYFILE_PATH_BYTES;
}

/* What to do about it. */
static const char *advice_of(enum keystore_fault fault)
{
    switch (fault) {
    case KEYSTORE_MISSING:
        return "; pair with a pump first: cisterna pair --help";
    case KEYSTORE_BUSY:
        return "; end that one, or let it finish, and ask again";
    case KEYSTORE_DAMAGED:
        return "; put a sound copy in its place, or pair again into another file: --keys";
    case KEYSTORE_VERSION:
        return "; use the cisterna that wrote it";
    case KEYSTORE_PASSPHRASE:
        return "; give the other one: --passphrase-file, or $CISTERNA_PASSPHRASE";
    case KEYSTORE_FULL:
        return "; pair into another file: --keys";
    case KEYSTORE_OK:
    case KEYSTORE_IO:
        break;
    }
    return "";
}

static int fault_say(const char *path, enum keystore_fault fault)
{
    fprintf(stderr, "cisterna: keys in %s: %s%s\n", path, keystore_text(fault), advice_of(fault));
    return fault == KEYSTORE_DAMAGED ? EXIT_DAMAGED : fault == KEYSTORE_VERSION ? EXIT_VERSION : EXIT_FAILED;
}

void keychain_serial(const struct key *key, char text[PUMP_ID_BYTES + 1])
{
    memcpy(text, key->pump_id, PUMP_ID_BYTES);
    text[PUMP_ID_BYTES] = '\0';
}

bool keychain_wait(unsigned *waited_ms)
{
    const struct timespec little = { .tv_nsec = KEYCHAIN_EVERY_MS * 1000000L };
    if (*waited_ms >= KEYCHAIN_WAIT_MS)
        return false;
    (void)nanosleep(&little, NULL);
    *waited_ms += KEYCHAIN_EVERY_MS;
    return true;
}

/* The same, and says so once. */
static bool wait_aloud(const struct desk *desk, const char *path, unsigned *waited_ms)
{
    if (*waited_ms == 0)
        fprintf(stderr, "cisterna %s: keys in %s: %s; waiting for it\n", desk->command, path,
                keystore_text(KEYSTORE_BUSY));
    return keychain_wait(waited_ms);
}

int keychain_open(const struct desk *desk, bool create, struct keystore *store)
{
    char path[KEYFILE_PATH_BYTES];
    struct secret secret;
    if (!path_of(desk, path))
        return desk_usage(desk, "needs --keys FILE: there is no home to look in", "");
    bool there = access(path, R_OK) == 0; /* it is not opened: it may be a pipe */
    if (!there && !create && errno == ENOENT)
        return fault_say(path, KEYSTORE_MISSING);
    int code = secret_passphrase(desk, !there, &secret);
    if (code == EXIT_DONE) {
        enum keystore_fault fault = KEYSTORE_BUSY;
        unsigned waited_ms = 0;
        do {
            fault = keystore_open(store, path, secret.text, secret.size, create ? &KEYSTORE_COST : NULL);
        } while (fault == KEYSTORE_BUSY && wait_aloud(desk, path, &waited_ms));
        if (fault != KEYSTORE_OK)
            code = fault_say(path, fault);
    }
    secret_forget(&secret);
    return code;
}

int keychain_take(const struct desk *desk, struct keystore *store)
{
    enum keystore_fault fault = KEYSTORE_BUSY;
    unsigned waited_ms = 0;
    do {
        fault = keystore_take(store);
    } while (fault == KEYSTORE_BUSY && wait_aloud(desk, store->file.path, &waited_ms));
    return fault == KEYSTORE_OK ? EXIT_DONE : fault_say(store->file.path, fault);
}
