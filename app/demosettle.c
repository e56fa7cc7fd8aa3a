/* demosettle.c - the clinician of the demo looks at three resets. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/demosettle.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"

enum { NEAR = 4 /* events: the resets, their alarm, the mode they led to */ };

/* The last change of the pump's mode, of those events that its log still tells. */
struct last {
    json_int_t resets, mode; /* their numbers; 0: none is told */
    char from[16], to[16];
};

static void line_take(struct last *last, const char *line)
{
    json_t *json = json_loads(line, 0, NULL); /* null: it is a message */
    const char *event = json_string_value(json_object_get(json, "event"));
    const char *from = json_string_value(json_object_get(json, "from_word"));
    const char *to = json_string_value(json_object_get(json, "to_word"));
    json_int_t number = json_integer_value(json_object_get(json, "sequence"));
    if (event != NULL && strcmp(event, "resets") == 0)
        last->resets = number;
    if (event != NULL && strcmp(event, "mode") == 0) {
        last->mode = number;
        snprintf(last->from, sizeof last->from, "%s", from != NULL ? from : "");
        snprintf(last->to, sizeof last->to, "%s", to != NULL ? to : "");
    }
    json_decref(json);
}

/* False when the log could not be read to its end. */
static bool last_read(const char *folder, const struct demo_patient *patient, struct last *last)
{
    char name[64], path[DEMO_PATH_BYTES], *line = NULL;
    size_t room = 0;
    snprintf(name, sizeof name, "settling-%s", patient->serial);
    demo_path(path, folder, name, "");
    (void)unlink(path); /* of one that was killed: what is told now would stand behind it */
    bool good =
        demo_desk_into(path, folder, patient, "clinician", (const char *const[]){ "log", "--json", NULL }) == EXIT_DONE;
    FILE *lines = good ? fopen(path, "re") : NULL;
    while (lines != NULL && getline(&line, &room, lines) > 0)
        line_take(last, line);
    free(line);
    if (lines != NULL)
        (void)fclose(lines);
    (void)unlink(path);
    return lines != NULL;
}

/* Why the therapy is not to flow again; null: it ran until the resets, and nothing but they brought it down. */
static const char *left_why(const struct last *last)
{
    if (last->resets == 0 || last->mode == 0)
        return "its log does not tell what it did before";
    if (last->mode < last->resets || last->mode - last->resets > NEAR || strcmp(last->to, "safe") != 0)
        return "they are not why it is so";
    return strcmp(last->from, "running") == 0 ? NULL : "it did not run before";
}

static void tell(const struct demo_patient *patient, const char *mode, const char *text)
{
    fprintf(stderr, "cisterna demo: pump %s had three starts within a day of its own: that alarm is cleared; %s%s%s\n",
            patient->serial, mode, *mode != '\0' ? ": " : "", text);
}

void demo_settle(const char *folder, const struct demo_patient *patient)
{
    /* The pump's time stands still while the demo does not run: it was at its safe rate for moments. */
    static const char *const RESUME[] = { "resume", "--stopped-for", "1 min", NULL };
    struct last last = { .resets = 0 };
    char state[40] = "it stays as it is";
    int code =
        demo_desk_into(NULL, folder, patient, "clinician", (const char *const[]){ "clear-alarm", "resets", NULL });
    if (code == EXIT_REFUSED) /* it does not stand */
        return;
    if (code != EXIT_DONE) {
        fprintf(stderr, "cisterna demo: pump %s could not be asked for an alarm of three starts; demo.log says why\n",
                patient->serial);
        return;
    }
    const char *why = last_read(folder, patient, &last) ? left_why(&last) : "its log could not be read";
    if (last.mode != 0)
        snprintf(state, sizeof state, "it stays %s", last.to);
    if (why != NULL)
        tell(patient, state, why);
    else if (demo_desk_into(NULL, folder, patient, "clinician", RESUME) == EXIT_DONE)
        tell(patient, "", "its therapy is resumed");
    else
        tell(patient, state, "its therapy could not be resumed; demo.log says why");
}
