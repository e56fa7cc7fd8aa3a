/* judging.c - the rules that the figures of one entry must keep among each other. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* strncasecmp() */
#include "clinic/formulary/judging.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/therapy.h"

/* A figure, and the path of its value. */
struct placed {
    const struct figure *figure;
    char path[LOCATOR_PATH_BYTES];
};

__attribute__((format(printf, 2, 3))) static struct placed placed(const struct figure *figure, const char *format, ...);

static struct placed placed(const struct figure *figure, const char *format, ...)
{
    struct placed at = { .figure = figure };
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(at.path, sizeof at.path, format, arguments);
    va_end(arguments);
    snprintf(at.path + size, sizeof at.path - (size_t)size, ".value");
    return at;
}

static void refuse(const struct node *root, const char *path, const char *text)
{
    struct node node = { .reader = root->reader };
    snprintf(node.path, sizeof node.path, "%s", path);
    reader_complain(&node, COMPLAINT_REFUSED, "%s", text);
}

/* Where both are known, the first must not be above the second. */
static void rising(const struct node *root, struct placed low, struct placed high)
{
    char text[COMPLAINT_TEXT_BYTES];
    if (!low.figure->known || !high.figure->known || low.figure->value <= high.figure->value)
        return;
    snprintf(text, sizeof text, "is below %.100s; it must be at least that", low.path);
    refuse(root, high.path, text);
}

/* hard_low <= soft_low <= soft_high <= hard_high, each pair of them. */
static void bounds_judge(const struct node *root, const struct entry *entry)
{
    for (enum entry_field field = 0; field < FIELD_COUNT; field++) {
        struct bounds bounds = entry->bounds[field];
        struct placed order[BOUND_PLACES];
        for (unsigned place = 0; place < BOUND_PLACES; place++) {
            order[place] = placed(bound_at(&bounds, place), "bounds.%s.%s", field_key(field), bound_key(place));
            for (unsigned below = 0; below < place; below++)
                rising(root, order[below], order[place]);
        }
    }
}

/* A pump must be given some ceiling of the day: without one nothing of this drug would be too much. */
static void ceiling_judge(const struct node *root, const struct entry *entry)
{
    if (!entry->bounds[FIELD_DOSE].hard_high.known)
        refuse(root, "bounds", "bounds.dose.hard_high is missing; where no ceiling of the day was found, guess one, with "
                               "\"guess\": true and its \"why\"");
}

/* What one field allows must fit into what another allows. */
static void fields_judge(const struct node *root, const struct entry *entry)
{
    const struct bounds *dose = &entry->bounds[FIELD_DOSE], *total = &entry->bounds[FIELD_TOTAL];
    struct placed ceiling = placed(&dose->hard_high, "bounds.dose.hard_high");
    struct placed most = placed(&total->hard_high, "bounds.total.hard_high");
    rising(root, ceiling, most);
    rising(root, placed(&dose->soft_high, "bounds.dose.soft_high"), placed(&total->soft_high, "bounds.total.soft_high"));
    rising(root, placed(&entry->bounds[FIELD_BOLUS].hard_high, "bounds.bolus.hard_high"), most);
    for (unsigned i = 0; i < entry->starts; i++)
        rising(root, placed(&entry->start[i].high, "starts[%u].high", i), ceiling);
}

static void concentrations_judge(const struct node *root, const struct entry *entry)
{
    const struct bounds *bounds = &entry->bounds[FIELD_CONCENTRATION];
    for (unsigned i = 0; i < entry->concentrations; i++) {
        struct placed this = placed(&entry->concentration[i], "concentrations[%u]", i);
        rising(root, placed(&bounds->hard_low, "bounds.concentration.hard_low"), this);
        rising(root, this, placed(&bounds->hard_high, "bounds.concentration.hard_high"));
        if (i > 0 && entry->concentration[i - 1].value >= entry->concentration[i].value)
            refuse(root, this.path, "is not above the one before it; concentrations are listed rising");
    }
}

static void courses_judge(const struct node *root, const struct entry *entry)
{
    const struct figure *stability = entry->stability;
    for (unsigned i = 0; i < entry->starts; i++)
        rising(root, placed(&entry->start[i].low, "starts[%u].low", i), placed(&entry->start[i].high, "starts[%u].high", i));
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        rising(root, placed(&step->low, "titrations[%u].low", i), placed(&step->high, "titrations[%u].high", i));
        rising(root, placed(&step->interval, "titrations[%u].interval", i), placed(&step->advised, "titrations[%u].advised", i));
    }
    struct placed undiluted = placed(&stability[FILL_UNDILUTED], "stability.undiluted");
    rising(root, placed(&stability[FILL_FIRST], "stability.first_fill"), undiluted);
    rising(root, placed(&stability[FILL_DILUTED], "stability.diluted"), undiluted);
}

