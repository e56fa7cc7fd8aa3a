/* demofork.c - pumps in the truth of moments. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/demofork.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/democrew.h"
#include "app/demoforkmake.h"
#include "app/demorecord.h"
#include "app/demosettle.h"
#include "app/options.h"
#include "document/reader.h"
#include "rig/control.h"
#include "rig/moments.h"

enum { FIRST_NUMBER = 101, LAST_NUMBER = 199 };

static const struct demo_patient *root_of(const struct demoforks *forks, const char *serial)
{
    for (unsigned i = 0; demo_patient(i) != NULL; i++)
        if (strcmp(demo_patient(i)->serial, serial) == 0)
            return demo_patient(i);
    for (unsigned i = 0; i < forks->count; i++)
        if (strcmp(forks->fork[i].serial, serial) == 0)
            return forks->fork[i].root;
    return NULL;
}

static bool text_take(const json_t *json, const char *name, char *text, size_t room)
{
    const char *given = json_string_value(json_object_get(json, name));
    return given != NULL && snprintf(text, room, "%s", given) < (int)room;
}

/* What stands in fork.json of a pump's folder; false when it has none: it was made at the beginning, or is half made. */
static bool fork_read(const struct demoforks *forks, const char *serial, struct demo_fork *fork)
{
    char radio[DEMO_PATH_BYTES], path[DEMO_PATH_BYTES], root[SERIAL_BYTES];
    demo_path(radio, forks->folder, "radios", serial);
    demo_path(path, radio, "fork.json", "");
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    memset(fork, 0, sizeof *fork);
    bool good = text_take(json, "serial", fork->serial, sizeof fork->serial) &&
                text_take(json, "of", fork->of, sizeof fork->of) && text_take(json, "root", root, sizeof root) &&
                text_take(json, "name", fork->name, sizeof fork->name) &&
                text_take(json, "identifier", fork->identifier, sizeof fork->identifier) &&
                text_take(json, "left", fork->left, sizeof fork->left) &&
                text_take(json, "note", fork->note, sizeof fork->note) && strcmp(fork->serial, serial) == 0;
    fork->root = good ? root_of(forks, root) : NULL;
    json_decref(json);
    return fork->root != NULL;
}

/* In its place, where its patient's words stay. */
static void fork_settle(struct demo_fork *fork)
{
    fork->patient = *fork->root;
    fork->patient.serial = fork->serial;
    fork->patient.name = fork->name;
    fork->patient.identifier = fork->identifier;
    fork->patient.filled = "0 mL";
    fork->patient.left = fork->left;
    fork->patient.note = fork->note;
    fork->patient.who = NULL; /* its folder holds the patient of the moment */
}

/* Its pump runs, is on record, and flows. */
static int fork_start(struct demoforks *forks, struct demo_fork *fork)
{
    fork_settle(fork);
    fork->pump = demo_pump(forks->folder, &fork->patient, forks->speed);
    if (fork->pump < 0)
        return EXIT_FAILED;
    demo_settle(forks->folder, &fork->patient);
    return demorecord_pump(forks->folder, &fork->patient);
}

/* The others go on without it. */
static void started_tell(const struct demo_fork *fork, int code)
{
    if (code != EXIT_DONE)
        fprintf(stderr, "cisterna demo: pump %s was made and does not start\n", fork->serial);
}

