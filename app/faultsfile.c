// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "app/faultsfile.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "rig/chip/chip.h"

enum { FAULTSFILE_VERSION = 1, LINE_ROOM = 2048 };

static const char *const REFUSALS[DRIVER_REFUSALS] = { [MOTOR_REFUSED_KEYS] = "keys",
                                                       [MOTOR_REFUSED_INTERVAL] = "interval",
                                                       [MOTOR_REFUSED_HOUR] = "hour",
                                                       [MOTOR_REFUSED_DAY] = "day",
                                                       [MOTOR_REFUSED_BUDGET_DAMAGED] = "budget_damaged",
                                                       [MOTOR_REFUSED_BUSY] = "busy" };

void faults_sum_clear(struct faults_sum *sum)
{
    *sum = (struct faults_sum){ .worst = UINT64_MAX };
}

void faults_sum_add(struct faults_sum *sum, const struct faults_run *run)
{
    sum->runs++;
    sum->count[run->aftermath.class][run->glitch.kind]++;
    sum->early += run->early;
    sum->resets += run->resets;
    sum->hangs += run->hangs;
    sum->lockups += run->lockups;
    sum->core_faults += run->core_fault != 0;
    sum->wire += run->glitch.wire;
    for (unsigned i = 0; i < DRIVER_REFUSALS; i++)
        sum->refused[i] += run->refused[i];
    if (aftermath_class_fails(run->aftermath.class) && sum->worst == UINT64_MAX)
        sum->worst = run->run;
}

static json_t *glitch_object(const struct faults_run *run)
{
    const struct glitch *glitch = &run->glitch;
    char text[200];
    glitch_text(glitch, text, sizeof text);
    return json_pack("{s:s, s:s, s:i, s:i, s:I, s:I, s:I, s:I, s:b, s:I, s:s}", "text", text, "kind",
                     glitch_kind_word((enum glitch_kind)glitch->kind), "register", glitch->number, "bit", glitch->bit,
                     "place", (json_int_t)glitch->place, "wake", (json_int_t)glitch->wake, "request",
                     (json_int_t)glitch->request, "instructions", (json_int_t)glitch->instructions, "wire",
                     glitch->wire, "pc", (json_int_t)run->pc, "where", run->where);
}

void faults_line(FILE *out, const struct faults_run *run)
{
    const struct aftermath *found = &run->aftermath;
    json_t *refused = json_object();
    for (unsigned i = 0; i < DRIVER_REFUSALS; i++)
        if (run->refused[i] != 0)
            json_object_set_new(refused, REFUSALS[i], json_integer(run->refused[i]));
    json_t *line = json_pack(
        "{s:I, s:s, s:s, s:o, s:b, s:b, s:I, s:I, s:I, s:s, s:b, s:f, s:f, s:o}", "run", (json_int_t)run->run, "class",
        aftermath_class_word(found->class), "text", found->text, "glitch", glitch_object(run), "done", run->done,
        "early", run->early, "resets", (json_int_t)run->resets, "hangs", (json_int_t)run->hangs, "lockups",
        (json_int_t)run->lockups, "core_fault", run->core_fault != 0 ? chip_fault_word(run->core_fault) : "", "told",
        found->told, "more_quanta", found->more_quanta, "less_quanta", found->less_quanta, "refused", refused);
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    if (text != NULL)
        fprintf(out, "%s\n", text);
    free(text);
    json_decref(line);
}

static uint64_t whole(const json_t *object, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value > 0 ? (uint64_t)value : 0;
}

