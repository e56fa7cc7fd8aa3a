/* dosage.c - a program as dosage instructions: one for each flow and each kind of bolus it knows. Every dose and every flow is
 * told for each drug by its mass, and as a volume. A prime and a bridge are told by volume alone: what leaves the tip during them
 * is what was there before. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/dosage.h"

enum { TEXT_BYTES = 160 };

struct course {
    struct bundle *bundle;
    const struct mixture *mixture;
    int sequence;
};

/* Opens one. */
static void begin(struct course *course, const char *text)
{
    struct writer *writer = &course->bundle->writer;
    writer_object(writer, NULL);
    writer_decimal(writer, "sequence", ++course->sequence, 0);
    writer_text(writer, "text", text);
    code_concept(writer, "route", CODE_ROUTE, "intrathecal");
}

static void flow(struct course *course, rate_nl_day rate)
{
    struct writer *writer = &course->bundle->writer;
    writer_array(writer, "doseAndRate");
    for (unsigned i = 0; i < course->mixture->count; i++) {
        const struct component *component = &course->mixture->component[i];
        writer_object(writer, NULL);
        code_concept(writer, "type", CODE_NONE, drug_word(component->drug));
        bundle_quantity(course->bundle, "rateQuantity", UNIT_DOSE, (int64_t)rate.nl_day * component->conc.ng_ml);
        writer_end(writer);
    }
    writer_object(writer, NULL);
    code_concept(writer, "type", CODE_NONE, "flow");
    bundle_quantity(course->bundle, "rateQuantity", UNIT_FLOW, rate.nl_day);
    writer_end(writer);
    writer_end(writer);
}

static void bolus(struct course *course, vol_nl volume, rate_nl_day rate, bool masses)
{
    struct writer *writer = &course->bundle->writer;
    writer_array(writer, "doseAndRate");
    for (unsigned i = 0; masses && i < course->mixture->count; i++) {
        const struct component *component = &course->mixture->component[i];
        writer_object(writer, NULL);
        code_concept(writer, "type", CODE_NONE, drug_word(component->drug));
        bundle_quantity(course->bundle, "doseQuantity", UNIT_MASS, mass_of(volume, component->conc).fg);
        writer_end(writer);
    }
    writer_object(writer, NULL);
    code_concept(writer, "type", CODE_NONE, "volume and flow");
    bundle_quantity(course->bundle, "doseQuantity", UNIT_VOLUME, volume.nl);
    bundle_quantity(course->bundle, "rateQuantity", UNIT_FLOW, rate.nl_day);
    writer_end(writer);
    writer_end(writer);
}

static void plain(struct course *course, const char *text, rate_nl_day rate)
{
    begin(course, text);
    flow(course, rate);
    writer_end(&course->bundle->writer);
}

/* The weekdays of a day set; false, and nothing written, when it has none. */
static bool weekdays(struct course *course, const struct program *program, unsigned set, bool write)
{
    static const char *const DAY[WEEK_DAYS] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    bool any = false;
    for (unsigned day = 0; day < WEEK_DAYS; day++) {
        if (program->weekday_set[day] != set)
            continue;
        any = true;
        if (write)
            writer_text(&course->bundle->writer, NULL, DAY[day]);
    }
    return any;
}

static void step(struct course *course, const struct program *program, unsigned set, const struct program_step *step)
{
    struct writer *writer = &course->bundle->writer;
    char time[sizeof "00:00:00"];
    begin(course, "from this time of day of the pump until that of the next step, or midnight");
    writer_object(writer, "timing");
    writer_object(writer, "repeat");
    writer_array(writer, "dayOfWeek");
    (void)weekdays(course, program, set, true);
    writer_end(writer);
    (void)snprintf(time, sizeof time, "%02u:%02u:00", step->minute / 60U % 24, step->minute % 60U);
    writer_array(writer, "timeOfDay");
    writer_text(writer, NULL, time);
    writer_end(writer);
    writer_end(writer);
    writer_end(writer);
    flow(course, step->rate);
    writer_end(writer);
}

