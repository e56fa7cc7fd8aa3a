/* give.c - one wish, one outcome. */
// SPDX-License-Identifier: Apache-2.0
#include "app/give.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/resuming.h"
#include "app/told.h"
#include "app/visit.h"
#include "app/workbook.h"
#include "core/catalog.h"
#include "core/text.h"
#include "link/wish.h"
#include "rig/scenario.h"

/* Who signs in and whose pump it is, before anything is given. What goes down is given first, whatever the records say. */
static int clinic_begin(struct workbook *book, const struct visit *visit)
{
    struct interrogation seen;
    workbook_seen(visit, &seen);
    return workbook_meet(book, visit, &seen, false);
}

/* The way down is done: now who did it. */
static int clinic_catch_up(const struct desk *desk, struct workbook *book, const struct visit *visit)
{
    struct interrogation seen;
    int64_t begun_ms = book->begun_ms;
    int code = workbook_open(desk, book);
    if (book->is)
        book->begun_ms = begun_ms;
    workbook_seen(visit, &seen);
    if (code == EXIT_DONE)
        code = workbook_meet(book, visit, &seen, true);
    if (code != EXIT_DONE) {
        fprintf(stderr, "cisterna %s: NOT IN THE RECORDS: what was done at this pump; write it down by hand\n", desk->command);
        workbook_close(book);
    }
    return code;
}

/* The command, and what is left of it in the records where there are some. */
static int give_recorded(const struct desk *desk, struct workbook *book, struct visit *visit, enum purpose purpose,
                         struct command *command)
{
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enum told told = programmer_command(&visit->programmer, &visit->air, command, &receipt, &contact);
    int code = told_say(visit, told, &receipt, contact);
    if (purpose == PURPOSE_LOWER && desk_has(desk, OPTION_AT_DB))
        (void)clinic_catch_up(desk, book, visit);
    int kept = workbook_given(book, visit, command, told, &receipt, code);
    /* Who lowered a pump is told that it is lower, even where nobody could write that down: the messages say so. */
    return purpose == PURPOSE_LOWER ? code : kept;
}

/* `read` (may be null) fills the command in once the key's role is known. */
static int give_with(const struct desk *desk, enum purpose purpose, struct command *command,
                     int (*read)(const struct desk *desk, uint8_t role, struct command *command))
{
    struct visit visit;
    struct workbook book = { .desk = desk, .begun_ms = workbook_clock() };
    int code = purpose == PURPOSE_LOWER ? EXIT_DONE : workbook_open(desk, &book);
    if (code != EXIT_DONE)
        return code;
    code = visit_begin(desk, purpose, &visit);
    if (code == EXIT_DONE) {
        if (read != NULL)
            code = read(desk, visit.programmer.role, command);
        if (code == EXIT_DONE && purpose != PURPOSE_LOWER && book.is)
            code = clinic_begin(&book, &visit);
        if (code == EXIT_DONE && command->kind == COMMAND_RESUME)
            code = resuming_judge(&visit);
        if (code == EXIT_DONE)
            code = give_recorded(desk, &book, &visit, purpose, command);
        visit_end(&visit);
    }
    workbook_close(&book);
    return code;
}

static int give(const struct desk *desk, enum purpose purpose, struct command *command)
{
    return give_with(desk, purpose, command, NULL);
}

/* The patient's bolus is the therapy's own; a clinician says how much and how fast. */
static int bolus_read(const struct desk *desk, uint8_t role, struct command *command)
{
    int64_t rate = 0;
    bool said = desk_has(desk, OPTION_AT_VOLUME) || desk_has(desk, OPTION_AT_RATE);
    command->kind = role == ROLE_CLINICIAN && said ? COMMAND_CLINICIAN_BOLUS : COMMAND_PATIENT_BOLUS;
    if (!said)
        return EXIT_DONE;
    if (role != ROLE_CLINICIAN)
        return desk_usage(desk, "--volume and --rate are for clinicians: a patient's bolus is what the therapy says", "");
    int code = desk_amount(desk, OPTION_AT_VOLUME, DIMENSION_VOLUME, 1, VOL_NL_MAX, &command->volume.nl);
    if (code == EXIT_DONE)
        code = desk_amount(desk, OPTION_AT_RATE, DIMENSION_FLOW, 1, RATE_NL_DAY_MAX, &rate);
    command->rate.nl_day = (int32_t)rate;
    return code;
}

int bolus_run(const struct desk *desk)
{
    return give_with(desk, PURPOSE_CHANGE, &(struct command){ .kind = COMMAND_PATIENT_BOLUS }, bolus_read);
}

int stop_run(const struct desk *desk)
{
    return give(desk, PURPOSE_LOWER, &(struct command){ .kind = COMMAND_STOP });
}

int minimum_run(const struct desk *desk)
{
    return give(desk, PURPOSE_LOWER, &(struct command){ .kind = COMMAND_MINIMUM });
}

int resume_run(const struct desk *desk)
{
    return give(desk, PURPOSE_CHANGE,
                &(struct command){ .kind = COMMAND_RESUME, .retitrated = desk_has(desk, OPTION_AT_RETITRATED) });
}

int cancel_run(const struct desk *desk)
{
    return give(desk, PURPOSE_LOWER, &(struct command){ .kind = COMMAND_CANCEL_COURSE });
}

