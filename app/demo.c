/* demo.c - starts pumps and server, tells the address, and ends them again. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/clinic.h"
#include "app/democrew.h"
#include "app/demofork.h"
#include "app/demomake.h"
#include "app/demorecord.h"
#include "app/demosettle.h"
#include "app/options.h"
#include "app/patient.h"
#include "app/secret.h"
#include "clinic/records/list.h"
#include "clinic/server/journal.h"

enum {
    MODE_FOLDER = 0700,
    MODE_PRIVATE = 0600,
    LINE_BYTES = 256,
    FOLDERS_OTHERS = 077,
    LOCK_WAIT_MS = 5000,
    LOCK_EVERY_MS = 20
};

struct demo {
    const char *state, *speed, *listen, *every;
    pid_t pump[DEMO_PATIENTS_MAX], clinic, patient;
    struct demoforks forks;
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna demo: %s%s; see cisterna demo --help\n", text, word);
    return EXIT_USAGE;
}

static int help_print(void)
{
    printf(
        "Examples:\n"
        "  cisterna demo\n"
        "  cisterna demo --state my-demo --speed 60 --listen 127.0.0.1:9000\n"
        "\n"
        "Virtual implants with their patients, the clinic's server and its pages, all on this machine. SIMULATION.\n"
        "Not a medical device; never for use in people.\n\n"
        "  --state DIR           the folder it lives in (build/out/demo); a new one is made, an old one goes on\n"
        "  --speed N             so many seconds of the pumps' time in one of ours (10)\n"
        "  --listen ADDRESS:PORT where the pages are (127.0.0.1:8080), a patient's page at the next port; port 0 takes "
        "any\n"
        "  --every SPAN          how often each pump is asked (5 s)\n"
        "  --help                this page\n"
        "\nAddress and passwords go to standard output. SIGTERM, or Ctrl-C, ends it; the pumps keep what they are.\n");
    return EXIT_DONE;
}

/* Every folder on the way. */
static bool folders_make(const char *path)
{
    char part[DEMO_PATH_BYTES];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *at = part + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(part, MODE_FOLDER) != 0 && errno != EEXIST)
            return false;
        *at = '/';
    }
    return mkdir(part, MODE_FOLDER) == 0 || errno == EEXIST;
}

/* One demo a folder: held as long as this process and those it started live. What was killed takes a moment to end. */
static int state_enter(const char *state)
{
    char path[DEMO_PATH_BYTES];
    if (!folders_make(state)) {
        fprintf(stderr, "cisterna demo: %s: %s\n", state, strerror(errno));
        return EXIT_FAILED;
    }
    demo_path(path, state, "lock", "");
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE_PRIVATE);
    const struct timespec little = { .tv_nsec = LOCK_EVERY_MS * 1000000L };
    for (unsigned waited = 0; lock >= 0 && waited < LOCK_WAIT_MS; waited += LOCK_EVERY_MS) {
        if (flock(lock, LOCK_EX | LOCK_NB) == 0)
            return EXIT_DONE;
        (void)nanosleep(&little, NULL);
    }
    fprintf(stderr, "cisterna demo: %s: %s\n", state,
            lock >= 0 && errno == EWOULDBLOCK ? "another demo runs in this folder; give --state another"
                                              : strerror(errno));
    return EXIT_FAILED;
}

static int pumps_start(struct demo *demo, const char *folder)
{
    for (unsigned i = 0; demo_patient(i) != NULL; i++) {
        demo->pump[i] = demo_pump(folder, demo_patient(i), demo->speed);
        if (demo->pump[i] < 0)
            return EXIT_FAILED;
    }
    return EXIT_DONE;
}

/* The controller of the first patient, up to its address: at this port, "0" at any that is free. */
static bool patient_try(struct demo *demo, const char *folder, const char *port, char address[LINE_BYTES])
{
    char radio[DEMO_PATH_BYTES], keys[DEMO_PATH_BYTES], pass[DEMO_PATH_BYTES], book[DEMO_PATH_BYTES],
        log[DEMO_PATH_BYTES];
    const char *serial = demo_patient(0)->serial;
    int out = -1;
    demo_path(radio, folder, "radios", serial);
    demo_path(keys, folder, "keys", "");
    demo_path(pass, folder, "passphrase", "");
    demo_path(book, folder, "patient.json", "");
    demo_path(log, folder, "patient.log", "");
    const struct democrew_call call = { .run = patient_main,
                                        .name = "patient",
                                        .log = log,
                                        .words = { "patient", "--radio", radio, "--keys", keys, "--passphrase-file",
                                                   pass, "--pump", serial, "--book", book, "--port", port } };
    demo->patient = democrew_start(&call, &out);
    if (demo->patient < 0 || democrew_line(out, address, LINE_BYTES))
        return demo->patient >= 0;
    (void)democrew_end(demo->patient);
    demo->patient = -1;
    return false;
}

