/* release.c - a release of the formulary. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/formulary/release.h"

#include <string.h>

#include "core/calendar.h"

static bool number_read(const char *text, unsigned digits, unsigned *number)
{
    *number = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

/* A date that exists, as "2026-11-29". */
static bool date_valid(const char *text)
{
    unsigned year, month, day;
    civil_ms civil;
    if (strlen(text) != RELEASE_DATE_BYTES - 1 || text[4] != '-' || text[7] != '-' || !number_read(text, 4, &year) ||
        !number_read(text + 5, 2, &month) || !number_read(text + 8, 2, &day))
        return false;
    struct civil_date date = { .year = (int32_t)year, .month = (uint8_t)month, .day = (uint8_t)day };
    return civil_from_date(&date, &civil) == RESULT_OK;
}

bool release_read(const struct node *root, bool with_entries, struct release *release)
{
    const char *const fields[] = { "cisterna_formulary_release", "version", "date", "notes",
                                          with_entries ? "entries" : NULL, NULL };
    unsigned before = root->reader->count;
    const char *date = NULL, *notes = NULL;
    int64_t format = 0, version = 0;
    *release = (struct release){ .version = 0 };
    if (!reader_object(root, fields) || !reader_integer(root, "cisterna_formulary_release", REQUIRED, 1, 1, &format))
        return false;
    if (reader_integer(root, "version", REQUIRED, 1, UINT16_MAX, &version))
        release->version = (uint16_t)version;
    if (reader_text(root, "date", REQUIRED, 40, &date)) {
        if (date_valid(date)) {
            memcpy(release->date, date, sizeof release->date);
        } else {
            struct node member = reader_member(root, "date", OPTIONAL);
            reader_complain(&member, COMPLAINT_MALFORMED, "must be a date that exists, such as \"2026-11-29\"");
        }
    }
    if (reader_text(root, "notes", REQUIRED, sizeof release->notes - 1, &notes))
        memcpy(release->notes, notes, strlen(notes) + 1);
    return root->reader->count == before;
}
