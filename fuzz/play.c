/* play.c - the steps of a program, one function each. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/play.h"

#include <string.h>

#include "fuzz/order.h"
#include "pump/standing.h"

static int64_t span_of(uint8_t code)
{
    static const int64_t unit_ms[] = { 1, 100, 1000, 10000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS };
    return unit_ms[code >> 5] * (1 + (code & 31));
}

/* Often the clinician, who may do most. */
static uint8_t who_of(struct tape *tape)
{
    uint8_t who = tape_byte(tape) % 8;
    return who < INSIDERS ? who : 0;
}

static void body_send(struct scene *scene, const uint8_t *body, size_t size)
{
    uint8_t frame[FRAME_BYTES_MAX];
    scene_send(scene, frame, frame_write(body, size, frame));
}

static void knock(struct scene *scene, struct tape *tape)
{
    uint8_t who = who_of(tape), slot = tape_byte(tape), key = tape_byte(tape);
    slot = slot == 0 ? scene->insider[who].slot : (uint8_t)(1 + slot % PEER_SLOTS);
    order_knock(scene, who, slot, key == 0, tape_number(tape, 8));
}

static void pair(struct scene *scene, struct tape *tape)
{
    uint8_t who = who_of(tape);
    struct packet packet;
    struct authored as = { .kind = PACKET_PAIR_1, .who = who };
    uint64_t jump = tape_number(tape, 8);
    as.counter = scene->card_counter + 1 + jump;
    if (jump < GATE_LEAP_MAX)
        scene->card_counter = as.counter;
    insider_pair(&scene->insider[who], &scene->implant, as.counter, &packet);
    scene_author(scene, &packet, &as);
}

static void claim(struct scene *scene, struct tape *tape)
{
    uint8_t who = who_of(tape);
    struct packet packet;
    struct authored as = { .kind = PACKET_PAIR_3, .who = who, .role = tape_byte(tape) };
    tape_block(tape, (uint8_t *)as.label, sizeof as.label);
    if (insider_claim(&scene->insider[who], as.role, as.label, &packet))
        scene_author(scene, &packet, &as);
}

/* Lets what waits for a sector to be erased be written: until then a loss of all memory brings back what stood there before. */
static void settle(struct scene *scene)
{
    const struct pump *pump = scene_pump(scene);
    for (unsigned i = 0; i < 10 && (pump->keeping.settings_due || scene->booth.stand.twin.flash.erasing >= 0); i++)
        scene_pass(scene, 1000);
}

static void hurt(struct scene *scene, struct tape *tape)
{
    struct board board = stand_board(&scene->booth.stand);
    uint8_t how = tape_byte(tape);
    uint32_t where = (uint32_t)tape_number(tape, 3) % sizeof(struct kept);
    if (how == 0)
        settle(scene);
    if (how == 0)
        memset(board.retained, 0, RETAINED_BYTES);
    else
        ((uint8_t *)board.retained)[where] ^= (uint8_t)(1u << (how % 8));
    scene->account.slack_quanta = 1;
    scene_reset(scene, BOOT_BROWN_OUT);
}

void play_hand(struct scene *scene, uint8_t bits)
{
    scene->booth.reach = (bits & 1) != 0 ? REACH_FAR : REACH_NEAR;
    scene->booth.magnet = (bits & 2) != 0;
    scene->booth.field = (bits & 4) != 0;
}

static void again(struct scene *scene, struct tape *tape, bool tampered)
{
    const struct book *book = scene->book;
    uint8_t body[FRAME_BODY_MAX], back = tape_byte(tape), at = tape_byte(tape), bits = tape_byte(tape);
    if (book->count == 0)
        return;
    const struct authored *old = &book->authored[book->count - 1 - back % book->count];
    size_t size = frame_read(old->frame, old->size, body);
    body[at % size] ^= tampered ? bits : 0;
    body_send(scene, body, size);
}

static void reflect(struct scene *scene, struct tape *tape)
{
    const struct booth_told *told = &scene->booth.told[0];
    uint8_t body[FRAME_BODY_MAX], at = tape_byte(tape), bits = tape_byte(tape);
    size_t size = scene->booth.tolds > 0 ? frame_read(told->bytes, told->size, body) : 0;
    if (size == 0)
        return;
    body[at % size] ^= bits;
    body_send(scene, body, size);
}

static void emergency(struct scene *scene, struct tape *tape)
{
    uint8_t body[FRAME_BODY_MAX], wish = tape_byte(tape);
    struct packet packet = { .kind = PACKET_EMERGENCY, .wish = (uint8_t)(1 + wish % 2), .challenge = tape_number(tape, 8) };
    body_send(scene, body, packet_write(&packet, body));
}

static void flood(struct scene *scene, struct tape *tape)
{
    uint8_t body[FRAME_BODY_MAX], count = tape_byte(tape) % 48, slot = tape_byte(tape);
    struct packet packet = { .kind = PACKET_KNOCK, .slot = (uint8_t)(1 + slot % PEER_SLOTS), .size = 48 };
    for (uint8_t i = 0; i < count; i++) {
        packet.counter = UINT64_C(1) << 40 | i;
        body_send(scene, body, packet_write(&packet, body));
    }
}

void play_step(struct scene *scene, enum step step, struct tape *tape)
{
    switch (step) {
    case STEP_RAW:
        scene_send(scene, tape->at, tape->left);
        break;
    case STEP_BODY:
        body_send(scene, tape->at, tape->left);
        break;
    case STEP_KNOCK:
        knock(scene, tape);
        break;
    case STEP_PAIR:
        pair(scene, tape);
        break;
    case STEP_CLAIM:
        claim(scene, tape);
        break;
    case STEP_ASK:
        order_raw(scene, who_of(tape), tape);
        break;
    case STEP_QUERY:
        order_query(scene, who_of(tape), tape);
        break;
    case STEP_COMMAND:
        order_command(scene, who_of(tape), tape);
        break;
    case STEP_THERAPY:
        order_therapy(scene, who_of(tape), tape);
        break;
    case STEP_AGAIN:
        order_again(scene, who_of(tape));
        break;
    case STEP_PASS:
        scene_pass(scene, span_of(tape_byte(tape)));
        break;
    case STEP_RESET:
        scene_reset(scene, (uint8_t)(1 + tape_byte(tape) % BOOT_COMMAND));
        break;
    case STEP_HURT:
        hurt(scene, tape);
        break;
    case STEP_HAND:
        play_hand(scene, tape_byte(tape));
        break;
    case STEP_REPLAY:
    case STEP_TAMPER:
        again(scene, tape, step == STEP_TAMPER);
        break;
    case STEP_REFLECT:
        reflect(scene, tape);
        break;
    case STEP_EMERGENCY:
        emergency(scene, tape);
        break;
    case STEP_LOSE:
        insider_lose(&scene->insider[who_of(tape)], tape_byte(tape));
        break;
    case STEP_FLOOD:
        flood(scene, tape);
        break;
    case STEPS:
        break;
    }
}
