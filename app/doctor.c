/* doctor.c - the list of what the project needs from the machine, and how to see whether it is there. */
// SPDX-License-Identifier: Apache-2.0
#include "app/doctor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOUND_ALL = 0, SOMETHING_MISSING = 1, WRONG_USAGE = 2, PATH_BYTES = 4096 };

enum purpose { FOR_RUN, FOR_TEST, FOR_CHIP, FOR_PROOF, PURPOSES };

static const struct {
    const char *name, *heading, *level;
} purposes[PURPOSES] = {
    [FOR_RUN] = { "run", "to build and run", "run" },
    [FOR_TEST] = { "test", "to test", "test" },
    [FOR_CHIP] = { "chip", "to build for the Cortex-M4, and to play it", "test" },
    [FOR_PROOF] = { "proof", "to prove", "test" },
};

/* A program is looked for along PATH; a source package where tools/setup keeps it, under the root of the project that the
 * doctor is called from; anything else is a file under one of the folders where Debian keeps its like. */
enum kind { PROGRAM, LIBRARY, SOURCES };

struct need {
    enum purpose purpose;
    enum kind kind;
    const char *name;
    const char *file; /* of a LIBRARY and of SOURCES */
    const char *package;
};

static const struct need needs[] = {
    { FOR_RUN, PROGRAM, "cc", NULL, "build-essential" },
    { FOR_RUN, PROGRAM, "cmake", NULL, "cmake" },
    { FOR_RUN, PROGRAM, "ninja", NULL, "ninja-build" },
    { FOR_RUN, PROGRAM, "pkg-config", NULL, "pkg-config" },
    { FOR_RUN, PROGRAM, "node", NULL, "nodejs" },
    { FOR_RUN, PROGRAM, "npm", NULL, "npm" },
    { FOR_RUN, PROGRAM, "nanopb_generator.py", NULL, "nanopb" },
    { FOR_RUN, SOURCES, "nanopb's sources", "nanopb_0.4.7.orig.tar.gz", "nanopb_0.4.7" },
    { FOR_RUN, SOURCES, "libsodium's sources", "libsodium_1.0.18.orig.tar.gz", "libsodium_1.0.18" },
    { FOR_RUN, LIBRARY, "jansson", "include/jansson.h", "libjansson-dev" },
    { FOR_RUN, LIBRARY, "libsodium", "include/sodium.h", "libsodium-dev" },
    { FOR_RUN, LIBRARY, "Random123", "include/Random123/philox.h", "librandom123-dev" },
    { FOR_RUN, LIBRARY, "cmocka", "include/cmocka.h", "libcmocka-dev" },
    { FOR_RUN, LIBRARY, "GMP", "include/gmpxx.h", "libgmp-dev" },
    { FOR_RUN, LIBRARY, "SQLite", "include/sqlite3.h", "libsqlite3-dev" },
    { FOR_RUN, LIBRARY, "libpq", "include/postgresql/libpq-fe.h", "libpq-dev" },
    { FOR_RUN, LIBRARY, "libmicrohttpd", "include/microhttpd.h", "libmicrohttpd-dev" },
    { FOR_RUN, LIBRARY, "cairo", "include/cairo/cairo.h", "libcairo2-dev" },
    { FOR_RUN, LIBRARY, "pango", "include/pango-1.0/pango/pangocairo.h", "libpango1.0-dev" },
    { FOR_RUN, LIBRARY, "fontconfig", "include/fontconfig/fontconfig.h", "libfontconfig-dev" },
    { FOR_RUN, LIBRARY, "libqrencode", "include/qrencode.h", "libqrencode-dev" },
    { FOR_RUN, LIBRARY, "DejaVu Sans", "share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core" },
    { FOR_RUN, LIBRARY, "cminpack", "include/cminpack-1/cminpack.h", "libcminpack-dev" },
    { FOR_TEST, PROGRAM, "python3", NULL, "python3" },
    { FOR_TEST, LIBRARY, "jsonschema", "lib/python3/dist-packages/jsonschema/__init__.py", "python3-jsonschema" },
    { FOR_TEST, PROGRAM, "shellcheck", NULL, "shellcheck" },
    { FOR_TEST, PROGRAM, "clang-format", NULL, "clang-format" },
    { FOR_TEST, PROGRAM, "valgrind", NULL, "valgrind" },
    { FOR_TEST, PROGRAM, "tshark", NULL, "tshark" },
    { FOR_TEST, LIBRARY, "PostgreSQL", "lib/postgresql/15/bin/initdb", "postgresql" },
    { FOR_TEST, PROGRAM, "pdftotext", NULL, "poppler-utils" },
    { FOR_TEST, PROGRAM, "zbarimg", NULL, "zbar-tools" },
    { FOR_TEST, LIBRARY, "SUNDIALS", "include/cvode/cvode.h", "libsundials-dev" },
    { FOR_TEST, LIBRARY, "SciPy", "lib/python3/dist-packages/scipy/__init__.py", "python3-scipy" },
    { FOR_TEST, PROGRAM, "clang-14", NULL, "clang-14" },
    { FOR_TEST, LIBRARY, "libFuzzer", "lib/llvm-14/lib/clang/14.0.6/include/fuzzer/FuzzedDataProvider.h",
      "libclang-rt-14-dev" },
    { FOR_TEST, PROGRAM, "llvm-cov-14", NULL, "llvm-14" },
    { FOR_TEST, PROGRAM, "chromium", NULL, "chromium" },
    { FOR_CHIP, PROGRAM, "arm-none-eabi-gcc", NULL, "gcc-arm-none-eabi" },
    { FOR_CHIP, PROGRAM, "arm-none-eabi-nm", NULL, "binutils-arm-none-eabi" },
    { FOR_CHIP, LIBRARY, "newlib headers", "include/newlib/string.h", "libnewlib-dev" },
    { FOR_CHIP, PROGRAM, "qemu-system-arm", NULL, "qemu-system-arm" },
    { FOR_CHIP, PROGRAM, "gdb-multiarch", NULL, "gdb-multiarch" },
    { FOR_PROOF, PROGRAM, "frama-c", NULL, "frama-c-base" },
    { FOR_PROOF, PROGRAM, "why3", NULL, "why3" },
    { FOR_PROOF, PROGRAM, "z3", NULL, "z3" },
    { FOR_PROOF, PROGRAM, "cvc4", NULL, "cvc4" },
};

