/* regimen.c - a whole therapy as people write it: program, opening, patient boluses, limits, names. */
// SPDX-License-Identifier: Apache-2.0
#include "document/regimen.h"

#include <string.h>

#include "document/advice.h"
#include "document/prescription.h"

static bool minutes_read(const struct node *node, const char *name, enum need need, int64_t least, int64_t most,
                         uint16_t *minutes)
{
    int64_t ms = 0;
    if (!reader_amount(node, name, need, DIMENSION_SPAN, least * MINUTE_MS, most * MINUTE_MS, &ms))
        return false;
    if (ms % MINUTE_MS != 0) {
        struct node member = reader_member(node, name, OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a whole number of minutes");
        return false;
    }
    *minutes = (uint16_t)(ms / MINUTE_MS);
    return true;
}

static bool day_set_read(const struct node *list, const struct mixture *mixture, const struct model *model,
                         struct day_set *set)
{
    static const char *const fields[] = { "from", "dose", "drug", "rate", "note", NULL };
    bool good = reader_array(list, 1, PROGRAM_STEPS_MAX);
    for (size_t i = 0; good && i < json_array_size(list->value); i++) {
        struct node element = reader_element(list, i);
        struct program_step *step = &set->step[set->count++];
        const char *from = NULL;
        good = reader_object(&element, fields) && reader_text(&element, "from", REQUIRED, 5, &from) &&
               prescription_flow(&element, REQUIRED, mixture, model, &step->rate);
        if (!good)
            break;
        int32_t minute = amount_minute_of_day(from);
        struct node member = reader_member(&element, "from", OPTIONAL);
        if (minute < 0 || (i == 0 ? minute != 0 : minute <= set->step[i - 1].minute)) {
            reader_complain(
                &member, COMPLAINT_MALFORMED,
                "must be a time of day, such as \"06:30\"; the first \"00:00\", each later than the one before");
            good = false;
        }
        step->minute = (uint16_t)minute;
    }
    return good;
}

static bool flex_read(const struct node *node, const struct mixture *mixture, const struct model *model,
                      struct program *program)
{
    static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday",    NULL };
    const char *names[PROGRAM_DAY_SETS_MAX + 1] = { NULL };
    struct node sets = reader_member(node, "day_sets", REQUIRED), week = reader_member(node, "week", REQUIRED);
    if (sets.value == NULL || week.value == NULL)
        return false;
    size_t size = json_object_size(sets.value);
    if (size < 1 || size > PROGRAM_DAY_SETS_MAX) {
        reader_complain(&sets, COMPLAINT_MALFORMED, "must be an object of 1 to %d named day sets",
                        PROGRAM_DAY_SETS_MAX);
        return false;
    }
    const char *name;
    json_t *value;
    bool good = true;
    json_object_foreach(sets.value, name, value)
    {
        struct node list = reader_member(&sets, name, REQUIRED);
        good = day_set_read(&list, mixture, model, &program->day_set[program->day_set_count]) && good;
        names[program->day_set_count++] = name;
    }
    good = reader_object(&week, weekdays) && good;
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        unsigned set = 0;
        good = reader_choice(&week, weekdays[day], REQUIRED, names, &set) && good;
        program->weekday_set[day] = (uint8_t)set;
    }
    return good;
}

static bool periodic_read(const struct node *node, const struct mixture *mixture, const struct model *model,
                          struct program *program)
{
    static const char *const fields[] = { PRESCRIPTION_BOLUS_FIELDS, "every", "first", "note", NULL };
    struct node bolus = reader_member(node, "bolus", REQUIRED);
    struct periodic_bolus *periodic = &program->periodic;
    if (!reader_object(&bolus, fields))
        return false;
    bool good = prescription_bolus(&bolus, mixture, model, (vol_nl){ 0 }, &periodic->volume, &periodic->rate);
    good = minutes_read(&bolus, "every", REQUIRED, INTERVAL_MINUTES_MIN, 10080, &periodic->interval_minutes) && good;
    return minutes_read(&bolus, "first", REQUIRED, 0, 10080, &periodic->first_minutes) && good;
}

static bool program_read(const struct node *node, const struct mixture *mixture, const struct model *model,
                         struct program *program)
{
    static const char *const kinds[] = { "stopped", "continuous", "flex", "periodic", "minimum", NULL };
    static const char *const fields[] = { "kind", "note", NULL };
    static const char *const continuous[] = { "kind", "dose", "drug", "rate", "note", NULL };
    static const char *const flex[] = { "kind", "day_sets", "week", "note", NULL };
    static const char *const periodic[] = { "kind", "dose", "drug", "rate", "bolus", "note", NULL };
    unsigned kind = 0;
    if (node->value == NULL || !reader_choice(node, "kind", REQUIRED, kinds, &kind))
        return false;
    program->kind = (uint8_t)kind;
    unsigned before = node->reader->count;
    switch ((enum program_kind)kind) {
    case PROGRAM_STOPPED:
        return reader_object(node, fields);
    case PROGRAM_MINIMUM:
        program->base = model->rate_min;
        return reader_object(node, fields);
    case PROGRAM_CONTINUOUS:
        return reader_object(node, continuous) && prescription_flow(node, REQUIRED, mixture, model, &program->base);
    case PROGRAM_FLEX:
        return reader_object(node, flex) && flex_read(node, mixture, model, program);
    case PROGRAM_PERIODIC:
        if (reader_object(node, periodic))
            (void)prescription_flow(node, OPTIONAL, mixture, model, &program->base);
        return periodic_read(node, mixture, model, program) && node->reader->count == before;
    }
    return false;
}

