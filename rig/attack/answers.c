/* answers.c - counting what is heard. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/answers.h"

#include "core/text.h"

static const char *const WORDS[ANSWERS_KINDS] = {
    [0] = "damaged",
    [PACKET_KNOCK] = "KNOCK",
    [PACKET_ANSWER] = "ANSWER",
    [PACKET_COUNTER] = "COUNTER",
    [PACKET_DATA] = "DATA",
    [PACKET_PAIR_1] = "PAIR_1",
    [PACKET_PAIR_2] = "PAIR_2",
    [PACKET_PAIR_3] = "PAIR_3",
    [PACKET_PAIRED] = "PAIRED",
    [PACKET_EMERGENCY] = "EMERGENCY",
    [PACKET_IDENTITY] = "IDENTITY",
};

static void session_hear(struct answers *answers, uint32_t session)
{
    for (unsigned i = 0; i < ANSWERS_SESSIONS_MAX; i++)
        if (answers->session[i] == session)
            return;
    answers->session[answers->sessions++ % ANSWERS_SESSIONS_MAX] = session;
}

void answers_hear(struct answers *answers, const uint8_t *frame, size_t size)
{
    uint8_t body[FRAME_BODY_MAX];
    struct packet packet;
    size_t length = frame_read(frame, size, body);
    answers->frames++;
    answers->bytes += size;
    if (length == 0 || !packet_read(body, length, &packet)) {
        answers->kind[0]++;
        return;
    }
    answers->kind[packet.kind]++;
    if (packet.kind == PACKET_DATA)
        session_hear(answers, packet.session);
    if (packet.kind == PACKET_IDENTITY)
        answers->identity = packet;
}

void answers_forget(struct answers *answers)
{
    struct answers empty = { .sessions = answers->sessions };
    for (unsigned i = 0; i < ANSWERS_SESSIONS_MAX; i++)
        empty.session[i] = answers->session[i];
    *answers = empty;
}

const char *answers_word(unsigned kind)
{
    return WORDS[kind < ANSWERS_KINDS ? kind : 0];
}

unsigned answers_kind(const char *word)
{
    for (unsigned i = 1; i < ANSWERS_KINDS; i++)
        if (text_same_ignoring_case(WORDS[i], word))
            return i;
    return 0;
}
