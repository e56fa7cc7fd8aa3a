/* fake_answer.c - the pump's side of link/SPEC.md, without limits, energy or modes: handshakes, sessions, requests. */
// SPDX-License-Identifier: Apache-2.0
#include "tests/clinic/fake_answer.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

#include "link/wish.h"

static void u64_write(uint8_t *bytes, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static void chance(struct fake_pump *pump, uint8_t bytes[KEY_BYTES])
{
    for (unsigned i = 0; i < KEY_BYTES; i++)
        bytes[i] = (uint8_t)chance_next(&pump->seed);
}

static bool counter_tell(const struct fake_pump *pump, const uint8_t key[KEY_BYTES], uint8_t slot, uint64_t counter,
                         const uint8_t tag[TAG_BYTES], struct packet *answer)
{
    *answer = (struct packet){ .kind = PACKET_COUNTER, .slot = slot, .counter = counter };
    gate_tag(key, GATE_COUNTER, pump->pump_id, slot, counter, tag, TAG_BYTES, answer->tag);
    return true;
}

static bool knock_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer)
{
    uint8_t tag[TAG_BYTES], prologue[18 + 16 + 1 + 8] = "cisterna session 1", ephemeral[KEY_BYTES], payload[8] = { 0 };
    uint8_t in[KEY_BYTES], out[KEY_BYTES], shared[KEY_BYTES];
    size_t size = 0;
    struct noise noise;
    gate_tag(pump->gate_key, GATE_KNOCK, pump->pump_id, FAKE_SLOT, packet->counter, packet->bytes, packet->size, tag);
    assert_true(packet->counter <= pump->kept.counter); /* kept before it is sent */
    if (!pump->paired || packet->slot != FAKE_SLOT || memcmp(tag, packet->tag, TAG_BYTES) != 0)
        return false;
    if (packet->counter <= pump->counter) {
        if (memcmp(packet->bytes, pump->last_knock.bytes, packet->size) == 0 && packet->counter == pump->last_knock.counter) {
            *answer = pump->last_answer;
            return true;
        }
        return counter_tell(pump, pump->gate_key, FAKE_SLOT, pump->counter, packet->tag, answer);
    }
    pump->counter = packet->counter;
    memcpy(prologue + 18, pump->pump_id, 16);
    prologue[34] = FAKE_SLOT;
    u64_write(prologue + 35, packet->counter);
    chance(pump, ephemeral);
    noise_begin(&noise, NOISE_KK, false,
                &(struct noise_side){ .prologue = prologue, .prologue_size = sizeof prologue, .secret = pump->secret,
                                      .ephemeral = ephemeral, .remote = pump->peer_key });
    if (!noise_read(&noise, packet->bytes, packet->size, payload, 0, &size))
        return false;
    payload[0] = (uint8_t)++pump->sessions;
    payload[3] = 0x80;
    payload[4] = pump->answer_version;
    payload[5] = pump->peer_role;
    *answer = (struct packet){ .kind = PACKET_ANSWER, .slot = FAKE_SLOT };
    answer->size = (uint16_t)noise_write(&noise, payload, sizeof payload, answer->bytes, sizeof answer->bytes);
    noise_split(&noise, in, out, shared, NULL);
    session_begin(&pump->session, UINT32_C(0x80000000) + payload[0], out, in);
    pump->last_knock = *packet;
    pump->last_answer = *answer;
    return true;
}

static bool first_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer)
{
    uint8_t gate[KEY_BYTES], psk[KEY_BYTES], tag[TAG_BYTES], prologue[18 + 16 + 8] = "cisterna pairing 1", ephemeral[KEY_BYTES];
    uint8_t payload[18] = { pump->answer_version, FAKE_SLOT };
    size_t size = 0;
    assert_true(packet->counter <= pump->kept.counter); /* kept before it is sent */
    gate_of_card(pump->card, pump->pump_id, gate, psk);
    gate_tag(gate, GATE_PAIR, pump->pump_id, 0, packet->counter, packet->bytes, packet->size, tag);
    if (memcmp(tag, packet->tag, TAG_BYTES) != 0)
        return false;
    if (packet->counter <= pump->pairing_counter)
        return counter_tell(pump, gate, 0, pump->pairing_counter, packet->tag, answer);
    pump->pairing_counter = packet->counter;
    memcpy(prologue + 18, pump->pump_id, 16);
    u64_write(prologue + 34, packet->counter);
    chance(pump, ephemeral);
    noise_begin(&pump->pairing, NOISE_XX_PSK3, false,
                &(struct noise_side){ .prologue = prologue, .prologue_size = sizeof prologue, .secret = pump->secret,
                                      .ephemeral = ephemeral, .psk = psk });
    if (!noise_read(&pump->pairing, packet->bytes, packet->size, payload, 0, &size))
        return false;
    memcpy(payload + 2, pump->pump_id, 16);
    *answer = (struct packet){ .kind = PACKET_PAIR_2 };
    answer->size = (uint16_t)noise_write(&pump->pairing, payload, sizeof payload, answer->bytes, sizeof answer->bytes);
    return true;
}

