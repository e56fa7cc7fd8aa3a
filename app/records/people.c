/* people.c - users add, list, password, disable; patients, admit, purge; settle; limits. */
// SPDX-License-Identifier: Apache-2.0
#include "app/records/people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/step.h"
#include "clinic/records/implants.h"
#include "clinic/records/overrides.h"
#include "clinic/records/patients.h"
#include "clinic/records/users.h"
#include "clinic/records/visits.h"

enum { AT_ONCE = 64 };

/* A change of a user's row, under one transaction. */
static int user_change(struct clerk *clerk,
                       enum records_fault (*change)(struct records *records, int64_t id, struct secret *secret),
                       struct secret *secret)
{
    struct user user;
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    enum records_fault fault = users_find(&clerk->records, clerk->word, &user);
    /* One's own password is a change that any role may make. */
    if (fault == RECORDS_OK)
        fault = records_begin_note(&clerk->records, clerk_now());
    if (fault == RECORDS_OK)
        code = clerk_commit(clerk, change(&clerk->records, user.id, secret));
    else
        code = clerk_fault(clerk, fault);
    records_close(&clerk->records);
    return code;
}

static enum records_fault password_change(struct records *records, int64_t id, struct secret *secret)
{
    return users_password(records, id, secret->text, secret->size, &VAULT_COST);
}

static enum records_fault disable_change(struct records *records, int64_t id, struct secret *secret)
{
    (void)secret;
    return users_disable(records, id);
}

static void done_say(const struct clerk *clerk, const char *what)
{
    if (clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:s, s:s}", "user", clerk->word, "done", what));
    else
        printf("%s: %s\n", clerk->word, what);
}

int people_password(struct clerk *clerk)
{
    struct secret secret;
    int code = clerk_new_password(clerk, &secret);
    if (code == EXIT_DONE)
        code = user_change(clerk, password_change, &secret);
    secret_forget(&secret);
    if (code == EXIT_DONE)
        done_say(clerk, "has another password");
    return code;
}

int people_disable(struct clerk *clerk)
{
    int code = user_change(clerk, disable_change, NULL);
    if (code == EXIT_DONE)
        done_say(clerk, "may not sign in any more");
    return code;
}

int people_add(struct clerk *clerk)
{
    struct secret secret;
    const char *word = clerk->value[CLERK_AT_ROLE];
    int64_t role = word == NULL ? -1 : list_code(LIST_ROLE, word);
    if (role < 0)
        return clerk_say(clerk, EXIT_USAGE, "needs --role nurse, physician, pharmacist, auditor or admin, not ",
                         word == NULL ? "none" : word);
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_new_password(clerk, &secret);
    if (code == EXIT_DONE) {
        enum records_fault fault = records_begin(&clerk->records, clerk_now());
        if (fault == RECORDS_OK)
            code = clerk_commit(clerk,
                                users_add(&clerk->records, clerk->word, role, secret.text, secret.size, &VAULT_COST, NULL));
        else
            code = clerk_fault(clerk, fault);
    }
    secret_forget(&secret);
    records_close(&clerk->records);
    if (code == EXIT_DONE)
        done_say(clerk, "may sign in");
    return code;
}

int people_list(struct clerk *clerk)
{
    struct user users[AT_ONCE];
    unsigned count = AT_ONCE;
    int64_t from = 0;
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    for (; code == EXIT_DONE && count == AT_ONCE; from = users[count > 0 ? count - 1 : 0].id + 1) {
        code = clerk_fault(clerk, users_list(&clerk->records, from, users, AT_ONCE, &count));
        for (unsigned i = 0; i < count && code == EXIT_DONE; i++) {
            const char *role = list_word(LIST_ROLE, users[i].role);
            if (clerk_has(clerk, CLERK_AT_JSON))
                clerk_print(json_pack("{s:I, s:s, s:s*, s:b}", "id", (json_int_t)users[i].id, "name", users[i].name, "role",
                                      role, "disabled", users[i].disabled_ms != 0));
            else
                printf("%5" PRId64 "  %-12s %s%s\n", users[i].id, role != NULL ? role : "?", users[i].name,
                       users[i].disabled_ms != 0 ? " (may not sign in)" : "");
        }
    }
    records_close(&clerk->records);
    return code;
}

static void patient_say(const struct clerk *clerk, const struct patient *patient)
{
    if (clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:I, s:s, s:s, s:s, s:b}", "id", (json_int_t)patient->id, "name", patient->name, "birth_date",
                              patient->birth_date, "identifier", patient->identifier, "purged", patient->purged_ms != 0));
    else
        printf("%7" PRId64 "  %-10s  %-16s %s\n", patient->id, patient->birth_date, patient->identifier,
               patient->purged_ms != 0 ? "(purged)" : patient->name);
}

int people_patients(struct clerk *clerk)
{
    static struct patient patients[AT_ONCE];
    unsigned count = AT_ONCE;
    int64_t from = 0;
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_note(clerk, WORD_ACTION_DISCLOSE);
    for (; code == EXIT_DONE && count == AT_ONCE; from = patients[count > 0 ? count - 1 : 0].id + 1) {
        code = clerk_fault(clerk, patients_list(&clerk->records, from, patients, AT_ONCE, &count));
        for (unsigned i = 0; i < count && code == EXIT_DONE; i++)
            patient_say(clerk, &patients[i]);
    }
    records_close(&clerk->records);
    return code;
}