static bool opening_read(const struct node *node, const struct regimen_pump *pump, const struct mixture *mixture,
                         struct opening *opening)
{
    static const char *const kinds[] = { "none", "prime", "bridge", "single", NULL };
    static const char *const fields[] = { "kind", PRESCRIPTION_BOLUS_FIELDS, "note", NULL };
    struct node member = reader_member(node, "opening", OPTIONAL);
    unsigned kind = 0;
    if (member.value == NULL)
        return true;
    if (!reader_object(&member, fields) || !reader_choice(&member, "kind", REQUIRED, kinds, &kind))
        return false;
    opening->kind = (uint8_t)kind;
    return kind == OPENING_NONE ||
           prescription_bolus(&member, mixture, pump->model, pump->dead_volume, &opening->volume, &opening->rate);
}

static bool patient_read(const struct node *node, const struct mixture *mixture, const struct model *model,
                         struct patient_bolus *patient)
{
    static const char *const fields[] = { PRESCRIPTION_BOLUS_FIELDS, "lockout", "max_per_day", "expiry", "note", NULL };
    struct node member = reader_member(node, "patient_bolus", OPTIONAL);
    int64_t most = 0, expiry = 0;
    if (member.value == NULL)
        return true;
    if (!reader_object(&member, fields))
        return false;
    bool good = prescription_bolus(&member, mixture, model, (vol_nl){ 0 }, &patient->volume, &patient->rate);
    good = minutes_read(&member, "lockout", REQUIRED, 1, DAY_MINUTES, &patient->lockout_minutes) && good;
    good = reader_integer(&member, "max_per_day", REQUIRED, 1, PATIENT_BOLUSES_MAX, &most) && good;
    good = reader_amount(&member, "expiry", REQUIRED, DIMENSION_SPAN, DAY_MS, INT64_C(366) * DAY_MS, &expiry) && good;
    if (expiry % DAY_MS != 0) {
        struct node span = reader_member(&member, "expiry", OPTIONAL);
        reader_complain(&span, COMPLAINT_MALFORMED, "must be a whole number of days");
        good = false;
    }
    patient->allowed = 1;
    patient->max_per_day = (uint8_t)most;
    patient->expiry_days = (uint16_t)(expiry / DAY_MS);
    return good;
}

static bool drug_limit_read(const struct node *list, const struct mixture *mixture, struct limits *limits)
{
    static const char *const fields[] = { "drug", "hour", "day", "note", NULL };
    bool good = reader_array(list, 0, MIXTURE_DRUGS_MAX), seen[MIXTURE_DRUGS_MAX] = { false };
    limits->count = mixture->count;
    for (size_t i = 0; good && i < json_array_size(list->value); i++) {
        struct node element = reader_element(list, i);
        int64_t hour = 0, day = 0;
        uint16_t drug = DRUG_NONE;
        good = reader_object(&element, fields) && prescription_drug(&element, "drug", REQUIRED, &drug);
        good = reader_amount(&element, "hour", REQUIRED, DIMENSION_MASS, 1, LIMIT_FG_MAX, &hour) && good;
        good = reader_amount(&element, "day", REQUIRED, DIMENSION_MASS, 1, LIMIT_FG_MAX, &day) && good;
        unsigned at = 0;
        while (at < mixture->count && mixture->component[at].drug != drug)
            at++;
        if (good && (at == mixture->count || seen[at])) {
            reader_complain(&element, COMPLAINT_MALFORMED, "limits name every drug of the therapy once, and no other");
            good = false;
        }
        if (good) {
            seen[at] = true;
            limits->drug[at] = (struct drug_limit){ drug, { { hour }, { day } } };
        }
    }
    for (unsigned at = 0; good && at < mixture->count; at++)
        if (!seen[at]) {
            reader_complain(list, COMPLAINT_MALFORMED, "the limits of %s are missing",
                            drug_word(mixture->component[at].drug));
            good = false;
        }
    return good;
}

static bool limits_read(const struct node *node, const struct mixture *mixture, struct limits *limits)
{
    static const char *const fields[] = { "drugs", "bolus_max", "rate_max", "note", NULL };
    struct node member = reader_member(node, "limits", REQUIRED);
    int64_t rate = 0;
    if (!reader_object(&member, fields))
        return false;
    struct node list = reader_member(&member, "drugs", REQUIRED);
    bool good = drug_limit_read(&list, mixture, limits);
    good =
        reader_amount(&member, "bolus_max", REQUIRED, DIMENSION_VOLUME, 0, VOL_NL_MAX, &limits->bolus_max.nl) && good;
    good = reader_amount(&member, "rate_max", REQUIRED, DIMENSION_FLOW, 0, RATE_NL_DAY_MAX, &rate) && good;
    limits->rate_max.nl_day = (int32_t)rate;
    return good;
}

