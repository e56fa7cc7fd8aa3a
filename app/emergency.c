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

enum { BEFORE_TRIES = 2 }; /* guess */

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

/* Asks so many times, until the answer with this challenge comes. */
static bool ask(struct visit *visit, uint8_t wish, unsigned tries, struct identity *identity)
{
    uint8_t chance[8], body[FRAME_BODY_MAX], frame[FRAME_BYTES_MAX];
    struct packet asked = { .kind = PACKET_EMERGENCY, .wish = wish }, heard;
    visit->air.chance(visit->air.context, chance, sizeof chance);
    memcpy(&asked.challenge, chance, sizeof chance);
    size_t size = frame_write(body, packet_write(&asked, body), frame);
    for (unsigned i = 0; i < tries; i++) {
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

/* What became of the wish to lower. */
enum lowering { LOWERING_NOT_ASKED, LOWERING_DONE, LOWERING_ALREADY, LOWERING_EITHER, LOWERING_REFUSED };

/* `before` null: it was not told. A pump that has been lowered runs no therapy any more, whatever it gives. */
static enum lowering lowering_of(const struct identity *before, const struct identity *after)
{
    const char *mode = mode_word(after->mode);
    if (mode == NULL || after->mode == MODE_RUNNING)
        return LOWERING_REFUSED;
    if (before == NULL)
        return LOWERING_EITHER;
    return after->base_nl_day < before->base_nl_day ? LOWERING_DONE : LOWERING_ALREADY;
}

static const char *lowering_word(enum lowering lowering)
{
    static const char *const words[] = { [LOWERING_DONE] = "lowered", [LOWERING_ALREADY] = "already",
                                         [LOWERING_EITHER] = "lowered_or_already", [LOWERING_REFUSED] = "not_lowered" };
    return words[lowering];
}

static void lowering_print(enum lowering lowering, const struct identity *before, const struct identity *after)
{
    char was[AMOUNT_TEXT_BYTES] = "", is[AMOUNT_TEXT_BYTES];
    amount_write_flow(is, after->base_nl_day);
    if (before != NULL)
        amount_write_flow(was, before->base_nl_day);
    switch (lowering) {
    case LOWERING_NOT_ASKED:
        break;
    case LOWERING_DONE:
        printf("lowered: the base was %s and is %s now\n", was, is);
        break;
    case LOWERING_ALREADY:
        if (after->base_nl_day == 0)
            printf("already: nothing flowed before, so nothing was lowered\n");
        else
            printf("already: the base was %s before, so nothing was lowered\n", was);
        break;
    case LOWERING_EITHER:
        printf("lowered, or low already: the base is %s; what it was before is not known\n", is);
        break;
    case LOWERING_REFUSED:
        printf("NOT LOWERED: the pump answers, and its therapy flows on at %s. Ask again; a clinician's key can stop it: "
               "cisterna stop\n", is);
        break;
    }
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

static void json_print(enum lowering lowering, const struct identity *before, const struct identity *identity)
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
    if (lowering != LOWERING_NOT_ASKED)
        json_object_set_new(object, "outcome", json_string(lowering_word(lowering)));
    if (before != NULL) {
        amount_write_flow(text, before->base_nl_day);
        json_object_set_new(object, "base_before", json_string(text));
    }
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

static int identify(struct visit *visit)
{
    struct identity identity;
    if (!ask(visit, EMERGENCY_IDENTIFY, visit->programmer.patience.tries, &identity)) {
        fprintf(stderr, "cisterna emergency: no answer: out of reach, or this access has ended: take the magnet away\n");
        return EXIT_FAILED;
    }
    if (desk_has(visit->desk, OPTION_AT_JSON))
        json_print(LOWERING_NOT_ASKED, NULL, &identity);
    else
        text_print(&identity);
    return EXIT_DONE;
}

/* What it was before is asked for a few times only: it is told to people, and lowering does not wait for it. */
static int lower(struct visit *visit)
{
    struct identity was, is;
    const struct identity *before = ask(visit, EMERGENCY_IDENTIFY, BEFORE_TRIES, &was) ? &was : NULL;
    if (!ask(visit, EMERGENCY_LOWER, visit->programmer.patience.tries, &is)) {
        fprintf(stderr, "cisterna emergency: no answer: out of reach, or this access has ended: take the magnet away; whether it "
                        "was lowered is not known: ask again\n");
        return EXIT_UNKNOWN;
    }
    enum lowering lowering = lowering_of(before, &is);
    if (desk_has(visit->desk, OPTION_AT_JSON)) {
        json_print(lowering, before, &is);
    } else {
        text_print(&is);
        lowering_print(lowering, before, &is);
    }
    return lowering == LOWERING_REFUSED ? EXIT_REFUSED : EXIT_DONE;
}

int emergency_run(const struct desk *desk)
{
    struct visit visit = { .desk = desk, .socket = { .socket = -1 } };
    bool lower_it = strcmp(desk->word, "lower") == 0;
    if (!lower_it && strcmp(desk->word, "identify") != 0)
        return desk_usage(desk, "is identify or lower, not ", desk->word);
    programmer_start(&visit.programmer, &(struct key){ .slot = PAIRING_SLOT });
    int code = visit_patience(desk, &visit.programmer.patience);
    if (code == EXIT_DONE)
        code = visit_connect(desk, "magnet", &visit); /* whoever is there holds one, and is near */
    if (code != EXIT_DONE)
        return code;
    code = lower_it ? lower(&visit) : identify(&visit);
    socket_air_close(&visit.socket);
    return code;
}
