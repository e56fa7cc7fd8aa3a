/* guard.c - single judgements on amounts. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/guard/guard.h"

#include <stdio.h>

#include "clinic/guard/wording.h"

enum { TENFOLD = 10, LARGE = 2, ONE_MILLIONTHS = 1000000 };
enum { FG_PER_NG = 1000000 };

struct finding_ask guard_ask(const struct entry *entry, enum dimension dimension, struct ratio value)
{
    bool mass = dimension == DIMENSION_DOSE || dimension == DIMENSION_MASS;
    int64_t unit = mass ? FG_PER_NG : 1, typed = 0;
    bool again = ratio_whole(ratio_div(value, ratio_of(unit)), ROUND_NEAREST, &typed);
    return (struct finding_ask){ .second = entry->second_clinician, .again = again, .dimension = (uint8_t)dimension,
                                 .value = typed * unit };
}

/* A dose against what would have passed; none where the drug alone counts. */
static struct finding_limit limit_of(const struct entry *entry, struct ratio value, struct ratio bound)
{
    struct finding_limit limit = { .drug = entry->drug };
    if (ratio_whole(value, ROUND_NEAREST, &limit.value) && !ratio_whole(bound, ROUND_NEAREST, &limit.bound))
        limit.value = 0;
    return limit;
}

/* Where a figure of the entry comes from, for the end of a sentence. */
static const char *figure_source(const struct entry *entry, const struct figure *figure)
{
    return figure->mark == MARK_GUESS ? "a guess of this formulary" : entry->source[figure->source].id;
}

struct bound {
    const struct figure *figure;
    bool upper;
    enum finding_level level;
    const char *words;
};

/* True when the value is beyond the bound, and said so. */
static bool bound_passed(struct findings *findings, const struct entry *entry, enum entry_field field, struct ratio value,
                         const struct bound *bound)
{
    wording given, limit;
    if (!bound->figure->known)
        return false;
    int order = ratio_compare(value, ratio_of(bound->figure->value));
    if (bound->upper ? order <= 0 : order >= 0)
        return false;
    write_field(given, entry, field, value, bound->upper ? ROUND_UP : ROUND_DOWN);
    write_field(limit, entry, field, ratio_of(bound->figure->value), ROUND_NEAREST);
    findings_add(findings, RULE_BOUNDS, bound->level, "%s: %s of %s is %s the %s limit; at %s %s would pass (source: %s)",
                 field_words(field), given, drug_word(entry->drug), bound->upper ? "above" : "below", bound->words,
                 bound->upper ? "most" : "least", limit, figure_source(entry, bound->figure));
    struct finding_limit told = limit_of(entry, value, ratio_of(bound->figure->value));
    told.field = (uint8_t)(field + 1);
    findings_limit(findings, told);
    return true;
}