/* At the port after that of the server, where that is free; else at any. */
static int patient_start(struct demo *demo, const char *folder, char address[LINE_BYTES])
{
    char port[24];
    const char *colon = strrchr(demo->listen, ':');
    unsigned long server = colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;
    snprintf(port, sizeof port, "%lu", server > 0 && server < UINT16_MAX ? server + 1 : 0);
    if (patient_try(demo, folder, port, address) || patient_try(demo, folder, "0", address))
        return EXIT_DONE;
    fprintf(stderr, "cisterna demo: the patient's page did not start; patient.log in %s says why\n", folder);
    return EXIT_FAILED;
}

/* The server, up to the line that tells its address. */
static int clinic_start(struct demo *demo, const char *folder, const char *patient, char address[LINE_BYTES])
{
    char page[LINE_BYTES + 32], db[DEMO_PATH_BYTES], radios[DEMO_PATH_BYTES], keys[DEMO_PATH_BYTES],
        pass[DEMO_PATH_BYTES], log[DEMO_PATH_BYTES], key[DEMO_PATH_BYTES];
    int out = -1;
    demo_path(db, folder, "records.db", "");
    demo_path(radios, folder, "radios", "");
    demo_path(keys, folder, "keys", "");
    demo_path(pass, folder, "passphrase", "");
    demo_path(log, folder, "clinic.log", "");
    demo_path(key, folder, DEMO_RECORDS_KEY, "");
    bool keeps = access(key, R_OK) == 0; /* a demo of an older version has none */
    snprintf(page, sizeof page, "%s=%s", demo_patient(0)->serial, patient);
    const struct democrew_call call = { .run = clinic_main,
                                        .name = "clinic",
                                        .log = log,
                                        .words = { "clinic", "--db", db, "--listen", demo->listen, "--radio", radios,
                                                   "--keys", keys, "--passphrase-file", pass, "--every", demo->every,
                                                   "--twins", radios, "--patient-page", page,
                                                   keeps ? "--records-key" : NULL, key } };
    demo->clinic = democrew_start(&call, &out);
    if (demo->clinic < 0)
        return EXIT_FAILED;
    if (democrew_line(out, address, LINE_BYTES))
        return EXIT_DONE;
    fprintf(stderr,
            "cisterna demo: the server did not start at %s; %s says why. Is the port taken? Try --listen 127.0.0.1:0\n",
            demo->listen, log);
    return EXIT_FAILED;
}

/* How long ./run took to here, with what it installed and built: it tells when it began, in ms of UTC. */
static void run_print(void)
{
    const char *began = getenv("CISTERNA_RUN_BEGAN_MS");
    int64_t began_ms = began != NULL ? strtoll(began, NULL, 10) : 0, now_ms = server_utc();
    if (began_ms > 0 && began_ms <= now_ms)
        printf(", %.1f s after ./run began", (double)(now_ms - began_ms) / 1000.0);
}

static void told_print(const char *folder, const char *address, const char *patient, int64_t took_ms)
{
    char path[DEMO_PATH_BYTES], name[64];
    struct secret secret;
    printf("\nSIMULATION. Not a medical device; never for use in people.\n\n  %s\n\n", address);
    for (unsigned i = 0; demo_account(i) != NULL; i++) {
        const struct demo_account *account = demo_account(i);
        snprintf(name, sizeof name, "password-%s", account->name);
        demo_path(path, folder, name, "");
        if (secret_first_line(path, &secret) != EXIT_DONE)
            continue;
        printf("  %-6s  %-14s  %s\n", account->name, secret.text, list_word(LIST_ROLE, account->role));
        secret_forget(&secret);
    }
    printf("\n  %s  the page of %s, the patient of %s: a button, and no password\n", patient, demo_patient(0)->name,
           demo_patient(0)->serial);
    printf("\nReady after %.1f s", (double)took_ms / 1000.0);
    run_print();
    printf(". Ctrl-C ends it; what it holds stays in %s.\n", folder);
    (void)fflush(stdout);
}