static bool claim_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer)
{
    uint8_t payload[17] = { 0 }, told[2] = { pump->pairing_outcome, FAKE_SLOT }, kind = PACKET_PAIRED;
    uint8_t in[KEY_BYTES], out[KEY_BYTES], shared[KEY_BYTES], peer[KEY_BYTES];
    size_t size = 0;
    if (pump->last_claim.size > 0 && memcmp(packet->bytes, pump->last_claim.bytes, packet->size) == 0) {
        *answer = pump->last_paired;
        return true;
    }
    struct noise trial = pump->pairing;
    if (!noise_read(&trial, packet->bytes, packet->size, payload, sizeof payload, &size))
        return false;
    memcpy(peer, trial.remote, KEY_BYTES);
    noise_split(&trial, in, out, shared, NULL);
    noise_forget(&pump->pairing);
    if (pump->pairing_outcome == 1) {
        pump->counter = pump->paired && memcmp(peer, pump->peer_key, KEY_BYTES) == 0 ? pump->counter : 0;
        memcpy(pump->peer_key, peer, KEY_BYTES);
        memcpy(pump->gate_key, shared, KEY_BYTES);
        pump->peer_role = payload[0];
        pump->paired = true;
    }
    *answer = (struct packet){ .kind = PACKET_PAIRED, .size = sizeof told + TAG_BYTES };
    cipher_seal(out, 0, &kind, 1, told, sizeof told, answer->bytes);
    pump->last_claim = *packet;
    pump->last_paired = *answer;
    return true;
}

static void interrogate(struct fake_pump *pump, const cisterna_Interrogate *ask, cisterna_Reply *reply)
{
    pump->asked[ask->topic & 15]++;
    if (ask->topic == 6) {
        reply->which_tell = cisterna_Reply_capability_tag;
        reply->tell.capability = (cisterna_Capability){ .protocol = pump->protocol, .therapy_version = pump->therapy_version,
                                                        .command_version = pump->command_version,
                                                        .programmer_too_old = pump->too_old };
    } else if (ask->topic == 3) {
        reply->which_tell = cisterna_Reply_alarms_tag;
        reply->tell.alarms.standing = pump->alarm != 0;
        reply->tell.alarms.alarm_count = pump->alarm != 0 && ask->from == 0;
        reply->tell.alarms.alarm[0] = (cisterna_Alarm){ .alarm = pump->alarm };
    } else if (ask->topic == 4) {
        reply->which_tell = cisterna_Reply_sensors_tag;
        reply->tell.sensors = (cisterna_Sensors){ .reservoir_nl = -1 };
    } else if (ask->topic == 5) {
        reply->which_tell = cisterna_Reply_energy_tag;
        reply->tell.energy = (cisterna_Energy){ .replace_ms = INT64_MAX };
    } else {
        reply->which_tell = cisterna_Reply_status_tag;
        reply->tell.status = (cisterna_Status){ .mode = 2, .ledger_head = pump->head, .base_nl_day = 200000,
                                                .alarms = pump->alarm != 0 };
    }
}

static void stage(struct fake_pump *pump, const struct stage_chunk *chunk)
{
    if (chunk->offset == 0)
        pump->staged_size = 0;
    assert_true(chunk->offset <= pump->staged_size && chunk->offset + chunk->size <= sizeof pump->staged);
    memcpy(pump->staged + chunk->offset, chunk->bytes, chunk->size);
    pump->staged_size = chunk->offset + chunk->size;
    pump->staged_total = chunk->total;
    if (pump->spoil_staged)
        pump->staged[chunk->offset] ^= 1;
}

