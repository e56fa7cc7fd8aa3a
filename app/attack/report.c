/* report.c - the words of an attack. */
// SPDX-License-Identifier: Apache-2.0
#include "app/attack/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "amount/amount.h"
#include "core/catalog.h"
#include "rig/journal.h"

enum { LINE_BYTES = 400, EVENTS_TOLD = 8 };

void report_begin(const struct ask *ask)
{
    const struct kind_row *row = kind_row(ask->kind);
    if (ask_has(ask, ASK_JSON))
        return;
    printf("SIMULATION, never for use in people\n");
    printf("attack    %s: %s\n", row->word, row->tries);
    for (unsigned i = 1; i <= KIND_PROMISES; i++)
        if ((row->promises >> i & 1) != 0)
            printf("promise   %u: %s\n", i, kind_promise(i));
    printf("broken if %s\n", row->fear);
    printf("see       %s\n", row->ids);
    fflush(stdout);
}

/* The kinds of a set that were heard, such as "ANSWER 1, DATA 3". */
static const char *kinds_text(const struct answers *answers, uint32_t set, char text[LINE_BYTES])
{
    size_t length = 0;
    text[0] = '\0';
    for (unsigned kind = 0; kind < ANSWERS_KINDS; kind++)
        if ((set >> kind & 1) != 0 && answers->kind[kind] > 0)
            length += (size_t)snprintf(text + length, LINE_BYTES - length, "%s%s %" PRIu64, length > 0 ? ", " : "",
                                       answers_word(kind), answers->kind[kind]);
    return length > 0 ? text : "nothing";
}

/* Is a promise broken, as far as can be seen? */
static bool broken(const struct report *report)
{
    bool seen = report->witnessed == WITNESSED_WELL && report->judgement.count > 0;
    return seen || report->gone || report->role.applied > 0 || attack_unheard(report->attack) != 0;
}

static const char *finding_word(const struct report *report)
{
    if (broken(report))
        return "broken";
    if (report->witnessed == WITNESSED_WELL)
        return report->judgement.lowered ? "lowered" : "unchanged";
    return report->witnessed == WITNESSED_LOST ? "lost" : "unknown";
}

static void sight_line(const char *word, const struct sight *sight)
{
    char base[AMOUNT_TEXT_BYTES], name[32];
    const char *mode = mode_word((uint8_t)sight->status.mode), *between = " alarms ";
    amount_write_flow(base, sight->status.base_nl_day);
    printf("%-9s %s at %s, ledger head %016" PRIx64 ", therapy ", word, mode != NULL ? mode : "unknown", base,
           sight->status.ledger_head);
    for (unsigned i = 0; i < 4 && i < sight->status.therapy_token.size; i++)
        printf("%02x", sight->status.therapy_token.bytes[i]);
    printf("%s\n%9s", sight->status.therapy_token.size == 0 ? "none" : "", "");
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if ((sight->status.alarms >> i & 1) != 0) {
            journal_alarm_name(name, i);
            printf("%s%s", between, name);
            between = ", ";
        }
    printf("%s; %" PRId64 " mC used; %u tokens for strangers far away\n", sight->status.alarms == 0 ? " no alarms" : "",
           sight->energy.used_mc, sight->energy.far_tokens);
}

void report_before(const struct ask *ask, const struct sight *before)
{
    if (ask_has(ask, ASK_JSON))
        return;
    sight_line("before", before);
    fflush(stdout);
}

static void witness_print(const struct report *report)
{
    char flowed[AMOUNT_TEXT_BYTES], due[AMOUNT_TEXT_BYTES];
    if (report->witnessed != WITNESSED_WELL)
        return;
    sight_line("after", report->after);
    amount_write_volume(flowed, report->judgement.flowed_nl);
    amount_write_volume(due, report->judgement.due_nl);
    printf("flowed    %s in %" PRId64 " s of the pump's time%s%s\n", flowed,
           (report->after->ledger.now_ms - report->before->ledger.now_ms) / 1000, report->judgement.weighed ? ", due: " : "",
           report->judgement.weighed ? due : "");
    printf("log       %u new events", report->log->count);
    for (unsigned i = 0; i < report->log->count && i < EVENTS_TOLD; i++) {
        const struct event_row *row = event_row(report->log->event[i].code);
        printf("%s %s", i == 0 ? ":" : ",", row != NULL ? row->word : "unknown");
    }
    printf("%s\n", report->log->count > EVENTS_TOLD ? ", ..." : "");
    printf("witness   %s%s\n", report->went_on ? "its session went on" : "its session is over",
           report->anew ? "; it came in anew" : "");
}

static void verdict_print(const struct report *report)
{
    char heard[LINE_BYTES];
    const struct sight_judgement *judgement = &report->judgement;
    uint32_t unheard = attack_unheard(report->attack);
    if (report->gone)
        printf("verdict   PROMISE BROKEN: the pump hung up, or did not come to the end of what was sent\n");
    if (unheard != 0)
        printf("verdict   PROMISE BROKEN: the pump answered, or somebody else was talking to it: %s\n",
               kinds_text(&report->attack->answers, unheard, heard));
    if (report->role.applied > 0)
        printf("verdict   PROMISE BROKEN: %u of what the role may not was done\n", report->role.applied);
    if (report->witnessed == WITNESSED_NOT)
        printf("verdict   cannot tell whether the pump's state has changed: there is no witness; give --witness KEYS\n");
    else if (report->witnessed == WITNESSED_LOST)
        printf("verdict   cannot tell whether the pump's state has changed: the witness does not get through any more\n");
    else if (judgement->count > 0)
        printf("verdict   STATE CHANGED\n");
    else
        printf("verdict   %s\n", judgement->lowered ? "lowered, as a magnet may: state otherwise unchanged" : "state unchanged");
    for (unsigned i = 0; report->witnessed == WITNESSED_WELL && i < judgement->count && i < SIGHT_CHANGES_MAX; i++)
        printf("          %s\n", judgement->change[i]);
    if (report->witnessed == WITNESSED_WELL && judgement->count > SIGHT_CHANGES_MAX)
        printf("          and %u more\n", judgement->count - SIGHT_CHANGES_MAX);
}

