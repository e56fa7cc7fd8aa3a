/* formularylimits.c - the hard limits of a therapy signed for one pump, where the site keeps its key. */
// SPDX-License-Identifier: Apache-2.0
#include "app/formularylimits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/therapyfile.h"
#include "clinic/formulary/limitsfile.h"

/* The pump as it is named here: nobody asks it. Its calibration is not known, and no limit depends on it. */
static int pump_read(const struct formulary_ask *ask, cisterna_Capability *pump)
{
    const char *serial = ask->value[FORMULARY_SERIAL_AT];
    const struct model *model = model_named(ask->value[FORMULARY_MODEL_AT]);
    if (model == NULL)
        return formulary_usage(ask, "--model is C20, C40 or V20, not ", ask->value[FORMULARY_MODEL_AT]);
    if (strlen(serial) >= SERIAL_BYTES)
        return formulary_usage(ask, "--serial has 1 to 15 characters, not as ", serial);
    *pump = (cisterna_Capability){ .model = model->code, .revision = model->revision };
    memcpy(pump->serial, serial, strlen(serial));
    return EXIT_DONE;
}

static int therapy_take(const struct formulary_ask *ask, struct therapy *therapy)
{
    const struct desk desk = { .command = "formulary limits",
                               .value = { [OPTION_AT_CATHETER] = ask->value[FORMULARY_CATHETER_AT] } };
    cisterna_Capability pump;
    int code = pump_read(ask, &pump);
    return code == EXIT_DONE ? therapyfile_read(&desk, ask->word[0], &pump, (vol_nl){ 0 }, therapy) : code;
}

static void limits_say(const struct formulary_ask *ask, const struct formulary *formulary,
                       const struct therapy *therapy)
{
    char hour[AMOUNT_TEXT_BYTES], day[AMOUNT_TEXT_BYTES];
    if (ask->value[FORMULARY_JSON_AT] != NULL) {
        json_t *object = formulary_answer("cisterna_formulary_limits");
        json_object_set_new(object, "pump", json_string(therapy->serial));
        json_object_set_new(object, "release", json_integer(formulary->version));
        json_object_set_new(object, "region", json_string(formulary->region));
        formulary_answer_print(object);
        return;
    }
    printf("signed for pump %s, by release %u for %s:\n", therapy->serial, formulary->version, formulary->region);
    for (unsigned i = 0; i < therapy->limits.count; i++) {
        const struct drug_limit *limit = &therapy->limits.drug[i];
        amount_write_of(hour, DIMENSION_MASS, limit->window[WINDOW_HOUR].fg);
        amount_write_of(day, DIMENSION_MASS, limit->window[WINDOW_DAY].fg);
        printf("  %s: %s in an hour, %s in a day\n", drug_word(limit->drug), hour, day);
    }
    amount_write_volume(hour, therapy->limits.bolus_max.nl);
    amount_write_flow(day, therapy->limits.rate_max.nl_day);
    printf("  the largest bolus %s, the largest flow %s\n", hour, day);
}

/* Judged by the release, signed by the key that has signed it: the public half follows from the private one. */
static int limits_sign(const struct formulary_ask *ask, const struct sitekey *key, struct therapy *therapy)
{
    struct formulary formulary;
    char *text = NULL;
    size_t size = 0;
    int code =
        (int)formulary_open(ask->value[FORMULARY_RELEASE_AT], key->public_key, therapy->region, &formulary, stderr);
    if (code != EXIT_DONE)
        return code;
    if (therapy->formulary_version == 0) /* the file leaves it open */
        therapy->formulary_version = formulary.version;
    code = (int)limitsfile_write(key, &formulary, therapy, &text, &size, stderr);
    if (code == EXIT_DONE)
        code = formulary_put(ask, text, size);
    if (code == EXIT_DONE)
        limits_say(ask, &formulary, therapy);
    free(text);
    formulary_close(&formulary);
    return code;
}

int formularylimits_sign(const struct formulary_ask *ask)
{
    struct therapy therapy;
    struct sitekey key;
    int code = therapy_take(ask, &therapy);
    if (code == EXIT_DONE)
        code = (int)sitekey_read(ask->value[FORMULARY_KEY_AT], &key, stderr);
    if (code != EXIT_DONE)
        return code;
    code = limits_sign(ask, &key, &therapy);
    sitekey_forget(&key);
    return code;
}
