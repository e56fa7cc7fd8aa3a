/* clinic.h - `cisterna clinic`: the clinic's server. docs/clinic.md */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_CLINIC_H
#define APP_CLINIC_H

#include <stdint.h>

#define OPTION(name, ...) CLINIC_##name##_AT,
enum clinic_option {
#include "app/clinic.def"
    CLINIC_OPTIONS
};
#undef OPTION

/* What the command line says; null: not given. */
struct clinic_ask {
    const char *value[CLINIC_OPTIONS];
    int64_t every_ms;    /* CLINIC_EVERY_AT, read */
    int64_t patience_ms; /* CLINIC_PATIENCE_AT, read */
    const char *command; /* whose door it is, for messages; null: clinic */
};

/* words[0] is "clinic". Runs until SIGTERM or SIGINT. Returns the exit code. */
int clinic_main(int count, char **words);

#endif