static void text_print(const struct report *report)
{
    char heard[LINE_BYTES];
    const struct attack *attack = report->attack;
    printf("sent      %" PRIu64 " frames, %" PRIu64 " bytes%s\n", attack->frames, attack->bytes,
           report->whole ? "" : "; then time was up");
    printf("heard     %s\n", kinds_text(&attack->answers, UINT32_MAX, heard));
    if (report->ask->kind == KIND_RELAY)
        printf("lost      %" PRIu64 " frames\n", report->lost);
    if (report->ask->kind == KIND_ROLE)
        printf("asked     %u things that the role may not: %u refused, %u done, %u without an answer\n", report->role.tried,
               report->role.refused, report->role.applied, report->role.unknown);
    if (report->witnessed != WITNESSED_NOT)
        witness_print(report);
    verdict_print(report);
}

static json_t *sight_json(const struct sight *sight)
{
    char text[AMOUNT_TEXT_BYTES], name[32];
    const char *mode = mode_word((uint8_t)sight->status.mode);
    json_t *object = json_object(), *alarms = json_array();
    amount_write_flow(text, sight->status.base_nl_day);
    json_object_set_new(object, "mode", json_string(mode != NULL ? mode : "unknown"));
    json_object_set_new(object, "base", json_string(text));
    snprintf(text, sizeof text, "%016" PRIx64, sight->status.ledger_head);
    json_object_set_new(object, "ledger_head", json_string(text));
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if ((sight->status.alarms >> i & 1) != 0) {
            journal_alarm_name(name, i);
            json_array_append_new(alarms, json_string(name));
        }
    json_object_set_new(object, "alarms", alarms);
    json_object_set_new(object, "used_mc", json_integer(sight->energy.used_mc));
    json_object_set_new(object, "far_tokens", json_integer(sight->energy.far_tokens));
    json_object_set_new(object, "now_ms", json_integer(sight->ledger.now_ms));
    return object;
}

static void witness_json(const struct report *report, json_t *object)
{
    json_t *changes = json_array();
    json_object_set_new(object, "before", sight_json(report->before));
    if (report->witnessed == WITNESSED_WELL) {
        char text[AMOUNT_TEXT_BYTES];
        json_object_set_new(object, "after", sight_json(report->after));
        amount_write_volume(text, report->judgement.flowed_nl);
        json_object_set_new(object, "flowed", json_string(text));
        amount_write_volume(text, report->judgement.due_nl);
        json_object_set_new(object, "due", report->judgement.weighed ? json_string(text) : json_null());
        json_object_set_new(object, "session_went_on", json_boolean(report->went_on));
        json_object_set_new(object, "came_in_anew", json_boolean(report->anew));
        for (unsigned i = 0; i < report->judgement.count && i < SIGHT_CHANGES_MAX; i++)
            json_array_append_new(changes, json_string(report->judgement.change[i]));
    }
    json_object_set_new(object, "changes", changes);
}

static void json_print(const struct report *report)
{
    const struct attack *attack = report->attack;
    const struct kind_row *row = attack->kind;
    json_t *object = json_object(), *heard = json_object(), *promises = json_array();
    json_object_set_new(object, "cisterna_attack", json_integer(1));
    json_object_set_new(object, "notice", json_string("SIMULATION, never for use in people"));
    json_object_set_new(object, "attack", json_string(row->word));
    for (unsigned i = 1; i <= KIND_PROMISES; i++)
        if ((row->promises >> i & 1) != 0)
            json_array_append_new(promises, json_string(kind_promise(i)));
    json_object_set_new(object, "promises", promises);
    json_object_set_new(object, "see", json_string(row->ids));
    json_object_set_new(object, "seed", json_integer((json_int_t)report->ask->seed));
    json_object_set_new(object, "sent", json_integer((json_int_t)attack->frames));
    json_object_set_new(object, "whole", json_boolean(report->whole));
    json_object_set_new(object, "lost", json_integer((json_int_t)report->lost));
    for (unsigned kind = 0; kind < ANSWERS_KINDS; kind++)
        if (attack->answers.kind[kind] > 0)
            json_object_set_new(heard, answers_word(kind), json_integer((json_int_t)attack->answers.kind[kind]));
    json_object_set_new(object, "heard", heard);
    if (report->ask->kind == KIND_ROLE) {
        json_object_set_new(object, "tried", json_integer(report->role.tried));
        json_object_set_new(object, "refused", json_integer(report->role.refused));
    }
    if (report->witnessed != WITNESSED_NOT)
        witness_json(report, object);
    json_object_set_new(object, "verdict", json_string(finding_word(report)));
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text != NULL)
        printf("%s\n", text);
    free(text);
    json_decref(object);
}

int report_end(const struct report *report)
{
    if (ask_has(report->ask, ASK_JSON))
        json_print(report);
    else
        text_print(report);
    if (broken(report))
        return EXIT_FAILED;
    return report->witnessed == WITNESSED_LOST || report->role.unknown > 0 ? EXIT_UNKNOWN : EXIT_DONE;
}
