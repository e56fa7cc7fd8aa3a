/* clinicdoor.c - which pump, which key, which socket; and keys that change under other hands. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/clinicdoor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/keychain.h"
#include "app/socket_air.h"
#include "clinic/server/feed.h"
#include "core/catalog.h"

/* One pump, and who talks with it. */
struct place {
    struct clinicdoor *door;
    char serial[SERIAL_BYTES]; /* while there are */
    unsigned visitors;         /* in it, or waiting for it; 0: free; under door->lock */
    pthread_mutex_t talk;      /* held for a conversation; never waited for with door->lock held */
    bool taken;                /* by `holder`; under door->lock */
    pthread_t holder;
    struct socket_air socket;
    struct key kept; /* as this side last saw it in the file */
};

struct clinicdoor {
    const char *radio, *only; /* only: the one pump it leads to; null: all there are keys for */
    int32_t patience_ms;      /* for one answer */
    pthread_mutex_t lock;     /* of the rest, for moments only */
    struct keystore store;
    struct place place[FEED_PUMPS_MAX];
};

static bool refuse(char fault[DOOR_FAULT_BYTES], const char *text)
{
    snprintf(fault, DOOR_FAULT_BYTES, "%s", text);
    return false;
}

/* Takes the file of keys, with door->lock held when it returns KEYSTORE_OK; waits for others who have it. */
static enum keystore_fault store_take(struct clinicdoor *door)
{
    unsigned waited_ms = 0;
    for (;;) {
        (void)pthread_mutex_lock(&door->lock);
        enum keystore_fault fault = keystore_take(&door->store);
        if (fault == KEYSTORE_OK)
            return fault;
        (void)pthread_mutex_unlock(&door->lock);
        if (fault != KEYSTORE_BUSY || !keychain_wait(&waited_ms))
            return fault;
    }
}

static void store_leave(struct clinicdoor *door)
{
    keystore_leave(&door->store);
    (void)pthread_mutex_unlock(&door->lock);
}

/* The key of this role for the pump of this serial; null when there is none. */
static const struct key *key_find(const struct keystore *store, const char *serial, uint8_t role)
{
    char text[PUMP_ID_BYTES + 1];
    for (unsigned i = 0; i < store->count; i++) {
        keychain_serial(&store->key[i], text);
        if (store->key[i].slot != PAIRING_SLOT && store->key[i].role == role && strcmp(text, serial) == 0)
            return &store->key[i];
    }
    return NULL;
}

/* Has nobody knocked, commanded, settled or paired with it since? The counter rises with each session, in which commands are
 * given and settled; pairing again makes other keys. */
static bool key_same(const struct key *a, const struct key *b)
{
    return memcmp(a->pump_id, b->pump_id, PUMP_ID_BYTES) == 0 && a->slot == b->slot && a->role == b->role &&
           cipher_same(a->secret, b->secret, KEY_BYTES) && cipher_same(a->pump_key, b->pump_key, KEY_BYTES) &&
           a->counter == b->counter && a->command_id == b->command_id && a->pending.id == b->pending.id &&
           a->last.id == b->last.id;
}

/* air->keep(): refuses when the file's key is not the one this conversation goes on from. */
static bool place_keep(void *context, const struct key *key)
{
    struct place *place = context;
    struct clinicdoor *door = place->door;
    bool kept = false;
    if (store_take(door) != KEYSTORE_OK)
        return false;
    const struct key *now = key_find(&door->store, place->serial, key->role);
    if (now != NULL && key_same(now, &place->kept))
        kept = keystore_put(&door->store, key) == KEYSTORE_OK;
    store_leave(door);
    if (kept)
        place->kept = *key;
    return kept;
}

/* The place of this pump, or a free one; null when all are taken. With door->lock held. */
static struct place *place_find(struct clinicdoor *door, const char *serial)
{
    struct place *empty = NULL;
    for (unsigned i = 0; i < FEED_PUMPS_MAX; i++) {
        struct place *place = &door->place[i];
        if (place->visitors > 0 && strcmp(place->serial, serial) == 0)
            return place;
        if (place->visitors == 0)
            empty = place;
    }
    return empty;
}

