/* inforce.c - the library that a site works by. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/inforce.h"

#include "clinic/formulary/sitekey.h"

enum { PATH_BYTES = 1024 };

enum formulary_fault inforce_open(const struct inforce *inforce, const char *region, struct formulary *formulary,
                                  FILE *messages)
{
    char current[PATH_BYTES];
    uint8_t key[SIGN_KEY_BYTES];
    *formulary = (struct formulary){ .version = 0 };
    if ((inforce->folder == NULL) != (inforce->site_key == NULL)) {
        fprintf(messages, "formulary: --formulary DIR and --site-key FILE belong together\n");
        return FORMULARY_MALFORMED;
    }
    if (inforce->folder == NULL)
        return formulary_builtin(region, formulary, messages) ? FORMULARY_OK : FORMULARY_FAILED;
    if ((size_t)snprintf(current, sizeof current, "%s/current", inforce->folder) >= sizeof current) {
        fprintf(messages, "formulary: the name of the folder is too long\n");
        return FORMULARY_MALFORMED;
    }
    enum formulary_fault fault = sitekey_read_public(inforce->site_key, key, messages);
    return fault == FORMULARY_OK ? formulary_open(current, key, region, formulary, messages) : fault;
}
