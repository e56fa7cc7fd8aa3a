/* inforce.h - the library that a site works by: the signed release that it has put into force, or else the one that is built in.
 * Neither stands in for the other. REQ-LIBR-02, REQ-LIBR-06. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_INFORCE_H
#define CLINIC_FORMULARY_INFORCE_H

#include "clinic/formulary/formulary.h"

/* Where it lies: the folder that formulary_load() wrote into, and the file with the public half of the site's key. Both null:
 * what is built in. */
struct inforce {
    const char *folder, *site_key;
};

/* Opens it for a region. As formulary_open(), and FORMULARY_MALFORMED when one of the two is null, the key is no key, or the
 * folder's name is too long. */
enum formulary_fault inforce_open(const struct inforce *inforce, const char *region, struct formulary *formulary,
                                  FILE *messages);

#endif
