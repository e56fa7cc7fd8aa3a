/* session.c - a whole pump and everybody around it. An input is a program of steps (fuzz/step.def): frames of strangers, and
 * frames of people with keys whose contents the input chooses, in any order and any number, between hours, resets, magnets and
 * lost memory. fuzz/judge.c says after each what may have come of it. At the end whoever is paired as a clinician must still
 * get in and stop the pump. REQ-LINK-10, -12, REQ-SECU-01, -03, -04, -08, -13, HZ-42, HZ-43. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/fuzz.h"

#include "fuzz/order.h"
#include "fuzz/play.h"

/* No more virtual time than this: it costs real time. */
enum { SPAN_MS_MAX = 4 * HOUR_MS, TRIES = 2 };

/* The way in: after a quiet while, held to the skin, a clinician's keys open a session and stop the pump. Strangers, replays,
 * resets and lost memory must not have taken that away. */
static void way_in(struct scene *scene, uint8_t slot)
{
    uint8_t who = (uint8_t)(scene->roster[slot].who - 1), stop[] = { COMMAND_STOP };
    struct insider *insider = &scene->insider[who];
    uint64_t taken = scene->booth.stand.pump.gate.counter[slot];
    if (insider->slot != slot || insider->counter + TRIES > taken + GATE_LEAP_MAX || insider->command_id > UINT32_MAX)
        return; /* the input has had it count to where there is no way on: its own doing */
    play_hand(scene, 0);
    scene_pass(scene, 10 * (int64_t)MINUTE_MS);
    session_end(&insider->session);
    for (unsigned tries = 0; tries < TRIES && insider->session.id == 0; tries++) /* the first may bring COUNTER, after a loss */
        play_step(scene, STEP_KNOCK, &(struct tape){ &who, 1 });
    MUST(insider->session.id != 0);
    order_command(scene, who, &(struct tape){ stop, sizeof stop });
    MUST(scene->replied && scene->reply.tell.receipt.outcome == OUTCOME_APPLIED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct scene scene;
    static struct book book;
    struct tape tape = { bytes, size }, step;
    scene_begin(&scene, &book, tape_byte(&tape));
    int64_t until_ms = scene.booth.stand.now.ms + SPAN_MS_MAX;
    for (unsigned i = 0; i < PROGRAM_STEPS && tape.left > 0; i++) {
        enum step code = (enum step)step_next(&tape, &step);
        play_step(&scene, code, &step);
        if (scene.booth.stand.now.ms > until_ms || book.count > AUTHORED_MAX / 2 || !account_has_room(&scene.account))
            break;
    }
    for (uint8_t slot = 1; slot <= PEER_SLOTS; slot++)
        if (scene.roster[slot].who != 0 && scene.roster[slot].role == ROLE_CLINICIAN)
            way_in(&scene, slot);
    return 0;
}
