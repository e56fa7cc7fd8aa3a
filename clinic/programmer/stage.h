/* stage.h - therapies in chunks: sent to be staged, and read back. link/SPEC.md §7. REQ-LINK-05, -09, HZ-17. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PROGRAMMER_STAGE_H
#define CLINIC_PROGRAMMER_STAGE_H

#include "clinic/programmer/programmer.h"

/* As programmer_read_therapy() and programmer_stage(). */
MUST_USE enum contact stage_read(struct programmer *programmer, const struct air *air, bool staged,
                                 uint8_t bytes[THERAPY_BYTES_MAX], size_t *size);
MUST_USE enum told stage_send(struct programmer *programmer, const struct air *air, const struct therapy *therapy,
                              uint8_t token[TOKEN_BYTES], struct receipt *receipt, enum contact *contact);

#endif
