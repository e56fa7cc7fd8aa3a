/* fault.h - why something about the formulary could not be done: the numbers are the frozen exit codes of `cisterna`. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_FAULT_H
#define CLINIC_FORMULARY_FAULT_H

enum formulary_fault {
    FORMULARY_OK = 0,
    FORMULARY_FAILED = 1,    /* a file could not be read or written, memory or chance ran out */
    FORMULARY_MALFORMED = 2, /* not what its schema says */
    FORMULARY_REFUSED = 3,   /* well formed, but it breaks a rule of safety */
    FORMULARY_DAMAGED = 5,   /* not whole, or not signed by this key */
    FORMULARY_MISMATCH = 6   /* for another region, or not newer than what is in force */
};

#endif