/* Asked for, not options: everybody on the machine can read those. */
int people_admit(struct clerk *clerk)
{
    struct patient patient = { .id = 0 };
    char identifier[STEP_LINE_BYTES], name[STEP_LINE_BYTES], born[STEP_LINE_BYTES];
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    step_ask("what the clinic knows them by", identifier);
    step_ask("name", name);
    step_ask("date of birth, such as 1950-12-31", born);
    if (strlen(identifier) >= sizeof patient.identifier || strlen(born) >= sizeof patient.birth_date)
        code = clerk_say(clerk, EXIT_USAGE, "an identifier has up to 63 bytes, a date of birth 10", "");
    enum records_fault fault = code == EXIT_DONE ? records_begin(&clerk->records, clerk_now()) : RECORDS_OK;
    if (code == EXIT_DONE && fault == RECORDS_OK) {
        memcpy(patient.identifier, identifier, strlen(identifier));
        memcpy(patient.name, name, strlen(name));
        memcpy(patient.birth_date, born, strlen(born));
        code = clerk_commit(clerk, patients_add(&clerk->records, &patient, &patient.id));
    } else if (code == EXIT_DONE) {
        code = clerk_fault(clerk, fault);
    }
    records_close(&clerk->records);
    if (code == EXIT_DONE && clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:I}", "patient", (json_int_t)patient.id));
    else if (code == EXIT_DONE)
        printf("patient %" PRId64 "\n", patient.id);
    return code;
}

/* The number typed again, for what cannot be undone. */
static int purge_confirm(const struct clerk *clerk)
{
    struct secret typed;
    if (clerk_has(clerk, CLERK_AT_YES))
        return EXIT_DONE;
    fprintf(stderr, "Who patient %s was will be forgotten for ever. Their pump's records stay. Type the number again.\n",
            clerk->word);
    int code = secret_line("patient", &typed);
    if (code == EXIT_DONE && strcmp(typed.text, clerk->word) != 0)
        code = clerk_say(clerk, EXIT_FAILED, "not purged: the numbers are not the same", "");
    return code;
}

int people_purge(struct clerk *clerk)
{
    char *end = NULL;
    int64_t id = strtoll(clerk->word, &end, 10);
    if (*clerk->word < '1' || *clerk->word > '9' || *end != '\0')
        return clerk_say(clerk, EXIT_USAGE, "needs a patient's number, as cisterna records patients tells it, not ",
                         clerk->word);
    int code = purge_confirm(clerk);
    if (code == EXIT_DONE)
        code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    enum records_fault fault = records_begin(&clerk->records, clerk_now());
    if (fault == RECORDS_OK)
        code = clerk_commit(clerk, patients_purge(&clerk->records, id));
    else
        code = clerk_fault(clerk, fault);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, patients_scour(&clerk->records));
    records_close(&clerk->records);
    if (code == EXIT_DONE && clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:I}", "purged", (json_int_t)id));
    else if (code == EXIT_DONE)
        printf("patient %" PRId64 " is purged; backups made before still hold them: destroy those too\n", id);
    return code;
}

/* Closed as it was in truth, as the pump's log tells; an explant that was applied takes its pump out. */
static enum records_fault visit_settle(struct records *records, int64_t id, int64_t outcome)
{
    struct visit_record visit;
    enum records_fault fault = visits_read(records, id, &visit);
    if (fault == RECORDS_OK && visit.outcome != WORD_OUTCOME_UNKNOWN)
        fault = records_fail(records, RECORDS_REFUSED, "the outcome of visit %lld is known: it is %s", (long long)id,
                             list_word(LIST_OUTCOME, visit.outcome));
    if (fault == RECORDS_OK)
        fault = visits_close(records, id, outcome, 0, visit.command_id);
    if (fault == RECORDS_OK && visit.workflow == WORD_WORKFLOW_EXPLANT && outcome == WORD_OUTCOME_APPLIED)
        fault = implants_explant(records, visit.implant, records->at_ms);
    return fault;
}

int people_visit_settle(struct clerk *clerk)
{
    char *end = NULL;
    int64_t id = strtoll(clerk->word, &end, 10);
    int64_t outcome = clerk_has(clerk, CLERK_AT_OUTCOME) ? list_code(LIST_OUTCOME, clerk->value[CLERK_AT_OUTCOME]) : -1;
    if (*clerk->word < '1' || *clerk->word > '9' || *end != '\0')
        return clerk_say(clerk, EXIT_USAGE, "needs the number of a visit, not ", clerk->word);
    if (outcome != WORD_OUTCOME_APPLIED && outcome != WORD_OUTCOME_NOT_APPLIED)
        return clerk_say(clerk, EXIT_USAGE, "needs --outcome applied or not_applied, as the pump's log tells", "");
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    enum records_fault fault = records_begin(&clerk->records, clerk_now());
    code = fault == RECORDS_OK ? clerk_commit(clerk, visit_settle(&clerk->records, id, outcome)) : clerk_fault(clerk, fault);
    records_close(&clerk->records);
    return code;
}

int people_limits(struct clerk *clerk)
{
    struct override_count counts[AT_ONCE];
    unsigned count = AT_ONCE;
    char after[OVERRIDE_RULE_BYTES] = "";
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    while (code == EXIT_DONE && count == AT_ONCE) {
        code = clerk_fault(clerk, overrides_table(&clerk->records, after, counts, AT_ONCE, &count));
        for (unsigned i = 0; i < count && code == EXIT_DONE; i++) {
            if (clerk_has(clerk, CLERK_AT_JSON))
                clerk_print(json_pack("{s:s, s:I, s:I}", "rule", counts[i].rule, "shown", (json_int_t)counts[i].shown,
                                      "overridden", (json_int_t)counts[i].overridden));
            else
                printf("%8" PRId64 " shown, %8" PRId64 " overridden  %s\n", counts[i].shown, counts[i].overridden,
                       counts[i].rule);
        }
        if (count > 0)
            memcpy(after, counts[count - 1].rule, sizeof after);
    }
    records_close(&clerk->records);
    return code;
}
