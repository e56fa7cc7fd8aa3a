/* pages.h - the pages, built in: what a browser loads, each file with its media type and its hash. web/README.md
 * Handlers: clinic/server/route.def says which requests they answer. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_PAGES_H
#define CLINIC_SERVER_PAGES_H

#include <stddef.h>

#include "clinic/server/request.h"

struct page_file {
    const char *name, *type;
    const char *tag; /* of its bytes, with the quotes of an ETag */
    const char *bytes;
    size_t size;
};

/* Written by web/embed.cmake. The release is a hash of all of them: a path with it in always leads to the same bytes. */
extern const struct page_file PAGE_FILES[];
extern const size_t PAGE_FILES_COUNT;
extern const char PAGE_RELEASE[];

/* Null: there is none of this name. */
const struct page_file *page_find(const char *name);

void page_get(struct request *request, struct answer *answer);
void asset_get(struct request *request, struct answer *answer);

#endif