/* What a fault drops to, and what to do about it. */
static bool rules_read(const struct node *node, struct therapy *therapy)
{
    static const char *const priorities[] = { "low", "medium", "high", NULL };
    static const char *const mri[] = { "keep_program", "empty_first", NULL };
    static const char *const regions[] = { "US", "EU", NULL }; /* those of the formulary */
    int64_t safe = 0, restart = 0, formulary = 0;
    unsigned priority = 0, rule = 0, region = 0;
    bool good = reader_amount(node, "safe_rate", REQUIRED, DIMENSION_FLOW, 0, RATE_NL_DAY_MAX, &safe);
    good = reader_amount(node, "restart_limit", REQUIRED, DIMENSION_SPAN, HOUR_MS, INT64_C(720) * HOUR_MS, &restart) &&
           good;
    if (good && restart % HOUR_MS != 0) {
        struct node member = reader_member(node, "restart_limit", OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED, "must be a whole number of hours");
        good = false;
    }
    good = reader_choice(node, "under_delivery", REQUIRED, priorities, &priority) && good;
    good =
        reader_amount(node, "reservoir_low", REQUIRED, DIMENSION_VOLUME, 0, VOL_NL_MAX, &therapy->reservoir_low.nl) &&
        good;
    if (reader_has(node, "mri"))
        good = reader_choice(node, "mri", REQUIRED, mri, &rule) && good;
    if (reader_has(node, "formulary"))
        good = reader_integer(node, "formulary", REQUIRED, 0, UINT16_MAX, &formulary) && good;
    if (reader_has(node, "region")) {
        good = reader_choice(node, "region", REQUIRED, regions, &region) && good;
        memcpy(therapy->region, regions[region], strlen(regions[region]));
    }
    therapy->safe_rate.nl_day = (int32_t)safe;
    therapy->restart_limit_hours = (uint16_t)(restart / HOUR_MS);
    therapy->under_delivery = (uint8_t)(PRIORITY_LOW + priority);
    therapy->mri_rule = (uint8_t)(MRI_KEEP_PROGRAM + rule);
    therapy->formulary_version = (uint16_t)formulary;
    return good;
}

static bool regimen_judge(const struct node *node, const struct regimen_pump *pump, const struct therapy *therapy)
{
    const struct model *model = pump->model;
    verdict reasons = therapy_judge(therapy, model);
    char least[AMOUNT_TEXT_BYTES], most[AMOUNT_TEXT_BYTES], room[AMOUNT_TEXT_BYTES];
    amount_write_flow(least, model->rate_min.nl_day);
    amount_write_flow(most, model->rate_max.nl_day);
    amount_write_volume(room, therapy->dead_volume.nl);
    for (unsigned bit = 0; bit < VERDICT_COUNT; bit++)
        if ((reasons >> bit & 1) != 0)
            reader_complain(node, COMPLAINT_REFUSED, "this therapy is refused (%s): %s; what would pass: %s",
                            verdict_word(bit), verdict_text(bit), advice_text(bit));
    if ((reasons & (VERDICT_RATE_RANGE | VERDICT_SAFE_RATE)) != 0)
        reader_complain(node, COMPLAINT_REFUSED, "this pump gives flows from %s to %s, or none", least, most);
    if ((reasons & VERDICT_PRIME_SIZE) != 0)
        reader_complain(node, COMPLAINT_REFUSED, "tubing and catheter of this implant hold %s", room);
    return reasons == 0;
}

bool regimen_read(const struct node *node, const struct regimen_pump *pump, struct therapy *therapy)
{
    static const char *const fields[] = { "name",   "drugs",     "program",       "opening",        "patient_bolus",
                                          "limits", "safe_rate", "restart_limit", "under_delivery", "reservoir_low",
                                          "mri",    "formulary", "region",        "note",           NULL };
    const char *name = NULL;
    memset(therapy, 0, sizeof *therapy);
    if (!reader_object(node, fields))
        return false;
    unsigned before = node->reader->count;
    if (reader_text(node, "name", REQUIRED, NAME_BYTES - 1, &name))
        memcpy(therapy->name, name, strlen(name));
    memcpy(therapy->serial, pump->serial, strlen(pump->serial));
    therapy->model = pump->model->code;
    therapy->revision = pump->model->revision;
    therapy->calibration = pump->calibration;
    therapy->dead_volume = pump->dead_volume;
    struct node program = reader_member(node, "program", REQUIRED);
    if (prescription_mixture(node, "drugs", &therapy->mixture)) {
        (void)program_read(&program, &therapy->mixture, pump->model, &therapy->program);
        (void)opening_read(node, pump, &therapy->mixture, &therapy->program.opening);
        (void)patient_read(node, &therapy->mixture, pump->model, &therapy->program.patient);
        (void)limits_read(node, &therapy->mixture, &therapy->limits);
    }
    (void)rules_read(node, therapy);
    return node->reader->count == before && regimen_judge(node, pump, therapy);
}
