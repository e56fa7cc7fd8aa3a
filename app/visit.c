/* visit.c - keys, radio and session, in this order and back. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* nanosleep() */
#include "app/visit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/secret.h"
#include "app/told.h"
#include "core/catalog.h"
#include "link/permit.h"

/* Longer than one who talks to a silent pump holds the keys with the patience that is usual: guess. */
enum { PATIENCE_MS_MAX = 60000, KEYS_WAIT_MS = 20000, KEYS_EVERY_MS = 20 };

/* Where keys are when nobody says where: for their user alone, and not in what is carried to other machines. */
static bool keys_path(const struct desk *desk, char path[KEYFILE_PATH_BYTES])
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
static const char *keys_advice(enum keystore_fault fault)
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

static int keys_fault(const char *path, enum keystore_fault fault)
{
    fprintf(stderr, "cisterna: keys in %s: %s%s\n", path, keystore_text(fault), keys_advice(fault));
    return fault == KEYSTORE_DAMAGED ? EXIT_DAMAGED : fault == KEYSTORE_VERSION ? EXIT_VERSION : EXIT_FAILED;
}

/* Waits a little for whoever has the keys, and says so once; false when it has waited long enough. */
static bool keys_wait(const struct desk *desk, const char *path, unsigned *waited_ms)
{
    const struct timespec little = { .tv_nsec = KEYS_EVERY_MS * 1000000L };
    if (*waited_ms == 0)
        fprintf(stderr, "cisterna %s: keys in %s: %s; waiting for it\n", desk->command, path, keystore_text(KEYSTORE_BUSY));
    if (*waited_ms >= KEYS_WAIT_MS)
        return false;
    (void)nanosleep(&little, NULL);
    *waited_ms += KEYS_EVERY_MS;
    return true;
}

int visit_keys_open(const struct desk *desk, bool create, struct visit *visit)
{
    char path[KEYFILE_PATH_BYTES];
    struct secret secret;
    if (!keys_path(desk, path))
        return desk_usage(desk, "needs --keys FILE: there is no home to look in", "");
    FILE *there = fopen(path, "rb");
    if (there != NULL)
        (void)fclose(there);
    else if (!create && errno == ENOENT)
        return keys_fault(path, KEYSTORE_MISSING);
    int code = secret_passphrase(desk, there == NULL, &secret);
    if (code == EXIT_DONE) {
        enum keystore_fault fault = KEYSTORE_BUSY;
        unsigned waited_ms = 0;
        do {
            fault = keystore_open(&visit->store, path, secret.text, secret.size, create ? &KEYSTORE_COST : NULL);
        } while (fault == KEYSTORE_BUSY && keys_wait(desk, path, &waited_ms));
        if (fault != KEYSTORE_OK)
            code = keys_fault(path, fault);
    }
    secret_forget(&secret);
    return code;
}

int visit_connect(const struct desk *desk, const char *reach, struct visit *visit)
{
    const char *dir = desk_has(desk, OPTION_AT_RADIO) ? desk->value[OPTION_AT_RADIO] : getenv("CISTERNA_RADIO");
    if (dir == NULL || *dir == '\0')
        return desk_usage(desk, "needs --radio DIR, the folder of a pump: cisterna pump makes one", "");
    if (socket_air_open(&visit->socket, dir, reach, &visit->store)) {
        visit->air = socket_air_of(&visit->socket);
        return EXIT_DONE;
    }
    fprintf(stderr, "cisterna: no pump listens at %s/%s: %s\n", dir, reach, strerror(errno));
    return EXIT_FAILED;
}

int visit_patience(const struct desk *desk, struct patience *patience)
{
    uint64_t wait_ms = 0;
    if (!desk_has(desk, OPTION_AT_PATIENCE))
        return EXIT_DONE;
    int code = desk_number(desk, desk->value[OPTION_AT_PATIENCE], 1, PATIENCE_MS_MAX, &wait_ms);
    if (code == EXIT_DONE)
        patience->wait_ms = (int32_t)wait_ms;
    return code;
}

int visit_role(const struct desk *desk, uint8_t *role)
{
    *role = 0;
    if (!desk_has(desk, OPTION_AT_ROLE))
        return EXIT_DONE;
    for (uint8_t i = ROLE_PATIENT; i <= ROLE_SERVICE; i++)
        if (strcmp(desk->value[OPTION_AT_ROLE], role_word(i)) == 0)
            *role = i;
    return *role != 0 ? EXIT_DONE
                      : desk_usage(desk, "--role is patient, clinician, reader or service, not ", desk->value[OPTION_AT_ROLE]);
}

void visit_serial(const struct key *key, char text[PUMP_ID_BYTES + 1])
{
    memcpy(text, key->pump_id, PUMP_ID_BYTES);
    text[PUMP_ID_BYTES] = '\0';
}