static void flex(struct course *course, const struct program *program)
{
    for (unsigned set = 0; set < program->day_set_count; set++)
        for (unsigned i = 0; i < program->day_set[set].count && weekdays(course, program, set, false); i++)
            step(course, program, set, &program->day_set[set].step[i]);
}

static void periodic(struct course *course, const struct program *program)
{
    struct writer *writer = &course->bundle->writer;
    char text[TEXT_BYTES];
    plain(course, "between the boluses", program->base);
    (void)snprintf(text, sizeof text, "a bolus on top, the first one %u min after activation",
                   (unsigned)program->periodic.first_minutes);
    begin(course, text);
    writer_object(writer, "timing");
    writer_object(writer, "repeat");
    writer_decimal(writer, "frequency", 1, 0);
    writer_decimal(writer, "period", program->periodic.interval_minutes, 0);
    writer_text(writer, "periodUnit", "min");
    writer_end(writer);
    writer_end(writer);
    bolus(course, program->periodic.volume, program->periodic.rate, true);
    writer_end(writer);
}

static void opening(struct course *course, const struct opening *opening)
{
    static const char *const TEXT[] = { [OPENING_PRIME] = "once, instead of the base: prime",
                                        [OPENING_BRIDGE] =
                                            "once, instead of the base: bridge, until the new drug is at the tip",
                                        [OPENING_SINGLE] = "once, on top of the base: a single bolus" };
    struct writer *writer = &course->bundle->writer;
    begin(course, TEXT[opening->kind]);
    writer_object(writer, "timing");
    writer_object(writer, "repeat");
    writer_decimal(writer, "count", 1, 0);
    writer_end(writer);
    writer_end(writer);
    bolus(course, opening->volume, opening->rate, opening->kind == OPENING_SINGLE);
    writer_end(writer);
}

static void patient(struct course *course, const struct patient_bolus *patient)
{
    struct writer *writer = &course->bundle->writer;
    const struct mixture *mixture = course->mixture;
    char text[TEXT_BYTES];
    (void)snprintf(text, sizeof text, "at the patient's wish, not sooner than %u min after the one before, for %u days",
                   (unsigned)patient->lockout_minutes, (unsigned)patient->expiry_days);
    begin(course, text);
    writer_flag(writer, "asNeededBoolean", true);
    bolus(course, patient->volume, patient->rate, true);
    writer_object(writer, "maxDosePerPeriod");
    if (mixture->count > 0)
        bundle_quantity(course->bundle, "numerator", UNIT_MASS,
                        patient->max_per_day * mass_of(patient->volume, mixture->component[0].conc).fg);
    else
        bundle_quantity(course->bundle, "numerator", UNIT_VOLUME, patient->max_per_day * patient->volume.nl);
    bundle_quantity(course->bundle, "denominator", UNIT_DAYS, 1);
    writer_end(writer);
    writer_end(writer);
}

void fhir_dosage(struct bundle *bundle, const struct therapy *therapy)
{
    struct course course = { .bundle = bundle, .mixture = &therapy->mixture };
    const struct program *program = &therapy->program;
    writer_array(&bundle->writer, "dosageInstruction");
    if (program->opening.kind != OPENING_NONE)
        opening(&course, &program->opening);
    switch ((enum program_kind)program->kind) {
    case PROGRAM_STOPPED:
        plain(&course, "stopped: nothing flows", program->base);
        break;
    case PROGRAM_CONTINUOUS:
        plain(&course, "always", program->base);
        break;
    case PROGRAM_MINIMUM:
        plain(&course, "always: the least flow of this pump", program->base);
        break;
    case PROGRAM_FLEX:
        flex(&course, program);
        break;
    case PROGRAM_PERIODIC:
        periodic(&course, program);
        break;
    }
    if (program->patient.allowed != 0)
        patient(&course, &program->patient);
    writer_end(&bundle->writer);
}