void guard_field(struct findings *findings, const struct entry *entry, enum entry_field field, struct ratio value)
{
    const struct bounds *bounds = &entry->bounds[field];
    const struct bound order[] = {
        { &bounds->hard_high, true, FINDING_HARD, "hard" },
        { &bounds->hard_low, false, FINDING_HARD, "hard" },
        { &bounds->soft_high, true, FINDING_SOFT, "soft" },
        { &bounds->soft_low, false, FINDING_SOFT, "soft" },
    };
    wording given;
    if (!ratio_is(value)) {
        findings_add(findings, RULE_ARITHMETIC, FINDING_HARD, "%s: no number", field_words(field));
        return;
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (bound_passed(findings, entry, field, value, &order[i])) {
            findings_ask(findings, guard_ask(entry, field_dimension(field), value));
            return;
        }
    write_field(given, entry, field, value, ROUND_NEAREST);
    bool known = bounds->hard_high.known || bounds->soft_high.known || bounds->hard_low.known || bounds->soft_low.known;
    if (known)
        findings_add(findings, RULE_BOUNDS, FINDING_PASSED, "%s: %s of %s is within the limits of the formulary",
                     field_words(field), given, drug_word(entry->drug));
    else
        findings_add(findings, RULE_BOUNDS, FINDING_NOTE, "%s: %s of %s; the formulary knows no limit for it",
                     field_words(field), given, drug_word(entry->drug));
}

static void marketed_list(const struct entry *entry, char *text, size_t room)
{
    size_t used = 0;
    snprintf(text, room, "%s", entry->concentrations > 0 ? "" : "none is known");
    for (unsigned i = 0; i < entry->concentrations && used < room; i++) {
        wording one;
        write_conc(one, entry, ratio_of(entry->concentration[i].value), ROUND_NEAREST);
        used += (size_t)snprintf(text + used, room - used, "%s%s", i > 0 ? ", " : "", one);
    }
}

const struct entry *guard_drug(struct findings *findings, const struct formulary *formulary, uint16_t drug, conc_ng_ml conc)
{
    char marketed[240];
    wording given, low, high;
    const struct entry *entry = formulary_find(formulary, drug);
    const char *word = drug_word(drug);
    if (entry == NULL) {
        findings_add(findings, RULE_DRUG, FINDING_HARD,
                     "%s has no entry in the formulary of region %s: it cannot be programmed",
                     word != NULL ? word : "this drug", formulary->region);
        return NULL;
    }
    write_conc(given, entry, ratio_of(conc.ng_ml), ROUND_NEAREST);
    marketed_list(entry, marketed, sizeof marketed);
    if (entry_marketed(entry, conc)) {
        findings_add(findings, RULE_CONCENTRATION, FINDING_PASSED, "%s %s is a marketed concentration", word, given);
    } else if (entry_concentration_known(entry, conc)) {
        if (entry->concentrations > 0)
            findings_add(findings, RULE_CONCENTRATION, FINDING_NOTE,
                         "%s %s is not marketed (%s): made by diluting or compounding", word, given, marketed);
        else
            findings_add(findings, RULE_CONCENTRATION, FINDING_NOTE,
                         "%s %s: no marketed concentration is known to the formulary; check what it is made from", word, given);
    } else {
        const struct bounds *bounds = &entry->bounds[FIELD_CONCENTRATION];
        write_conc(low, entry, ratio_of(bounds->hard_low.value), ROUND_NEAREST);
        write_conc(high, entry, ratio_of(bounds->hard_high.value), ROUND_NEAREST);
        if (bounds->hard_low.known && bounds->hard_high.known)
            findings_add(findings, RULE_CONCENTRATION, FINDING_HARD,
                         "%s %s is not known to the formulary; marketed: %s; from %s to %s would pass", word, given, marketed,
                         low, high);
        else
            findings_add(findings, RULE_CONCENTRATION, FINDING_HARD,
                         "%s %s is not known to the formulary; marketed, and would pass: %s", word, given, marketed);
    }
    return entry;
}

void guard_compatibility(struct findings *findings, const struct entry *entry, const struct model *model, bool here)
{
    uint8_t compatibility = entry->compatibility[model->code];
    if (compatibility == COMPATIBILITY_DECLARED) {
        findings_add(findings, RULE_COMPATIBILITY, FINDING_PASSED, "%s is declared for %s", drug_word(entry->drug),
                     model_name(model->code));
        return;
    }
    findings_add(findings, RULE_COMPATIBILITY, here ? FINDING_NOTE : FINDING_SOFT,
                 compatibility == COMPATIBILITY_REFUSED
                     ? "%s is declared not to be for %s: record why it is used, and watch this pump more closely"
                     : "%s is not declared for %s: record why it is used, and watch this pump more closely",
                 drug_word(entry->drug), model_name(model->code));
    findings_ask(findings, (struct finding_ask){ .second = entry->second_clinician });
    findings_limit(findings, limit_of(entry, RATIO_NONE, RATIO_NONE));
}

/* "0.2 mL/day (5 mg/day)" */
static void flow_with_dose(char *text, size_t room, const struct entry *entry, conc_ng_ml conc, int64_t nl_day)
{
    wording flow, dose;
    write_flow(flow, ratio_of(nl_day), ROUND_NEAREST);
    write_dose(dose, entry, ratio_mul(ratio_of(nl_day), ratio_of(conc.ng_ml)), ROUND_NEAREST);
    snprintf(text, room, "%s (%s)", flow, dose);
}

void guard_flow(struct findings *findings, const struct model *model, const struct entry *entry, conc_ng_ml conc,
                struct ratio flow)
{
    char low[2 * WORDING_BYTES], high[2 * WORDING_BYTES];
    int64_t below = 0;
    wording given;
    write_flow(given, flow, ROUND_DOWN);
    if (!ratio_whole(flow, ROUND_DOWN, &below)) {
        findings_add(findings, RULE_ARITHMETIC, FINDING_HARD, "the flow is no number: is the concentration zero?");
        return;
    }
    if (flow.num == 0) {
        findings_add(findings, RULE_FLOW, FINDING_PASSED, "nothing flows: stopped");
        return;
    }
    if (ratio_compare(flow, ratio_of(model->rate_min.nl_day)) < 0 ||
        ratio_compare(flow, ratio_of(model->rate_max.nl_day)) > 0) {
        flow_with_dose(low, sizeof low, entry, conc, model->rate_min.nl_day);
        flow_with_dose(high, sizeof high, entry, conc, model->rate_max.nl_day);
        findings_add(findings, RULE_FLOW, FINDING_HARD, "%s is %s what %s can give; from %s to %s would pass%s", given,
                     flow.num < 0 || ratio_compare(flow, ratio_of(model->rate_min.nl_day)) < 0 ? "below" : "above",
                     model_name(model->code), low, high,
                     ratio_compare(flow, ratio_of(model->rate_min.nl_day)) < 0 ? ", or a weaker concentration" : "");
        return;
    }
    findings_add(findings, RULE_FLOW, FINDING_PASSED, "%s is within what %s can give", given, model_name(model->code));
    if (ratio_is_whole(flow)) {
        findings_add(findings, RULE_GRID, FINDING_PASSED, "the flow is a whole number of nL/day");
        return;
    }
    flow_with_dose(low, sizeof low, entry, conc, below);
    flow_with_dose(high, sizeof high, entry, conc, below + 1);
    findings_add(findings, RULE_GRID, FINDING_HARD,
                 "not a whole number of nL/day, and a dose is never rounded; nearest that would pass: %s or %s", low, high);
}

/* The factor of a unit that somebody may have slipped by, or null: hours for minutes, days for hours, mg for mcg. */
static const char *unit_slip(struct ratio factor)
{
    static const struct {
        int64_t factor;
        const char *words;
    } slips[] = { { 24, "24, as between per hour and per day" },
                  { 60, "60, as between minutes and hours" },
                  { 1000, "1,000, as between mcg and mg" },
                  { 1440, "1,440, as between minutes and days" } };
    for (size_t i = 0; ratio_is(factor) && i < sizeof slips / sizeof slips[0]; i++)
        if (ratio_compare(factor, ratio_of(slips[i].factor)) == 0)
            return slips[i].words;
    return NULL;
}

static void step_judge(struct findings *findings, const struct entry *entry, struct ratio before, struct ratio after)
{
    bool up = ratio_compare(after, before) > 0;
    struct ratio step = ratio_div(up ? ratio_sub(after, before) : ratio_sub(before, after), before);
    guard_field(findings, entry, up ? FIELD_STEP_UP : FIELD_STEP_DOWN, ratio_mul(step, ratio_of(ONE_MILLIONTHS)));
    findings_ask(findings, guard_ask(entry, DIMENSION_DOSE, after)); /* the dose is typed again, not the share */
}

/* The dose at which the rule begins that a change by this factor falls under. */
static struct ratio change_bound(struct ratio before, struct ratio factor)
{
    if (ratio_compare(factor, ratio_of(TENFOLD)) >= 0)
        return ratio_mul(before, ratio_of(TENFOLD));
    return ratio_compare(factor, ratio_of(1)) > 0 ? ratio_mul(before, ratio_of(LARGE)) : ratio_div(before, ratio_of(LARGE));
}

void guard_change(struct findings *findings, const struct entry *entry, struct ratio before, struct ratio after)
{
    wording old, new, times, most;
    const char *word = drug_word(entry->drug);
    if (!ratio_is(before) || !ratio_is(after) || before.num <= 0)
        return;
    struct ratio factor = ratio_div(after, before);
    const char *slip = unit_slip(factor), *divided = unit_slip(ratio_div(before, after));
    write_dose(old, entry, before, ROUND_NEAREST);
    write_dose(new, entry, after, ROUND_NEAREST);
    write_factor(times, factor, ROUND_NEAREST);
    write_dose(most, entry, ratio_mul(before, ratio_of(TENFOLD)), ROUND_DOWN);
    if (ratio_compare(factor, ratio_of(TENFOLD)) >= 0)
        findings_add(findings, slip != NULL ? RULE_UNITS : RULE_TENFOLD, FINDING_HARD,
                     "%s from %s to %s is %s times as much%s%s; less than %s would pass at one time", word, old, new, times,
                     slip != NULL ? ": the new dose is the old one times " : "", slip != NULL ? slip : "", most);
    else if (ratio_compare(factor, ratio_of(LARGE)) >= 0)
        findings_add(findings, RULE_CHANGE, FINDING_SOFT, "%s from %s to %s is %s times as much: compare them", word, old, new,
                     times);
    else if (divided != NULL) /* soft: less is never held up */
        findings_add(findings, RULE_UNITS, FINDING_SOFT,
                     "%s from %s to %s is %s of it: the new dose is the old one divided by %s; compare them", word, old, new,
                     times, divided);
    else if (ratio_compare(factor, ratio_over(1, LARGE)) <= 0)
        findings_add(findings, RULE_CHANGE, FINDING_SOFT, "%s from %s to %s is %s of it: compare them", word, old, new, times);
    else if (ratio_compare(factor, ratio_of(1)) == 0)
        findings_add(findings, RULE_CHANGE, FINDING_PASSED, "%s stays at %s", word, old);
    else
        findings_add(findings, RULE_CHANGE, FINDING_PASSED, "%s from %s to %s is %s times as much", word, old, new, times);
    findings_ask(findings, guard_ask(entry, DIMENSION_DOSE, after));
    findings_limit(findings, limit_of(entry, after, change_bound(before, factor)));
    findings_compare(findings, old, new, times);
    if (ratio_compare(factor, ratio_over(1, LARGE)) <= 0 && drug_stop_is_hazard(entry->drug) &&
        entry->statements[STATEMENT_WITHDRAWAL] > 0)
        findings_add(findings, RULE_WITHDRAWAL, FINDING_NOTE, "%s", entry->statement[STATEMENT_WITHDRAWAL][0].text);
    if (after.num > 0 && ratio_compare(factor, ratio_of(1)) != 0) {
        step_judge(findings, entry, before, after);
        findings_compare(findings, old, new, times);
    }
}

void guard_end(struct findings *findings, const struct entry *entry, struct ratio dose)
{
    findings_add(findings, RULE_CHANGE, FINDING_SOFT, "%s is no longer given", drug_word(entry->drug));
    findings_ask(findings, guard_ask(entry, DIMENSION_DOSE, ratio_of(0)));
    findings_limit(findings, limit_of(entry, RATIO_NONE, RATIO_NONE));
    guard_change(findings, entry, dose, ratio_of(0));
}

/* Of the starting ranges that say how high they go, the one that goes highest; null when there is none. */
static const struct start_range *highest_start(const struct entry *entry)
{
    const struct start_range *highest = NULL;
    for (unsigned i = 0; i < entry->starts; i++) {
        const struct start_range *start = &entry->start[i];
        if (start->high.known && (highest == NULL || start->high.value > highest->high.value))
            highest = start;
    }
    return highest;
}

/* The highest start may be for patients who are used to the drug: that is no start for others. */
static void naive_note(struct findings *findings, const struct entry *entry, struct ratio dose)
{
    wording most;
    for (unsigned i = 0; i < entry->starts; i++) {
        const struct start_range *start = &entry->start[i];
        if (!start->opioid_naive || !start->high.known || ratio_compare(dose, ratio_of(start->high.value)) <= 0)
            continue;
        write_dose(most, entry, ratio_of(start->high.value), ROUND_NEAREST);
        findings_add(findings, RULE_BOUNDS, FINDING_NOTE, "%s: %s begin at %s at most (source: %s)", drug_word(entry->drug),
                     start->who, most, figure_source(entry, &start->high));
    }
}

void guard_start(struct findings *findings, const struct entry *entry, struct ratio dose)
{
    wording given, most;
    const struct start_range *start = highest_start(entry);
    const char *word = drug_word(entry->drug);
    write_dose(given, entry, dose, ROUND_UP);
    if (start == NULL) {
        findings_add(findings, RULE_BOUNDS, FINDING_NOTE, "%s begins at %s; the formulary knows no starting range for it", word,
                     given);
        return;
    }
    write_dose(most, entry, ratio_of(start->high.value), ROUND_NEAREST);
    if (ratio_compare(dose, ratio_of(start->high.value)) > 0) {
        findings_add(findings, RULE_BOUNDS, FINDING_SOFT,
                     "%s begins at %s, above every start of the label; at most %s would pass (%s; source: %s)", word, given,
                     most, start->who, figure_source(entry, &start->high));
        findings_ask(findings, guard_ask(entry, DIMENSION_DOSE, dose));
        findings_limit(findings, limit_of(entry, dose, ratio_of(start->high.value)));
        return;
    }
    findings_add(findings, RULE_BOUNDS, FINDING_PASSED, "%s begins at %s, within the highest start of the label, %s (%s)",
                 word, given, most, start->who);
    naive_note(findings, entry, dose);
}

void guard_restart(struct findings *findings, const struct entry *entry, struct ratio interruption, bool retitrated)
{
    wording given = "of unknown length", limit;
    if (!entry->restart_limit.known)
        return;
    if (ratio_is(interruption))
        write_span(given, interruption, ROUND_UP);
    write_span(limit, ratio_of(entry->restart_limit.value), ROUND_NEAREST);
    bool within = ratio_is(interruption) && ratio_compare(interruption, ratio_of(entry->restart_limit.value)) <= 0;
    if (within)
        findings_add(findings, RULE_RESTART, FINDING_PASSED, "interrupted for %s: up to %s the same dose of %s may go on",
                     given, limit, drug_word(entry->drug));
    else if (retitrated)
        findings_add(findings, RULE_RESTART, FINDING_NOTE, "interrupted for %s: the dose of %s was found anew", given,
                     drug_word(entry->drug));
    else
        findings_add(
            findings, RULE_RESTART, FINDING_HARD,
            "interrupted %s%s, and after more than %s the tolerance for %s may be gone: the dose must be found anew, and that "
            "be said",
            ratio_is(interruption) ? "for " : "", given, limit, drug_word(entry->drug));
}

void guard_fill(struct findings *findings, const struct model *model, vol_nl fill, vol_nl drawn_up)
{
    wording given, room, syringe;
    write_volume(given, ratio_of(fill.nl), ROUND_NEAREST);
    write_volume(room, ratio_of(model->reservoir.nl), ROUND_NEAREST);
    write_volume(syringe, ratio_of(drawn_up.nl), ROUND_NEAREST);
    if (fill.nl > model->reservoir.nl || fill.nl < 0)
        findings_add(findings, RULE_CAPACITY, FINDING_HARD,
                     "a fill of %s does not go into the reservoir of %s: at most %s would", given, model_name(model->code),
                     room);
    else
        findings_add(findings, RULE_CAPACITY, FINDING_PASSED, "%s goes into the %s of %s", given, room,
                     model_name(model->code));
    if (drawn_up.nl >= 0 && drawn_up.nl != fill.nl)
        findings_add(findings, RULE_DRAWN_UP, FINDING_HARD,
                     "%s is said to be in the pump, but the syringe held %s: both must be the same", given, syringe);
}

void guard_tubing(struct findings *findings, const struct model *model, const struct entry *entry, conc_ng_ml conc,
                  vol_nl tubing)
{
    wording given, own, excess, mass = "";
    int64_t more = tubing.nl - model->tubing.nl;
    if (more == 0)
        return;
    write_volume(given, ratio_of(tubing.nl), ROUND_NEAREST);
    write_volume(own, ratio_of(model->tubing.nl), ROUND_NEAREST);
    write_volume(excess, ratio_of(more < 0 ? -more : more), ROUND_NEAREST);
    if (entry != NULL)
        write_mass(mass, entry, ratio_mul(ratio_of(more < 0 ? -more : more), ratio_of(conc.ng_ml)), ROUND_NEAREST);
    findings_add(findings, RULE_TUBING, FINDING_HARD,
                 "a tubing of %s is not that of %s: %s, revision %u, would pass; the difference is %s%s%s%s, given too %s",
                 given, model_name(model->code), own, model->revision, excess, entry != NULL ? " or " : "", mass,
                 entry != NULL ? " of the drug" : "", more > 0 ? "much" : "little");
}
