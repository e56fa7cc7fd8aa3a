/* judge.c - one rule for each kind of frame: the members of the pump that it may change, byte for byte, and when. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/judge.h"

#include <string.h>

#include "core/catalog.h"
#include "core/text.h"
#include "fuzz/fuzz.h"

void judge_before(struct scene *scene, struct before *before)
{
    struct board board = stand_board(&scene->booth.stand);
    memcpy(&before->pump, scene_pump(scene), sizeof before->pump); /* the padding too: they are compared by bytes */
    memcpy(&before->kept, kept_of(&board), sizeof before->kept);
    before->quanta = scene->account.quanta;
}

/* The pump before, with what may differ taken from the pump now. */
struct excused {
    struct pump pump;
    const struct pump *now;
};

#define EXCUSE(excused, member)                                                                                        \
    memcpy(&(excused)->pump.member, &(excused)->now->member, sizeof (excused)->pump.member)

/* What any frame does: it is counted, the radio may be told not to listen, and what waits for the flash is written there. */
static void excuse_any(struct excused *excused)
{
    static const uint32_t abuse = (uint32_t)1 << ALARM_AT_RADIO_ABUSE;
    uint32_t raised = excused->now->alarm.active ^ excused->pump.alarm.active;
    EXCUSE(excused, tally);
    EXCUSE(excused, look_ms);
    EXCUSE(excused, listening);
    EXCUSE(excused, keeping);
    EXCUSE(excused, store);
    EXCUSE(excused, log);
    EXCUSE(excused, now.log_last);
    EXCUSE(excused, now.stamp);
    EXCUSE(excused, gate.bucket[GATE_FAR]);
    EXCUSE(excused, gate.bucket[GATE_NEAR]);
    EXCUSE(excused, abuse.strangers);
    EXCUSE(excused, abuse.strangers_ms);
    if (raised == abuse) { /* the one thing strangers can do to a pump: make it say so, which ends a pause of sound */
        EXCUSE(excused, alarm);
        EXCUSE(excused, now.alarm_ms[ALARM_AT_RADIO_ABUSE]);
        MUST(excused->now->now.silent_until_ms == excused->pump.now.silent_until_ms ||
             excused->now->now.silent_until_ms == 0);
        EXCUSE(excused, now.silent_until_ms);
    }
}

/* A sound tag of this slot: its counter, how often the newest came again, and its own buckets. */
static void excuse_slot(struct excused *excused, uint8_t slot)
{
    EXCUSE(excused, gate.counter[slot]);
    EXCUSE(excused, repeats[slot]);
    for (unsigned bucket = (unsigned)GATE_HANDSHAKE + slot; bucket < GATE_BUCKETS; bucket += PEER_SLOTS + 1)
        EXCUSE(excused, gate.bucket[bucket]);
    EXCUSE(excused, peers.reserved[slot]);
    EXCUSE(excused, peers.check);
    EXCUSE(excused, peers_once);
}

/* A pairing under way bears a few wrong PAIR_3, and is then forgotten. */
static void excuse_tries(struct excused *excused, bool near)
{
    if (!near || excused->pump.pairing.state != 1)
        return;
    if (fuzz_zero(&excused->now->pairing, sizeof excused->now->pairing))
        EXCUSE(excused, pairing);
    EXCUSE(excused, pairing.tries);
}

/* A session may count what came for it and was not taken, but neither its keys and nonces move nor its time. */
static void excuse_sessions(struct excused *excused)
{
    for (unsigned i = 0; i < LINES; i++) {
        const struct line *was = &excused->pump.line[i], *is = &excused->now->line[i];
        MUST(memcmp(&was->session, &is->session, sizeof was->session) == 0);
        MUST(was->slot == is->slot && was->began_ms == is->began_ms && was->heard_ms == is->heard_ms);
        EXCUSE(excused, line[i]);
    }
}

/* Where in the pump something changed that must not: gdb tells the member, by `ptype /o struct pump`. */
static bool same_pump(const struct excused *excused)
{
    const uint8_t *was = (const uint8_t *)&excused->pump, *is = (const uint8_t *)excused->now;
    for (size_t i = 0; i < sizeof excused->pump; i++) {
        if (was[i] != is[i]) {
            fprintf(stderr, "byte %zu of struct pump has changed\n", i);
            return false;
        }
    }
    return true;
}

