/* workbook.c - records behind a command. */
// SPDX-License-Identifier: Apache-2.0
#include "app/workbook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/keychain.h"
#include "app/secret.h"
#include "app/told.h"
#include "clinic/casebook/given.h"
#include "clinic/casebook/pull.h"
#include "clinic/casebook/recording.h"
#include "clinic/casebook/settle.h"
#include "clinic/records/users.h"

/* Pages of a log that one command waits for: guess, a thousand events. The next one goes on. */
enum { PULL_PAGES = 256 };

static int fault_say(const struct workbook *book, const struct records *records, enum records_fault fault)
{
    static const int CODE[] = {
        [RECORDS_OK] = EXIT_DONE,         [RECORDS_MISSING] = EXIT_FAILED,  [RECORDS_EXISTS] = EXIT_FAILED,
        [RECORDS_REFUSED] = EXIT_REFUSED, [RECORDS_MALFORMED] = EXIT_USAGE, [RECORDS_PASSWORD] = EXIT_FAILED,
        [RECORDS_VERSION] = EXIT_VERSION, [RECORDS_DAMAGED] = EXIT_DAMAGED, [RECORDS_BUSY] = EXIT_FAILED,
        [RECORDS_UNKNOWN] = EXIT_UNKNOWN, [RECORDS_FAILED] = EXIT_FAILED,
    };
    if (fault != RECORDS_OK)
        fprintf(stderr, "cisterna %s: records: %s\n", book->desk->command, records->error);
    return CODE[fault];
}

/* From a file, from the environment, or asked for: not the passphrase of the keys. */
static int password_read(const char *file, const char *variable, const char *name, struct secret *secret)
{
    char prompt[USER_NAME_BYTES + 32];
    const char *given = getenv(variable);
    if (file != NULL)
        return secret_first_line(file, secret);
    if (given != NULL && *given != '\0' && strlen(given) <= SECRET_BYTES_MAX) {
        secret->size = strlen(given);
        memcpy(secret->text, given, secret->size + 1);
        return EXIT_DONE;
    }
    (void)snprintf(prompt, sizeof prompt, "password of %s in the records", name);
    return secret_line(prompt, secret);
}

static int sign_in(const struct workbook *book, struct records *records, enum desk_option user, enum desk_option file,
                   const char *variable)
{
    struct secret secret;
    const char *name = NULL;
    int code = desk_name(book->desk, user, USER_NAME_BYTES - 1, &name);
    if (code != EXIT_DONE)
        return code;
    code = password_read(book->desk->value[file], variable, name, &secret);
    if (code == EXIT_DONE)
        code = fault_say(book, records, users_sign_in(records, name, secret.text, secret.size));
    secret_forget(&secret);
    return code;
}

/* The second clinician signs in beside the first, and nothing is written as them. */
static int second_sign_in(struct workbook *book)
{
    struct records *records = calloc(1, sizeof *records);
    if (records == NULL)
        return EXIT_FAILED;
    int code = fault_say(book, records, records_open(records, book->desk->value[OPTION_AT_DB], false));
    if (code == EXIT_DONE) {
        code = sign_in(book, records, OPTION_AT_SECOND, OPTION_AT_SECOND_PASSWORD_FILE, "CISTERNA_SECOND_PASSWORD");
        book->second = records->user;
        bool clinician = list_role_writes(records->role) && records->user != book->records.user;
        records_close(records);
        if (code == EXIT_DONE && !clinician)
            code = desk_usage(book->desk, "--second is another clinician than --user, and one who may write: not ",
                              book->desk->value[OPTION_AT_SECOND]);
    }
    free(records);
    return code;
}

