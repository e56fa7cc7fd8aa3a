/* order.c - requests built from an input. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/order.h"

#include <string.h>

#include "core/catalog.h"
#include "link/hash.h"
#include "link/message.h"
#include "link/wish.h"
#include "tests/model/maker.h"

enum { ID_JUMP_FAR = 255, KINDS = COMMAND_UPDATE_CONFIRM + 1 };

void order_knock(struct scene *scene, uint8_t who, uint8_t slot, bool own_key, uint64_t jump)
{
    struct insider *insider = &scene->insider[who];
    struct packet packet;
    struct authored as = { .kind = PACKET_KNOCK, .who = who, .slot = slot, .counter = insider->counter + 1 + jump };
    if (slot == PAIRING_SLOT)
        return;
    memcpy(as.gate_key, own_key ? insider->gate_key : scene->roster[slot].gate_key, KEY_BYTES);
    if (jump < GATE_LEAP_MAX) /* one with a huge counter is a try: it is not gone on with */
        insider->counter = as.counter;
    insider_knock(insider, &scene->implant, slot, as.gate_key, as.counter, &packet);
    scene_author(scene, &packet, &as);
}

static void knock_if_closed(struct scene *scene, uint8_t who)
{
    const struct insider *insider = &scene->insider[who];
    bool stands = false;
    for (unsigned i = 0; i < LINES; i++)
        stands = stands || (insider->session.id != 0 && scene_pump(scene)->line[i].session.id == insider->session.id);
    if (!stands)
        order_knock(scene, who, insider->slot, true, 0);
}

static void seal(struct scene *scene, uint8_t who, const uint8_t *plain, size_t size)
{
    struct insider *insider = &scene->insider[who];
    struct packet packet;
    struct authored as = { .kind = PACKET_DATA, .who = who, .slot = insider->session_slot };
    as.readable = message_read_request(plain, size, &as.request);
    if (!insider_ask(insider, plain, size, &packet))
        return;
    as.session = packet.session;
    as.nonce = packet.nonce;
    scene_author(scene, &packet, &as);
}

static void ask(struct scene *scene, uint8_t who, cisterna_Request *request)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    request->request = ++scene->insider[who].request;
    seal(scene, who, plain, message_write_request(request, plain));
}

void order_raw(struct scene *scene, uint8_t who, struct tape *tape)
{
    uint8_t plain[PACKET_PLAIN_MAX];
    seal(scene, who, plain, tape_rest(tape, plain, sizeof plain));
}

void order_again(struct scene *scene, uint8_t who)
{
    const struct insider *insider = &scene->insider[who];
    uint8_t plain[PACKET_PLAIN_MAX];
    memcpy(plain, insider->plain, insider->size);
    seal(scene, who, plain, insider->size);
}

void order_query(struct scene *scene, uint8_t who, struct tape *tape)
{
    cisterna_Request request = cisterna_Request_init_zero;
    uint8_t sort = tape_byte(tape), what = tape_byte(tape);
    uint64_t number = tape_number(tape, 8);
    knock_if_closed(scene, who);
    switch (sort % 5) {
    case 0:
        request.which_ask = cisterna_Request_interrogate_tag;
        request.ask.interrogate = (cisterna_Interrogate){ .topic = what, .from = (uint32_t)number };
        break;
    case 1:
        request.which_ask = cisterna_Request_read_therapy_tag;
        request.ask.read_therapy = (cisterna_ReadTherapy){ .staged = what & 1, .offset_bytes = (uint32_t)number };
        break;
    case 2:
        request.which_ask = cisterna_Request_read_log_tag;
        request.ask.read_log = (cisterna_ReadLog){ .ring = what, .from_sequence = number };
        break;
    case 3:
        request.which_ask = cisterna_Request_read_receipt_tag;
        request.ask.read_receipt.command_id = number != 0 ? number : scene->insider[who].command_id;
        break;
    default:
        request.which_ask = cisterna_Request_close_tag;
        break;
    }
    ask(scene, who, &request);
}

static void command_send(struct scene *scene, uint8_t who, struct command *command)
{
    cisterna_Request request = { .which_ask = cisterna_Request_command_tag };
    if (wish_from_command(command, &request.ask.command))
        ask(scene, who, &request);
}

/* The next id, and the head as it is. */
static struct command command_begin(struct scene *scene, uint8_t who, uint8_t kind)
{
    return (struct command){ .kind = kind, .id = ++scene->insider[who].command_id,
                             .head = command_needs_head(kind) ? scene_pump(scene)->now.head : 0 };
}

static struct mixture mixture_of(struct tape *tape)
{
    uint64_t seed = tape_byte(tape);
    uint8_t first = tape_byte(tape);
    if (first == 0)
        return (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { 1000000 } } } };
    return maker_mixture(&seed, (uint16_t)(1 + first % 5));
}

static struct refill refill_of(struct tape *tape)
{
    struct refill refill = { .withdrawn = { 1000 * (int64_t)tape_number(tape, 2) },
                             .left = { 1000 * (int64_t)tape_number(tape, 2) },
                             .filled = { 1000 * (int64_t)tape_number(tape, 2) } };
    uint8_t flags = tape_byte(tape);
    refill.drawn_up.nl = refill.filled.nl + ((flags & 1) != 0);
    refill.dead_drug_free = (flags & 2) != 0;
    refill.fill = mixture_of(tape);
    return refill;
}

