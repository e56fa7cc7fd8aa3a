/* peers.c - `cisterna peers`: slots, roles and labels. */
// SPDX-License-Identifier: Apache-2.0
#include "app/peers.h"

#include <stdio.h>

#include "app/told.h"
#include "app/visit.h"
#include "link/permit.h"

static void row_say(const cisterna_Peer *peer, json_t *list)
{
    const char *role = role_word((uint8_t)peer->role);
    if (list == NULL) {
        printf("  %u  %-10s %s%s\n", (unsigned)peer->slot, role != NULL ? role : "unknown", peer->label,
               peer->here ? "  (this one)" : "");
        return;
    }
    json_t *row = json_object();
    json_object_set_new(row, "slot", json_integer(peer->slot));
    json_object_set_new(row, "role", json_string(role != NULL ? role : "unknown"));
    json_object_set_new(row, "label", json_string(peer->label));
    json_object_set_new(row, "here", json_boolean(peer->here));
    json_array_append_new(list, row);
}

/* A few in each answer; there are never more than slots. */
static bool rows_say(struct visit *visit, json_t *list)
{
    uint32_t from = 0;
    cisterna_Reply reply;
    do {
        if (!visit_ask(visit, QUERY_PEERS, from, &reply))
            return false;
        for (unsigned i = 0; i < reply.tell.peers.peer_count; i++)
            row_say(&reply.tell.peers.peer[i], list);
        from += reply.tell.peers.peer_count;
    } while (reply.tell.peers.peer_count > 0 && from < PEER_SLOTS);
    return true;
}

int peers_run(const struct desk *desk)
{
    struct visit visit;
    int code = visit_begin(desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    json_t *list = desk_has(desk, OPTION_AT_JSON) ? json_array() : NULL;
    bool good = rows_say(&visit, list);
    if (list != NULL && good) {
        json_t *object = json_object();
        json_object_set_new(object, "cisterna_peers", json_integer(1));
        json_object_set_new(object, "peers", json_incref(list));
        told_print(object);
    }
    json_decref(list);
    visit_end(&visit);
    return good ? EXIT_DONE : EXIT_FAILED;
}