static int by_serial(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int demoforks_begin(struct demoforks *forks, const char *folder, const char *speed)
{
    char radios[DEMO_PATH_BYTES];
    struct dirent **names = NULL;
    *forks = (struct demoforks){ .folder = folder, .speed = speed };
    demo_path(radios, folder, "radios", "");
    int count = scandir(radios, &names, NULL, by_serial);
    for (int i = 0; i < count; i++) {
        struct demo_fork *fork = &forks->fork[forks->count];
        if (forks->count < DEMO_FORKS_MAX && names[i]->d_name[0] != '.' && fork_read(forks, names[i]->d_name, fork)) {
            forks->count++;
            started_tell(fork, fork_start(forks, fork));
        }
        free(names[i]);
    }
    free(names);
    if (wire_open(&forks->wire, radios, "control") == LISTENER_OK)
        return EXIT_DONE;
    fprintf(stderr, "cisterna demo: %s/control: %s\n", radios, strerror(errno));
    return EXIT_FAILED;
}

/* A serial that no folder has, not even one that was left half. */
static bool serial_draw(const struct demoforks *forks, char serial[SERIAL_BYTES])
{
    char path[DEMO_PATH_BYTES];
    struct stat about;
    for (int number = FIRST_NUMBER; number <= LAST_NUMBER; number++) {
        snprintf(serial, SERIAL_BYTES, "SIM-%04d", number);
        demo_path(path, forks->folder, "radios", serial);
        if (stat(path, &about) != 0 && errno == ENOENT)
            return true;
    }
    return false;
}

/* What the process that makes it is told. */
static bool making_start(struct demoforks *forks, const char *of, const char *moment)
{
    char again[12], log[DEMO_PATH_BYTES];
    const struct demo_patient *root = root_of(forks, of);
    unsigned before = 0;
    for (unsigned i = 0; i < forks->count; i++)
        before += forks->fork[i].root == root;
    snprintf(again, sizeof again, "%u", before + 1);
    demo_path(log, forks->folder, "demo.log", "");
    const struct democrew_call call = {
        .run = demoforkmake_main,
        .name = "fork",
        .log = log,
        .words = { "fork", forks->folder, of, moment, forks->serial, root->serial, again },
    };
    forks->making = democrew_start(&call, NULL);
    return forks->making > 0;
}

static void fork_ask(struct demoforks *forks, const struct node *body)
{
    char path[DEMO_PATH_BYTES], folder[DEMO_PATH_BYTES];
    const char *of = NULL, *moment = NULL;
    enum moment_fault kept = MOMENT_NONE;
    if (!reader_text(body, "serial", REQUIRED, SERIAL_BYTES - 1, &of) ||
        !reader_text(body, "name", REQUIRED, CONTROL_NAME_BYTES - 1, &moment))
        return;
    struct node serial = reader_member(body, "serial", REQUIRED), name = reader_member(body, "name", REQUIRED);
    snprintf(folder, sizeof folder, "radios/%s/moments", of);
    demo_path(path, forks->folder, folder, moment);
    if (root_of(forks, of) == NULL)
        reader_complain(&serial, COMPLAINT_REFUSED, "this demo has no such pump");
    else if (!control_name_good(moment) || (kept = moments_judge(path)) == MOMENT_NONE)
        reader_complain(&name, COMPLAINT_REFUSED, "no such moment of this pump was kept");
    else if (kept == MOMENT_DAMAGED)
        reader_complain(&name, COMPLAINT_REFUSED, "this moment is damaged, it is not what was kept: take another");
    else if (forks->making > 0)
        reader_complain(body, COMPLAINT_REFUSED, "another pump, %s, is being made: ask again in some seconds",
                        forks->serial);
    else if (forks->count == DEMO_FORKS_MAX || !serial_draw(forks, forks->serial))
        reader_complain(body, COMPLAINT_REFUSED, "there are as many further pumps as there can be, %d", DEMO_FORKS_MAX);
    else if (!making_start(forks, of, moment))
        reader_complain(body, COMPLAINT_REFUSED, "no process can be started that makes it");
}

static char *on_line(void *context, const char *line, size_t size)
{
    static const char *const FIELDS[] = { "do", "serial", "name", NULL };
    static const char *const WORDS[] = { "fork", NULL };
    struct demoforks *forks = context;
    struct reader *reader = calloc(1, sizeof *reader);
    unsigned at = 0;
    if (reader == NULL)
        return NULL;
    reader->file = "request";
    reader->text = line;
    reader->size = size;
    struct node body = reader_document(reader);
    if (body.value != NULL && reader_object(&body, FIELDS) && reader_choice(&body, "do", REQUIRED, WORDS, &at) &&
        reader->count == 0)
        fork_ask(forks, &body);
    const struct complaint *first = &reader->complaint[0];
    json_t *answer = reader->count == 0 ? json_pack("{s:b, s:s}", "done", 1, "serial", forks->serial)
                                        : json_pack("{s:s}", "error", first->text);
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    json_decref(body.value);
    free(reader);
    return text;
}

void demoforks_serve(struct demoforks *forks)
{
    do
        wire_serve(&forks->wire, on_line, forks);
    while (forks->wire.more);
}

bool demoforks_ended(struct demoforks *forks, pid_t pid, int status)
{
    for (unsigned i = 0; i < forks->count; i++)
        if (forks->fork[i].pump == pid) {
            forks->fork[i].pump = 0; /* it is silent: that is for the pages to show */
            return true;
        }
    if (pid <= 0 || pid != forks->making)
        return false;
    forks->making = 0;
    struct demo_fork *fork = &forks->fork[forks->count];
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_DONE || !fork_read(forks, forks->serial, fork)) {
        fprintf(stderr, "cisterna demo: pump %s could not be made of its moment; demo.log says why\n", forks->serial);
        return true;
    }
    forks->count++;
    started_tell(fork, fork_start(forks, fork));
    return true;
}

void demoforks_end(struct demoforks *forks)
{
    (void)democrew_end(forks->making);
    for (unsigned i = 0; i < forks->count; i++)
        (void)democrew_end(forks->fork[i].pump);
    if (forks->folder != NULL)
        wire_close(&forks->wire);
}
