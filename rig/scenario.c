/* scenario.c - a scenario file, read strictly: the implant, the first therapy, what is expected. */
// SPDX-License-Identifier: Apache-2.0
#include "rig/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "document/prescription.h"
#include "document/regimen.h"
#include "rig/harmread.h"
#include "rig/patient.h"
#include "rig/timeline.h"

/* The twin's catheter: 0.0026 mL/cm (clinical facts 1.4, Prometra manual p. 33). A constant of its own: the pump's is
 * in core/model.def, and a mistake in one of them must show. */
enum { TRUE_CATHETER_NL_MM = 260, SAMPLES_MAX = 1000000, YEARS_20_DAYS = 7305, EXPECTATIONS_MAX = 200 };

static bool two_digits(const char *text, uint8_t *number)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *number = (uint8_t)((text[0] - '0') * 10 + (text[1] - '0'));
    return true;
}

bool scenario_date_read(const char *text, civil_ms *civil, char zone[ZONE_LABEL_BYTES])
{
    /*                            0123456789012345678901234 */
    static const char shape[] = "dddd-dd-ddTdd:dd:ddsdd:dd";
    struct civil_date date = { .year = 0 };
    uint8_t century = 0, year = 0, zone_hour = 0, zone_minute = 0;
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool sign = shape[i] == 's';
        if (sign ? text[i] != '+' && text[i] != '-' : shape[i] != 'd' && text[i] != shape[i])
            return false;
    }
    bool good = two_digits(text, &century) && two_digits(text + 2, &year) && two_digits(text + 5, &date.month) &&
                two_digits(text + 8, &date.day) && two_digits(text + 11, &date.hour) &&
                two_digits(text + 14, &date.minute) && two_digits(text + 17, &date.second) &&
                two_digits(text + 20, &zone_hour) && two_digits(text + 23, &zone_minute);
    date.year = century * 100 + year;
    if (!good || zone_hour > 14 || zone_minute > 59 || civil_from_date(&date, civil) != RESULT_OK)
        return false;
    memset(zone, 0, ZONE_LABEL_BYTES);
    memcpy(zone, text + 19, 6);
    return true;
}

static void start_read(const struct node *root, struct scenario *scenario)
{
    const char *text = NULL;
    civil_ms civil;
    if (!reader_text(root, "start", REQUIRED, 40, &text))
        return;
    if (!scenario_date_read(text, &civil, scenario->calendar.zone)) {
        struct node member = reader_member(root, "start", OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED,
                        "must be a date and time that exist, with their offset, such as \"2026-03-01T08:00:00+01:00\"");
        return;
    }
    scenario->calendar.offset.ms = civil.ms;
}

static void span_read(const struct node *root, struct scenario *scenario)
{
    const int64_t longest = (int64_t)YEARS_20_DAYS * DAY_MS;
    scenario->series.ms = HOUR_MS;
    scenario->until.ms = longest; /* when it cannot be read, what follows is not blamed for lying after it */
    (void)reader_amount(root, "until", REQUIRED, DIMENSION_SPAN, 1000, longest, &scenario->until.ms);
    (void)reader_amount(root, "series", OPTIONAL, DIMENSION_SPAN, 1000, longest, &scenario->series.ms);
    if (reader_has(root, "series") && scenario->until.ms / scenario->series.ms > SAMPLES_MAX) {
        struct node member = reader_member(root, "series", OPTIONAL);
        reader_complain(&member, COMPLAINT_MALFORMED, "makes more than %d rows over the whole run; write a longer span",
                        SAMPLES_MAX);
    }
}

static void pump_read(const struct node *root, struct scenario *scenario)
{
    static const char *const fields[] = { "model",       "serial",          "calibration", "true_calibration",
                                          "fill_sensor", "pressure_sensor", "note",        NULL };
    static const char *const models[] = { "C20", "C40", "V20", NULL };
    struct node pump = reader_member(root, "pump", REQUIRED);
    const char *serial = NULL;
    unsigned model = 0;
    int64_t ppm = 0, true_ppm = 0;
    if (!reader_object(&pump, fields))
        return;
    if (reader_choice(&pump, "model", REQUIRED, models, &model))
        scenario->unit.model = *model_named(models[model]);
    if (reader_text(&pump, "serial", REQUIRED, SERIAL_BYTES - 1, &serial))
        memcpy(scenario->unit.serial, serial, strlen(serial));
    (void)reader_amount(&pump, "calibration", OPTIONAL, DIMENSION_PPM, -CALIB_PPM_MAX, CALIB_PPM_MAX, &ppm);
    true_ppm = ppm;
    (void)reader_amount(&pump, "true_calibration", OPTIONAL, DIMENSION_PPM, -CALIB_PPM_MAX, CALIB_PPM_MAX, &true_ppm);
    (void)reader_flag(&pump, "fill_sensor", &scenario->fill_sensor);
    (void)reader_flag(&pump, "pressure_sensor", &scenario->pressure_sensor);
    scenario->unit.calibration.ppm = (int32_t)ppm;
    scenario->true_calibration.ppm = (int32_t)true_ppm;
}