static const char *word(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

/* Of a line only what the sum needs. False when it is none. */
static bool line_read(const json_t *line, struct faults_run *run)
{
    const json_t *glitch = json_object_get(line, "glitch"), *refused = json_object_get(line, "refused");
    memset(run, 0, sizeof *run);
    run->run = whole(line, "run");
    run->aftermath.class = aftermath_class_find(word(line, "class"));
    while (run->glitch.kind < GLITCH_KINDS &&
           strcmp(glitch_kind_word((enum glitch_kind)run->glitch.kind), word(glitch, "kind")) != 0)
        run->glitch.kind++;
    run->glitch.wire = json_is_true(json_object_get(glitch, "wire"));
    run->early = json_is_true(json_object_get(line, "early"));
    run->resets = (uint32_t)whole(line, "resets");
    run->hangs = (uint32_t)whole(line, "hangs");
    run->lockups = (uint32_t)whole(line, "lockups");
    run->core_fault = *word(line, "core_fault") != '\0';
    for (unsigned i = 0; i < DRIVER_REFUSALS; i++)
        run->refused[i] = REFUSALS[i] != NULL ? (uint32_t)whole(refused, REFUSALS[i]) : 0;
    return run->aftermath.class < AFTERMATH_CLASSES && run->glitch.kind < GLITCH_KINDS &&
           json_is_integer(json_object_get(line, "run"));
}

static int wrong(const char *name, unsigned line, const char *text, int code)
{
    fprintf(stderr, "cisterna faults: %s, line %u: %s\n", name, line, text);
    return code;
}

static int head_judge(const char *name, const json_t *line, const struct faults_head *head)
{
    if (whole(line, "cisterna_faults") != FAULTSFILE_VERSION)
        return wrong(name, 1, "not the file of such a campaign; name another, or move this one away", EXIT_USAGE);
    if (strtoull(word(line, "seed"), NULL, 10) != head->seed || whole(line, "from") != head->from)
        return wrong(name, 1, "of a campaign with another --seed or --from", EXIT_USAGE);
    if (whole(line, "image") != head->image)
        return wrong(name, 1, "of a campaign with another image: what it found is not true of this one", EXIT_USAGE);
    return EXIT_DONE;
}

/* Reads what is there; `*end` is behind the last whole line. */
static int lines_read(FILE *file, const char *name, const struct faults_head *head, struct faults_sum *sum,
                      uint64_t *next, long *end)
{
    char text[LINE_ROOM];
    int code = EXIT_DONE;
    for (unsigned n = 1; code == EXIT_DONE && fgets(text, sizeof text, file) != NULL; n++) {
        struct faults_run run;
        if (strchr(text, '\n') == NULL)
            break; /* torn: its run is done again */
        json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        if (n == 1)
            code = head_judge(name, line, head);
        else if (!line_read(line, &run))
            code = wrong(name, n, "not the line of a run", EXIT_DAMAGED);
        else if (run.run != *next)
            code = wrong(name, n, "runs are missing, or stand in another order", EXIT_DAMAGED);
        else {
            faults_sum_add(sum, &run);
            ++*next;
        }
        json_decref(line);
        *end = ftell(file);
    }
    return code;
}

FILE *faultsfile_open(const char *name, const struct faults_head *head, struct faults_sum *sum, uint64_t *next,
                      int *code)
{
    long end = 0;
    FILE *file = fopen(name, "a+");
    *next = head->from;
    *code = file != NULL ? lines_read(file, name, head, sum, next, &end) : EXIT_FAILED;
    if (file == NULL) {
        fprintf(stderr, "cisterna faults: cannot write %s: %s\n", name, strerror(errno));
        return NULL;
    }
    bool good = *code == EXIT_DONE && ftruncate(fileno(file), end) == 0 && fseek(file, 0, SEEK_END) == 0;
    if (good && end == 0) {
        fprintf(file, "{\"cisterna_faults\":%d,\"seed\":\"%" PRIu64 "\",\"from\":%" PRIu64 ",\"image\":%" PRIu32 "}\n",
                FAULTSFILE_VERSION, head->seed, head->from, head->image);
        good = fflush(file) == 0;
    }
    if (good)
        return file;
    if (*code == EXIT_DONE)
        fprintf(stderr, "cisterna faults: cannot write %s: %s\n", name, strerror(errno));
    *code = *code == EXIT_DONE ? EXIT_FAILED : *code;
    (void)fclose(file);
    return NULL;
}
