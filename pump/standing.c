// SPDX-License-Identifier: Apache-2.0
#include "pump/standing.h"

#include <stddef.h>

/* One step: up to eight bytes. */
static uint64_t lane_add(uint64_t lane, const uint8_t *bytes, uint32_t size)
{
    uint64_t word = 0;
    __builtin_memcpy(&word, bytes, size);
    lane = (lane ^ word) * 0x9E3779B97F4A7C15u;
    return lane ^ (lane >> 29);
}

/* A multiply-xor word over bytes, eight at a time in four lanes: each step is one-to-one in the lane and in the
 * bytes, so any change within eight bytes shows, and order counts. Only ever compared with words made on the same
 * machine. */
static uint64_t bytes_check(const uint8_t *bytes, uint32_t size)
{
    uint64_t lane[4] = { 0x1D8E4E27C47D124Fu + size, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u, 0xD6E8FEB86659FD93u };
    uint32_t at = 0;
    for (; size - at >= 32; at += 32) { /* so that the lanes stay in registers: this runs over kilobytes */
        for (unsigned i = 0; i < 4; i++) {
            lane[i] = lane_add(lane[i], bytes + at + 8 * i, 8);
        }
    }
    for (unsigned i = 0; at < size; i++, at += 8) {
        lane[i] = lane_add(lane[i], bytes + at, size - at < 8 ? size - at : 8);
    }
    uint64_t check = lane[0];
    for (unsigned i = 1; i < 4; i++) {
        check = (check ^ lane[i]) * 0xA0761D6478BD642Fu;
        check ^= check >> 32;
    }
    return check;
}

void standing_clear(struct standing *standing)
{
    uint8_t *byte = (uint8_t *)standing;
    for (uint32_t i = 0; i < sizeof *standing; i++) {
        byte[i] = 0;
    }
    standing->mode = MODE_NEW;
    standing->head = 1;
    standing->periodic_next_ms = INT64_MAX;
    standing->flow_since_ms = INT64_MAX;
    standing->stopped_since_ms = INT64_MAX;
    standing->before_empty = MODE_RUNNING;
    standing->safe_cap.nl_day = RATE_NO_CAP;
    standing->contents.count = 1;
    standing->contents.stretch[0].mixture.unknown = true;
}

enum result standing_load(const struct kept *kept, struct standing *standing)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct standing_copy *copy = &kept->standing[i];
        if (bytes_check((const uint8_t *)&copy->standing, sizeof copy->standing) == copy->check) {
            *standing = copy->standing;
            return RESULT_OK;
        }
    }
    return RESULT_DAMAGED;
}

static bool mode_exists(uint8_t mode)
{
    return mode >= MODE_NEW && mode <= MODE_EMPTY;
}

static bool flow_possible(rate_nl_day flow, const struct model *model)
{
    return flow.nl_day >= 0 && flow.nl_day <= model->rate_max.nl_day;
}

bool standing_possible(const struct standing *s, const struct model *model)
{
    const int64_t clock_most_ms = INT64_C(200) * 365 * DAY_MS; /* longer than any pump lives */
    bool modes = mode_exists(s->mode) && mode_exists(s->before_empty) && s->course <= COURSE_CLINICIAN;
    bool flows = flow_possible(s->course_rate, model) && flow_possible(s->minimum_rate, model) &&
                 flow_possible(s->safe_rate, model) &&
                 (s->safe_cap.nl_day == RATE_NO_CAP || flow_possible(s->safe_cap, model));
    bool counts = s->contents.count >= 1 && s->contents.count <= CONTENTS_MAX && s->limits <= GOVERNOR_DRUGS &&
                  s->grants <= GRANTS_MAX && s->answers_next < RECEIPTS_MAX;
    bool volume = s->reservoir_nl >= 0 && s->reservoir_nl <= 2 * model->reservoir.nl && s->reservoir_metered >= 0;
    return modes && flows && counts && volume && s->clock_base_ms >= 0 && s->clock_base_ms <= clock_most_ms;
}