/* The place of a pump, taken; null when there are too many. Waits for whoever talks with it. */
static struct place *place_take(struct clinicdoor *door, const char *serial)
{
    (void)pthread_mutex_lock(&door->lock);
    struct place *place = place_find(door, serial);
    if (place != NULL && place->visitors++ == 0)
        snprintf(place->serial, sizeof place->serial, "%s", serial);
    (void)pthread_mutex_unlock(&door->lock);
    if (place == NULL)
        return NULL;
    (void)pthread_mutex_lock(&place->talk);
    (void)pthread_mutex_lock(&door->lock);
    place->taken = true;
    place->holder = pthread_self();
    (void)pthread_mutex_unlock(&door->lock);
    return place;
}

static void place_leave(struct place *place)
{
    struct clinicdoor *door = place->door;
    socket_air_close(&place->socket);
    cipher_forget(&place->kept, sizeof place->kept);
    (void)pthread_mutex_lock(&door->lock);
    place->taken = false;
    place->visitors--;
    (void)pthread_mutex_unlock(&door->lock);
    (void)pthread_mutex_unlock(&place->talk);
}

/* Looks the key up, and lets the programmer go on with it or begin anew. */
static bool key_lend(struct place *place, uint8_t role, struct programmer *programmer, char fault[DOOR_FAULT_BYTES])
{
    struct clinicdoor *door = place->door;
    enum keystore_fault taken = store_take(door);
    if (taken == KEYSTORE_BUSY)
        return refuse(fault, "the key file is in use by another program");
    if (taken != KEYSTORE_OK) {
        snprintf(fault, DOOR_FAULT_BYTES, "the key file: %s", keystore_text(taken));
        return false;
    }
    const struct key *key = key_find(&door->store, place->serial, role);
    if (key != NULL)
        place->kept = *key;
    store_leave(door);
    if (key == NULL) {
        snprintf(fault, DOOR_FAULT_BYTES, "no key of the role %s for pump %s in the key file", role_word(role),
                 place->serial);
        return false;
    }
    if (!key_same(&programmer->key, &place->kept))
        programmer_start(programmer, &place->kept);
    programmer->patience.wait_ms = door->patience_ms;
    return true;
}

/* Connects to the pump's own folder in that of the radios; where it has none, to the one that holds a pump's sockets itself. */
static bool radio_open(struct place *place, uint8_t role, struct air *air, char fault[DOOR_FAULT_BYTES])
{
    char dir[KEYFILE_PATH_BYTES];
    struct stat status;
    const char *reach = socket_air_reach(role);
    const struct keeper keeper = { .context = place, .keep = place_keep };
    int length = snprintf(dir, sizeof dir, "%s/%s", place->door->radio, place->serial);
    bool own = length > 0 && (size_t)length < sizeof dir && stat(dir, &status) == 0 && S_ISDIR(status.st_mode);
    const char *folder = own ? dir : place->door->radio;
    if (socket_air_open(&place->socket, folder, reach, &keeper)) {
        *air = socket_air_of(&place->socket);
        return true;
    }
    const char *why = strerror(errno);
    int size = snprintf(fault, DOOR_FAULT_BYTES, "the pump's radio does not answer at %s/%s: %s", folder, reach, why);
    if (size >= DOOR_FAULT_BYTES)
        snprintf(fault, DOOR_FAULT_BYTES, "the pump's radio does not answer: %s", why);
    return false;
}

/* A name of a folder, and nothing that leads elsewhere. */
static bool serial_good(const char *serial)
{
    size_t size = strlen(serial);
    return size > 0 && size < SERIAL_BYTES && serial[0] != '.' && strchr(serial, '/') == NULL;
}

