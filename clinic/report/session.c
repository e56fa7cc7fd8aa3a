/* session.c - the report of a programming session. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/session.h"

#include <stdio.h>

#include "clinic/report/daily.h"
#include "clinic/report/settings.h"
#include "clinic/report/table.h"

static const struct table CHANGES = {
    4, { { "setting", 0.31, false }, { "old", 0.25, false }, { "new", 0.25, false }, { "change", 0.19, false } }
};
static const char NOTHING[] = "none";

struct both {
    const struct report_session *session;
    struct settings old, new;
};

static void outcome_draw(struct page *page, const struct report_session *session)
{
    static const char *const texts[SESSION_OUTCOMES] = {
        [SESSION_APPLIED] = "Applied: the pump runs the new therapy.",
        [SESSION_NOT_APPLIED] = "Not applied: the pump runs the old therapy, unchanged.",
        [SESSION_UNKNOWN] =
            "UNKNOWN: the pump runs either the old therapy or the new one, whole. Read the pump again before "
            "anything else is changed.",
    };
    page_note(page, texts[session->outcome]);
}

static void rows_draw(struct page *page, const struct both *both, bool daily)
{
    phrase change;
    for (unsigned i = 0; i < both->new.count; i++) {
        const struct setting *new = &both->new.setting[i], *old = settings_find(&both->old, new->label);
        if (new->daily != daily)
            continue;
        setting_change(change, old, new);
        table_row(page, &CHANGES, (const char *[]){ new->label, old != NULL ? old->text : NOTHING, new->text, change },
                  daily);
    }
    for (unsigned i = 0; i < both->old.count; i++) { /* what is no more */
        const struct setting *old = &both->old.setting[i];
        if (old->daily != daily || settings_find(&both->new, old->label) != NULL)
            continue;
        setting_change(change, old, NULL);
        table_row(page, &CHANGES, (const char *[]){ old->label, old->text, NOTHING, change }, daily);
    }
}

/* How far the second date lies from the first. */
static void due_change(phrase text, const struct due *old, const struct due *new)
{
    phrase span;
    snprintf(text, WORDS_BYTES, "%s", new->any == old->any ? "none" : "changed");
    if (!old->any || !new->any)
        return;
    int64_t later = new->by[new->first].at.utc_ms - old->by[old->first].at.utc_ms;
    words_span(span, later < 0 ? -later : later);
    if (later != 0)
        snprintf(text, WORDS_BYTES, "%.100s %s", span, later > 0 ? "later" : "earlier");
}

static void due_draw(struct page *page, const struct report_session *session)
{
    phrase due[2], change = "new";
    struct due dates[2];
    struct due_question question = { .formulary = session->head.formulary,
                                     .model = session->head.model,
                                     .volume = session->reservoir,
                                     .from = session->head.read,
                                     .filled = session->filled,
                                     .state = session->state,
                                     .has_replacement = session->has_replacement,
                                     .replacement = session->replacement };
    if (session->reservoir_unknown) {
        static const char *const UNKNOWN[] = { "next refill, at the latest", "not on record", "not on record",
                                               "ask the pump" };
        table_row(page, &CHANGES, UNKNOWN, true);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        question.therapy = i == 0 ? session->old : session->new;
        snprintf(due[i], sizeof due[i], "%s", NOTHING);
        if (question.therapy == NULL)
            continue;
        due_dates(&question, &dates[i]);
        due_words(due[i], &dates[i]);
    }
    if (session->old != NULL)
        due_change(change, &dates[0], &dates[1]);
    table_row(page, &CHANGES, (const char *[]){ "next refill, at the latest", due[0], due[1], change }, true);
}

/* REQ-CLIN-03: what was typed again against what the pump has stored. */
static void typed_draw(struct page *page, const struct report_session *session)
{
    const struct therapy *new = session->new;
    char text[3 * WORDS_BYTES];
    phrase stored, typed;
    page_heading(page, "Read-back");
    if (new->mixture.count == 0 || !session->has_typed) {
        page_text(page, session->typed_unknown ? "Whether the day's dose was typed again is not on record."
                                               : "The day's dose was not typed again.");
        return;
    }
    bool mg = words_milligrams(session->head.formulary, new->mixture.component[0].drug);
    struct ratio dose = session->has_most ? ratio_of(session->most.fg)
                                          : daily_mass(daily_program(new), new->mixture.component[0].conc);
    words_dose(stored, mg, dose);
    words_dose(typed, mg, ratio_of(session->typed.fg));
    bool agree = ratio_compare(dose, ratio_of(session->typed.fg)) == 0;
    snprintf(text, sizeof text, "The pump has stored %s %s%s. Typed again by the clinician: %s. %s",
             drug_word(new->mixture.component[0].drug), stored,
             session->has_most ? ", the most of any 24 hours" : "", typed, agree ? "They agree." : "They do NOT agree.");
    page_text(page, text);
}

static void passed_draw(struct page *page, const struct report_session *session)
{
    static const struct table passed = {
        3, { { "limit", 0.45, false }, { "reason given", 0.35, false }, { "confirmed besides by", 0.2, false } }
    };
    page_heading(page, "Limits that were passed with a reason");
    if (session->passed == 0) {
        page_text(page, "None is recorded.");
        return;
    }
    table_head(page, &passed);
    for (unsigned i = 0; i < session->passed; i++) {
        const struct session_passed *one = &session->pass[i];
        const char *second = *one->second != '\0' ? one->second : "nobody: not needed";
        table_row(page, &passed, (const char *[]){ one->limit, one->reason, second }, false);
    }
}

static void draw(struct page *page, const void *what)
{
    const struct both *both = what;
    const struct report_session *session = both->session;
    outcome_draw(page, session);
    head_age(page, &session->head);
    head_facts(page, &session->head);
    page_fact(page, "Clinician", session->clinician);
    page_heading(page, "Per day");
    table_head(page, &CHANGES);
    rows_draw(page, both, true);
    due_draw(page, session);
    typed_draw(page, session);
    passed_draw(page, session);
    page_heading(page, "Every setting, whether it changes or not");
    table_head(page, &CHANGES);
    rows_draw(page, both, false);
}

bool report_session_write(const struct report_session *session, struct report_out *out)
{
    struct both both = { .session = session };
    if (session->old != NULL)
        settings_make(&both.old, session->head.formulary, session->old);
    settings_make(&both.new, session->head.formulary, session->new);
    if (both.old.lost + both.new.lost > 0) {
        snprintf(out->fault, sizeof out->fault, "the therapy has more settings than the report has room for");
        return false;
    }
    return report_write(&session->head, "Programming session", draw, &both, out);
}
