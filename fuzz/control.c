/* control.c - requests at the control socket of a live implant: any bytes. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "rig/control.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "rig/wire.h"
#include "tests/rig/cradle.h"

static struct live live;
static struct rig rig; /* as it is before each input */
static struct body body;
static struct pace pace;
static struct control control;
static char folder[64];

static void away(void)
{
    static const char *const FILES[] = { "implant", "body" };
    char path[96];
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* An implant that has run for some days, with its patient. */
static void begin(void)
{
    struct implant_made made;
    struct event event;
    snprintf(folder, sizeof folder, "%s/cisterna-fuzz-XXXXXX", P_tmpdir);
    MUST(mkdtemp(folder) != NULL && atexit(away) == 0);
    cradle_made(&made, 1);
    MUST(implant_enter(&live.implant, folder) == IMPLANT_OK && implant_make(&live.implant, &made, 1) == IMPLANT_OK);
    MUST(live_body(&live, NULL, 1) == BODYFILE_OK);
    live_start(&live, false, 0, 1, 1);
    MUST(cradle_fill(&live));
    while (!live_until(&live, (instant_ms){ 5 * (int64_t)DAY_MS }, UINT32_MAX, 1))
        while (live_event(&live, &event)) {
        }
    rig = *live.implant.rig;
    body = live.body;
}

/* One thing is answered, as one line: what was wrong, that it was done, or the truth. */
static void answer_judge(const char *text, bool *done)
{
    MUST(strlen(text) < WIRE_LINE_BYTES && strchr(text, '\n') == NULL);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const json_t *error = json_object_get(json, "error");
    *done = json_is_true(json_object_get(json, "done"));
    MUST(json_is_object(json));
    MUST((error != NULL) + *done + json_is_true(json_object_get(json, "simulation")) == 1);
    MUST(error == NULL || (json_string_length(error) > 0 && json_object_size(json) == 1));
    json_decref(json);
}

/* What is refused leaves all as it was; what is done moves no drug and charges no cell. */
static void truth_judge(bool done)
{
    const struct twin *now = &live.implant.rig->twin, *was = &rig.twin;
    MUST(done || memcmp(now->fault, was->fault, sizeof now->fault) == 0);
    MUST(done || (memcmp(&now->battery, &was->battery, sizeof now->battery) == 0 && pace.speed == 10 && !pace.skips));
    MUST(now->reservoir_m3 == was->reservoir_m3 && memcmp(&now->totals, &was->totals, sizeof now->totals) == 0);
    MUST(battery_left(&now->battery, live.implant.rig->now) <= battery_left(&was->battery, rig.now));
    for (unsigned i = 0; i < TWIN_FAULTS; i++)
        MUST(now->fault[i] >= 0.0 && now->fault[i] <= 10.0);
    MUST(pace.speed >= 1 && pace.speed <= PACE_SPEED_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char LOOK[] = "{\"do\":\"look\"}";
    bool done = false, looked = false;
    if (*folder == '\0')
        begin();
    *live.implant.rig = rig;
    live.body = body;
    pace = pace_from(10, rig.now, (instant_ms){ IMPLANT_LIFE_MS }, 0);
    control_begin(&control);
    control.live = &live;
    control.pace = &pace;
    char *answer = control_answer(&control, (const char *)bytes, size, 0, 1);
    MUST(answer != NULL);
    answer_judge(answer, &done);
    truth_judge(done);
    free(answer);
    answer = control_answer(&control, LOOK, sizeof LOOK - 1, 0, 1); /* and it can still be looked at */
    MUST(answer != NULL);
    answer_judge(answer, &looked);
    MUST(!looked);
    free(answer);
    return 0;
}
