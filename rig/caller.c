// SPDX-License-Identifier: Apache-2.0
#include "rig/caller.h"

#include <string.h>

#include "rig/calls.h"

/* Guesses: how often. */
enum { RECORDED_IN = 6, REPLAYED_IN = 50, UNKEPT_IN = 150 };

struct wire {
    struct calls *calls;
    enum call_who who;
    struct air base;
};

const char *caller_word(enum call_who who)
{
    static const char *const words[CALLERS] = { "clinician", "patient", "reader" };
    return who < CALLERS ? words[who] : "";
}

/* A stranger listens, and later plays what he has heard, to whom it was for, from afar or held to the skin. */
static void record(struct calls *calls, bool to_pump, const uint8_t *bytes, size_t size)
{
    if (!dice_once_in(&calls->dice, RECORDED_IN))
        return;
    unsigned place = calls->echo.frames < ECHO_FRAMES ? calls->echo.frames++
                                                      : (unsigned)dice_between(&calls->dice, 0, ECHO_FRAMES - 1);
    struct echo_frame *frame = &calls->echo.frame[place];
    frame->to_pump = to_pump;
    frame->size = (uint16_t)size;
    memcpy(frame->bytes, bytes, size);
}

static void replay(struct calls *calls)
{
    if (calls->calm || calls->echo.frames == 0 || !dice_once_in(&calls->dice, REPLAYED_IN))
        return;
    const struct echo_frame *frame = &calls->echo.frame[dice_between(&calls->dice, 0, calls->echo.frames - 1)];
    enum reach reach = dice_once_in(&calls->dice, 2) ? REACH_NEAR : REACH_FAR;
    bool flew = frame->to_pump ? twin_transmit(&calls->rig.twin, frame->bytes, frame->size, reach)
                               : ether_from_pump(&calls->rig.twin.ether, frame->bytes, frame->size, calls->rig.now);
    calls->report.replayed += flew;
}

/* The process ends here when its time has come. */
static void touch(struct wire *wire)
{
    struct caller *caller = &wire->calls->caller[wire->who];
    if (caller->dies_in > 0 && --caller->dies_in == 0)
        longjmp(*caller->end, 1);
}

static bool wire_send(void *context, const uint8_t *frame, size_t size)
{
    struct wire *wire = context;
    struct calls *calls = wire->calls;
    struct caller *caller = &calls->caller[wire->who];
    touch(wire);
    tap_sent(&calls->tap, &calls->umpire, caller->slot, &caller->programmer.session, caller->restored, frame, size);
    record(calls, true, frame, size);
    return wire->base.send(wire->base.context, frame, size);
}

static size_t wire_receive(void *context, uint8_t frame[FRAME_BYTES_MAX], int64_t wait_ms)
{
    struct wire *wire = context;
    struct calls *calls = wire->calls;
    struct rig *rig = &calls->rig;
    int64_t end_ms = rig->now.ms + (wait_ms > 0 ? wait_ms : 0);
    for (;;) {
        touch(wire);
        replay(calls);
        calls_blow(calls);
        int64_t next_ms = instant_min(rig_next(rig), ether_next(&rig->twin.ether, &calls->caller[wire->who].air.ear)).ms;
        next_ms = next_ms < end_ms ? next_ms : end_ms;
        next_ms = next_ms < calls->blow.at_ms ? next_ms : calls->blow.at_ms;
        size_t size = wire->base.receive(wire->base.context, frame, next_ms - rig->now.ms);
        calls_observe(calls);
        if (size != 0)
            record(calls, false, frame, size);
        if (size != 0 || rig->now.ms >= end_ms || rig->stuck)
            return size;
    }
}

static void wire_chance(void *context, uint8_t *bytes, size_t size)
{
    struct wire *wire = context;
    wire->base.chance(wire->base.context, bytes, size);
}

/* The process can end just before the key is kept, and just after. */
static bool wire_keep(void *context, const struct key *key)
{
    struct wire *wire = context;
    struct calls *calls = wire->calls;
    touch(wire);
    if (!calls->calm && dice_once_in(&calls->dice, UNKEPT_IN)) {
        calls->report.unkept++;
        return false;
    }
    bool kept = wire->base.keep(wire->base.context, key);
    calls->caller[wire->who].slot = calls->caller[wire->who].kept.slot;
    touch(wire);
    return kept;
}

void caller_start(struct calls *calls, enum call_who who, enum role role, const char *label)
{
    struct caller *caller = &calls->caller[who];
    caller->role = (uint8_t)role;
    memcpy(caller->kept.pump_id, calls->rig.unit.serial, sizeof caller->kept.pump_id);
    memcpy(caller->kept.label, label, strlen(label));
    programmer_start(&caller->programmer, &caller->kept);
    rig_air_start(&caller->air, &calls->rig, REACH_NEAR, (uint32_t)who + 1, &caller->kept);
}

bool caller_talks(struct calls *calls, enum call_who who, void (*work)(struct calls *, enum call_who, const struct air *))
{
    struct caller *caller = &calls->caller[who];
    struct wire wire = { calls, who, rig_air_of(&caller->air) };
    const struct air air = { .context = &wire, .send = wire_send, .receive = wire_receive, .chance = wire_chance,
                             .keep = wire_keep };
    jmp_buf end;
    caller->end = &end;
    if (setjmp(end) == 0) {
        work(calls, who, &air);
        caller->end = NULL;
        caller->dies_in = 0;
        return true;
    }
    caller->end = NULL;
    umpire_wants_no_more(&calls->umpire, caller->slot);
    programmer_start(&caller->programmer, &caller->kept);
    return false;
}
