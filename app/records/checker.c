/* checker.c - verifying, anchors, and the audit told. An anchor is one line: "cisterna anchor 1 NAME LAST CHAIN", name and
 * chain in hexadecimal. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/records/checker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "clinic/programmer/keyfile.h"
#include "clinic/records/twinacts.h"
#include "clinic/records/verify.h"

enum {
    NAME_DIGITS = 2 * VAULT_NAME_BYTES,
    CHAIN_DIGITS = 2 * HASH_BYTES,
    ANCHOR_BYTES = 256,
    INSTANT_BYTES = 32,
    AT_ONCE = 256
};

struct checker {
    bool json;
    json_t *faults;
};

static void say(void *context, const char *text)
{
    struct checker *checker = context;
    if (checker->json)
        json_array_append_new(checker->faults, json_string(text));
    else
        printf("%s\n", text);
}

static void hex_write(const uint8_t *bytes, size_t size, char *text)
{
    for (size_t i = 0; i < size; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static bool hex_read(const char *text, uint8_t *bytes, size_t size)
{
    bool good = strspn(text, "0123456789abcdef") == 2 * size;
    for (size_t i = 0; good && i < size; i++) {
        unsigned value = 0;
        good = sscanf(text + 2 * i, "%2x", &value) == 1;
        bytes[i] = (uint8_t)value;
    }
    return good;
}

/* The anchor of an earlier time, if there is one; `held` is the file to be replaced afterwards. */
static int anchor_read(const struct clerk *clerk, struct keyfile *held, struct audit_head *anchor, bool *there)
{
    uint8_t bytes[KEYFILE_BYTES_MAX + 1], name[VAULT_NAME_BYTES];
    char line[ANCHOR_BYTES] = "", name_text[NAME_DIGITS + 1], chain_text[CHAIN_DIGITS + 1];
    size_t size = 0;
    const char *path = clerk->value[CLERK_AT_ANCHOR];
    enum keyfile_fault fault = keyfile_hold(held, path);
    if (fault == KEYFILE_OK)
        fault = keyfile_read(held, bytes, &size);
    *there = fault == KEYFILE_OK;
    if (fault == KEYFILE_NONE)
        return EXIT_DONE;
    if (fault != KEYFILE_OK)
        return clerk_say(clerk, EXIT_FAILED,
                         fault == KEYFILE_BUSY ? "another process uses the anchor " : "cannot read the anchor ", path);
    memcpy(line, bytes, size < sizeof line - 1 ? size : sizeof line - 1);
    if (sscanf(line, "cisterna anchor 1 %32s %" SCNd64 " %64s", name_text, &anchor->last, chain_text) != 3 ||
        !hex_read(name_text, name, sizeof name) || !hex_read(chain_text, anchor->chain, sizeof anchor->chain))
        return clerk_say(clerk, EXIT_DAMAGED, "this file is no anchor: ", path);
    if (memcmp(name, clerk->records.vault.name, sizeof name) != 0)
        return clerk_say(clerk, EXIT_DAMAGED, "this anchor was made of other records than these: ", path);
    return EXIT_DONE;
}

static int anchor_write(const struct clerk *clerk, const struct keyfile *held, const struct audit_head *head)
{
    char line[ANCHOR_BYTES], name[NAME_DIGITS + 1], chain[CHAIN_DIGITS + 1];
    hex_write(clerk->records.vault.name, VAULT_NAME_BYTES, name);
    hex_write(head->chain, HASH_BYTES, chain);
    int size = snprintf(line, sizeof line, "cisterna anchor 1 %s %" PRId64 " %s\n", name, head->last, chain);
    if (keyfile_replace(held, (const uint8_t *)line, (size_t)size) == KEYFILE_OK)
        return EXIT_DONE;
    return clerk_say(clerk, EXIT_FAILED, "the anchor cannot be written: ", strerror(errno));
}

static void result_say(const struct verify *verify, struct checker *checker)
{
    char chain[CHAIN_DIGITS + 1];
    hex_write(verify->head.chain, HASH_BYTES, chain);
    if (checker->json)
        clerk_print(json_pack("{s:b, s:o, s:I, s:I, s:I, s:I, s:s}", "sound", verify->faults == 0, "faults",
                              checker->faults, "audit_rows", (json_int_t)verify->audit_rows, "rows",
                              (json_int_t)verify->rows, "log_rows", (json_int_t)verify->log_rows, "last",
                              (json_int_t)verify->head.last, "chain", chain));
    else
        printf("%s: %" PRIu64 " rows of the audit, %" PRIu64 " rows, %" PRIu64 " of pumps' logs, %" PRIu64 " faults\n",
               verify->faults == 0 ? "sound" : "NOT SOUND", verify->audit_rows, verify->rows, verify->log_rows,
               verify->faults);
}

