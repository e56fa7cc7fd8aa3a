/* caller.h - a person of the campaign of sessions, with a programmer whose process can end at any use of its air, and whose key
 * cannot always be kept; and a stranger who records what they say and plays it again. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CALLER_H
#define RIG_CALLER_H

#include <setjmp.h>

#include "clinic/programmer/programmer.h"
#include "rig/air.h"

enum call_who { CALL_CLINICIAN, CALL_PATIENT, CALL_READER, CALLERS };
const char *caller_word(enum call_who who);

struct caller {
    struct programmer programmer;
    struct rig_air air;
    struct key kept, backup;
    uint8_t role, slot;         /* slot: 0 before it is paired */
    bool let_in;                /* by the pump, in the last session it tried to open */
    bool has_backup, restored;  /* restored: it goes on from a backup, and has not opened a session since */
    uint32_t dies_in;           /* at so many uses of the air from now its process ends; 0: it does not */
    jmp_buf *end;               /* where that leads */
    struct command given;       /* the last command that may have been sent, */
    bool awaits;                /* and nobody has been told yet what became of it: until then */
    struct command tried;       /* such are given in vain */
};

enum { ECHO_FRAMES = 16 };
/* The stranger's recordings, of both directions. */
struct echo {
    unsigned frames;
    struct echo_frame {
        bool to_pump;
        uint16_t size;
        uint8_t bytes[RADIO_FRAME_MAX];
    } frame[ECHO_FRAMES];
};

struct calls;

/* A programmer without a slot, near. */
void caller_start(struct calls *calls, enum call_who who, enum role role, const char *label);
/* One person talks: `work` is done with an air at any use of which the process can end; false when it did. Then the programmer is
 * another one, started from the kept key. */
bool caller_talks(struct calls *calls, enum call_who who, void (*work)(struct calls *, enum call_who, const struct air *));

#endif
