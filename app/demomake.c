/* demomake.c - how a demo comes to be: in a folder of another name, which gets its own when everything is in it. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/demomake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/democrew.h"
#include "app/demorecord.h"
#include "app/desk.h"
#include "app/newborn.h"
#include "app/options.h"
#include "app/progress.h"
#include "app/pump.h"
#include "clinic/records/list.h"

/* A pump is a process beside many: it is waited for twelve times as long as this before it counts as silent (guess), where a
 * programmer at a bedside waits a quarter of that. */
#define PUMP_ANSWERS_MS "2000"
enum { WORD_LETTERS = 12, PUMP_WAIT_MS = 20000, PUMP_EVERY_MS = 5, MODE_PRIVATE = 0600, MODE_FOLDER = 0700 };

static const struct demo_account ACCOUNTS[] = {
#define ACCOUNT(name_, role_) { .name = name_, .role = WORD_ROLE_##role_ },
#include "app/demo.def"
#undef ACCOUNT
};
static const struct demo_patient PATIENTS[] = {
#define PATIENT(serial_, name_, birth_, identifier_, catheter_, drug_, concentration_, filled_, therapy_, who_)        \
    { .serial = serial_,                                                                                               \
      .name = name_,                                                                                                   \
      .birth_date = birth_,                                                                                            \
      .identifier = identifier_,                                                                                       \
      .catheter = catheter_,                                                                                           \
      .drug = drug_,                                                                                                   \
      .concentration = concentration_,                                                                                 \
      .filled = filled_,                                                                                               \
      .therapy = therapy_,                                                                                             \
      .who = who_ },
#include "app/demo.def"
#undef PATIENT
#define NEWCOMER(serial_, name_, birth_, identifier_, catheter_)                                                       \
    { .serial = serial_, .name = name_, .birth_date = birth_, .identifier = identifier_, .catheter = catheter_ },
#include "app/demo.def"
#undef NEWCOMER
};
_Static_assert(sizeof PATIENTS / sizeof PATIENTS[0] <= DEMO_PATIENTS_MAX, "one process each");

const struct demo_account *demo_account(unsigned index)
{
    return index < sizeof ACCOUNTS / sizeof ACCOUNTS[0] ? &ACCOUNTS[index] : NULL;
}

const struct demo_patient *demo_patient(unsigned index)
{
    return index < sizeof PATIENTS / sizeof PATIENTS[0] ? &PATIENTS[index] : NULL;
}

void demo_path(char path[DEMO_PATH_BYTES], const char *folder, const char *name, const char *more)
{
    int size = snprintf(path, DEMO_PATH_BYTES, "%s/%s%s%s", folder, name, *more != '\0' ? "/" : "", more);
    if (size < 0 || size >= DEMO_PATH_BYTES)
        *path = '\0';
}

static int failed(const char *path)
{
    fprintf(stderr, "cisterna demo: %s: %s\n", path, strerror(errno));
    return EXIT_FAILED;
}

int demo_file(const char *folder, const char *name, const char *text)
{
    char path[DEMO_PATH_BYTES];
    demo_path(path, folder, name, "");
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_PRIVATE);
    size_t size = strlen(text);
    bool good = file >= 0 && write(file, text, size) == (ssize_t)size && fsync(file) == 0;
    if (file >= 0)
        good = close(file) == 0 && good;
    return good ? EXIT_DONE : failed(path);
}

/* A password of chance, which a person can type: 60 bits. */
static bool word_draw(char word[WORD_LETTERS + 1])
{
    static const char LETTERS[] = "abcdefghjkmnpqrstuvwxyz234567892";
    unsigned char chance[WORD_LETTERS];
    if (!newborn_chance(chance, sizeof chance))
        return false;
    for (unsigned i = 0; i < WORD_LETTERS; i++)
        word[i] = LETTERS[chance[i] % 32];
    word[WORD_LETTERS] = '\0';
    return true;
}

