/* sessionpaper.c - a session on paper. */
// SPDX-License-Identifier: Apache-2.0
#include "app/sessionpaper.h"

#include <stdlib.h>

#include "app/moment.h"
#include "app/report.h"
#include "app/version.h"
#include "clinic/report/session.h"
#include "clinic/workflow/readback.h"

/* When the reservoir was last filled, by the records; 0: they do not say. */
static int64_t filled_ms(struct workbook *book, bool *first)
{
    const struct value bound[] = { value_integer(book->book.implant), value_integer(0) };
    int64_t last = 0, count = 0;
    bool found = false;
    if (database_ask(&book->records.database, "SELECT max(at_ms) FROM refills WHERE implant_id = ? AND filled_nl > ?",
                     bound, 2, &last, &found) != DATABASE_OK ||
        database_ask(&book->records.database, "SELECT count(*) FROM refills WHERE implant_id = ? AND filled_nl > ?",
                     bound, 2, &count, &found) != DATABASE_OK)
        last = 0;
    *first = count <= 1;
    return last;
}

static void passed_take(const struct workrun *work, struct report_session *session)
{
    const struct workflow *workflow = &work->workflow;
    const char *second = work->visit->desk->value[OPTION_AT_SECOND];
    for (unsigned i = 0; i < workflow->passed_count && session->passed < SESSION_PASSED_MAX; i++) {
        const struct passed *passed = &workflow->passed[i];
        const char *reason = list_word(LIST_REASON, passed->reason);
        session->pass[session->passed++] =
            (struct session_passed){ .limit = passed->text,
                                     .reason = reason != NULL ? reason : "",
                                     .second = passed->ask.second && second != NULL ? second : "" };
    }
}

/* As the finish screen reckons it. */
static enum fill_state state_later(const struct workrun *work)
{
    const struct component *first = &work->workflow.stored.mixture.component[0];
    const struct entry *entry = formulary_find(&work->formulary, first->drug);
    return entry != NULL && entry_marketed(entry, first->conc) ? FILL_UNDILUTED : FILL_DILUTED;
}

static void session_make(struct workrun *work, struct report_session *session)
{
    const struct workflow *workflow = &work->workflow;
    const struct interrogation *seen = workflow->has_after ? &workflow->after : &workflow->seen;
    const char *zone = work->visit->calendar.zone, *clinician = work->visit->desk->value[OPTION_AT_USER];
    int32_t minutes = zone[0] == '+' || zone[0] == '-' ? moment_of((civil_ms){ 0 }, zone).zone_minutes : 0;
    const struct moment now = { workbook_now(work->book), minutes };
    bool first = true;
    int64_t filled = filled_ms(work->book, &first);
    struct readback readback;
    readback_therapy(&workflow->stored, &readback);
    bool dose = readback.dimension == DIMENSION_DOSE;
    *session = (struct report_session){ .clinician = clinician,
                                        .old = workflow->seen.has_therapy ? &workflow->seen.therapy : NULL,
                                        .new = &workflow->stored,
                                        .has_typed = work->typed &&dose,
                                        .typed = { readback.amount },
                                        .has_most = dose,
                                        .most = { readback.amount },
                                        .reservoir = seen->reservoir,
                                        .filled = { filled != 0 ? filled : now.utc_ms, minutes },
                                        .state = first ? FILL_FIRST : state_later(work) };
    session->outcome = workflow->change == CHANGE_APPLIED   ? SESSION_APPLIED
                       : workflow->change == CHANGE_UNKNOWN ? SESSION_UNKNOWN
                                                            : SESSION_NOT_APPLIED;
    session->head = (struct report_head){ .patient = work->book->book.name,
                                          .serial = seen->serial,
                                          .model = interrogation_model(seen),
                                          .pump_software = "",
                                          .software = CISTERNA_VERSION,
                                          .formulary = &work->formulary,
                                          .made = now,
                                          .read = now };
    if (seen->replace.ms != INSTANT_NEVER.ms) {
        session->has_replacement = true;
        session->replacement = (struct moment){ now.utc_ms + seen->replace.ms - seen->now.ms, minutes };
    }
    passed_take(work, session);
}

static bool drawn(const void *what, struct report_out *out)
{
    return report_session_write(what, out);
}

int sessionpaper_write(struct workrun *work, int code)
{
    const struct desk *desk = work->visit->desk;
    const char *file = desk->value[OPTION_AT_REPORT];
    if (file == NULL || !work->book->is || !work->has_therapy || work->workflow.change == CHANGE_NONE)
        return code;
    struct report_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return EXIT_FAILED;
    session_make(work, session);
    int wrote = report_put(desk->command, file, drawn, session);
    free(session);
    return code == EXIT_DONE ? wrote : code;
}
