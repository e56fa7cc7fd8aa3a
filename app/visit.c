/* visit.c - keys, radio and session, in this order and back. */
// SPDX-License-Identifier: Apache-2.0
#include "app/visit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/keychain.h"
#include "app/told.h"
#include "clinic/server/journal.h"
#include "core/catalog.h"
#include "link/permit.h"

/* Guess. */

int visit_keys_open(const struct desk *desk, bool create, struct visit *visit)
{
    return keychain_open(desk, create, &visit->store);
}

static bool store_keep(void *store, const struct key *key)
{
    return keystore_put(store, key) == KEYSTORE_OK;
}

int visit_connect(const struct desk *desk, const char *reach, struct visit *visit)
{
    const char *dir = desk_has(desk, OPTION_AT_RADIO) ? desk->value[OPTION_AT_RADIO] : getenv("CISTERNA_RADIO");
    if (dir == NULL || *dir == '\0')
        return desk_usage(desk, "needs --radio DIR, the folder of a pump: cisterna pump makes one", "");
    const struct keeper keeper = { .context = &visit->store, .keep = store_keep };
    if (socket_air_open(&visit->socket, dir, reach, &keeper)) {
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

/* The one key that the command line leaves; a message when there is none, or several. */
static int key_choose(const struct desk *desk, const struct keystore *store, unsigned *chosen)
{
    const char *pump = desk->value[OPTION_AT_PUMP];
    uint8_t role = 0;
    unsigned found = 0;
    char serial[PUMP_ID_BYTES + 1];
    int code = visit_role(desk, &role);
    for (unsigned i = 0; i < store->count && code == EXIT_DONE; i++) {
        keychain_serial(&store->key[i], serial);
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
        keychain_serial(&store->key[i], serial);
        if (store->key[i].slot != PAIRING_SLOT)
            fprintf(stderr, "  --pump %s --role %s\n", serial, role_word(store->key[i].role));
    }
    return EXIT_USAGE;
}

static const char *reach_of(const struct desk *desk, uint8_t role)
{
    if (desk_has(desk, OPTION_AT_NEAR) || desk_has(desk, OPTION_AT_FAR))
        return desk_has(desk, OPTION_AT_NEAR) ? "near" : "far";
    return socket_air_reach(role);
}

void visit_heard(struct visit *visit)
{
    visit->heard_utc_ms = server_utc();
    visit->calendar.offset.ms = visit->status.civil_offset_ms;
    memcpy(visit->calendar.zone, visit->status.zone, sizeof visit->calendar.zone);
}

enum contact visit_greet(struct visit *visit)
{
    enum contact contact = programmer_open(&visit->programmer, &visit->air);
    if (contact == CONTACT_OK)
        contact = programmer_status(&visit->programmer, &visit->air, &visit->status);
    if (contact == CONTACT_OK)
        visit_heard(visit);
    return contact;
}

/* Opens the session and reads the status; says what became of an earlier command. */
static int session_begin_with(struct visit *visit, enum purpose purpose)
{
    struct programmer *programmer = &visit->programmer;
    enum contact contact = visit_greet(visit);
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
    uint64_t head = programmer->head;
    bool used = false;
    int code = keychain_take(visit->desk, &visit->store);
    if (code != EXIT_DONE)
        return code;
    if (!key_again(visit, &used))
        return desk_usage(visit->desk, "the key was taken out of the file meanwhile; pair again: cisterna pair --help", "");
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