static void who_name(char name[64], const struct demo_patient *patient)
{
    snprintf(name, 64, "patient-%s.json", patient->serial);
}

/* Who it is in whom this pump will be, for its simulation. */
static int who_write(const char *folder, const struct demo_patient *patient)
{
    char name[64], text[512];
    if (patient->who == NULL)
        return EXIT_DONE;
    who_name(name, patient);
    snprintf(text, sizeof text, "{ \"patient\": %s }\n", patient->who);
    return demo_file(folder, name, text);
}

pid_t demo_pump(const char *folder, const struct demo_patient *patient, const char *speed)
{
    char radio[DEMO_PATH_BYTES], log[DEMO_PATH_BYTES], last[DEMO_PATH_BYTES];
    struct stat about;
    demo_path(radio, folder, "radios", patient->serial);
    demo_path(log, folder, "pumps.log", "");
    demo_path(last, radio, "magnet", "");
    (void)unlink(last); /* of one that was killed */
    char name[64], who[DEMO_PATH_BYTES];
    who_name(name, patient);
    demo_path(who, folder, name, "");
    snprintf(name, sizeof name, "pump %s", patient->serial);
    /* Nobody sees the truth of one that is being made of a moment: it is not that patient's yet. */
    const bool made = patient->like == NULL;
    const char *const then = !made ? patient->like : patient->who != NULL ? "--patient" : NULL;
    const struct democrew_call call = { .run = pump_main,
                                        .name = name,
                                        .log = log,
                                        .words = { "pump", "--state", radio, "--serial", patient->serial, "--catheter",
                                                   patient->catheter, "--speed", speed, "--quiet", "--wait",
                                                   made ? "--control" : "--like", then, made ? who : NULL } };
    pid_t pid = democrew_start(&call, NULL);
    const struct timespec little = { .tv_nsec = PUMP_EVERY_MS * 1000000L };
    for (unsigned waited = 0; pid > 0 && stat(last, &about) != 0; waited += PUMP_EVERY_MS) {
        if (waited >= PUMP_WAIT_MS) {
            fprintf(stderr, "cisterna demo: pump %s did not come up; %s says why\n", patient->serial, log);
            (void)democrew_end(pid);
            return -1;
        }
        (void)nanosleep(&little, NULL);
    }
    return pid;
}

int demo_desk_into(const char *into, const char *folder, const struct demo_patient *patient, const char *role,
                   const char *const *more)
{
    char radio[DEMO_PATH_BYTES], keys[DEMO_PATH_BYTES], pass[DEMO_PATH_BYTES], log[DEMO_PATH_BYTES];
    demo_path(radio, folder, "radios", patient->serial);
    demo_path(keys, folder, "keys", "");
    demo_path(pass, folder, "passphrase", "");
    demo_path(log, folder, "demo.log", "");
    struct democrew_call call = { .run = desk_main, .log = into != NULL ? into : log };
    const char *const common[] = { "--radio", radio,    "--keys",        keys,         "--passphrase-file",
                                   pass,      "--pump", patient->serial, "--patience", PUMP_ANSWERS_MS,
                                   "--role",  role };
    unsigned count = 0;
    while (more[count] != NULL && count < CREW_WORDS_MAX - (unsigned)(sizeof common / sizeof common[0])) {
        call.words[count] = more[count];
        count++;
    }
    memcpy(&call.words[count], common, sizeof common);
    return democrew_run(&call);
}

int demo_desk(const char *folder, const struct demo_patient *patient, const char *role, const char *const *words)
{
    int code = demo_desk_into(NULL, folder, patient, role, words);
    if (code != EXIT_DONE)
        fprintf(stderr, "cisterna demo: %s of %s failed; demo.log in %s says why\n", words[0], patient->serial, folder);
    return code;
}

