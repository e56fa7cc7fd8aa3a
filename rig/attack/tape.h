/* tape.h - a capture of the link (rig/capture.h) read back, frame by frame, to be sent again. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ATTACK_TAPE_H
#define RIG_ATTACK_TAPE_H

#include "link/frame.h"
#include "rig/capture.h"

enum { TAPE_FRAMES_MAX = 65536 }; /* guess: a day of talking, 17 MB */

struct tape_frame {
    int64_t at_us;
    uint8_t way; /* enum capture_way */
    uint8_t kind; /* enum packet_kind; 0: damaged, or no packet */
    uint16_t size;
    uint8_t bytes[FRAME_BYTES_MAX];
};

struct tape {
    size_t count;
    struct tape_frame *frame; /* owned by the tape */
};

enum tape_fault {
    TAPE_OK = 0,
    TAPE_IO,    /* errno tells */
    TAPE_FORM,  /* no capture, or not one of the link */
    TAPE_CUT,   /* it ends within a frame */
    TAPE_LARGE  /* more frames than are held */
};

/* Reads all of it. On a fault the tape is empty. */
enum tape_fault tape_read(struct tape *tape, const char *path);
void tape_free(struct tape *tape);
const char *tape_text(enum tape_fault fault);

#endif
