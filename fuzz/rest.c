/* rest.c - what must hold when nothing is under way: what is remembered twice agrees, sessions and pairings end in time, and
 * peers, therapy and counters are those the judge knows. And what no frame may tell. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/judge.h"

#include <string.h>

#include "core/catalog.h"
#include "fuzz/fuzz.h"
#include "link/hash.h"

static bool contains(const uint8_t *bytes, size_t size, const uint8_t *secret, size_t length)
{
    for (size_t at = 0; at + length <= size; at++)
        if (memcmp(bytes + at, secret, length) == 0)
            return true;
    return false;
}

void judge_told(const struct scene *scene, const uint8_t *bytes, size_t size)
{
    enum { HALF = KEY_BYTES / 2 };
    const struct pump *pump = &scene->booth.stand.pump;
    MUST(!contains(bytes, size, pump->card, CARD_SECRET_BYTES) && !contains(bytes, size, scene->implant.psk, HALF));
    for (unsigned half = 0; half < KEY_BYTES; half += HALF) {
        MUST(!contains(bytes, size, pump->secret + half, HALF));
        for (unsigned slot = 0; slot <= PEER_SLOTS; slot++)
            MUST(pump->peers.peer[slot].role == 0 || !contains(bytes, size, pump->peers.peer[slot].gate_key + half, HALF));
        for (unsigned i = 0; i < LINES; i++)
            MUST(pump->line[i].session.id == 0 || (!contains(bytes, size, pump->line[i].session.in.key + half, HALF) &&
                                                   !contains(bytes, size, pump->line[i].session.out.key + half, HALF)));
    }
}

static void rest_of_peers(struct scene *scene, const struct kept *kept)
{
    const struct pump *pump = scene_pump(scene);
    MUST(memcmp(&kept->gate[0].memory, &pump->gate, sizeof pump->gate) == 0);
    MUST(memcmp(&kept->gate[1].memory, &pump->gate, sizeof pump->gate) == 0 && kept->gate[0].check == kept->gate[1].check);
    MUST(pump->gate.counter[PAIRING_SLOT] >= scene->pair_counter);
    for (unsigned slot = 1; slot <= PEER_SLOTS; slot++) {
        const struct enrolled *known = &scene->roster[slot];
        const struct peer *peer = &pump->peers.peer[slot];
        MUST((known->who == 0) == (peer->role == 0));
        if (known->who == 0)
            continue;
        MUST(peer->role == known->role && memcmp(peer->label, known->label, LABEL_BYTES) == 0);
        MUST(memcmp(peer->key, scene->insider[known->who - 1].key, KEY_BYTES) == 0);
        MUST(memcmp(peer->gate_key, known->gate_key, KEY_BYTES) == 0 && pump->gate.counter[slot] >= known->counter);
    }
}

static void rest_of_sessions(struct scene *scene)
{
    const struct pump *pump = scene_pump(scene);
    int64_t now_ms = scene->booth.stand.now.ms;
    for (unsigned i = 0; i < LINES; i++) {
        const struct line *line = &pump->line[i];
        if (line->session.id == 0) {
            MUST(fuzz_zero(line, sizeof *line));
            continue;
        }
        MUST(line->slot >= 1 && line->slot <= PEER_SLOTS && scene->roster[line->slot].who != 0);
        MUST((unsigned)judge_line(scene->roster[line->slot].role) == i);
        MUST(line->began_ms <= line->heard_ms && line->heard_ms <= now_ms);
        MUST(now_ms < line->heard_ms + SESSION_IDLE_MS && now_ms < line->began_ms + SESSION_LIFE_MS);
    }
    MUST(pump->pairing.state <= 2);
    if (pump->pairing.state == 0)
        MUST(fuzz_zero(&pump->pairing, sizeof pump->pairing));
    else
        MUST(now_ms < pump->pairing.until_ms && pump->pairing.tries < PAIRING_TRIES);
}

static void rest_of_therapy(struct scene *scene, const struct board *board)
{
    const struct pump *pump = scene_pump(scene);
    const struct staging *staging = &pump->staging;
    uint8_t hash[HASH_BYTES], bytes[THERAPY_BYTES_MAX];
    size_t size = pump_therapy(board, bytes);
    hash_of(bytes, size, hash);
    if (fuzz_zero(scene->token, sizeof scene->token))
        MUST(!pump->has_therapy);
    else
        MUST(pump->has_therapy && memcmp(hash, scene->token, HASH_BYTES) == 0);
    MUST(staging->filled <= staging->total && staging->total <= THERAPY_BYTES_MAX);
    if (staging->whole) {
        hash_of(staging->bytes, staging->total, hash);
        MUST(staging->filled == staging->total && memcmp(hash, staging->token, HASH_BYTES) == 0);
    }
    MUST(pump->now.mode >= MODE_NEW && mode_word(pump->now.mode) != NULL && pump->now.head != 0);
    MUST(pump->base.nl_day >= 0 && pump->base.nl_day + pump->course.nl_day <= pump->model.rate_max.nl_day);
}

void judge_rest(struct scene *scene)
{
    struct board board = stand_board(&scene->booth.stand);
    rest_of_peers(scene, kept_of(&board));
    rest_of_sessions(scene);
    rest_of_therapy(scene, &board);
    MUST(scene->account.excesses == 0);
}