int workbook_open(const struct desk *desk, struct workbook *book)
{
    *book = (struct workbook){ .desk = desk, .is = desk_has(desk, OPTION_AT_DB) };
    if (!book->is)
        return desk_has(desk, OPTION_AT_SECOND) || desk_has(desk, OPTION_AT_USER) ||
                       desk_has(desk, OPTION_AT_PATIENT) || desk_has(desk, OPTION_AT_REPORT)
                   ? desk_usage(desk, "--user, --second, --patient and --report are of the records: they need --db URL",
                                "")
                   : EXIT_DONE;
    int code = fault_say(book, &book->records, records_open(&book->records, desk->value[OPTION_AT_DB], false));
    book->is = code == EXIT_DONE;
    if (code == EXIT_DONE)
        code = sign_in(book, &book->records, OPTION_AT_USER, OPTION_AT_PASSWORD_FILE, "CISTERNA_PASSWORD");
    if (code == EXIT_DONE && desk_has(desk, OPTION_AT_SECOND))
        code = second_sign_in(book);
    if (code != EXIT_DONE)
        workbook_close(book);
    book->begun_ms = workbook_now(book);
    return code;
}

void workbook_close(struct workbook *book)
{
    if (book->is)
        records_close(&book->records);
    book->is = false;
    cipher_forget(&book->book, sizeof book->book);
}

int64_t workbook_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t workbook_now(const struct workbook *book)
{
    return book->is ? workbook_clock() : 0;
}

/* The patient whom --patient tells; 0 where it is not given. A number: names on a command line can be read by others. */
static int patient_said(const struct workbook *book, int64_t *patient)
{
    uint64_t number = 0;
    int code = EXIT_DONE;
    if (desk_has(book->desk, OPTION_AT_PATIENT))
        code = desk_number(book->desk, book->desk->value[OPTION_AT_PATIENT], 1, INT64_MAX, &number);
    *patient = (int64_t)number;
    return code;
}

static int settle(struct workbook *book, const struct visit *visit, const struct interrogation *seen, bool lowers)
{
    int64_t left = 0;
    book->book.programmer = casebook_mark(&visit->programmer.key);
    int code = fault_say(
        book, &book->records,
        casebook_settle(&book->records, &book->book, seen, &visit->programmer.key, workbook_now(book), &left));
    if (code != EXIT_DONE || left == 0)
        return code;
    fprintf(stderr,
            "cisterna %s: of %" PRId64 " earlier visit%s it is not known whether it was applied: look at the log, and "
            "tell it by cisterna records settle%s\n",
            book->desk->command, left, left == 1 ? "" : "s",
            lowers ? "" : "; until then nothing but the way down is given");
    return lowers ? EXIT_DONE : EXIT_REFUSED;
}

int workbook_meet(struct workbook *book, const struct visit *visit, const struct interrogation *seen, bool lowers)
{
    int64_t patient = 0;
    if (!book->is)
        return EXIT_DONE;
    int code = patient_said(book, &patient);
    if (code == EXIT_DONE && patient == 0 && !lowers)
        return desk_usage(book->desk, "needs --patient N: whose pump it is has to be said", "");
    if (code != EXIT_DONE)
        return code;
    enum records_fault fault = casebook_of_pump(&book->records, seen->serial, &book->book);
    if (fault == RECORDS_MISSING && patient != 0)
        fault = casebook_of_patient(&book->records, patient, seen->serial, &book->book);
    code = fault_say(book, &book->records, fault);
    if (code != EXIT_DONE)
        return code;
    if ((patient != 0 && patient != book->book.patient) || (book->book.explanted_ms != 0 && !lowers)) {
        fprintf(stderr, "cisterna %s: pump %s %s\n", book->desk->command, seen->serial,
                book->book.explanted_ms != 0 ? "was taken out, by the records"
                                             : "is not this patient's, by the records");
        return EXIT_REFUSED;
    }
    fprintf(stderr, "cisterna %s: pump %s, patient %" PRId64 ": %s\n", book->desk->command, seen->serial,
            book->book.patient, book->book.name);
    return settle(book, visit, seen, lowers);
}

