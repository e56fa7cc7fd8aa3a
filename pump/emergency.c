// SPDX-License-Identifier: Apache-2.0
#include "pump/emergency.h"

#include "core/bytes.h"
#include "link/packet.h"
#include "pump/alarm.h"
#include "pump/engine.h"
#include "pump/standing.h"
#include "pump/supervisor.h"

enum { IDENTITY_BYTES = 40 };

static bool effect_holds(const struct pump *pump)
{
    return (pump->now.latched & ((uint32_t)1 << ALARM_AT_EMERGENCY)) != 0;
}

/* Opens the window, or tells whether it is open. Once it is over the magnet must be seen away before it opens again. */
static bool window_open(struct pump *pump, const struct board *board, instant_ms now)
{
    struct sensors sensors;
    struct emergency *emergency = &pump->emergency;
    board->doors->sense(board->hardware, &sensors);
    pump->tally.count[ENERGY_SENSE]++;
    if (!sensors.magnet || sensors.field) { /* a scanner is no magnet held in a hand */
        emergency->until_ms = 0;
        return false;
    }
    if (emergency->until_ms == 0) {
        emergency->until_ms = now.ms + EMERGENCY_WINDOW_MS;
    }
    return now.ms < emergency->until_ms;
}

/* Does the pump give as little as its safe rate already, by somebody's choice? */
static bool low_already(const struct pump *pump)
{
    bool minimum = pump->now.mode == MODE_MINIMUM && pump->now.minimum_rate.nl_day <= pump->now.safe_rate.nl_day;
    return minimum || pump->now.mode == MODE_NEW || pump->now.mode == MODE_STOPPED;
}

static void lower(struct pump *pump, const struct board *board, instant_ms now)
{
    struct kept *kept = kept_of(board);
    if (pump->now.mode == MODE_NEW || effect_holds(pump)) {
        return; /* nothing flows that could be lowered, or it was already */
    }
    int32_t before_nl_day = pump->base.nl_day;
    alarm_happen(pump, ALARM_AT_EMERGENCY, before_nl_day, now);
    if (!low_already(pump)) {
        supervisor_happen(pump, kept, HAPPENING_FAULT, now);
    }
    note(pump, now, ACTOR_PUMP, EVENT_EMERGENCY, before_nl_day, pump->base.nl_day, 0, 0);
    head_move(pump, now);
    board->doors->sound(board->hardware, TONE_DUAL);
    pump->tally.count[ENERGY_TONE]++;
}

static void identify(struct pump *pump, const struct board *board, const struct packet *packet, instant_ms now)
{
    struct packet told = { .kind = PACKET_IDENTITY, .challenge = packet->challenge, .size = IDENTITY_BYTES };
    struct byte_writer writer = { .at = told.bytes, .left = IDENTITY_BYTES };
    struct ledger ledger;
    ledger_working(pump, kept_of(board), &ledger, now);
    byte_write_block(&writer, (const uint8_t *)pump->serial, SERIAL_BYTES);
    byte_write(&writer, pump->model.code, 1);
    byte_write(&writer, pump->now.mode, 1);
    byte_write(&writer, effect_holds(pump), 1);
    byte_write(&writer, 0, 1);
    byte_write(&writer, alarm_standing(pump), 4);
    byte_write(&writer, (uint32_t)pump->base.nl_day, 4);
    byte_write(&writer, (uint64_t)nl_of_fl(engine_remaining(pump, &ledger)).nl, 8);
    byte_write(&writer, (uint64_t)((pump->emergency.until_ms - now.ms) / MINUTE_MS), 4);
    telemetry_send(pump, board, &told);
}

enum welcome emergency_hear(struct pump *pump, const struct board *board, const struct packet *packet, uint8_t reach,
                            instant_ms now)
{
    if (reach == REACH_NEAR && window_open(pump, board, now)) {
        if (packet->wish == EMERGENCY_LOWER) {
            lower(pump, board, now);
        }
        identify(pump, board, packet, now);
    }
    return WELCOME_STRANGER; /* heard or not: without a key it costs a stranger's token */
}
