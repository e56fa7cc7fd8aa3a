/* formularytext.c - an entry of the formulary, for people. */
// SPDX-License-Identifier: Apache-2.0
#include "app/formularytext.h"

#include "clinic/formulary/telling.h"
#include "core/therapy.h"

static void origin_print(const struct entry *entry, struct origin origin, FILE *out)
{
    char text[ORIGIN_TEXT_BYTES];
    origin_text(text, entry, origin);
    fprintf(out, " [%s]\n", text);
}

static void figure_print(const struct entry *entry, const char *label, enum dimension dimension, const struct figure *figure,
                         FILE *out)
{
    char text[AMOUNT_TEXT_BYTES];
    if (!figure->known) {
        fprintf(out, "  %s: not known\n", label);
        return;
    }
    figure_text(text, entry, dimension, figure->value);
    fprintf(out, "  %s: %s", label, text);
    origin_print(entry, figure_origin(figure), out);
}

static void decision_print(const struct entry *entry, const char *label, const char *value, enum decision decision, FILE *out)
{
    fprintf(out, "  %s: %s", label, value);
    origin_print(entry, entry->origin[decision], out);
}

void formularytext_line(const struct entry *entry, FILE *out)
{
    const struct figure *ceiling = &entry->bounds[FIELD_DOSE].hard_high;
    char text[AMOUNT_TEXT_BYTES];
    fprintf(out, "%-14s %-2s  ", drug_word(entry->drug), entry->region);
    figure_text(text, entry, DIMENSION_DOSE, ceiling->value);
    fprintf(out, "at most %s (%s); marketed: ", text, mark_word(ceiling->mark));
    for (unsigned i = 0; i < entry->concentrations; i++) {
        figure_text(text, entry, DIMENSION_CONC, entry->concentration[i].value);
        fprintf(out, "%s%s", i > 0 ? ", " : "", text);
    }
    fprintf(out, "%s\n", entry->concentrations == 0 ? "nothing known" : "");
}

static void bounds_print(const struct entry *entry, FILE *out)
{
    for (enum entry_field field = 0; field < FIELD_COUNT; field++) {
        static const char *const places[BOUND_PLACES] = { "hard, at least", "soft, at least", "soft, at most", "hard, at most" };
        struct bounds bounds = entry->bounds[field];
        bool any = false;
        fprintf(out, "%s\n", field_words(field));
        for (unsigned place = 0; place < BOUND_PLACES; place++) {
            const struct figure *figure = bound_at(&bounds, place);
            any |= figure->known;
            if (figure->known)
                figure_print(entry, places[place], field_dimension(field), figure, out);
        }
        if (!any)
            fprintf(out, "  no bound known\n");
    }
}

static void starts_print(const struct entry *entry, FILE *out)
{
    fprintf(out, "start\n");
    if (entry->starts == 0)
        fprintf(out, "  not known\n");
    for (unsigned i = 0; i < entry->starts; i++) {
        const struct start_range *start = &entry->start[i];
        fprintf(out, "  %s\n", start->who);
        if (start->low.known)
            figure_print(entry, "  from", DIMENSION_DOSE, &start->low, out);
        figure_print(entry, "  at most", DIMENSION_DOSE, &start->high, out);
    }
}

static void titrations_print(const struct entry *entry, FILE *out)
{
    fprintf(out, "titration\n");
    if (entry->titrations == 0)
        fprintf(out, "  not known\n");
    for (unsigned i = 0; i < entry->titrations; i++) {
        const struct titration *step = &entry->titration[i];
        enum dimension dimension = step->share ? DIMENSION_RATIO : DIMENSION_DOSE;
        fprintf(out, "  %s, %s\n", step->who, step->downward ? "down" : "up");
        if (step->low.known)
            figure_print(entry, "  from", dimension, &step->low, out);
        figure_print(entry, "  at most", dimension, &step->high, out);
        figure_print(entry, "  at the earliest after", DIMENSION_SPAN, &step->interval, out);
        if (step->advised.known)
            figure_print(entry, "  advised after", DIMENSION_SPAN, &step->advised, out);
    }
}

