/* pages.c - the pages, found by name. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/pages.h"

#include <string.h>

const struct page_file *page_find(const char *name)
{
    for (size_t i = 0; i < PAGE_FILES_COUNT; i++)
        if (strcmp(PAGE_FILES[i].name, name) == 0)
            return &PAGE_FILES[i];
    return NULL;
}

/* The bytes; or nothing but the tag, to who has them. */
static void file_answer(const struct request *request, struct answer *answer, const struct page_file *file,
                        bool forever)
{
    answer->file = file;
    answer->forever = forever;
    answer->status = request->known != NULL && strcmp(request->known, file->tag) == 0 ? 304 : 200;
}

void page_get(struct request *request, struct answer *answer)
{
    file_answer(request, answer, page_find("index.html"), false);
}

void asset_get(struct request *request, struct answer *answer)
{
    const struct page_file *file = page_find(request->parameter[1]);
    if (file != NULL && strcmp(request->parameter[0], PAGE_RELEASE) == 0)
        file_answer(request, answer, file, true);
    else
        answer_problem(answer, 404, "missing", "path", "this release of the pages has no such file; load / anew");
}