int silence_run(const struct desk *desk)
{
    uint64_t minutes = 0;
    if (!desk_has(desk, OPTION_AT_MINUTES))
        return desk_usage(desk, "needs --minutes N", "");
    int code = desk_number(desk, desk->value[OPTION_AT_MINUTES], 1, 720, &minutes);
    struct command command = { .kind = COMMAND_SILENCE, .minutes = (uint16_t)minutes };
    return code == EXIT_DONE ? give(desk, PURPOSE_LOWER, &command) : code;
}

/* The alarm of a name, in either case, or of a code; ALARM_COUNT when there is none. */
static unsigned alarm_find(const char *word)
{
    unsigned code = 0;
    char rest = '\0';
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if (text_same_ignoring_case(alarm_row(i)->name, word))
            return i;
    if (sscanf(word, "0x%2x%c", &code, &rest) != 1 && sscanf(word, "%3u%c", &code, &rest) != 1)
        return ALARM_COUNT;
    return code <= UINT8_MAX ? alarm_position((uint8_t)code) : ALARM_COUNT;
}

int clear_alarm_run(const struct desk *desk)
{
    unsigned index = alarm_find(desk->word);
    if (index == ALARM_COUNT)
        return desk_usage(desk, "there is no such alarm; cisterna status names those that stand: ", desk->word);
    return give(desk, PURPOSE_CHANGE, &(struct command){ .kind = COMMAND_CLEAR_ALARM, .alarm = alarm_row(index)->code });
}

/* A civil time with its offset; "Z" is that of UTC, as the server writes it. */
static bool civil_read(const char *word, struct command *command, civil_ms *civil)
{
    char text[sizeof "2026-03-01T08:00:00+01:00"];
    size_t size = strlen(word);
    if (size == sizeof "2026-03-01T08:00:00Z" - 1 && word[size - 1] == 'Z') {
        (void)snprintf(text, sizeof text, "%.*s+00:00", (int)size - 1, word);
        word = text;
    }
    return scenario_date_read(word, civil, command->calendar.zone);
}

/* The civil time told holds from the pump's present moment on. */
int clock_run(const struct desk *desk)
{
    struct visit visit;
    civil_ms civil = { 0 };
    struct command command = { .kind = COMMAND_SET_CLOCK };
    if (!civil_read(desk->word, &command, &civil))
        return desk_usage(desk, "needs a time such as 2026-03-01T08:00:00+01:00 or 2026-03-01T07:00:00Z, not ",
                          desk->word);
    int code = visit_begin(desk, PURPOSE_CHANGE, &visit);
    if (code != EXIT_DONE)
        return code;
    command.calendar.offset.ms = civil.ms - visit.status.now_ms;
    code = told_give(&visit, &command);
    visit_end(&visit);
    return code;
}

int mri_run(const struct desk *desk)
{
    bool begin = strcmp(desk->word, "begin") == 0;
    if (!begin && strcmp(desk->word, "end") != 0)
        return desk_usage(desk, "is begin or end, not ", desk->word);
    return give(desk, PURPOSE_CHANGE, &(struct command){ .kind = begin ? COMMAND_MRI_BEGIN : COMMAND_MRI_END });
}

int unpair_run(const struct desk *desk)
{
    uint64_t slot = 0;
    int code = desk_number(desk, desk->word, 1, PEER_SLOTS, &slot);
    struct command command = { .kind = COMMAND_UNPAIR, .slot = (uint8_t)slot };
    return code == EXIT_DONE ? give(desk, PURPOSE_CHANGE, &command) : code;
}

/* What the pump answers of a command id: its receipt, or that it has none. */
static int receipt_say(struct visit *visit, uint64_t id)
{
    cisterna_Request request = { .which_ask = cisterna_Request_read_receipt_tag, .ask.read_receipt.command_id = id };
    cisterna_Reply reply;
    struct receipt receipt;
    enum contact contact = programmer_ask(&visit->programmer, &visit->air, &request, &reply);
    if (contact != CONTACT_OK) {
        fprintf(stderr, "cisterna receipt: %s\n", told_contact(contact));
        return told_contact_exit(contact);
    }
    if (reply.tell.receipt.command == 0) {
        fprintf(stderr, "cisterna receipt: the pump has none of command %" PRIu64 "; it keeps the newest of each sender\n", id);
        return EXIT_FAILED;
    }
    if (!wish_to_receipt(&reply.tell.receipt, &receipt)) {
        fprintf(stderr, "cisterna receipt: %s\n", told_contact(CONTACT_VERSION));
        return EXIT_VERSION;
    }
    int code = told_say(visit, receipt.outcome == OUTCOME_APPLIED ? TOLD_APPLIED : TOLD_NOT_APPLIED, &receipt, CONTACT_OK);
    return code == EXIT_REFUSED ? EXIT_DONE : code; /* it was asked for, and it came */
}

int receipt_run(const struct desk *desk)
{
    struct visit visit;
    uint64_t id = 0;
    int code = desk->word != NULL ? desk_number(desk, desk->word, 1, UINT64_MAX, &id) : EXIT_DONE;
    if (code == EXIT_DONE)
        code = visit_begin(desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    if (id == 0)
        id = visit.programmer.key.command_id;
    if (id == 0)
        fprintf(stderr, "cisterna receipt: this programmer has given no command yet\n");
    code = id != 0 ? receipt_say(&visit, id) : EXIT_FAILED;
    visit_end(&visit);
    return code;
}