/* Members of one kind; the numbers that a kind takes are small, so that most of them mean something. */
static void members(struct command *command, struct tape *tape)
{
    switch ((enum command_kind)command->kind) {
    case COMMAND_STAGE:
    case COMMAND_UPDATE_CHUNK:
        command->stage.total = command->kind == COMMAND_STAGE ? (uint32_t)tape_number(tape, 2) : 0;
        command->stage.offset = (uint32_t)tape_number(tape, 4);
        command->stage.size = (uint8_t)tape_rest(tape, command->stage.bytes, STAGE_CHUNK_MAX);
        break;
    case COMMAND_CLINICIAN_BOLUS:
        command->volume.nl = (int64_t)tape_number(tape, 3);
        command->rate.nl_day = (int32_t)tape_number(tape, 4);
        break;
    case COMMAND_REFILL:
        command->refill = refill_of(tape);
        break;
    case COMMAND_SET_CLOCK:
        command->calendar.offset.ms = (int64_t)tape_number(tape, 6);
        tape_block(tape, (uint8_t *)command->calendar.zone, ZONE_LABEL_BYTES - 1);
        break;
    case COMMAND_SILENCE:
        command->minutes = (uint16_t)tape_number(tape, 2);
        break;
    case COMMAND_CLEAR_ALARM:
        command->alarm = tape_byte(tape);
        break;
    case COMMAND_UNPAIR:
        command->slot = tape_byte(tape);
        break;
    case COMMAND_ACTIVATE:
    case COMMAND_SIGN_LIMITS:
    case COMMAND_UPDATE_BEGIN:
        tape_block(tape, command->token, TOKEN_BYTES);
        break;
    case COMMAND_STOP:
    case COMMAND_MINIMUM:
    case COMMAND_RESUME:
    case COMMAND_PATIENT_BOLUS:
    case COMMAND_CANCEL_COURSE:
    case COMMAND_MRI_BEGIN:
    case COMMAND_MRI_END:
    case COMMAND_UPDATE_SEAL:
    case COMMAND_UPDATE_APPLY:
    case COMMAND_UPDATE_CONFIRM:
        break;
    }
}

void order_command(struct scene *scene, uint8_t who, struct tape *tape)
{
    knock_if_closed(scene, who);
    struct command command = command_begin(scene, who, tape_byte(tape) % KINDS);
    uint8_t flags = tape_byte(tape), jump = tape_byte(tape);
    command.head ^= (flags & 1) != 0;
    command.retitrated = (flags & 2) != 0;
    command.id += jump == ID_JUMP_FAR ? tape_number(tape, 8) : jump;
    scene->insider[who].command_id = command.id;
    members(&command, tape);
    command_send(scene, who, &command);
}

static void stage(struct scene *scene, uint8_t who, const uint8_t *bytes, size_t size)
{
    for (size_t offset = 0; offset < size; offset += STAGE_CHUNK_MAX) {
        size_t left = size - offset;
        struct command command = command_begin(scene, who, COMMAND_STAGE);
        command.stage = (struct stage_chunk){ .total = (uint32_t)size, .offset = (uint32_t)offset };
        command.stage.size = (uint8_t)(left < STAGE_CHUNK_MAX ? left : STAGE_CHUNK_MAX);
        memcpy(command.stage.bytes, bytes + offset, command.stage.size);
        command_send(scene, who, &command);
    }
}

/* What for: 0 staged only, 1 activated, 2 a refill with it. Flags: 1 retitrated, 2 nothing stands in the line, 4 another drug. */
void order_therapy(struct scene *scene, uint8_t who, struct tape *tape)
{
    static const uint8_t OTHER_DRUG[] = { 7, 2 }, SAME_DRUG[] = { 0, 0 };
    struct pump *pump = scene_pump(scene);
    uint64_t seed = tape_number(tape, 2);
    uint8_t purpose = tape_byte(tape) % 3, flags = tape_byte(tape), bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    struct mixture mixture = mixture_of(&(struct tape){ (flags & 4) != 0 ? OTHER_DRUG : SAME_DRUG, 2 });
    struct therapy therapy = maker_therapy(&seed, &scene->booth.stand.unit, scene->booth.stand.dead, &mixture,
                                           (rate_nl_day){ 480000 }, (int64_t)(seed % 2000));
    if (therapy_encode(&therapy, bytes, sizeof bytes, &size) != RESULT_OK)
        return;
    knock_if_closed(scene, who);
    stage(scene, who, bytes, size);
    struct command command = command_begin(scene, who, purpose == 1 ? COMMAND_ACTIVATE : COMMAND_REFILL);
    command.retitrated = (flags & 1) != 0;
    command.refill = (struct refill){ .filled = { 19000000 }, .drawn_up = { 19000000 }, .fill = mixture,
                                      .dead_drug_free = (flags & 2) != 0, .activate = purpose == 2 };
    command.refill.withdrawn = nl_of_fl((vol_fl){ pump->now.reservoir_nl * FL_PER_NL });
    hash_of(bytes, size, command.token);
    if (purpose > 0)
        command_send(scene, who, &command);
}
