// SPDX-License-Identifier: Apache-2.0
#include "pump/interrogation.h"

#include "link/packet.h"
#include "link/wish.h"
#include "pump/alarm.h"
#include "pump/peers.h"
#include "pump/update.h"

enum { COMMANDS_KNOWN =
#define COMMAND(name, code, word, head) | 1 << (code)
           0
#include "core/command.def"
#undef COMMAND
};

static void text_copy(char *to, const char *from, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        to[i] = i + 1 < size ? from[i] : '\0';
    }
}

static void token_copy(uint8_t *to, pb_size_t *size, const uint8_t token[TOKEN_BYTES], bool there)
{
    *size = there ? TOKEN_BYTES : 0;
    for (unsigned i = 0; i < *size; i++) {
        to[i] = token[i];
    }
}

static void tell_status(const struct pump *pump, const struct board *board, instant_ms now, cisterna_Reply *reply)
{
    struct pump_status status;
    cisterna_Status *told = &reply->tell.status;
    pump_status(pump, board, (instant_ms){ now.ms - pump->now.clock_base_ms }, &status);
    reply->which_tell = cisterna_Reply_status_tag;
    told->mode = status.mode;
    told->course = status.course;
    told->has_therapy = status.has_therapy;
    told->base_nl_day = status.base.nl_day;
    told->course_left_nl = status.course_left.nl;
    told->reservoir_nl = nl_of_fl(status.remaining).nl;
    told->reservoir_error_nl = nl_of_fl(status.remaining_error).nl;
    told->alarms = status.alarms;
    told->ledger_head = status.head;
    told->now_ms = now.ms;
    told->epoch = status.epoch;
    told->civil_offset_ms = status.calendar.offset.ms;
    text_copy(told->zone, status.calendar.zone, ZONE_LABEL_BYTES);
    told->bolus_from_ms = status.bolus_from.ms;
    told->interrupted_since_ms = status.interrupted_since.ms;
    token_copy(told->therapy_token.bytes, &told->therapy_token.size, status.token, status.has_therapy);
    token_copy(told->staged_token.bytes, &told->staged_token.size, status.staged_token, status.staged_bytes != 0);
    told->staged_bytes = status.staged_bytes;
    told->log_last = pump_log_last(pump);
    told->tip_after_nl = status.tip_after.nl;
}

static void tell_ledger(const struct pump *pump, const struct board *board, instant_ms now, cisterna_Reply *reply)
{
    struct pump_status status;
    cisterna_Ledger *told = &reply->tell.ledger;
    pump_status(pump, board, (instant_ms){ now.ms - pump->now.clock_base_ms }, &status);
    reply->which_tell = cisterna_Reply_ledger_tag;
    told->commanded_quanta = status.commanded_quanta;
    told->commanded_bolus_quanta = status.commanded_bolus_quanta;
    told->metered_quanta = status.metered_quanta;
    told->missed_quanta = status.missed_quanta;
    told->withheld_quanta = status.withheld_quanta;
    told->quantum_fl = status.quantum.fl;
    told->commanded_fl = status.commanded.fl;
    told->metered_fl = status.metered.fl;
    told->in_hand_grain = status.in_hand.grain;
    told->dropped_grain = status.dropped.grain;
    told->ledger_head = status.head;
    told->now_ms = now.ms;
}

static void tell_alarms(const struct pump *pump, uint32_t from, cisterna_Reply *reply)
{
    struct alarm_entry list[ALARM_COUNT];
    cisterna_Alarms *told = &reply->tell.alarms;
    const unsigned room = sizeof told->alarm / sizeof told->alarm[0];
    unsigned count = alarm_list(pump, list);
    reply->which_tell = cisterna_Reply_alarms_tag;
    told->standing = count;
    told->silent_until_ms = pump->now.silent_until_ms;
    for (unsigned i = from; i < count && told->alarm_count < room; i++) {
        told->alarm[told->alarm_count++] = (cisterna_Alarm){ alarm_row(list[i].alarm)->code, list[i].latched, list[i].since.ms };
    }
}

static void tell_sensors(struct pump *pump, const struct board *board, cisterna_Reply *reply)
{
    struct sensors sensors;
    board->doors->sense(board->hardware, &sensors);
    pump->tally.count[ENERGY_SENSE]++;
    reply->which_tell = cisterna_Reply_sensors_tag;
    reply->tell.sensors = (cisterna_Sensors){ .temperature_mdeg = sensors.temperature_mdeg,
                                              .battery_mv = sensors.battery_mv,
                                              .reservoir_nl = sensors.reservoir_nl,
                                              .catheter_pa = sensors.catheter_pa,
                                              .leakage_na = sensors.leakage_na,
                                              .magnet = sensors.magnet != 0,
                                              .field = sensors.field != 0 };
}