static void nothing_else(const struct scene *scene, const struct before *before, const struct excused *excused,
                         const struct kept *kept)
{
    MUST(same_pump(excused));
    MUST(memcmp(&before->kept.ledger, &kept->ledger, sizeof kept->ledger) == 0);
    MUST(memcmp(&before->kept.governor, &kept->governor, sizeof kept->governor) == 0);
    MUST(memcmp(before->kept.therapy, kept->therapy, sizeof kept->therapy) == 0);
    MUST(before->quanta == scene->account.quanta);
}

static uint32_t tokens_used(struct scene *scene, const struct before *before, unsigned bucket)
{
    instant_ms now = scene->booth.stand.now;
    return gate_tokens(&before->pump, bucket, now) - gate_tokens(scene_pump(scene), bucket, now);
}

/* Does a frame cost a token of the strangers' bucket? It does unless it is acted on: link/SPEC.md §4. */
enum cost { FREE, STRANGERS, EITHER };

/* While a sector is being erased what needs the flash waits, and is dropped without blame. */
static bool is_writable(const struct scene *scene)
{
    return scene->booth.stand.twin.flash.erasing < 0;
}

/* KNOCK with the gate key of its slot. */
static enum cost knock_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer,
                             struct excused *excused)
{
    struct enrolled *peer = &scene->roster[by->slot];
    const struct pump *pump = scene_pump(scene);
    enum line_kind kind = judge_line(peer->role);
    bool author = peer->who == 1 + by->who, near = scene->booth.reach == REACH_NEAR || kind != LINE_CLINIC;
    bool counted = pump->gate.counter[by->slot] != before->pump.gate.counter[by->slot];
    bool opened = memcmp(&before->pump.line[kind], &pump->line[kind], sizeof pump->line[kind]) != 0;
    bool fresh = by->counter > peer->counter && by->counter <= before->pump.gate.counter[by->slot] + GATE_LEAP_MAX;
    /* A clinician's key has a second bucket, that of messages, which nothing else of it uses in the clinic. */
    uint32_t used = tokens_used(scene, before, (unsigned)GATE_HANDSHAKE + by->slot) +
                    (kind == LINE_CLINIC ? tokens_used(scene, before, (unsigned)GATE_MESSAGE + by->slot) : 0);
    excuse_slot(excused, by->slot);
    if (opened)
        EXCUSE(excused, line[kind]);
    MUST(!counted || (near && fresh && pump->gate.counter[by->slot] == by->counter)); /* token or not: once heard it is spent */
    MUST(used == 0 || (near && fresh && used == 1));
    MUST(!opened || (counted && used == 1 && author && !by->taken && pump->line[kind].slot == by->slot));
    MUST((answer->kind == PACKET_ANSWER) == opened || (by->taken && answer->kind == PACKET_ANSWER));
    MUST(answer->kind == 0 || (near && answer->slot == by->slot));
    MUST(answer->kind != PACKET_COUNTER || answer->counter == pump->gate.counter[by->slot]);
    /* Nobody keeps out who has the keys, as long as its own bucket holds a token and the flash is not being erased. */
    bool token = gate_tokens(&before->pump, (unsigned)GATE_HANDSHAKE + by->slot, scene->booth.stand.now) > 0;
    bool lost = before->pump.gate.counter[by->slot] >= by->counter; /* reserved ahead, before the memory was lost */
    MUST(opened || !author || !near || !fresh || !token || !is_writable(scene) || lost);
    by->taken = by->taken || opened;
    /* What flash had no time to reserve a loss of memory may bring back; such a knock was not acted on. */
    peer->counter = counted && pump->peers.reserved[by->slot] >= by->counter ? by->counter : peer->counter;
    if (answer->kind == PACKET_ANSWER || used == 1)
        return FREE;
    if (!is_writable(scene))
        return EITHER;
    /* Near, who calls too often pays for it alone; so does who repeats its newest frame, for a while. */
    bool again = near && by->counter == before->pump.gate.counter[by->slot] &&
                 before->pump.repeats[by->slot] < GATE_REPEATS_FREE;
    return again || (counted && scene->booth.reach == REACH_NEAR) ? FREE : STRANGERS;
}

static enum cost first_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer,
                             struct excused *excused)
{
    const struct pump *pump = scene_pump(scene);
    bool near = scene->booth.reach == REACH_NEAR, fresh = by->counter > scene->pair_counter;
    bool counted = pump->gate.counter[PAIRING_SLOT] != before->pump.gate.counter[PAIRING_SLOT];
    excuse_slot(excused, PAIRING_SLOT);
    if (counted)
        EXCUSE(excused, pairing);
    MUST(!counted || (near && fresh && pump->gate.counter[PAIRING_SLOT] == by->counter));
    MUST(answer->kind == 0 || near);
    MUST(answer->kind != PACKET_PAIR_2 || counted || by->taken);
    if (counted && pump->peers.reserved[PAIRING_SLOT] >= by->counter)
        scene->pair_counter = by->counter;
    by->taken = by->taken || counted;
    bool used = tokens_used(scene, before, (unsigned)GATE_HANDSHAKE + PAIRING_SLOT) > 0;
    return used || answer->kind == PACKET_PAIR_2 ? FREE : is_writable(scene) ? STRANGERS : EITHER;
}

