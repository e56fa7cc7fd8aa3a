/* demoforkmake.c - a new pump in an old truth. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/demoforkmake.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "app/democrew.h"
#include "app/demomake.h"
#include "app/options.h"
#include "clinic/server/prescribed.h"
#include "core/catalog.h"
#include "rig/moments.h"
#include "rig/outfile.h"
#include "rig/series.h"

enum { WORDS = 7, DRUG_WORDS_MAX = 4 * MIXTURE_DRUGS_MAX, NAME_ROOM = 160, REFILL_WORDS = 9 };

/* What it is made of. */
struct making {
    const char *folder, *of, *moment, *serial, *again;
    const struct demo_patient *root;
    struct moment_about about;
    struct therapy therapy;
    struct demo_patient patient;
    char like[DEMO_PATH_BYTES], left[AMOUNT_TEXT_BYTES];
};

static int say(const struct making *making, const char *text)
{
    fprintf(stderr, "cisterna demo: pump %s of the moment %s of %s: %s\n", making->serial, making->moment, making->of,
            text);
    return EXIT_FAILED;
}

static int moment_take(struct making *making)
{
    char name[NAME_ROOM];
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    snprintf(name, sizeof name, "radios/%s/moments", making->of);
    demo_path(making->like, making->folder, name, making->moment);
    if (moments_read(making->like, &making->about, bytes, &size) != MOMENT_OK) {
        (void)say(making, "it is damaged, or not there: nothing is made of it");
        return EXIT_DAMAGED;
    }
    if (size == 0)
        return say(making, "no therapy was in force then: there is nothing to go on with");
    if (therapy_decode(bytes, size, &making->therapy) != RESULT_OK)
        return say(making, "the therapy of that moment is not well formed");
    making->therapy.program.opening = (struct opening){ .kind = OPENING_NONE }; /* it is over, or as good as */
    amount_write_volume(making->left, making->about.left_nl);
    return EXIT_DONE;
}

/* The pump's clock goes on from the moment's, to the second. Null: it was never set. */
static const char *civil_of(const struct moment_about *about, char civil[MOMENT_TEXT_BYTES])
{
    const char *dot = strchr(about->time, '.');
    if (dot == NULL || strlen(dot) < 4)
        return NULL;
    snprintf(civil, MOMENT_TEXT_BYTES, "%.*s%s", (int)(dot - about->time), about->time, dot + 4);
    return civil;
}

/* What is in the reservoir is told as what has stayed in: nothing is drawn out and nothing filled. What the catheter holds is not
 * told, for it cannot be looked at; the pump then counts it as full of drug. */
static int refill_tell(const struct making *making)
{
    const struct mixture *mixture = &making->therapy.mixture;
    const char *words[REFILL_WORDS + DRUG_WORDS_MAX + 1] = { "refill", "--withdrawn", "0 mL",
                                                             "--left", making->left,  "--filled",
                                                             "0 mL",   "--drawn-up",  "0 mL" };
    char drug[MIXTURE_DRUGS_MAX][32], concentration[MIXTURE_DRUGS_MAX][AMOUNT_TEXT_BYTES];
    unsigned count = REFILL_WORDS;
    for (unsigned i = 0; i < mixture->count; i++) {
        series_drug_name(drug[i], mixture->component[i].drug);
        amount_write_of(concentration[i], DIMENSION_CONC, mixture->component[i].conc.ng_ml);
        words[count++] = "--drug";
        words[count++] = drug[i];
        words[count++] = "--concentration";
        words[count++] = concentration[i];
    }
    return demo_desk(making->folder, &making->patient, "clinician", words);
}

static bool lowered(const struct moment_about *about)
{
    return strcmp(about->mode, "minimum") == 0 && about->interrupted_ms == 0;
}

/* Did it not give what its therapy says? */
static bool interrupted(const struct moment_about *about)
{
    return strcmp(about->mode, "running") != 0 || about->interrupted_ms != 0;
}

