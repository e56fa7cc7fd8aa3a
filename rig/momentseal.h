/* momentseal.h - the check value of a kept moment: one BLAKE2b over all its files, in a file `seal` beside them. It shows what
 * was damaged, lost or exchanged; it has no key, so it shows nothing of who writes files and seal anew on purpose. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_MOMENTSEAL_H
#define RIG_MOMENTSEAL_H

#include <stdbool.h>

/* Files of a moment. */
#define MOMENT_IMPLANT "implant"
#define MOMENT_BODY "body" /* not there: the implant is in nobody */
#define MOMENT_THERAPY "therapy"
#define MOMENT_ABOUT "moment.json"
#define MOMENT_SEAL "seal"

/* Seals what is in this open folder, to the disk. False: errno says why. */
bool momentseal_put(int folder);
/* Is there all that was sealed, and nothing else of these names? */
bool momentseal_good(int folder);

#endif