static void tell_energy(const struct pump *pump, instant_ms now, cisterna_Reply *reply)
{
    const struct energy *energy = &pump->now.energy;
    struct energy_facts facts = { .mechanism = pump->model.mechanism };
    struct energy_report report = energy_report(energy, &facts, now);
    reply->which_tell = cisterna_Reply_energy_tag;
    reply->tell.energy = (cisterna_Energy){ .used_mc = energy->used_nc / 1000000,
                                            .daily_uc = energy->daily_nc / 1000,
                                            .replace_ms = report.replace.ms,
                                            .replace_reached = report.state != ENERGY_GOOD,
                                            .end_ms = report.end.ms,
                                            .ended = report.state == ENERGY_ENDED,
                                            .far_tokens = gate_tokens(pump, GATE_FAR, now) };
}

static void tell_capability(const struct pump *pump, cisterna_Reply *reply)
{
    cisterna_Capability *told = &reply->tell.capability;
    reply->which_tell = cisterna_Reply_capability_tag;
    told->protocol = LINK_VERSION;
    told->software = pump->software;
    text_copy(told->serial, pump->serial, SERIAL_BYTES);
    told->model = pump->model.code;
    told->revision = pump->model.revision;
    told->calibration_ppm = pump->calibration.ppm;
    told->reservoir_nl = pump->model.reservoir.nl;
    told->tubing_nl = pump->model.tubing.nl;
    told->quantum_fl = pump->quantum.fl;
    told->rate_min_nl_day = pump->model.rate_min.nl_day;
    told->rate_max_nl_day = pump->model.rate_max.nl_day;
    told->therapy_version = THERAPY_VERSION;
    told->command_version = COMMAND_VERSION;
    told->commands = COMMANDS_KNOWN;
    for (unsigned i = 0; i < SIGN_KEY_BYTES; i++) {
        told->limits_signed |= pump->formulary_key[i] != 0;
    }
}

static void tell_peers(struct pump *pump, const struct board *board, struct sender sender, uint32_t from,
                       cisterna_Reply *reply)
{
    cisterna_Peers *told = &reply->tell.peers;
    const unsigned room = sizeof told->peer / sizeof told->peer[0];
    reply->which_tell = cisterna_Reply_peers_tag;
    for (uint8_t slot = 1; slot <= PEER_SLOTS && told->peer_count < room; slot++) {
        const struct peer *peer = peers_find(pump, board, slot);
        if (peer == NULL) {
            continue;
        }
        if (from > 0) {
            from--;
            continue;
        }
        cisterna_Peer *row = &told->peer[told->peer_count++];
        row->slot = slot;
        row->role = peer->role;
        row->here = slot == sender.slot;
        text_copy(row->label, peer->label, PEER_LABEL_BYTES);
    }
}

static void tell_contents(const struct pump *pump, cisterna_Reply *reply)
{
    const struct contents *contents = &pump->now.contents;
    cisterna_Contents *told = &reply->tell.contents;
    reply->which_tell = cisterna_Reply_contents_tag;
    told->dead_fl = contents->dead_fl;
    for (unsigned i = 0; i < contents->count && i < sizeof told->stretch / sizeof told->stretch[0]; i++) {
        cisterna_Stretch *stretch = &told->stretch[told->stretch_count++];
        stretch->has_mixture = true;
        stretch->unknown = contents->stretch[i].mixture.unknown;
        wish_from_mixture(&contents->stretch[i].mixture, &stretch->mixture);
    }
}

static void tell_update(const struct pump *pump, cisterna_Reply *reply)
{
    struct update_status status;
    cisterna_Update *told = &reply->tell.update;
    update_tell(pump, &status);
    reply->which_tell = cisterna_Reply_update_tag;
    for (unsigned i = 0; i < IMAGE_SLOTS && i < sizeof told->slot / sizeof told->slot[0]; i++) {
        told->slot[told->slot_count++] =
            (cisterna_UpdateSlot){ status.slot[i].state, status.slot[i].version, status.slot[i].bytes };
    }
    told->running_slot = status.running_slot;
    told->floor_version = status.floor_version;
    told->filled_bytes = status.filled_bytes;
    told->revert_ms = status.revert.ms;
}

bool interrogation_tell(struct pump *pump, const struct board *board, struct sender sender, uint32_t topic, uint32_t from,
                        instant_ms now, cisterna_Reply *reply)
{
    switch ((enum query)topic) {
    case QUERY_STATUS:
        tell_status(pump, board, now, reply);
        return true;
    case QUERY_LEDGER:
        tell_ledger(pump, board, now, reply);
        return true;
    case QUERY_ALARMS:
        tell_alarms(pump, from, reply);
        return true;
    case QUERY_SENSORS:
        tell_sensors(pump, board, reply);
        return true;
    case QUERY_ENERGY:
        tell_energy(pump, now, reply);
        return true;
    case QUERY_CAPABILITY:
        tell_capability(pump, reply);
        return true;
    case QUERY_PEERS:
        tell_peers(pump, board, sender, from, reply);
        return true;
    case QUERY_CONTENTS:
        tell_contents(pump, reply);
        return true;
    case QUERY_UPDATE:
        tell_update(pump, reply);
        return true;
    case QUERY_THERAPY:
    case QUERY_LOG:
    case QUERY_RECEIPT:
        return false;
    }
    return false;
}