/* Something was done, and is not written down: nobody must miss that. */
static int not_kept(const struct workbook *book, const char *what, enum records_fault fault, int code)
{
    int why = fault_say(book, &book->records, fault);
    if (fault != RECORDS_OK)
        fprintf(stderr, "cisterna %s: NOT IN THE RECORDS: %s; write it down by hand\n", book->desk->command, what);
    return code == EXIT_DONE ? why : code;
}

static void log_pull(struct workbook *book, struct visit *visit)
{
    struct pull pull = { .contact = CONTACT_OK };
    enum records_fault fault = casebook_of_pump(&book->records, book->book.serial, &book->book);
    if (fault == RECORDS_MISSING) /* nothing came of its implant */
        return;
    if (fault == RECORDS_OK)
        fault = casebook_pull(&book->records, &book->book, 0, &visit->programmer, &visit->air, PULL_PAGES,
                              workbook_now(book), &pull);
    (void)fault_say(book, &book->records, fault);
    if (pull.contact != CONTACT_OK)
        fprintf(stderr, "cisterna %s: the pump's log was not read to its end: %s\n", book->desk->command,
                told_contact(pull.contact));
    if (pull.breaks > 0)
        fprintf(stderr, "cisterna %s: THE CHAIN OF THE PUMP'S LOG DOES NOT HOLD at %" PRIu64 " places: cisterna log\n",
                book->desk->command, pull.breaks);
}

int workbook_keep(struct workbook *book, struct visit *visit, struct workflow *workflow, int code)
{
    if (!book->is || workflow->work == 0)
        return code;
    workflow_forsake(workflow);       /* where its outcome is unknown; */
    (void)workflow_abandon(workflow); /* and else, where nobody waits for what would come */
    if (workflow_want(workflow) == WANT_RECORD) {
        enum records_fault fault = casebook_record(&book->records, &book->book, workflow, workbook_now(book), NULL);
        if (fault == RECORDS_UNKNOWN) /* it is known again if it was kept */
            fault = casebook_record(&book->records, &book->book, workflow, workbook_now(book), NULL);
        code = not_kept(book, "what was done at this pump", fault, code);
        workflow_recorded(workflow);
    }
    if (workflow_want(workflow) == WANT_AUDIT)
        code = not_kept(book, "how this ended",
                        casebook_audit(&book->records, &book->book, workflow, workbook_now(book)), code);
    workflow_audited(workflow);
    if (visit->programmer.session.id != 0 && visit->programmer.key.pending.id == 0)
        log_pull(book, visit);
    return code;
}

void workbook_seen(const struct visit *visit, struct interrogation *seen)
{
    char serial[PUMP_ID_BYTES + 1];
    const cisterna_Status *status = &visit->status;
    *seen = (struct interrogation){ .has_therapy = status->has_therapy, .settled = visit->programmer.settled };
    keychain_serial(&visit->programmer.key, serial);
    memcpy(seen->serial, serial, sizeof seen->serial);
    seen->serial[sizeof seen->serial - 1] = '\0';
    if (status->therapy_token.size == TOKEN_BYTES)
        memcpy(seen->token, status->therapy_token.bytes, TOKEN_BYTES);
}

int workbook_given(struct workbook *book, struct visit *visit, const struct command *command, enum told told,
                   const struct receipt *receipt, int code)
{
    const struct given_command given = { .command = *command,
                                         .change = (uint8_t)(told == TOLD_APPLIED   ? CHANGE_APPLIED
                                                             : told == TOLD_UNKNOWN ? CHANGE_UNKNOWN
                                                                                    : CHANGE_NOT_APPLIED),
                                         .receipt = *receipt,
                                         .begun_ms = book->begun_ms };
    if (!book->is)
        return code;
    enum records_fault fault = casebook_given(&book->records, &book->book, &given, workbook_now(book), NULL);
    if (fault == RECORDS_UNKNOWN)
        fault = casebook_given(&book->records, &book->book, &given, workbook_now(book), NULL);
    code = not_kept(book, "what was done at this pump", fault, code);
    if (visit->programmer.session.id != 0 && visit->programmer.key.pending.id == 0)
        log_pull(book, visit);
    return code;
}
