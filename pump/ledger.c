// SPDX-License-Identifier: Apache-2.0
#include "pump/ledger.h"

/* The check word is linear in the eight words, each with an odd multiplier of its own: one flipped bit, or two words
 * swapped, change it, and a change of one word can be added to it without looking at the others. It costs a few
 * nanoseconds where a CRC of both copies would cost hundreds. */
#define METERED_ODD 0x165667B19E3779F9u
#define INTENT_ODD 0x589965CC75374CC3u

/*@ requires \valid_read(l);
    assigns \nothing; */
static uint64_t ledger_check(const struct ledger *l)
{
    uint64_t sum = (uint64_t)l->commanded * 0x9E3779B97F4A7C15u + (uint64_t)l->commanded_course * 0xC2B2AE3D27D4EB4Fu +
                   (uint64_t)l->metered * METERED_ODD + (uint64_t)l->base_grain * 0xD6E8FEB86659FD93u +
                   (uint64_t)l->course_grain * 0xA0761D6478BD642Fu +
                   (uint64_t)l->course_left_grain * 0xE7037ED1A0B428DBu +
                   (uint64_t)l->accrued_ms * 0x8EBC6AF09C88C6E3u + (uint64_t)l->intent * INTENT_ODD;
    return sum + 0x1D8E4E27C47D124Fu; /* so that memory full of zeros is not a ledger */
}

void ledger_clear(struct ledger *ledger, instant_ms now)
{
    ledger->commanded = 0;
    ledger->commanded_course = 0;
    ledger->metered = 0;
    ledger->base_grain = 0;
    ledger->course_grain = 0;
    ledger->course_left_grain = 0;
    ledger->accrued_ms = now.ms;
    ledger->intent = INTENT_NONE;
}

enum result ledger_load(const struct ledger_pair *pair, struct ledger *ledger)
{
    /*@ loop invariant 0 <= i <= 2;
        loop assigns i;
        loop variant 2 - i; */
    for (unsigned i = 0; i < 2; i++) {
        if (ledger_check(&pair->copy[i].ledger) == pair->copy[i].check) {
            *ledger = pair->copy[i].ledger;
            return RESULT_OK;
        }
    }
    return RESULT_DAMAGED;
}

bool ledger_kept(const struct ledger_pair *pair, const struct ledger *ledger)
{
    uint64_t check = ledger_check(ledger);
    return check == pair->copy[0].check || check == pair->copy[1].check;
}

void ledger_store(struct ledger_pair *pair, const struct ledger *ledger)
{
    uint64_t check = ledger_check(ledger);
    /*@ loop invariant 0 <= i <= 2;
        loop invariant \forall integer j; 0 <= j < i ==>
            pair->copy[j].ledger == *ledger && pair->copy[j].check == check;
        loop assigns i, pair->copy[0 .. 1];
        loop variant 2 - i; */
    for (unsigned i = 0; i < 2; i++) {
        pair->copy[i].ledger = *ledger;
        pair->copy[i].check = check;
    }
}

void ledger_accrue(struct ledger *ledger, rate_nl_day base, rate_nl_day course, instant_ms now)
{
    span_ms span = { now.ms - ledger->accrued_ms };
    ledger->accrued_ms = now.ms;
    ledger->base_grain += grain_of_rate(base, span).grain;
    if (ledger->course_left_grain > 0) {
        int64_t due = grain_of_rate(course, span).grain;
        int64_t given = due < ledger->course_left_grain ? due : ledger->course_left_grain;
        ledger->course_grain += given;
        ledger->course_left_grain -= given;
    }
}

enum ledger_intent ledger_take(struct ledger *ledger, vol_grain quantum)
{
    if (ledger->course_grain >= ledger->base_grain) {
        ledger->course_grain -= quantum.grain;
        return INTENT_COURSE;
    }
    ledger->base_grain -= quantum.grain;
    return INTENT_BASE;
}

vol_grain ledger_in_hand(const struct ledger *ledger)
{
    return (vol_grain){ ledger->base_grain + ledger->course_grain };
}

void ledger_command(struct ledger *ledger, enum ledger_intent whose)
{
    ledger->commanded++;
    ledger->commanded_course += whose == INTENT_COURSE;
    ledger->intent = whose;
}

void ledger_settle(struct ledger *ledger, bool confirmed)
{
    ledger->metered += confirmed;
    ledger->intent = INTENT_NONE;
}

/*@ requires \valid(copy);
    assigns *copy;
    ensures 0 <= \old(copy->ledger.metered) < INT64_MAX ==> settled{Pre, Post}(&copy->ledger); */
static void copy_confirm(struct ledger_copy *copy)
{
    copy->check += METERED_ODD - (uint64_t)copy->ledger.intent * INTENT_ODD;
    copy->ledger.metered += copy->ledger.metered < INT64_MAX; /* a damaged copy may hold anything */
    copy->ledger.intent = INTENT_NONE;
}

int64_t ledger_confirm(struct ledger_pair *pair)
{
    copy_confirm(&pair->copy[0]);
    copy_confirm(&pair->copy[1]);
    return pair->copy[0].ledger.metered;
}