void standing_store(struct kept *kept, const struct standing *standing)
{
    uint64_t check = bytes_check((const uint8_t *)standing, sizeof *standing);
    for (unsigned i = 0; i < 2; i++) {
        __builtin_memcpy(&kept->standing[i].standing, standing, sizeof *standing); /* its padding too */
        kept->standing[i].check = check;
    }
}

/* A call of its own, so that the usual way through ledger_working() is short. */
__attribute__((noinline)) static void ledger_lose(struct pump *pump, struct kept *kept, struct ledger *ledger,
                                                  instant_ms now)
{
    ledger_clear(ledger, now);
    ledger_store(&kept->ledger, ledger);
    pump->ledger_lost = true;
}

void ledger_working(struct pump *pump, struct kept *kept, struct ledger *ledger, instant_ms now)
{
    /* One that is reckoned up to a time to come was reckoned with a wrong time: what is in hand is nobody's any more. And one
     * that is not what is kept was never loaded: whatever stood there would flow. */
    if (ledger_load(&kept->ledger, ledger) != RESULT_OK || !ledger_kept(&kept->ledger, ledger) ||
        ledger->accrued_ms > now.ms) {
        ledger_lose(pump, kept, ledger, now);
    }
}

static uint64_t slot_check(const struct therapy_slot *slot)
{
    return bytes_check(slot->bytes, slot->size) ^ slot->sequence * 0xD6E8FEB86659FD93u;
}

static bool slot_sound(const struct therapy_slot *slot, uint32_t sequence)
{
    return slot->size > 0 && slot->size <= THERAPY_BYTES_MAX && (sequence == 0 || slot->sequence == sequence) &&
           slot_check(slot) == slot->check;
}

void therapy_slot_store(struct kept *kept, const uint8_t *bytes, uint32_t size, uint32_t sequence)
{
    for (unsigned copy = 0; copy < 2; copy++) {
        struct therapy_slot *slot = &kept->therapy[copy];
        slot->check = 0;
        for (uint32_t i = 0; i < size; i++) {
            slot->bytes[i] = bytes[i];
        }
        slot->size = size;
        slot->sequence = sequence;
        slot->check = slot_check(slot);
    }
}

void therapy_slot_number(struct kept *kept, uint32_t sequence)
{
    for (unsigned copy = 0; copy < 2; copy++) {
        struct therapy_slot *slot = &kept->therapy[copy];
        if (slot_sound(slot, slot->sequence)) {
            slot->sequence = sequence;
            slot->check = slot_check(slot);
        }
    }
}

const struct therapy_slot *therapy_slot_sound(const struct kept *kept, uint32_t sequence)
{
    for (unsigned copy = 0; copy < 2; copy++) {
        if (slot_sound(&kept->therapy[copy], sequence)) {
            return &kept->therapy[copy];
        }
    }
    return NULL;
}

void therapy_slot_mend(struct kept *kept, uint32_t sequence)
{
    const struct therapy_slot *sound = therapy_slot_sound(kept, sequence);
    for (unsigned copy = 0; copy < 2 && sound != NULL; copy++) {
        if (!slot_sound(&kept->therapy[copy], sequence)) {
            kept->therapy[copy] = *sound;
        }
    }
}

void note(struct pump *pump, instant_ms now, enum actor actor, enum event_code code, int64_t f0, int64_t f1, int64_t f2,
          int64_t f3)
{
    struct event event = { .at = now,
                           .epoch = pump->now.epoch,
                           .code = (uint16_t)code,
                           .actor = (uint8_t)actor,
                           .field = { f0, f1, f2, f3 } };
    log_write(&pump->log, &event);
    pump->keeping.due = true;
}

void head_move(struct pump *pump, instant_ms now)
{
    uint64_t mixed = (pump->now.head ^ (uint64_t)now.ms) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 32;
    pump->now.head = mixed != 0 ? mixed : 1; /* zero means "no head stated" */
    pump->now_changed = true;
}
