/* emergency.c - `cisterna emergency`: identify, or lower to the safe rate. */
// SPDX-License-Identifier: Apache-2.0
#include "app/emergency.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/told.h"
#include "app/visit.h"
#include "core/bytes.h"
#include "core/catalog.h"
#include "core/model.h"
#include "link/packet.h"
#include "rig/journal.h"

/* What IDENTITY tells: link/SPEC.md §8. */
struct identity {
    char serial[PUMP_ID_BYTES + 1];
    uint8_t model, mode, lowered;
    uint32_t alarms, base_nl_day, minutes_left;
    uint64_t reservoir_nl;
};

static struct identity identity_read(const struct packet *packet)
{
    struct byte_reader reader = { .at = packet->bytes, .left = packet->size };
    struct identity identity = { .model = 0 };
    byte_read_block(&reader, (uint8_t *)identity.serial, PUMP_ID_BYTES);
    identity.model = (uint8_t)byte_read(&reader, 1);
    identity.mode = (uint8_t)byte_read(&reader, 1);
    identity.lowered = (uint8_t)byte_read(&reader, 1);
    (void)byte_read(&reader, 1);
    identity.alarms = (uint32_t)byte_read(&reader, 4);
    identity.base_nl_day = (uint32_t)byte_read(&reader, 4);
    identity.reservoir_nl = byte_read(&reader, 8);
    identity.minutes_left = (uint32_t)byte_read(&reader, 4);
    return identity;
}

/* Asks until the answer with this challenge comes. */
static bool ask(struct visit *visit, uint8_t wish, struct identity *identity)
{
    uint8_t chance[8], body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    struct packet asked = { .kind = PACKET_EMERGENCY, .wish = wish }, heard;
    visit->air.chance(visit->air.context, chance, sizeof chance);
    memcpy(&asked.challenge, chance, sizeof chance);
    size_t size = frame_write(body, packet_write(&asked, body), frame);
    for (unsigned i = 0; i < visit->programmer.patience.tries; i++) {
        if (!visit->air.send(visit->air.context, frame, size))
            return false;
        uint8_t answer[FRAME_BYTES_MAX];
        size_t length = 0;
        for (unsigned strange = 0; strange < 64; strange++) {
            length = visit->air.receive(visit->air.context, answer, visit->programmer.patience.wait_ms);
            if (length == 0)
                break;
            if (packet_read(body, frame_read(answer, length, body), &heard) && heard.kind == PACKET_IDENTITY &&
                heard.challenge == asked.challenge) {
                *identity = identity_read(&heard);
                return true;
            }
        }
    }
    return false;
}

static void text_print(const struct identity *identity)
{
    char text[AMOUNT_TEXT_BYTES], name[32];
    const char *model = model_name(identity->model), *mode = mode_word(identity->mode);
    printf("SIMULATION, never for use in people\n%s: %s\n\n", identity->serial, model != NULL ? model : "unknown model");
    printf("  %-26s %s\n", "mode", mode != NULL ? mode : "unknown");
    printf("  %-26s %s\n", "lowered by emergency", identity->lowered != 0 ? "yes, until a clinician ends it" : "no");
    amount_write_flow(text, identity->base_nl_day);
    printf("  %-26s %s\n", "base flow now", text);
    amount_write_volume(text, (int64_t)identity->reservoir_nl);
    printf("  %-26s %s\n", "reservoir, calculated", text);
    printf("  %-26s %lu min\n", "this access ends in", (unsigned long)identity->minutes_left);
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if ((identity->alarms >> i & 1) != 0) {
            journal_alarm_name(name, i);
            printf("  alarm %-20s %s\n", name, alarm_row(i)->text);
        }
}

static void json_print(const struct identity *identity)
{
    char text[AMOUNT_TEXT_BYTES], name[32];
    const char *model = model_name(identity->model), *mode = mode_word(identity->mode);
    json_t *object = json_object(), *alarms = json_array();
    json_object_set_new(object, "cisterna_identity", json_integer(1));
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "pump", json_string(identity->serial));
    json_object_set_new(object, "model", json_string(model != NULL ? model : "unknown"));
    json_object_set_new(object, "mode", json_string(mode != NULL ? mode : "unknown"));
    json_object_set_new(object, "lowered", json_boolean(identity->lowered != 0));
    amount_write_flow(text, identity->base_nl_day);
    json_object_set_new(object, "base", json_string(text));
    amount_write_volume(text, (int64_t)identity->reservoir_nl);
    json_object_set_new(object, "reservoir_calculated", json_string(text));
    json_object_set_new(object, "minutes_left", json_integer(identity->minutes_left));
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if ((identity->alarms >> i & 1) != 0) {
            journal_alarm_name(name, i);
            json_array_append_new(alarms, json_string(name));
        }
    json_object_set_new(object, "alarms", alarms);
    told_print(object);
}

int emergency_run(const struct desk *desk)
{
    struct visit visit = { .desk = desk, .socket = { .socket = -1 } };
    struct identity identity;
    bool lower = strcmp(desk->word, "lower") == 0;
    if (!lower && strcmp(desk->word, "identify") != 0)
        return desk_usage(desk, "is identify or lower, not ", desk->word);
    programmer_start(&visit.programmer, &(struct key){ .slot = PAIRING_SLOT });
    int code = visit_patience(desk, &visit.programmer.patience);
    if (code == EXIT_DONE)
        code = visit_connect(desk, "magnet", &visit); /* whoever is there holds one, and is near */
    if (code != EXIT_DONE)
        return code;
    if (!ask(&visit, lower ? EMERGENCY_LOWER : EMERGENCY_IDENTIFY, &identity)) {
        fprintf(stderr, "cisterna emergency: no answer: out of reach, or this access has ended: take the magnet away%s\n",
                lower ? "; whether it was lowered is not known: ask again" : "");
        code = lower ? EXIT_UNKNOWN : EXIT_FAILED;
    } else if (desk_has(desk, OPTION_AT_JSON)) {
        json_print(&identity);
    } else {
        text_print(&identity);
    }
    socket_air_close(&visit.socket);
    return code;
}