/* The slot whose peer changed; 0 when none did. No frame changes two. */
static uint8_t slot_changed(const struct pump *one, const struct pump *other)
{
    uint8_t changed = 0;
    for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++) {
        if (memcmp(&one->peers.peer[slot], &other->peers.peer[slot], sizeof one->peers.peer[slot]) != 0) {
            MUST(changed == 0);
            changed = slot;
        }
    }
    return changed;
}

static enum cost third_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer,
                             struct excused *excused)
{
    const struct pump *pump = scene_pump(scene);
    uint8_t slot = slot_changed(&before->pump, pump);
    bool near = scene->booth.reach == REACH_NEAR;
    struct enrolled *peer = &scene->roster[slot];
    excuse_tries(excused, near);
    EXCUSE(excused, gate.bucket[GATE_ANSWER + PAIRING_SLOT]);
    MUST(answer->kind == 0 || (near && answer->kind == PACKET_PAIRED));
    if (answer->kind == PACKET_PAIRED)
        EXCUSE(excused, pairing);
    if (slot == 0)
        return answer->kind == PACKET_PAIRED ? FREE : is_writable(scene) ? STRANGERS : EITHER;
    MUST(near && !by->taken && answer->kind == PACKET_PAIRED);
    MUST(by->role >= ROLE_PATIENT && by->role <= ROLE_SERVICE && text_valid(by->label, LABEL_BYTES));
    MUST(peer->who == 0 || peer->who == 1 + by->who);
    by->taken = true;
    for (uint8_t other = 1; other <= PEER_SLOTS; other++)
        MUST(other == slot || scene->roster[other].who != 1 + by->who);
    excuse_slot(excused, slot);
    EXCUSE(excused, peers);
    EXCUSE(excused, line);
    EXCUSE(excused, now.highest_id[slot]);
    EXCUSE(excused, now.answered);
    for (unsigned i = 0; i < LINES; i++)
        MUST(pump->line[i].session.id == 0 || memcmp(&pump->line[i], &before->pump.line[i], sizeof pump->line[i]) == 0);
    if (peer->who == 0)
        *peer = (struct enrolled){ .who = (uint8_t)(1 + by->who) };
    peer->role = by->role;
    memcpy(peer->label, by->label, LABEL_BYTES);
    memcpy(peer->gate_key, scene->insider[by->who].paired_gate, KEY_BYTES);
    return FREE;
}

/* The session that this DATA belongs to, and that has not moved past it; LINES when there is none. */
static unsigned line_for(const struct before *before, const struct authored *by)
{
    unsigned i = 0;
    for (; i < LINES; i++) {
        const struct line *line = &before->pump.line[i];
        if (line->session.id == by->session && line->slot == by->slot && by->nonce > line->session.in.nonce &&
            by->nonce / SESSION_REKEY_EVERY - line->session.in.rekeys <= SESSION_REKEYS_AHEAD)
            break;
    }
    return i;
}

/* DATA that its session takes. At home messages are rationed: what is beyond is taken and not heeded. */
static enum cost data_judge(struct scene *scene, const struct before *before, struct authored *by, const struct packet *answer,
                            unsigned at)
{
    const struct pump *was = &before->pump, *is = scene_pump(scene);
    const struct session *session = &is->line[at].session;
    unsigned own = (unsigned)GATE_MESSAGE + by->slot;
    bool home = at != LINE_CLINIC, rationed = home && gate_tokens(was, own, scene->booth.stand.now) == 0;
    MUST(!by->taken && scene->roster[by->slot].who == 1 + by->who);
    MUST(session->id == 0 || (session->id == by->session && session->in.nonce == by->nonce));
    MUST(memcmp(&was->pairing, &is->pairing, sizeof is->pairing) == 0);
    MUST(memcmp(was->secret, is->secret, sizeof is->secret) == 0 && memcmp(was->card, is->card, sizeof is->card) == 0);
    MUST(memcmp(was->gate.counter, is->gate.counter, sizeof is->gate.counter) == 0);
    for (unsigned bucket = GATE_HANDSHAKE; bucket < GATE_BUCKETS; bucket++)
        MUST(memcmp(&was->gate.bucket[bucket], &is->gate.bucket[bucket], sizeof is->gate.bucket[bucket]) == 0 ||
             (bucket == own && home));
    MUST(tokens_used(scene, before, own) == (home && !rationed) && before->quanta == scene->account.quanta);
    by->taken = true;
    if (!rationed)
        effect_judge(scene, before, by, answer);
    else
        MUST(answer->kind == 0 && effect_none(scene, before));
    return rationed ? STRANGERS : FREE;
}