enum { NEEDS = sizeof needs / sizeof needs[0] };

static bool is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* True when one of the folders of a list like PATH ("a:b") holds the file; an executable one where that is asked. */
static bool is_in_folders(const char *folders, const char *file, bool executable)
{
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        char path[PATH_BYTES];
        int written = snprintf(path, sizeof path, "%.*s/%s", (int)length, folders, file);
        if (length > 0 && written > 0 && written < PATH_BYTES && is_file(path) &&
            (!executable || access(path, X_OK) == 0)) {
            return true;
        }
        folders += length + (folders[length] == ':');
    }
    return false;
}

static bool is_there(const struct need *need)
{
    switch (need->kind) {
    case PROGRAM: return is_in_folders(getenv("PATH"), need->name, true);
    case LIBRARY: return is_in_folders("/usr:/usr/local", need->file, false);
    case SOURCES: return is_in_folders(".cache/sources", need->file, false);
    }
    return false;
}

static void print_missing(const struct need *need)
{
    if (need->kind == SOURCES) {
        printf("  missing  %-19s tools/setup %s\n", need->name, purposes[need->purpose].level);
    } else {
        printf("  missing  %-19s apt-get install --no-install-recommends %s\n", need->name, need->package);
    }
}

static void print_words(const bool there[NEEDS], int missing)
{
    for (enum purpose purpose = FOR_RUN; purpose < PURPOSES; purpose++) {
        printf("%s\n", purposes[purpose].heading);
        for (size_t i = 0; i < NEEDS; i++) {
            if (needs[i].purpose != purpose) {
                continue;
            }
            if (there[i]) {
                printf("  ok       %s\n", needs[i].name);
            } else {
                print_missing(&needs[i]);
            }
        }
    }
    if (missing == 0) {
        printf("nothing is missing\n");
    } else {
        printf("%d missing; all at once, as root or with sudo: tools/setup test\n", missing);
    }
}

/* Names, packages and levels are the constants above: none needs an escape. The package of SOURCES is a source package. */
static void print_json(const bool there[NEEDS], int missing)
{
    printf("{\"missing\": %d, \"fix\": %s, \"needs\": [\n", missing, missing == 0 ? "null" : "\"tools/setup test\"");
    for (size_t i = 0; i < NEEDS; i++) {
        printf("  {\"name\": \"%s\", \"purpose\": \"%s\", \"status\": \"%s\", \"%s\": \"%s\", "
               "\"setup\": \"tools/setup %s\"}%s\n",
               needs[i].name, purposes[needs[i].purpose].name, there[i] ? "ok" : "missing",
               needs[i].kind == SOURCES ? "source" : "package", needs[i].package,
               purposes[needs[i].purpose].level, i + 1 < NEEDS ? "," : "");
    }
    printf("]}\n");
}

static void print_usage(FILE *out)
{
    fprintf(out, "usage: cisterna doctor [--json]\n"
                 "Says what this machine lacks to run, test, prove and build for the chip, and how to mend it.\n"
                 "Exit code: 0 nothing is missing, 1 something is, 2 wrong usage.\n");
}

int doctor_main(int argc, char **argv)
{
    bool json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_usage(stdout);
            return FOUND_ALL;
        } else {
            fprintf(stderr, "cisterna doctor: unknown argument '%s'\n", argv[i]);
            print_usage(stderr);
            return WRONG_USAGE;
        }
    }
    bool there[NEEDS];
    int missing = 0;
    for (size_t i = 0; i < NEEDS; i++) {
        there[i] = is_there(&needs[i]);
        missing += !there[i];
    }
    if (json) {
        print_json(there, missing);
    } else {
        print_words(there, missing);
    }
    return missing == 0 ? FOUND_ALL : SOMETHING_MISSING;
}