static bool enter(void *context, const char *serial, uint8_t role, struct programmer *programmer, struct air *air,
                  char fault[DOOR_FAULT_BYTES])
{
    struct clinicdoor *door = context;
    if (!serial_good(serial))
        return refuse(fault, "that is no serial of a pump");
    if (door->only != NULL && strcmp(door->only, serial) != 0) {
        snprintf(fault, DOOR_FAULT_BYTES, "this server was started for pump %s alone (--pump)", door->only);
        return false;
    }
    struct place *place = place_take(door, serial);
    if (place == NULL)
        return refuse(fault, "this server talks with as many pumps as it can: ask again");
    if (key_lend(place, role, programmer, fault) && radio_open(place, role, air, fault))
        return true;
    place_leave(place);
    return false;
}

static void leave(void *context)
{
    struct clinicdoor *door = context;
    struct place *mine = NULL;
    (void)pthread_mutex_lock(&door->lock);
    for (unsigned i = 0; i < FEED_PUMPS_MAX && mine == NULL; i++)
        if (door->place[i].taken && pthread_equal(door->place[i].holder, pthread_self()) != 0)
            mine = &door->place[i];
    (void)pthread_mutex_unlock(&door->lock);
    if (mine != NULL)
        place_leave(mine);
}

static bool pump_at(void *context, uint8_t role, unsigned index, char serial[SERIAL_BYTES])
{
    struct clinicdoor *door = context;
    unsigned found = 0;
    bool there = false;
    (void)pthread_mutex_lock(&door->lock);
    /* Who was paired since the last look; what is known already will do while another has the file. */
    if (index == 0 && keystore_take(&door->store) == KEYSTORE_OK)
        keystore_leave(&door->store);
    for (unsigned i = 0; i < door->store.count && !there; i++) {
        char text[PUMP_ID_BYTES + 1];
        const struct key *key = &door->store.key[i];
        keychain_serial(key, text);
        if (key->slot == PAIRING_SLOT || key->role != role || !serial_good(text) ||
            (door->only != NULL && strcmp(door->only, text) != 0))
            continue;
        there = found++ == index;
        if (there)
            memcpy(serial, text, SERIAL_BYTES); /* its end too: serial_good() */
    }
    (void)pthread_mutex_unlock(&door->lock);
    return there;
}

int clinicdoor_open(const struct clinic_ask *ask, struct clinicdoor **opened)
{
    struct desk desk = { .command = ask->command != NULL ? ask->command : "clinic" };
    struct clinicdoor *door = calloc(1, sizeof *door);
    desk.value[OPTION_AT_KEYS] = ask->value[CLINIC_KEYS_AT];
    desk.value[OPTION_AT_PASSPHRASE_FILE] = ask->value[CLINIC_PASSPHRASE_FILE_AT];
    bool locks = door != NULL && pthread_mutex_init(&door->lock, NULL) == 0;
    for (unsigned i = 0; i < FEED_PUMPS_MAX && locks; i++) {
        door->place[i] = (struct place){ .door = door, .socket = { .socket = -1 } };
        locks = pthread_mutex_init(&door->place[i].talk, NULL) == 0;
    }
    if (!locks)
        fprintf(stderr, "cisterna %s: no memory or no locks for the pumps\n", desk.command);
    int code = locks ? keychain_open(&desk, false, &door->store) : EXIT_FAILED;
    if (code != EXIT_DONE) {
        free(door);
        return code;
    }
    keystore_leave(&door->store);
    door->radio = ask->value[CLINIC_RADIO_AT];
    door->patience_ms = (int32_t)(ask->patience_ms < PATIENCE_MS_MAX ? ask->patience_ms : PATIENCE_MS_MAX);
    door->only = ask->value[CLINIC_PUMP_AT];
    *opened = door;
    return EXIT_DONE;
}

struct door clinicdoor_of(struct clinicdoor *door)
{
    return (struct door){ .context = door, .enter = enter, .leave = leave, .pump_at = pump_at };
}

void clinicdoor_close(struct clinicdoor *door)
{
    if (door == NULL)
        return;
    keystore_close(&door->store);
    free(door);
}