/* Anybody's, with a magnet held: the window closes an hour after it was opened, until the magnet was seen away. */
static bool emergency_judge(struct scene *scene, const struct before *before, const struct packet *packet,
                            const struct packet *answer, struct excused *excused)
{
    struct booth *booth = &scene->booth;
    bool magnet = booth->magnet && !booth->field, near = booth->reach == REACH_NEAR;
    if (near)
        EXCUSE(excused, emergency);
    if (near && magnet && scene->window_ms < 0)
        scene->window_ms = booth->stand.now.ms;
    if (near && !magnet)
        scene->window_ms = -1;
    bool open = near && magnet && booth->stand.now.ms < scene->window_ms + HOUR_MS;
    MUST((answer->kind == PACKET_IDENTITY) == open);
    if (open)
        MUST(answer->challenge == packet->challenge);
    if (!open || packet->wish != EMERGENCY_LOWER)
        return false;
    effect_lowered(scene, before);
    MUST(before->quanta == scene->account.quanta);
    return true;
}

/* Nobody's, or somebody's who has no right any more. What comes for a session that stands, too late, is borne for a while. */
static enum cost stranger_judge(const struct scene *scene, const struct packet *packet, const struct packet *answer,
                                struct excused *excused)
{
    bool old = false;
    MUST(answer->kind == 0);
    if (packet == NULL)
        return STRANGERS;
    if (packet->kind == PACKET_PAIR_3)
        excuse_tries(excused, scene->booth.reach == REACH_NEAR);
    if (packet->kind == PACKET_DATA)
        excuse_sessions(excused);
    for (unsigned i = 0; i < LINES; i++)
        old = old || (excused->pump.line[i].session.id == packet->session &&
                      packet->nonce <= excused->pump.line[i].session.in.nonce);
    return packet->kind == PACKET_DATA && old ? EITHER : STRANGERS;
}

/* Does this frame have the gate key of somebody who is paired? */
static bool knows_slot(const struct scene *scene, const struct authored *by)
{
    const struct enrolled *peer = &scene->roster[by->slot];
    return peer->who != 0 && memcmp(by->gate_key, peer->gate_key, KEY_BYTES) == 0;
}

void judge_frame(struct scene *scene, const struct before *before, struct authored *by, const struct packet *packet,
                 const struct packet *answer)
{
    struct board board = stand_board(&scene->booth.stand);
    unsigned bucket = scene->booth.reach == REACH_NEAR ? GATE_NEAR : GATE_FAR;
    uint8_t kind = packet == NULL ? 0 : packet->kind;
    struct excused excused = { .now = scene_pump(scene) };
    enum cost cost = STRANGERS;
    bool bytes = true; /* is the whole pump compared? Not where a request or an emergency may change much of it */
    memcpy(&excused.pump, &before->pump, sizeof excused.pump);
    excuse_any(&excused);
    if (!gate_open(&before->pump, bucket, scene->booth.stand.now)) {
        MUST(answer->kind == 0);
        cost = FREE;
    } else if (kind == PACKET_EMERGENCY) {
        bytes = !emergency_judge(scene, before, packet, answer, &excused);
    } else if (by != NULL && kind == PACKET_KNOCK && knows_slot(scene, by)) {
        cost = knock_judge(scene, before, by, answer, &excused);
    } else if (by != NULL && kind == PACKET_PAIR_1) {
        cost = first_judge(scene, before, by, answer, &excused);
    } else if (by != NULL && kind == PACKET_PAIR_3) {
        cost = third_judge(scene, before, by, answer, &excused);
    } else if (by != NULL && kind == PACKET_DATA && line_for(before, by) < LINES) {
        bytes = false;
        cost = data_judge(scene, before, by, answer, line_for(before, by));
    } else {
        cost = stranger_judge(scene, packet, answer, &excused);
    }
    MUST(cost == EITHER || tokens_used(scene, before, bucket) == (cost == STRANGERS));
    if (bytes)
        nothing_else(scene, before, &excused, kept_of(&board));
}
