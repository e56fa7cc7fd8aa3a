/* status.c - what an interrogation tells. */
// SPDX-License-Identifier: Apache-2.0
#include "link/hash.h"
#include "pump/alarm.h"
#include "pump/bolus.h"
#include "pump/engine.h"
#include "pump/pump.h"
#include "pump/standing.h"

static void status_ledger(const struct pump *pump, const struct kept *kept, instant_ms now, struct pump_status *status)
{
    struct ledger ledger;
    if (ledger_load(&kept->ledger, &ledger) != RESULT_OK) {
        return;
    }
    bool under_way = ledger.intent != INTENT_NONE;
    status->commanded_quanta = ledger.commanded;
    status->commanded_bolus_quanta = ledger.commanded_course;
    status->metered_quanta = ledger.metered;
    status->missed_quanta = ledger.commanded - ledger.metered - under_way;
    status->commanded.fl = ledger.commanded * pump->quantum.fl;
    status->metered.fl = ledger.metered * pump->quantum.fl;
    status->remaining = engine_remaining(pump, &ledger);
    int64_t since_fl = (ledger.metered - pump->now.reservoir_metered) * pump->quantum.fl;
    status->tip_after.nl = nl_of_fl((vol_fl){ contents_left(&pump->now.contents, status->metered).fl + FL_PER_NL - 1 }).nl;
    status->remaining_error.fl = pump->now.has_contents ? since_fl / 1000 * METERED_BOUND_PER_MILLE : 0;
    ledger_accrue(&ledger, pump->base, pump->course, now);
    status->in_hand = ledger_in_hand(&ledger);
    status->course_left.nl = (ledger.course_left_grain + GRAIN_PER_NL - 1) / GRAIN_PER_NL;
}

void pump_status(const struct pump *pump, const struct board *board, instant_ms now, struct pump_status *status)
{
    const struct kept *kept = kept_of(board);
    now.ms += pump->now.clock_base_ms;
    *status = (struct pump_status){ .mode = pump->now.mode,
                                    .course = pump->now.course,
                                    .has_therapy = pump->has_therapy,
                                    .base = pump->base,
                                    .withheld_quanta = pump->now.withheld,
                                    .quantum = pump->quantum,
                                    .dropped = { pump->now.dropped_grain },
                                    .head = pump->now.head,
                                    .alarms = alarm_standing(pump),
                                    .epoch = pump->now.epoch,
                                    .staged_bytes = pump->staging.whole ? pump->staging.total : 0,
                                    .calendar = pump->now.calendar,
                                    .reservoir = *contents_reservoir(&pump->now.contents),
                                    .bolus_from = bolus_from(pump, now),
                                    .interrupted_since = { pump->now.flow_since_ms } };
    status_ledger(pump, kept, now, status);
    for (unsigned i = 0; pump->staging.whole && i < TOKEN_BYTES; i++) {
        status->staged_token[i] = pump->staging.token[i];
    }
    const struct therapy_slot *slot = therapy_slot_sound(kept, pump->now.therapy_sequence);
    if (pump->has_therapy && slot != NULL) {
        hash_of(slot->bytes, slot->size, status->token);
    }
}

size_t pump_therapy(const struct board *board, uint8_t bytes[THERAPY_BYTES_MAX])
{
    const struct therapy_slot *slot = therapy_slot_sound(kept_of(board), 0);
    if (slot == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < slot->size; i++) {
        bytes[i] = slot->bytes[i];
    }
    return slot->size;
}
