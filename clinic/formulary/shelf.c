/* shelf.c - entries side by side. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/shelf.h"

#include <stdlib.h>
#include <string.h>

bool shelf_start(struct shelf *shelf)
{
    *shelf = (struct shelf){ .entries = json_array(), .file = calloc(1, sizeof *shelf->file) };
    for (unsigned i = 0; i < REGIONS_MAX; i++)
        (void)formulary_start(&shelf->region[i], region_word(i), 0);
    return shelf->entries != NULL && shelf->file != NULL;
}

void shelf_close(struct shelf *shelf)
{
    for (unsigned i = 0; i < REGIONS_MAX; i++)
        formulary_close(&shelf->region[i]);
    json_decref(shelf->entries);
    free(shelf->file);
    *shelf = (struct shelf){ .headed = false };
}

bool shelf_entry(struct shelf *shelf, const struct node *node)
{
    if (!entry_read(node, shelf->file))
        return false;
    for (unsigned i = 0; i < REGIONS_MAX; i++)
        if (!formulary_add(&shelf->region[i], shelf->file)) {
            reader_complain(node, COMPLAINT_REFUSED, "%s has an entry for region %s already, or there is no room for one more",
                            drug_word(shelf->file->entry.drug), region_word(i));
            return false;
        }
    return json_array_append(shelf->entries, node->value) == 0;
}

bool shelf_document(struct shelf *shelf, const struct node *root)
{
    if (!reader_has(root, "cisterna_formulary_release"))
        return shelf_entry(shelf, root);
    if (shelf->headed) {
        reader_complain(root, COMPLAINT_MALFORMED, "a second release: there is one number for all entries");
        return false;
    }
    shelf->headed = release_read(root, false, &shelf->release);
    return shelf->headed;
}

bool shelf_region(struct shelf *shelf, const char *region, struct formulary *formulary)
{
    for (unsigned i = 0; i < REGIONS_MAX; i++)
        if (strcmp(region_word(i), region) == 0 && shelf->region[i].entries > 0) {
            *formulary = shelf->region[i];
            formulary->version = shelf->release.version;
            shelf->region[i] = (struct formulary){ .version = 0 };
            return true;
        }
    return false;
}