/* A patient may ask for boluses only where every bound on them is known, be it a guess. */
static void patient_bolus_judge(const struct node *root, const struct entry *entry)
{
    bool bounded = entry->bounds[FIELD_BOLUS].hard_high.known && entry->bounds[FIELD_BOLUSES].hard_high.known &&
                   entry->bounds[FIELD_LOCKOUT].hard_low.known;
    if (entry->patient_bolus && !bounded)
        refuse(root, "patient_bolus",
               "boluses for patients need bounds.bolus.hard_high, bounds.boluses_per_day.hard_high and bounds.lockout.hard_low");
}

/* The flags that the pump's table of drugs knows too, and what follows from them. */
static void drug_judge(const struct node *root, const struct entry *entry)
{
    bool hazard = drug_stop_is_hazard(entry->drug);
    if (entry->opioid != drug_is_opioid(entry->drug))
        refuse(root, "opioid", drug_is_opioid(entry->drug) ? "must be true: the table of drugs says it is an opioid"
                                                           : "must be false: the table of drugs says it is no opioid");
    if (hazard && entry->statements[STATEMENT_WITHDRAWAL] == 0)
        refuse(root, "", "the list \"withdrawal\" is missing: an abrupt stop of this drug is a hazard, and that must be said");
    if (!hazard && entry->statements[STATEMENT_WITHDRAWAL] > 0)
        refuse(root, "withdrawal", "must be absent: the table of drugs knows of no withdrawal from this drug");
    if (hazard && entry->under_delivery == PRIORITY_LOW)
        refuse(root, "under_delivery", "must be medium or high: an abrupt stop of this drug is a hazard");
    if (entry->under_delivery == PRIORITY_HIGH && !entry->safe_minimum)
        refuse(root, "safe_state", "must be \"least flow\" where under_delivery is high: a stop is then no safe state");
}

/* Whole words, in any case of letters. */
static bool text_holds(const char *text, const char *words)
{
    size_t length = strlen(words);
    for (const char *at = text; *at != '\0'; at++)
        if (strncasecmp(at, words, length) == 0 && (at == text || !isalnum((unsigned char)at[-1])) &&
            !isalnum((unsigned char)at[length]))
            return true;
    return false;
}

static void words_judge(const struct node *root, const char *path, const char *text)
{
    static const char *const words[] = { "naloxone", "morphine equivalent", "morphine equivalents", "MME",
                                         "opioid withdrawal", NULL };
    char complaint[COMPLAINT_TEXT_BYTES];
    for (unsigned i = 0; words[i] != NULL; i++)
        if (text_holds(text, words[i])) {
            snprintf(complaint, sizeof complaint, "speaks of \"%s\", and the drug is no opioid", words[i]);
            refuse(root, path, complaint);
        }
}

/* What is true of opioids alone is not said of anything else. REQ-LIBR-07 */
static void texts_judge(const struct node *root, const struct entry *entry)
{
    char path[LOCATOR_PATH_BYTES];
    if (drug_is_opioid(entry->drug))
        return;
    words_judge(root, "class.value", entry->drug_class);
    for (unsigned kind = 0; kind < STATEMENT_KINDS; kind++)
        for (unsigned i = 0; i < entry->statements[kind]; i++) {
            snprintf(path, sizeof path, "%s[%u].text", statement_key(kind), i);
            words_judge(root, path, entry->statement[kind][i].text);
        }
    for (unsigned i = 0; i < entry->reasons; i++)
        words_judge(root, "", entry->reason[i]);
    for (unsigned i = 0; i < entry->titrations; i++) {
        snprintf(path, sizeof path, "titrations[%u].who", i);
        words_judge(root, path, entry->titration[i].who);
    }
    for (unsigned i = 0; i < entry->starts; i++) {
        snprintf(path, sizeof path, "starts[%u].who", i);
        words_judge(root, path, entry->start[i].who);
        if (entry->start[i].opioid_naive) {
            snprintf(path, sizeof path, "starts[%u].opioid_naive", i);
            refuse(root, path, "must be absent: the drug is no opioid, and tolerance to opioids says nothing of it");
        }
    }
}

void entry_judge(const struct node *root, const struct entry *entry)
{
    ceiling_judge(root, entry);
    bounds_judge(root, entry);
    fields_judge(root, entry);
    concentrations_judge(root, entry);
    courses_judge(root, entry);
    patient_bolus_judge(root, entry);
    drug_judge(root, entry);
    texts_judge(root, entry);
}