static int verify(struct clerk *clerk, const struct audit_head *anchor, const struct keyfile *held)
{
    struct verify verify;
    bool json = clerk_has(clerk, CLERK_AT_JSON);
    struct checker checker = { .json = json, .faults = json ? json_array() : NULL };
    enum records_fault fault = verify_run(&verify, &clerk->records, anchor, say, &checker);
    if (fault == RECORDS_OK || verify.faults > 0)
        result_say(&verify, &checker);
    else
        json_decref(checker.faults);
    if (fault == RECORDS_OK && held != NULL)
        return anchor_write(clerk, held, &verify.head);
    return clerk_fault(clerk, fault);
}

int checker_verify(struct clerk *clerk)
{
    struct keyfile held = { .lock = -1 };
    struct audit_head anchor = { .last = 0 };
    bool there = false, wanted = clerk_has(clerk, CLERK_AT_ANCHOR);
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    if (wanted)
        code = anchor_read(clerk, &held, &anchor, &there);
    if (code == EXIT_DONE)
        code = verify(clerk, there ? &anchor : NULL, wanted ? &held : NULL);
    if (wanted)
        keyfile_release(&held);
    records_close(&clerk->records);
    return code;
}

/* "2026-03-01T12:00:00Z" */
static void instant_write(int64_t at_ms, char text[INSTANT_BYTES])
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || strftime(text, INSTANT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(text, INSTANT_BYTES, "?");
}

/* `act`: what was done to a simulation, where the row is one's; null otherwise. */
static void audit_say(const struct clerk *clerk, const struct audit_row *row, const struct twin_act *act)
{
    char at[INSTANT_BYTES];
    const char *action = list_word(LIST_ACTION, row->action);
    const char *outcome = act != NULL ? list_word(LIST_ACT, act->outcome) : NULL;
    enum table home = table_by_code(row->home);
    const char *name = home == TABLE_END ? "?" : table_name(home);
    instant_write(row->at_ms, at);
    if (clerk_has(clerk, CLERK_AT_JSON)) {
        json_t *object =
            json_pack("{s:I, s:s, s:I, s:s*, s:s, s:I}", "id", (json_int_t)row->id, "at", at, "user",
                      (json_int_t)row->user, "action", action, "table", name, "row", (json_int_t)row->home_id);
        if (act != NULL)
            (void)json_object_set_new(object, "twin",
                                      json_pack("{s:I, s:s, s:s*}", "implant", (json_int_t)act->implant, "said",
                                                act->said, "outcome", outcome));
        clerk_print(object);
        return;
    }
    printf("%8" PRId64 "  %s  user %-4" PRId64 " %-8s %s %" PRId64, row->id, at, row->user,
           action != NULL ? action : "?", name, row->home_id);
    if (act != NULL)
        printf("  implants %" PRId64 ": %s; %s", act->implant, act->said, outcome != NULL ? outcome : "?");
    printf("\n");
}

/* A row, and what it is a row of where that says more. */
static enum records_fault audit_row_say(struct clerk *clerk, const struct audit_row *row)
{
    struct twin_act act;
    enum records_fault fault = RECORDS_OK;
    bool of_act = row->home == table_code(TABLE_TWIN_ACTS);
    if (of_act)
        fault = twinacts_read(&clerk->records, row->home_id, &act);
    if (fault == RECORDS_OK)
        audit_say(clerk, row, of_act ? &act : NULL);
    return fault;
}

int checker_audit(struct clerk *clerk)
{
    struct audit_row rows[AT_ONCE];
    unsigned count = AT_ONCE;
    int64_t from = 0;
    const char *text = clerk->value[CLERK_AT_FROM];
    if (text != NULL && (strspn(text, "0123456789") != strlen(text) || sscanf(text, "%18" SCNd64, &from) != 1))
        return clerk_say(clerk, EXIT_USAGE, "--from needs a whole number, not ", text);
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    for (; code == EXIT_DONE && count == AT_ONCE; from = rows[count > 0 ? count - 1 : 0].id + 1) {
        code = clerk_fault(clerk, audit_list(&clerk->records, from, rows, AT_ONCE, &count));
        for (unsigned i = 0; i < count && code == EXIT_DONE; i++)
            code = clerk_fault(clerk, audit_row_say(clerk, &rows[i]));
    }
    records_close(&clerk->records);
    return code;
}
