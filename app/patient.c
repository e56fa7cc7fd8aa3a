/* patient.c - options, start, signals and end of the patient's controller. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patient.h"

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "amount/amount.h"
#include "app/clinic.h"
#include "app/clinicdoor.h"
#include "app/options.h"
#include "app/patientcare.h"
#include "app/patientclock.h"
#include "app/patienthttp.h"
#include "clinic/server/journal.h"
#include "core/catalog.h"

enum { OTHERS = 077 };

/* What the command line says. */
struct patient_ask {
    struct clinic_ask door; /* radio, keys, pump: as the clinic's server reaches a pump */
    const char *book, *port, *every, *refill;
    char refill_text[PATIENTCLOCK_BYTES];
    uint16_t port_number;
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna patient: %s%s; see cisterna patient --help\n", text, word);
    return EXIT_USAGE;
}

static int help_print(void)
{
    printf("Examples:\n"
           "  cisterna pair --radio my-pump --role patient --card-file my-pump/card.txt --keys my-keys\n"
           "  cisterna patient --radio my-pump --keys my-keys\n"
           "\n"
           "The patient's controller: a page with one button, on this machine alone. SIMULATION. Not a medical device; "
           "never for use "
           "in people.\n\n"
           "  --radio DIR            folder of the pump's sockets, or with such a folder for each pump, named by its "
           "serial\n"
           "  --keys FILE            file of keys with one of the role patient; else $XDG_STATE_HOME/cisterna/keys\n"
           "  --passphrase-file FILE its passphrase; else $CISTERNA_PASSPHRASE\n"
           "  --pump SERIAL          which pump, when the file holds a patient's key of several\n"
           "  --book FILE            what was asked for and what the pump said; else "
           "$XDG_STATE_HOME/cisterna/patient-SERIAL.json\n"
           "  --refill DATE          the date that the clinic gave for the next refill, such as 2026-05-20: shown as "
           "that\n"
           "  --port N               where the page is at 127.0.0.1 (8081); 0 takes any that is free\n"
           "  --every SPAN           how often the pump is asked how it is (15 s)\n"
           "  --patience SPAN        how long one answer of the pump is waited for (500 ms); it is asked for twelve "
           "times\n"
           "  --help                 this page\n"
           "\nThe page's address goes to standard output, its journal to standard error. SIGTERM ends it.\n");
    return EXIT_DONE;
}

static int options_read(int count, char **words, struct patient_ask *ask, bool *help)
{
    static const struct option OPTIONS[] = {
        { "radio", required_argument, NULL, 'r' },
        { "keys", required_argument, NULL, 'k' },
        { "passphrase-file", required_argument, NULL, 'f' },
        { "pump", required_argument, NULL, 's' },
        { "book", required_argument, NULL, 'b' },
        { "port", required_argument, NULL, 'p' },
        { "every", required_argument, NULL, 'e' },
        { "patience", required_argument, NULL, 'w' },
        { "refill", required_argument, NULL, 'd' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, ":h", OPTIONS, NULL)) != -1;)
        switch (letter) {
        case 'r':
            ask->door.value[CLINIC_RADIO_AT] = optarg;
            break;
        case 'k':
            ask->door.value[CLINIC_KEYS_AT] = optarg;
            break;
        case 'f':
            ask->door.value[CLINIC_PASSPHRASE_FILE_AT] = optarg;
            break;
        case 's':
            ask->door.value[CLINIC_PUMP_AT] = optarg;
            break;
        case 'b':
            ask->book = optarg;
            break;
        case 'p':
            ask->port = optarg;
            break;
        case 'd':
            ask->refill = optarg;
            break;
        case 'e':
            ask->every = optarg;
            break;
        case 'w':
            ask->door.value[CLINIC_PATIENCE_AT] = optarg;
            break;
        case 'h':
            *help = true;
            break;
        case ':':
            return usage("needs a value after ", words[optind - 1]);
        default:
            return usage("unknown option ", words[optind - 1]);
        }
    return optind < count ? usage("takes options only, not ", words[optind]) : EXIT_DONE;
}

static int span_read(const char *name, const char *text, int64_t *ms)
{
    if (amount_read(text, DIMENSION_SPAN, ms) == AMOUNT_OK && *ms > 0)
        return EXIT_DONE;
    fprintf(stderr, "cisterna patient: --%s needs a span of time above zero, such as '15 s', not %s\n", name, text);
    return EXIT_USAGE;
}