/* Those that have ended. False when the server is one of them. A pump that ends is silent: that is for the pages to show. */
static bool ended_take(struct demo *demo)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG))
        if (!demoforks_ended(&demo->forks, pid, status) && pid == demo->clinic) {
            fprintf(stderr, "cisterna demo: the server has ended; clinic.log says why\n");
            return false;
        }
    return true;
}

/* Until a signal, or until the server is no more. */
static int wait_on(struct demo *demo, const sigset_t *ends)
{
    struct signalfd_siginfo info;
    int signals = signalfd(-1, ends, SFD_CLOEXEC | SFD_NONBLOCK), code = -1;
    struct pollfd seen[] = { { .fd = signals, .events = POLLIN }, { .fd = demo->forks.wire.watch, .events = POLLIN } };
    while (code < 0 && signals >= 0 && (poll(seen, 2, -1) > 0 || errno == EINTR)) {
        demoforks_serve(&demo->forks);
        while (code < 0 && read(signals, &info, sizeof info) == (ssize_t)sizeof info)
            if (info.ssi_signo != SIGCHLD)
                code = EXIT_DONE;
            else if (!ended_take(demo))
                code = EXIT_FAILED;
    }
    if (signals >= 0)
        (void)close(signals);
    return code < 0 ? EXIT_FAILED : code;
}

static int run(struct demo *demo, int64_t began_ms)
{
    char folder[DEMO_PATH_BYTES], address[LINE_BYTES], patient[LINE_BYTES];
    struct stat about;
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    demo_path(folder, demo->state, "demo", "");
    int code = state_enter(demo->state);
    bool new = code == EXIT_DONE &&stat(folder, &about) != 0;
    if (new)
        code = demo_make(demo->state);
    if (code == EXIT_DONE)
        code = pumps_start(demo, folder);
    for (unsigned i = 0; !new &&demo_patient(i) != NULL &&code == EXIT_DONE; i++)
        demo_settle(folder, demo_patient(i));
    if (code == EXIT_DONE)
        code = demoforks_begin(&demo->forks, folder, demo->speed);
    if (code == EXIT_DONE)
        code = patient_start(demo, folder, patient);
    if (code == EXIT_DONE)
        code = clinic_start(demo, folder, patient, address);
    if (code == EXIT_DONE) {
        told_print(folder, address, patient, server_now() - began_ms);
        code = wait_on(demo, &ends);
    }
    (void)democrew_end(demo->patient);
    (void)democrew_end(demo->clinic);
    demoforks_end(&demo->forks);
    for (unsigned i = 0; i < DEMO_PATIENTS_MAX; i++)
        (void)democrew_end(demo->pump[i]);
    return code;
}

int demo_main(int count, char **words)
{
    static const struct option OPTIONS[] = {
        { "state", required_argument, NULL, 'd' },  { "speed", required_argument, NULL, 'v' },
        { "listen", required_argument, NULL, 'l' }, { "every", required_argument, NULL, 'e' },
        { "help", no_argument, NULL, 'h' },         { NULL, 0, NULL, 0 },
    };
    static struct demo demo;
    demo = (struct demo){ .state = "build/out/demo", .speed = "10", .listen = "127.0.0.1:8080", .every = "5 s" };
    int64_t began_ms = server_now();
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, "h", OPTIONS, NULL)) != -1;)
        switch (letter) {
        case 'd':
            demo.state = optarg;
            break;
        case 'v':
            demo.speed = optarg;
            break;
        case 'l':
            demo.listen = optarg;
            break;
        case 'e':
            demo.every = optarg;
            break;
        case 'h':
            return help_print();
        default:
            return usage("unknown option, or a value is missing: ", words[optind - 1]);
        }
    if (optind < count)
        return usage("takes options only, not ", words[optind]);
    if (*demo.state == '\0')
        return usage("--state needs a folder", "");
    if (*demo.speed == '\0' || strspn(demo.speed, "0123456789") != strlen(demo.speed) || atoi(demo.speed) < 1)
        return usage("--speed is a whole number from 1 to 1000000, not ", demo.speed);
    (void)umask(FOLDERS_OTHERS);
    return run(&demo, began_ms);
}