static void catheter_read(const struct node *root, struct scenario *scenario)
{
    static const char *const fields[] = { "length", "volume", "true_volume", "note", NULL };
    const int64_t most = 5000000; /* nL: a guess, above any catheter */
    struct node catheter = reader_member(root, "catheter", REQUIRED);
    const struct model *model = &scenario->unit.model;
    int64_t mm = 0;
    if (!reader_object(&catheter, fields))
        return;
    if (reader_has(&catheter, "length") == reader_has(&catheter, "volume")) {
        reader_complain(&catheter, COMPLAINT_MALFORMED,
                        "needs either a \"length\" (\"45 cm\") or a \"volume\" (\"0.12 mL\")");
        return;
    }
    if (reader_has(&catheter, "length")) {
        if (!reader_amount(&catheter, "length", REQUIRED, DIMENSION_LENGTH, 10, CATHETER_MM_MAX, &mm))
            return;
        scenario->true_catheter.nl = mm * TRUE_CATHETER_NL_MM;
        scenario->dead_volume = model_dead_volume(model, (int32_t)mm);
        scenario->catheter.nl = scenario->dead_volume.nl - model->tubing.nl;
    } else {
        if (!reader_amount(&catheter, "volume", REQUIRED, DIMENSION_VOLUME, 1000, most, &scenario->catheter.nl))
            return;
        scenario->true_catheter = scenario->catheter;
        scenario->dead_volume.nl = scenario->catheter.nl + model->tubing.nl;
    }
    (void)reader_amount(&catheter, "true_volume", OPTIONAL, DIMENSION_VOLUME, 1000, most, &scenario->true_catheter.nl);
}

static void reservoir_read(const struct node *root, struct scenario *scenario)
{
    static const char *const fields[] = { "fill", "contents", "note", NULL };
    struct node reservoir = reader_member(root, "reservoir", REQUIRED);
    if (!reader_object(&reservoir, fields))
        return;
    scenario->implant.dead_drug_free = 1;
    (void)timeline_fill_read(&reservoir, &scenario->unit.model, &scenario->implant);
}

static bool expect_read(const struct node *element, struct expectation *expectation)
{
    static const char *const fields[] = { "path", "equals", "at_least", "at_most", "note", NULL };
    const char *path = NULL, *text = NULL;
    if (!reader_object(element, fields) || !reader_text(element, "path", REQUIRED, sizeof expectation->path - 1, &path))
        return false;
    unsigned found = 0;
    for (unsigned kind = EXPECT_EQUALS; kind <= EXPECT_AT_MOST; kind++) {
        struct node value = reader_member(element, fields[1 + kind], OPTIONAL);
        if (value.value == NULL)
            continue;
        found++;
        expectation->kind = (enum expect_kind)kind;
        if (json_is_integer(value.value))
            snprintf(expectation->value, sizeof expectation->value, "%lld", (long long)json_integer_value(value.value));
        else if (reader_text(element, fields[1 + kind], REQUIRED, sizeof expectation->value - 1, &text))
            snprintf(expectation->value, sizeof expectation->value, "%s", text);
    }
    if (found != 1)
        reader_complain(element, COMPLAINT_MALFORMED, "needs one of \"equals\", \"at_least\", \"at_most\"");
    snprintf(expectation->path, sizeof expectation->path, "%s", path);
    expectation->line = locator_line(element->reader->text, element->reader->size, element->path);
    return true;
}

static void expectations_read(const struct node *root, struct scenario *scenario)
{
    struct node list = reader_member(root, "expect", OPTIONAL);
    if (!reader_array(&list, 0, EXPECTATIONS_MAX))
        return;
    size_t size = json_array_size(list.value);
    scenario->expectation = calloc(size + 1, sizeof *scenario->expectation);
    if (scenario->expectation == NULL) {
        reader_complain(&list, COMPLAINT_MALFORMED, "no memory for so many");
        return;
    }
    for (size_t i = 0; i < size; i++) {
        struct node element = reader_element(&list, i);
        if (expect_read(&element, &scenario->expectation[scenario->expectations]))
            scenario->expectations++;
    }
}

static void root_read(const struct node *root, struct scenario *scenario)
{
    static const char *const fields[] = {
        "cisterna_scenario", "title",     "note",    "seed",     "start",  "until", "series", "pump",
        "catheter",          "reservoir", "patient", "therapy",  "timeline", "expect", "complications", NULL
    };
    const char *title = NULL;
    int64_t version = 0, seed = 0;
    if (!reader_object(root, fields) || !reader_integer(root, "cisterna_scenario", REQUIRED, 1, 1, &version))
        return;
    if (reader_text(root, "title", REQUIRED, sizeof scenario->title - 1, &title))
        snprintf(scenario->title, sizeof scenario->title, "%s", title);
    if (reader_integer(root, "seed", REQUIRED, 0, INT64_MAX, &seed))
        scenario->seed = (uint64_t)seed;
    start_read(root, scenario);
    span_read(root, scenario);
    pump_read(root, scenario);
    if (scenario->unit.model.code == 0)
        return; /* nothing below can be judged without a model */
    catheter_read(root, scenario);
    reservoir_read(root, scenario);
    harm_setup_read(root, &scenario->harm);
    scenario->patient = patient_read(root);
    if (scenario->patient != NULL)
        scenario->harm.tip = scenario->patient->tip;
    timeline_read(root, scenario);
    expectations_read(root, scenario);
}

int scenario_read(struct reader *reader, struct scenario *scenario)
{
    memset(scenario, 0, sizeof *scenario);
    struct node root = reader_document(reader);
    if (root.value != NULL)
        root_read(&root, scenario);
    json_decref(root.value);
    return reader_exit(reader);
}

void scenario_free(struct scenario *scenario)
{
    free(scenario->patient);
    free(scenario->therapy);
    free(scenario->action);
    free(scenario->expectation);
}