int demo_pair(const char *folder, const struct demo_patient *patient, const char *civil)
{
    static const char *const ROLES[] = { "clinician", "patient", "reader" };
    char card[DEMO_PATH_BYTES], radio[DEMO_PATH_BYTES], now[40];
    struct timespec at;
    struct tm parts;
    int code = EXIT_DONE;
    demo_path(radio, folder, "radios", patient->serial);
    demo_path(card, radio, "card.txt", "");
    (void)clock_gettime(CLOCK_REALTIME, &at);
    (void)gmtime_r(&at.tv_sec, &parts);
    (void)strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
    for (unsigned i = 0; i < sizeof ROLES / sizeof ROLES[0] && code == EXIT_DONE; i++)
        code = demo_desk(folder, patient, ROLES[i],
                         (const char *const[]){ "pair", "--card-file", card, "--label", ROLES[i], NULL });
    if (code == EXIT_DONE)
        code = demo_desk(folder, patient, "clinician",
                         (const char *const[]){ "clock", civil != NULL ? civil : now, NULL });
    return code;
}

/* The pump runs: known to its programmers, filled, its first therapy in force. A newcomer's is known, and no more. */
static int pump_begin(const char *folder, const struct demo_patient *patient)
{
    char therapy[DEMO_PATH_BYTES], name[64];
    snprintf(name, sizeof name, "therapy-%s.json", patient->serial);
    demo_path(therapy, folder, name, "");
    int code = demo_pair(folder, patient, NULL);
    if (patient->filled == NULL)
        return code;
    if (code == EXIT_DONE)
        code = demo_file(folder, name, patient->therapy);
    if (code == EXIT_DONE)
        code = demo_desk(folder, patient, "clinician",
                         (const char *const[]){ "refill", "--withdrawn", "0 mL", "--filled", patient->filled,
                                                "--drawn-up", patient->filled, "--drug", patient->drug,
                                                "--concentration", patient->concentration, "--dead-drug-free",
                                                "--catheter", patient->catheter, "--therapy", therapy, "--yes", NULL });
    return code;
}

/* Passphrase of the keys, and a password for each account, in files of the demo. */
static int words_make(const char *folder)
{
    char word[WORD_LETTERS + 1], name[64];
    int code = word_draw(word) ? demo_file(folder, "passphrase", word) : EXIT_FAILED;
    for (unsigned i = 0; demo_account(i) != NULL && code == EXIT_DONE; i++) {
        snprintf(name, sizeof name, "password-%s", demo_account(i)->name);
        code = word_draw(word) ? demo_file(folder, name, word) : EXIT_FAILED;
    }
    return code;
}

static int all_make(const char *folder)
{
    char radios[DEMO_PATH_BYTES];
    demo_path(radios, folder, "radios", "");
    if (mkdir(radios, MODE_FOLDER) != 0)
        return failed(radios);
    int code = words_make(folder);
    if (code == EXIT_DONE)
        code = demorecord_found(folder);
    for (unsigned i = 0; demo_patient(i) != NULL && code == EXIT_DONE; i++) {
        const struct demo_patient *patient = demo_patient(i);
        fprintf(stderr, "cisterna demo: making pump %s ...\n", patient->serial);
        code = who_write(folder, patient);
        if (code != EXIT_DONE)
            break;
        pid_t pid = demo_pump(folder, patient, "1");
        code = pid > 0 ? pump_begin(folder, patient) : EXIT_FAILED;
        if (code == EXIT_DONE)
            code = demorecord_pump(folder, patient);
        if (democrew_end(pid) != 0 && code == EXIT_DONE) {
            fprintf(stderr, "cisterna demo: pump %s did not end as it should\n", patient->serial);
            code = EXIT_FAILED;
        }
    }
    return code;
}

int demo_make(const char *place)
{
    char folder[DEMO_PATH_BYTES], whole[DEMO_PATH_BYTES];
    demo_path(folder, place, "making-XXXXXX", "");
    demo_path(whole, place, "demo", "");
    if (*folder == '\0' || *whole == '\0' || mkdtemp(folder) == NULL)
        return failed(place);
    int code = all_make(folder);
    if (code == EXIT_DONE && rename(folder, whole) != 0)
        code = failed(whole);
    return code;
}