static void keeping_print(const struct entry *entry, FILE *out)
{
    static const char *const states[FILL_STATES] = { [FILL_FIRST] = "first fill of a new pump",
                                                     [FILL_UNDILUTED] = "undiluted",
                                                     [FILL_DILUTED] = "diluted" };
    static const char *const words[] = { [COMPATIBILITY_UNKNOWN] = "nothing known",
                                         [COMPATIBILITY_DECLARED] = "declared",
                                         [COMPATIBILITY_REFUSED] = "declared not to be" };
    fprintf(out, "stability in the pump\n");
    for (unsigned state = 0; state < FILL_STATES; state++)
        figure_print(entry, states[state], DIMENSION_SPAN, &entry->stability[state], out);
    figure_print(entry, "refill at the latest after", DIMENSION_SPAN, &entry->refill_policy, out);
    figure_print(entry, "same dose again after an interruption of at most", DIMENSION_SPAN, &entry->restart_limit, out);
    fprintf(out, "compatible with pump model\n");
    for (uint8_t model = 1; model < ENTRY_MODELS; model++) {
        fprintf(out, "  %s: %s", model_name(model), words[entry->compatibility[model]]);
        if (entry->compatibility[model] != COMPATIBILITY_UNKNOWN)
            origin_print(entry, entry->compatibility_origin[model], out);
        else
            fprintf(out, "\n");
    }
}

static void statements_print(const struct entry *entry, FILE *out)
{
    static const char *const titles[STATEMENT_KINDS] = { [STATEMENT_WITHDRAWAL] = "too little of it",
                                                         [STATEMENT_OVERDOSE] = "too much of it",
                                                         [STATEMENT_GRANULOMA] = "granuloma",
                                                         [STATEMENT_NOTE] = "notes" };
    for (unsigned kind = 0; kind < STATEMENT_KINDS; kind++) {
        if (entry->statements[kind] == 0)
            continue;
        fprintf(out, "%s\n", titles[kind]);
        for (unsigned i = 0; i < entry->statements[kind]; i++) {
            const struct entry_statement *said = &entry->statement[kind][i];
            fprintf(out, "  %s", said->text);
            origin_print(entry, (struct origin){ said->mark, said->source, said->reason }, out);
        }
    }
    fprintf(out, "sources\n");
    for (unsigned i = 0; i < entry->sources; i++)
        fprintf(out, "  %s (%s): %s\n", entry->source[i].id, mark_word(entry->source[i].mark), entry->source[i].text);
}

void formularytext_entry(const struct entry *entry, FILE *out)
{
    static const char *const priorities[] = { [PRIORITY_LOW] = "low", [PRIORITY_MEDIUM] = "medium", [PRIORITY_HIGH] = "high" };
    fprintf(out, "%s, region %s: %s\n", drug_word(entry->drug), entry->region, entry->opioid ? "an opioid" : "NOT an opioid");
    decision_print(entry, "class", entry->drug_class, DECISION_CLASS, out);
    decision_print(entry, "boluses for patients", entry->patient_bolus ? "may be allowed" : "never", DECISION_PATIENT_BOLUS, out);
    decision_print(entry, "outside soft bounds",
                   entry->second_clinician ? "a second clinician confirms" : "one clinician suffices",
                   DECISION_SECOND_CLINICIAN, out);
    decision_print(entry, "too little of it is of priority", priorities[entry->under_delivery], DECISION_UNDER_DELIVERY, out);
    decision_print(entry, "safe state", entry->safe_minimum ? "least flow" : "stopped", DECISION_SAFE_STATE, out);
    fprintf(out, "marketed concentrations\n");
    for (unsigned i = 0; i < entry->concentrations; i++)
        figure_print(entry, "in vials", DIMENSION_CONC, &entry->concentration[i], out);
    if (entry->concentrations == 0)
        fprintf(out, "  not known\n");
    bounds_print(entry, out);
    starts_print(entry, out);
    titrations_print(entry, out);
    keeping_print(entry, out);
    statements_print(entry, out);
}
