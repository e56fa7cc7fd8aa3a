/* bodyfile.h - a body that outlives its process, in the file `body` of an implant's folder. It is replaced whole, so that a kill
 * leaves the one before or the one after. What the twin has delivered since is not lost: the twin knows it, and body_follow()
 * gives the difference. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_BODYFILE_H
#define RIG_BODYFILE_H

#include "rig/body.h"

enum bodyfile_fault {
    BODYFILE_OK = 0,
    BODYFILE_NONE,    /* there is none */
    BODYFILE_FAILED,  /* the system refused; errno says why */
    BODYFILE_DAMAGED, /* cut off, changed, or not one of ours */
    BODYFILE_VERSION, /* written by another version of this program */
    BODYFILE_OTHER    /* of another implant */
};

/* Puts it in its place in a folder (a descriptor); `whole` waits until it is on the disk. False, with errno, when it cannot
 * get there; the one before is still there then. */
MUST_USE bool bodyfile_save(int folder, const struct body *body, const char serial[SERIAL_BYTES], bool whole);
/* Reads it; the body is untouched unless it is there and right. */
MUST_USE enum bodyfile_fault bodyfile_open(int folder, const char serial[SERIAL_BYTES], struct body *body);

#endif
