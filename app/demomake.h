/* demomake.h - a new demo: pumps with keys, first fill and first therapy, and the records that know them, in a folder that is
 * there as a whole or not at all. app/demo.def */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMOMAKE_H
#define APP_DEMOMAKE_H

#include <stdbool.h>
#include <sys/types.h>

enum { DEMO_PATIENTS_MAX = 8, DEMO_PATH_BYTES = 512 };

struct demo_account {
    const char *name;
    int role; /* WORD_ROLE_... */
};
/* `filled` null: a newcomer, whose pump is in its box; neither drug nor therapy is there then. */
struct demo_patient {
    const char *serial, *name, *birth_date, *identifier, *catheter, *drug, *concentration, *filled, *therapy;
    const char *
        who; /* as a person, the member `patient` of a scenario; null: as whoever the moment is of, or a typical adult */
    const char *left; /* what stays in its reservoir at the first refill, and is known; null: nothing */
    const char
        *like; /* folder of the moment in whose truth a new pump comes to stand; null: a new one stands in none */
    const char *note; /* in its record; null: none */
};

/* Null after the last. */
const struct demo_account *demo_account(unsigned index);
const struct demo_patient *demo_patient(unsigned index);

/* "folder/name" and "folder/name/more"; a path that is too long is cut, and then nothing is found there. */
void demo_path(char path[DEMO_PATH_BYTES], const char *folder, const char *name, const char *more);
/* Starts the pump of this patient in the folder of a demo, and waits until it listens; -1 with a message. `speed` as of
 * `cisterna pump`. */
pid_t demo_pump(const char *folder, const struct demo_patient *patient, const char *speed);
/* Every role there is a key of is paired with the pump, and its clock is set: to `civil`, or where that is null to now. */
int demo_pair(const char *folder, const struct demo_patient *patient, const char *civil);
/* One command of a programmer at this pump, with its key of this role. What it tells goes into this file; null: into the
 * demo's log. Null ends `words`. Its exit code. */
int demo_desk_into(const char *into, const char *folder, const struct demo_patient *patient, const char *role,
                   const char *const *words);
/* The same into the log; what does not come to pass is told. */
int demo_desk(const char *folder, const struct demo_patient *patient, const char *role, const char *const *words);
/* A new file for its owner's eyes. */
int demo_file(const char *folder, const char *name, const char *text);
/* Makes all of it at `place`/demo. An exit code, with a message. */
int demo_make(const char *place);

#endif