static int values_read(struct patient_ask *ask)
{
    const char *patience = ask->door.value[CLINIC_PATIENCE_AT];
    size_t digits = strspn(ask->port, "0123456789");
    unsigned long port =
        digits > 0 && digits <= 5 && ask->port[digits] == '\0' ? strtoul(ask->port, NULL, 10) : UINT16_MAX + 1UL;
    if (ask->door.value[CLINIC_RADIO_AT] == NULL)
        return usage("needs --radio DIR, the folder of the pump: cisterna pump makes one", "");
    if (port > UINT16_MAX)
        return usage("--port is a whole number from 0 to 65535, not ", ask->port);
    if (ask->refill != NULL && !patientclock_date(ask->refill_text, ask->refill))
        return usage("--refill needs a date such as 2026-05-20, not ", ask->refill);
    ask->port_number = (uint16_t)port;
    ask->door.every_ms = PATIENT_EVERY_S * INT64_C(1000);
    int code = ask->every != NULL ? span_read("every", ask->every, &ask->door.every_ms) : EXIT_DONE;
    return code == EXIT_DONE ? span_read("patience", patience != NULL ? patience : "500 ms", &ask->door.patience_ms)
                             : code;
}

/* The one pump there is a patient's key for. */
static int pump_choose(const struct door *door, char serial[SERIAL_BYTES])
{
    char other[SERIAL_BYTES];
    if (!door->pump_at(door->context, ROLE_PATIENT, 0, serial))
        return usage("the file holds no key of the role patient for this pump: cisterna pair --role patient makes one",
                     "");
    if (door->pump_at(door->context, ROLE_PATIENT, 1, other))
        return usage("the file holds a patient's key of several pumps; choose with --pump, such as --pump ", serial);
    return EXIT_DONE;
}

/* Where the book is when nobody says where. */
static bool book_path(const struct patient_ask *ask, const char *serial, char path[KEYFILE_PATH_BYTES])
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (ask->book != NULL)
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s", ask->book);
    else if (state != NULL && *state != '\0')
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s/cisterna/patient-%s.json", state, serial);
    else if (home != NULL && *home != '\0')
        length = snprintf(path, KEYFILE_PATH_BYTES, "%s/.local/state/cisterna/patient-%s.json", home, serial);
    return length > 0 && length < KEYFILE_PATH_BYTES;
}

static int serve(const struct patient_ask *ask, const struct door *door, struct patientbook *book)
{
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL); /* in all threads to come */
    (void)signal(SIGPIPE, SIG_IGN);
    struct patientcare *care = patientcare_start(ask->door.every_ms, door, book, ask->refill_text);
    struct patienthttp *http = care != NULL ? patienthttp_start(ask->port_number, care) : NULL;
    if (http != NULL) {
        printf("http://127.0.0.1:%u\n", patienthttp_port(http));
        (void)fflush(stdout);
        patientcare_log(6, "the patient's page for pump %s; SIMULATION, never for use in people", book->serial);
        const struct timespec second = { .tv_sec = 1 };
        for (bool over = false; !over;) {
            over = sigtimedwait(&ends, NULL, &second) >= 0;
            patienthttp_tick(http, server_now());
        }
        patienthttp_stop(http);
    }
    patientcare_stop(care);
    return http != NULL ? EXIT_DONE : EXIT_FAILED;
}

static int run(const struct patient_ask *ask, const struct door *door)
{
    static struct patientbook book;
    char path[KEYFILE_PATH_BYTES], fault[PATIENTBOOK_FAULT_BYTES], serial[SERIAL_BYTES] = "";
    int code = pump_choose(door, serial);
    if (code != EXIT_DONE)
        return code;
    if (!book_path(ask, serial, path))
        return usage("needs --book FILE: there is no $HOME to keep it in, or its path is too long", "");
    if (!patientbook_open(&book, path, serial, fault)) {
        fprintf(stderr, "cisterna patient: %s\n", fault);
        return EXIT_FAILED;
    }
    code = serve(ask, door, &book);
    patientbook_close(&book);
    return code;
}

int patient_main(int count, char **words)
{
    struct patient_ask ask = { .port = "8081", .door = { .command = "patient" } };
    struct clinicdoor *door = NULL;
    const struct rlimit none = { 0, 0 };
    bool help = false;
    int code = options_read(count, words, &ask, &help);
    if (code == EXIT_DONE && help)
        return help_print();
    if (code == EXIT_DONE)
        code = values_read(&ask);
    if (code != EXIT_DONE)
        return code;
    (void)umask(OTHERS);
    (void)setrlimit(RLIMIT_CORE, &none); /* keys stay out of core files */
    if (sodium_init() < 0)
        return EXIT_FAILED;
    code = clinicdoor_open(&ask.door, &door);
    if (code == EXIT_DONE) {
        const struct door lent = clinicdoor_of(door);
        code = run(&ask, &lent);
    }
    clinicdoor_close(door);
    return code;
}
