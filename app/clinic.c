/* clinic.c - options, start, signals and end of the clinic's server. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/clinic.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/clinicbook.h"
#include "app/clinicdoor.h"
#include "app/clinicwatch.h"
#include "app/options.h"
#include "app/records/clerk.h"
#include "app/twindoor.h"
#include "app/version.h"
#include "clinic/server/http.h"

enum { OPTION_LETTER_FIRST = 256, TICK_MS_MAX = 1000, OTHERS = 077 };

static const struct {
    const char *word, *value, *text;
} ROWS[CLINIC_OPTIONS] = {
#define OPTION(name, word_, value_, text_) { .word = word_, .value = value_, .text = text_ },
#include "app/clinic.def"
#undef OPTION
};

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna clinic: %s%s; see cisterna clinic --help\n", text, word);
    return EXIT_USAGE;
}

static int help_print(void)
{
    printf("Examples:\n"
           "  cisterna records init --user ada && cisterna clinic\n"
           "  cisterna clinic --listen 127.0.0.1:9000 --db clinic.db --radio pumps --keys keys\n"
           "\n"
           "The clinic's server: its records, plans and live pumps over HTTP. SIMULATION. Not a medical device; never "
           "for use in "
           "people.\n\n");
    for (unsigned i = 0; i < CLINIC_OPTIONS; i++) {
        int length = printf("  --%s %s", ROWS[i].word, ROWS[i].value);
        printf("%*s %s\n", length < 26 ? 26 - length : 0, "", ROWS[i].text);
    }
    printf("\nThe address it listens at goes to standard output, its journal to standard error. SIGTERM ends it.\n");
    return EXIT_DONE;
}

static int options_read(int count, char **words, struct clinic_ask *ask)
{
    struct option options[CLINIC_OPTIONS + 1] = { 0 };
    for (unsigned i = 0; i < CLINIC_OPTIONS; i++)
        options[i] = (struct option){ ROWS[i].word, *ROWS[i].value != '\0' ? required_argument : no_argument, NULL,
                                      OPTION_LETTER_FIRST + (int)i };
    optind = 1;
    opterr = 0;
    for (int letter; (letter = getopt_long(count, words, ":h", options, NULL)) != -1;) {
        if (letter == ':')
            return usage("needs a value after ", words[optind - 1]);
        if (letter == '?')
            return usage("unknown option ", words[optind - 1]);
        unsigned at = letter == 'h' ? CLINIC_HELP_AT : (unsigned)(letter - OPTION_LETTER_FIRST);
        ask->value[at] = optarg != NULL ? optarg : "";
    }
    return optind < count ? usage("takes options only, not ", words[optind]) : EXIT_DONE;
}

static int span_read(const struct clinic_ask *ask, enum clinic_option option, const char *usual, int64_t *ms)
{
    const char *text = ask->value[option] != NULL ? ask->value[option] : usual;
    if (amount_read(text, DIMENSION_SPAN, ms) == AMOUNT_OK && *ms > 0)
        return EXIT_DONE;
    fprintf(stderr, "cisterna clinic: --%s needs a span of time above zero, such as '%s', not %s\n", ROWS[option].word,
            usual, text);
    return EXIT_USAGE;
}

static bool is_loopback(const char *address)
{
    struct in_addr four;
    if (inet_pton(AF_INET, address, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return strcmp(address, "::1") == 0;
}

static bool is_host(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size < SERVER_HOST_BYTES &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == size;
}

/* "127.0.0.1:8080" and "[::1]:8080": addresses as numbers, so that nobody's name service decides where it listens. */
static int listen_read(const struct clinic_ask *ask, char address[INET6_ADDRSTRLEN], struct server_options *options)
{
    const char *text = ask->value[CLINIC_LISTEN_AT] != NULL ? ask->value[CLINIC_LISTEN_AT] : "127.0.0.1:8080";
    const char *colon = strrchr(text, ':'), *first = text, *last = colon;
    struct in6_addr any;
    unsigned long port = colon != NULL && strspn(colon + 1, "0123456789") == strlen(colon + 1) && strlen(colon + 1) > 0
                             ? strtoul(colon + 1, NULL, 10)
                             : UINT16_MAX + 1UL;
    bool six = *text == '[';
    bool closed = colon != NULL && colon > text && colon[-1] == ']';
    first += six;
    last -= closed;
    if (colon == NULL || six != closed || port > UINT16_MAX || last - first >= INET6_ADDRSTRLEN)
        return usage("--listen needs an address and a port, such as 127.0.0.1:8080 or [::1]:8080, not ", text);
    snprintf(address, INET6_ADDRSTRLEN, "%.*s", (int)(last - first), first);
    if (inet_pton(six ? AF_INET6 : AF_INET, address, &any) != 1)
        return usage("--listen needs an address in numbers, such as 127.0.0.1:8080 or [::1]:8080, not ", text);
    options->address = address;
    options->port = (uint16_t)port;
    options->public_host = ask->value[CLINIC_BEHIND_TLS_AT];
    if (options->public_host != NULL && !is_host(options->public_host))
        return usage("--behind-tls needs the name that people use, such as clinic.example.org, not ",
                     options->public_host);
    if (options->public_host == NULL && !is_loopback(address)) {
        fprintf(stderr,
                "cisterna clinic: refuses to listen at %s: passwords and records would cross the network in the clear. "
                "Put a "
                "server that speaks TLS in front, and say so with --behind-tls HOST; or listen at 127.0.0.1\n",
                address);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* "SIM-0001=http://127.0.0.1:8081": a page of this machine, or one behind TLS. */
static int patient_page_read(const char *text, struct server_options *options)
{
    static const char NEAR[] = "http://127.0.0.1:", TLS[] = "https://";
    const char *url = text != NULL ? strchr(text, '=') : NULL;
    size_t size = url != NULL ? (size_t)(url - text) : 0;
    if (text == NULL)
        return EXIT_DONE;
    if (size == 0 || size >= sizeof options->patient_serial ||
        (strncmp(url + 1, NEAR, sizeof NEAR - 1) != 0 && strncmp(url + 1, TLS, sizeof TLS - 1) != 0))
        return usage("--patient-page needs a serial and an address, such as SIM-0001=http://127.0.0.1:8081, not ",
                     text);
    snprintf(options->patient_serial, sizeof options->patient_serial, "%.*s", (int)size, text);
    options->patient_url = url + 1;
    return EXIT_DONE;
}

/* Can the records be read at all? Says why not. */
static int records_look(const char *database)
{
    struct records *records = calloc(1, sizeof *records);
    int code = EXIT_FAILED;
    if (records == NULL)
        return code;
    enum records_fault fault = records_open(records, database, false);
    if (fault == RECORDS_OK) {
        records_close(records);
        code = EXIT_DONE;
    } else {
        fprintf(stderr, "cisterna clinic: %s\n", records->error);
        code = fault == RECORDS_DAMAGED ? EXIT_DAMAGED : fault == RECORDS_VERSION ? EXIT_VERSION : EXIT_FAILED;
    }
    free(records);
    return code;
}

/* Tells the one who started this as a service, where there is one (sd_notify's protocol, without its library). */
static void service_tell(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un where = { .sun_family = AF_UNIX };
    if (path == NULL || (*path != '/' && *path != '@') || strlen(path) >= sizeof where.sun_path)
        return;
    size_t size = strlen(path);
    memcpy(where.sun_path, path, size);
    if (*path == '@')
        where.sun_path[0] = '\0';
    int out = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (out < 0)
        return;
    (void)sendto(out, text, strlen(text), 0, (const struct sockaddr *)(const void *)&where,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
    (void)close(out);
}

/* Until a signal asks for the end. */
static void serve(struct server *server, struct http *http, const sigset_t *ends)
{
    int64_t tick_ms = server->options.heartbeat_ms < TICK_MS_MAX ? server->options.heartbeat_ms : TICK_MS_MAX;
    const struct timespec tick = { .tv_sec = (time_t)(tick_ms / 1000), .tv_nsec = (long)(tick_ms % 1000) * 1000000L };
    while (sigtimedwait(ends, NULL, &tick) < 0) {
        server_tick(server, server_now());
        http_tick(http, server_now());
    }
}

static int run(const struct clinic_ask *ask, const struct server_options *options, struct clinicdoor *clinicdoor,
               struct clinicbook *book)
{
    static struct server server;
    struct clinicwatch *watch = NULL;
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL); /* in all threads to come */
    (void)signal(SIGPIPE, SIG_IGN);
    if (!server_start(&server, options, stderr))
        return server.library != FORMULARY_OK ? (int)server.library : EXIT_FAILED;
    if (clinicdoor != NULL)
        server.door = clinicdoor_of(clinicdoor);
    if (ask->value[CLINIC_TWINS_AT] != NULL)
        server.twin = twindoor_of(ask->value[CLINIC_TWINS_AT]);
    struct http *http = http_start(&server, stderr);
    if (http == NULL)
        return EXIT_FAILED;
    if (clinicdoor != NULL)
        watch = clinicwatch_start(ask->every_ms, &server.door, &server.feed, book);
    printf("http://%s\n", server.host[server.options.public_host != NULL && server.hosts > 1 ? 1 : 0]);
    (void)fflush(stdout);
    server_log(6, "listens at %s port %u; SIMULATION, never for use in people", options->address, http_port(http));
    service_tell("READY=1");
    serve(&server, http, &ends);
    service_tell("STOPPING=1");
    clinicwatch_stop(watch);
    http_stop(http);
    server_stop(&server);
    server_log(6, "ended");
    return EXIT_DONE;
}

int clinic_main(int count, char **words)
{
    static struct clerk clerk;
    struct clinic_ask ask = { .every_ms = 0 };
    struct server_options options = { .version = CISTERNA_VERSION };
    struct clinicdoor *door = NULL;
    struct clinicbook *book = NULL;
    char address[INET6_ADDRSTRLEN];
    const struct rlimit none = { 0, 0 };
    int code = options_read(count, words, &ask);
    if (code == EXIT_DONE && ask.value[CLINIC_HELP_AT] != NULL)
        return help_print();
    if (code == EXIT_DONE)
        code = listen_read(&ask, address, &options);
    if (code == EXIT_DONE)
        code = span_read(&ask, CLINIC_IDLE_AT, "15 min", &options.idle_ms);
    if (code == EXIT_DONE)
        code = span_read(&ask, CLINIC_ABSOLUTE_AT, "12 h", &options.absolute_ms);
    if (code == EXIT_DONE)
        code = span_read(&ask, CLINIC_HEARTBEAT_AT, "5 s", &options.heartbeat_ms);
    if (code == EXIT_DONE)
        code = span_read(&ask, CLINIC_EVERY_AT, "1 min", &ask.every_ms);
    if (code == EXIT_DONE)
        code = span_read(&ask, CLINIC_PATIENCE_AT, "500 ms", &ask.patience_ms);
    if (code == EXIT_DONE)
        code = patient_page_read(ask.value[CLINIC_PATIENT_PAGE_AT], &options);
    if (code == EXIT_DONE && ask.value[CLINIC_RECORDS_KEY_AT] != NULL && ask.value[CLINIC_RADIO_AT] == NULL)
        code = usage("--records-key needs --radio: without pumps there is no log to keep", "");
    if (code != EXIT_DONE)
        return code;
    clerk.command = "clinic";
    clerk.value[CLERK_AT_DB] = ask.value[CLINIC_DB_AT];
    options.library = (struct inforce){ ask.value[CLINIC_FORMULARY_AT], ask.value[CLINIC_SITE_KEY_AT] };
    options.database = clerk_url(&clerk);
    if (options.database == NULL)
        return EXIT_USAGE;
    (void)umask(OTHERS);
    (void)setrlimit(RLIMIT_CORE, &none); /* keys and names stay out of core files */
    code = records_look(options.database);
    if (code == EXIT_DONE && ask.value[CLINIC_RADIO_AT] != NULL)
        code = clinicdoor_open(&ask, &door);
    if (code == EXIT_DONE && ask.value[CLINIC_RECORDS_KEY_AT] != NULL)
        code = clinicbook_open(ask.value[CLINIC_RECORDS_KEY_AT], options.database, &book);
    if (code == EXIT_DONE)
        code = run(&ask, &options, door, book);
    clinicbook_close(book);
    clinicdoor_close(door);
    return code;
}
