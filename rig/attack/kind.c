/* kind.c - the table of attacks. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/attack/kind.h"

#include <stddef.h>

#include "rig/attack/answers.h"
#include "rig/attack/forged.h"
#include "rig/attack/recorded.h"
#include "rig/attack/stranger.h"

enum {
    ANSWER = ANSWERS_BIT(PACKET_ANSWER),
    COUNTER = ANSWERS_BIT(PACKET_COUNTER),
    DATA = ANSWERS_BIT(PACKET_DATA),
    PAIR_2 = ANSWERS_BIT(PACKET_PAIR_2),
    PAIRED = ANSWERS_BIT(PACKET_PAIRED),
    IDENTITY = ANSWERS_BIT(PACKET_IDENTITY),
    ALL = ANSWER | COUNTER | DATA | PAIR_2 | PAIRED | IDENTITY
};
enum { STAYS = false, ANEW = true };

#define P(number) (1u << (number))
#define KIND(name, word_, function, promises_, ids_, place_, count_, unheard_, anew_, options, tries_, fear_)          \
    { .word = word_, .run = function, .promises = promises_, .ids = ids_, .tries = tries_, .fear = fear_,              \
      .place = PLACE_##place_, .count = count_, .unheard = unheard_, .anew = anew_ },
static const struct kind_row ROWS[ATTACK_KINDS] = {
#include "rig/attack/kind.def"
};
#undef KIND
#undef P

const struct kind_row *kind_row(unsigned kind)
{
    return kind < ATTACK_KINDS ? &ROWS[kind] : NULL;
}

const char *kind_promise(unsigned promise)
{
    static const char *const texts[KIND_PROMISES + 1] = {
        "there is no such promise",
        "never more than the limits, and never starved by them",
        "the old program runs until the new one is whole",
        "a command happens once",
        "nothing is forgotten, wherever power fails",
        "the pump says so when something is wrong",
        "strangers get nothing: without a key of the right role nothing changes, and a magnet can only lower the dose",
        "the cell lasts, whoever calls the pump",
    };
    return texts[promise <= KIND_PROMISES ? promise : 0];
}

const char *kind_place(enum place place)
{
    static const char *const words[PLACES] = { "far", "near", "magnet" };
    return words[place];
}
