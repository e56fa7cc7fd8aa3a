/* peers.c - `cisterna peers`: slots, roles and labels. */
// SPDX-License-Identifier: Apache-2.0
#include "app/peers.h"

#include <stdio.h>

#include "app/told.h"
#include "app/visit.h"
#include "core/text.h"
#include "document/plain.h"
#include "link/permit.h"

struct peers {
    unsigned count;
    cisterna_Peer peer[PEER_SLOTS];
};

/* The slot of another programmer that is called the same; 0 when there is none. */
static unsigned namesake(const struct peers *peers, const cisterna_Peer *of)
{
    for (unsigned i = 0; i < peers->count; i++)
        if (peers->peer[i].slot != of->slot && text_same_ignoring_case(peers->peer[i].label, of->label))
            return peers->peer[i].slot;
    return 0;
}

static void row_print(const struct peers *peers, const cisterna_Peer *peer)
{
    char label[PLAIN_TEXT_BYTES];
    const char *role = role_word((uint8_t)peer->role);
    unsigned same = namesake(peers, peer);
    plain_write(peer->label, label, sizeof label); /* somebody else's words */
    printf("  %u  %-10s %s%s", (unsigned)peer->slot, role != NULL ? role : "unknown", label, peer->here ? "  (this one)" : "");
    if (same != 0)
        printf("  !! called the same as slot %u: forget one with cisterna unpair and pair it under another name", same);
    printf("\n");
}

static json_t *row_json(const struct peers *peers, const cisterna_Peer *peer)
{
    const char *role = role_word((uint8_t)peer->role);
    unsigned same = namesake(peers, peer);
    json_t *row = json_object();
    json_object_set_new(row, "slot", json_integer(peer->slot));
    json_object_set_new(row, "role", json_string(role != NULL ? role : "unknown"));
    json_object_set_new(row, "label", json_string(peer->label));
    json_object_set_new(row, "here", json_boolean(peer->here));
    if (same != 0)
        json_object_set_new(row, "called_the_same_as", json_integer(same));
    return row;
}

/* A few in each answer; there are never more than slots. */
static bool peers_read(struct visit *visit, struct peers *peers)
{
    cisterna_Reply reply;
    peers->count = 0;
    do {
        if (!visit_ask(visit, QUERY_PEERS, peers->count, &reply))
            return false;
        for (unsigned i = 0; i < reply.tell.peers.peer_count && peers->count < PEER_SLOTS; i++)
            peers->peer[peers->count++] = reply.tell.peers.peer[i];
    } while (reply.tell.peers.peer_count > 0 && peers->count < PEER_SLOTS);
    return true;
}

int peers_run(const struct desk *desk)
{
    struct visit visit;
    int code = visit_begin(desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    struct peers peers;
    bool good = peers_read(&visit, &peers);
    if (good && desk_has(desk, OPTION_AT_JSON)) {
        json_t *object = json_object(), *list = json_array();
        for (unsigned i = 0; i < peers.count; i++)
            json_array_append_new(list, row_json(&peers, &peers.peer[i]));
        json_object_set_new(object, "cisterna_peers", json_integer(1));
        json_object_set_new(object, "peers", list);
        told_print(object);
    } else if (good) {
        for (unsigned i = 0; i < peers.count; i++)
            row_print(&peers, &peers.peer[i]);
    }
    visit_end(&visit);
    return good ? EXIT_DONE : EXIT_FAILED;
}