/* The one key that the command line leaves; a message when there is none, or several. */
static int key_choose(const struct desk *desk, const struct keystore *store, unsigned *chosen)
{
    const char *pump = desk->value[OPTION_AT_PUMP];
    uint8_t role = 0;
    unsigned found = 0;
    char serial[PUMP_ID_BYTES + 1];
    int code = visit_role(desk, &role);
    for (unsigned i = 0; i < store->count && code == EXIT_DONE; i++) {
        visit_serial(&store->key[i], serial);
        if (store->key[i].slot == PAIRING_SLOT || (pump != NULL && strcmp(pump, serial) != 0) ||
            (role != 0 && store->key[i].role != role))
            continue;
        *chosen = i;
        found++;
    }
    if (code != EXIT_DONE || found == 1)
        return code;
    if (found == 0)
        return desk_usage(desk, "the file holds no such key; pair with the pump first: cisterna pair --help", "");
    fprintf(stderr, "cisterna %s: the file holds %u keys that fit; choose with --pump and --role:\n", desk->command, found);
    for (unsigned i = 0; i < store->count; i++) {
        visit_serial(&store->key[i], serial);
        if (store->key[i].slot != PAIRING_SLOT)
            fprintf(stderr, "  --pump %s --role %s\n", serial, role_word(store->key[i].role));
    }
    return EXIT_USAGE;
}

static const char *reach_of(const struct desk *desk, uint8_t role)
{
    if (desk_has(desk, OPTION_AT_NEAR) || desk_has(desk, OPTION_AT_FAR))
        return desk_has(desk, OPTION_AT_NEAR) ? "near" : "far";
    return role == ROLE_CLINICIAN || role == ROLE_SERVICE ? "near" : "far";
}

/* Opens the session and reads the status; says what became of an earlier command. */
static int session_begin_with(struct visit *visit, enum purpose purpose)
{
    struct programmer *programmer = &visit->programmer;
    enum contact contact = programmer_open(programmer, &visit->air);
    if (contact == CONTACT_OK)
        contact = programmer_status(programmer, &visit->air, &visit->status);
    if (contact == CONTACT_OK) {
        visit->calendar.offset.ms = visit->status.civil_offset_ms;
        memcpy(visit->calendar.zone, visit->status.zone, sizeof visit->calendar.zone);
    }
    told_settled(visit);
    if (contact != CONTACT_OK) {
        fprintf(stderr, "cisterna %s: %s\n", visit->desk->command, told_contact(contact));
        return told_contact_exit(contact);
    }
    if (programmer->settled.id == 0 || purpose != PURPOSE_CHANGE)
        return EXIT_DONE;
    fprintf(stderr, "cisterna %s: not given, because of that: ask again if it is still wanted\n", visit->desk->command);
    return EXIT_FAILED;
}

int visit_begin(const struct desk *desk, enum purpose purpose, struct visit *visit)
{
    unsigned chosen = 0;
    *visit = (struct visit){ .desk = desk, .socket = { .socket = -1 } };
    int code = visit_keys_open(desk, false, visit);
    if (code != EXIT_DONE)
        return code;
    code = key_choose(desk, &visit->store, &chosen);
    if (code == EXIT_DONE) {
        programmer_start(&visit->programmer, &visit->store.key[chosen]);
        code = visit_patience(desk, &visit->programmer.patience);
    }
    if (code == EXIT_DONE)
        code = visit_connect(desk, reach_of(desk, visit->programmer.key.role), visit);
    if (code == EXIT_DONE)
        code = session_begin_with(visit, purpose);
    if (code != EXIT_DONE)
        visit_end(visit);
    return code;
}

void visit_end(struct visit *visit)
{
    if (visit->programmer.session.id != 0)
        programmer_close(&visit->programmer, &visit->air);
    socket_air_close(&visit->socket);
    cipher_forget(&visit->programmer, sizeof visit->programmer);
    keystore_close(&visit->store);
}

void visit_leave(struct visit *visit)
{
    keystore_leave(&visit->store);
}

/* The key as it now stands in the file; false when it is there no more. *used: somebody has knocked with it since. */
static bool key_again(struct visit *visit, bool *used)
{
    struct key *key = &visit->programmer.key;
    for (unsigned i = 0; i < visit->store.count; i++) {
        const struct key *now = &visit->store.key[i];
        if (memcmp(now->pump_id, key->pump_id, PUMP_ID_BYTES) != 0 || now->role != key->role || now->slot == PAIRING_SLOT)
            continue;
        *used = now->counter != key->counter;
        *key = *now;
        return true;
    }
    return false;
}

int visit_return(struct visit *visit)
{
    struct programmer *programmer = &visit->programmer;
    const char *path = visit->store.file.path;
    uint64_t head = programmer->head;
    unsigned waited_ms = 0;
    bool used = false;
    enum keystore_fault fault = KEYSTORE_BUSY;
    do {
        fault = keystore_take(&visit->store);
    } while (fault == KEYSTORE_BUSY && keys_wait(visit->desk, path, &waited_ms));
    if (fault != KEYSTORE_OK)
        return keys_fault(path, fault);
    if (!key_again(visit, &used))
        return desk_usage(visit->desk, "the key was taken out of the file meanwhile; pair again: cisterna pair --help", "");
    int code = EXIT_DONE;
    if (used || programmer_status(programmer, &visit->air, &visit->status) != CONTACT_OK)
        code = session_begin_with(visit, PURPOSE_CHANGE);
    programmer->head = head;
    return code;
}

bool visit_ask(struct visit *visit, uint32_t topic, uint32_t from, cisterna_Reply *reply)
{
    cisterna_Request request = { .which_ask = cisterna_Request_interrogate_tag,
                                 .ask.interrogate = { .topic = topic, .from = from } };
    enum contact contact = programmer_ask(&visit->programmer, &visit->air, &request, reply);
    if (contact != CONTACT_OK)
        fprintf(stderr, "cisterna %s: %s\n", visit->desk->command, told_contact(contact));
    return contact == CONTACT_OK;
}