static int program_tell(const struct making *making)
{
    char file[DEMO_PATH_BYTES], name[64];
    json_t *json = prescribed_json(NULL, &making->therapy);
    char *text = json != NULL ? json_dumps(json, JSON_INDENT(1)) : NULL;
    snprintf(name, sizeof name, "therapy-%s.json", making->serial);
    demo_path(file, making->folder, name, "");
    int code = text != NULL ? demo_file(making->folder, name, text) : EXIT_FAILED;
    free(text);
    json_decref(json);
    if (code == EXIT_DONE)
        code = demo_desk(making->folder, &making->patient, "clinician",
                         (const char *const[]){ "program", file, "--catheter", making->root->catheter, "--yes",
                                                "--reason", "titrated_to_effect", NULL });
    /* A pump that begins knows of no interruption: whoever starts it has to have found the dose. */
    if (code == EXIT_DONE && interrupted(&making->about))
        code = demo_desk(making->folder, &making->patient, "clinician",
                         (const char *const[]){ lowered(&making->about) ? "minimum" : "stop", NULL });
    return code;
}

/* Where it comes from, and what whoever starts it has to know. */
static void note_write(const struct making *making, char *note, size_t room)
{
    const struct moment_about *about = &making->about;
    char since[AMOUNT_TEXT_BYTES + 8] = "", span[AMOUNT_TEXT_BYTES];
    int size = snprintf(note, room, "A simulation: %s as it was at the moment %s", making->of, making->moment);
    if (!interrupted(about) || size < 0 || (size_t)size >= room)
        return;
    if (about->interrupted_ms > 0) {
        amount_write_span(span, about->interrupted_ms);
        snprintf(since, sizeof since, " for %s", span);
    }
    snprintf(
        note + size, room - (size_t)size,
        ". It did not give its therapy then (%s), interrupted%s: this pump is left %s. Find the dose anew before it is "
        "started.",
        about->mode, about->interrupted_ms < 0 ? " for longer than it could tell" : since,
        lowered(about) ? "at its least flow" : "stopped");
}

/* The last thing: from now on it is one of the demo's pumps. */
static int done_tell(const struct making *making)
{
    char radio[DEMO_PATH_BYTES], name[NAME_ROOM], identifier[64], note[FORK_NOTE_BYTES];
    struct outfile file;
    demo_path(radio, making->folder, "radios", making->serial);
    snprintf(name, sizeof name, "%s, again %s", making->root->name, making->again);
    snprintf(identifier, sizeof identifier, "%s-%s", making->root->identifier, making->serial);
    note_write(making, note, sizeof note);
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "serial", making->serial, "of", making->of, "root",
                  making->root->serial, "name", name, "identifier", identifier, "left", making->left, "note", note);
    bool good = json != NULL && outfile_open_private(&file, radio, "fork.json");
    if (good) {
        good = json_dumpf(json, file.stream, JSON_INDENT(1)) == 0;
        good = outfile_commit(&file) && good;
    }
    json_decref(json);
    return good ? EXIT_DONE : say(making, "fork.json cannot be written into its folder");
}

int demoforkmake_main(int count, char **words)
{
    struct making making = { .root = NULL };
    char civil[MOMENT_TEXT_BYTES];
    if (count != WORDS)
        return EXIT_USAGE;
    making.folder = words[1];
    making.of = words[2];
    making.moment = words[3];
    making.serial = words[4];
    making.again = words[6];
    for (unsigned i = 0; demo_patient(i) != NULL; i++)
        if (strcmp(demo_patient(i)->serial, words[5]) == 0)
            making.root = demo_patient(i);
    int code = making.root != NULL ? moment_take(&making) : EXIT_USAGE;
    if (code != EXIT_DONE)
        return code;
    making.patient = *making.root;
    making.patient.serial = making.serial;
    making.patient.like = making.like;
    pid_t pump = demo_pump(making.folder, &making.patient, "1");
    code = pump > 0 ? demo_pair(making.folder, &making.patient, civil_of(&making.about, civil)) : EXIT_FAILED;
    if (code == EXIT_DONE)
        code = refill_tell(&making);
    if (code == EXIT_DONE)
        code = program_tell(&making);
    if (democrew_end(pump) != EXIT_DONE && code == EXIT_DONE)
        code = say(&making, "its pump did not end as it should");
    return code == EXIT_DONE ? done_tell(&making) : code;
}