/* A command once: what it was answered before it is answered again. */
static void carry_out(struct fake_pump *pump, const cisterna_Command *wish, cisterna_Reply *reply)
{
    struct command command;
    reply->which_tell = cisterna_Reply_receipt_tag;
    assert_true(wish_to_command(wish, &command));
    assert_true(pump->kept.command_id == command.id); /* kept before it is sent */
    assert_true(command.kind == COMMAND_STAGE || pump->kept.pending.id == command.id);
    pump->commands_heard++;
    if (pump->receipt.id != command.id || command.kind == COMMAND_STAGE) {
        struct receipt receipt = { .id = command.id, .kind = command.kind, .outcome = OUTCOME_APPLIED,
                                   .reasons = pump->reasons };
        if (command_needs_head(command.kind) && command.head != pump->head)
            receipt.reasons |= VERDICT_STALE_HEAD;
        if (receipt.reasons != 0)
            receipt.outcome = OUTCOME_NOT_APPLIED;
        else
            pump->head++;
        receipt.head = pump->head;
        if (receipt.reasons == 0 && command.kind == COMMAND_STAGE)
            stage(pump, &command.stage);
        else if (receipt.reasons == 0)
            pump->done[pump->done_count++ % FAKE_DONE] = command.id;
        if (command.kind == COMMAND_STAGE) {
            wish_from_receipt(&receipt, &reply->tell.receipt);
            return;
        }
        pump->receipt = receipt;
    }
    wish_from_receipt(&pump->receipt, &reply->tell.receipt);
}

static void therapy_read(const struct fake_pump *pump, uint32_t offset, cisterna_Reply *reply)
{
    size_t left = offset < pump->staged_size ? pump->staged_size - offset : 0;
    reply->which_tell = cisterna_Reply_therapy_tag;
    reply->tell.therapy.total_bytes = (uint32_t)pump->staged_size;
    reply->tell.therapy.offset_bytes = offset + pump->wrong_offset;
    reply->tell.therapy.bytes.size = (pb_size_t)(left < 192 ? left : 192);
    memcpy(reply->tell.therapy.bytes.bytes, pump->staged + offset, reply->tell.therapy.bytes.size);
}

static bool data_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    cisterna_Request request = cisterna_Request_init_zero;
    size_t size = session_open(&pump->session, packet, plain);
    pb_istream_t in = pb_istream_from_buffer(plain, size);
    if (size == 0 || !pb_decode(&in, cisterna_Request_fields, &request))
        return false;
    cisterna_Reply reply = { .request = request.request, .refusal = pump->refusal };
    if (pump->refusal != 0) {
        reply.which_tell = 0;
    } else if (request.which_ask == cisterna_Request_interrogate_tag) {
        interrogate(pump, &request.ask.interrogate, &reply);
    } else if (request.which_ask == cisterna_Request_command_tag) {
        carry_out(pump, &request.ask.command, &reply);
    } else if (request.which_ask == cisterna_Request_read_receipt_tag) {
        reply.which_tell = cisterna_Reply_receipt_tag;
        if (pump->receipt.id == request.ask.read_receipt.command_id)
            wish_from_receipt(&pump->receipt, &reply.tell.receipt);
    } else if (request.which_ask == cisterna_Request_read_therapy_tag) {
        therapy_read(pump, request.ask.read_therapy.offset_bytes, &reply);
    } else {
        reply.which_tell = cisterna_Reply_closed_tag;
        pump->closes++;
    }
    if (reply.which_tell == cisterna_Reply_receipt_tag && reply.tell.receipt.command != 0) {
        reply.tell.receipt.command_id ^= pump->wrong_id;
        reply.tell.receipt.command ^= pump->wrong_kind;
    }
    if (pump->wrong_tell)
        reply.which_tell = cisterna_Reply_closed_tag;
    pb_ostream_t out = pb_ostream_from_buffer(plain, sizeof plain);
    assert_true(pb_encode(&out, cisterna_Reply_fields, &reply));
    bool sealed = session_seal(&pump->session, plain, out.bytes_written, answer);
    if (reply.which_tell == cisterna_Reply_closed_tag && !pump->wrong_tell)
        session_end(&pump->session);
    return sealed;
}

bool fake_answer(struct fake_pump *pump, const struct packet *packet, struct packet *answer)
{
    switch (packet->kind) {
    case PACKET_KNOCK:
        return knock_answer(pump, packet, answer);
    case PACKET_PAIR_1:
        return first_answer(pump, packet, answer);
    case PACKET_PAIR_3:
        return claim_answer(pump, packet, answer);
    case PACKET_DATA:
        return data_answer(pump, packet, answer);
    default:
        return false;
    }
}
