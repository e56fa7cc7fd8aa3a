// SPDX-License-Identifier: Apache-2.0
#include "link/permit.h"

#include <stddef.h>

enum sort { SORT_COMMAND = 1, SORT_QUERY = 2 };

struct permit_row {
    uint8_t sort, what;
    const char *roles, *modes; /* a letter each, see permit.def */
    verdict reason;
};

static const struct permit_row *permit_row(enum sort sort, uint8_t what)
{
#define PERMIT(sort, name, roles, modes, reason) { SORT_##sort, sort##_##name, roles, modes, VERDICT_##reason },
    static const struct permit_row rows[] = {
#include "link/permit.def"
    };
#undef PERMIT
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].sort == sort && rows[i].what == what) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool holds(const char *letters, char letter)
{
    for (; *letters != '\0'; letters++) {
        if (*letters == letter) {
            return true;
        }
    }
    return false;
}

static char role_letter(uint8_t role)
{
    switch ((enum role)role) {
    case ROLE_PATIENT:
        return 'P';
    case ROLE_CLINICIAN:
        return 'C';
    case ROLE_READER:
        return 'R';
    case ROLE_SERVICE:
        return 'S';
    }
    return '?';
}

static char mode_letter(uint8_t mode)
{
    switch ((enum mode)mode) {
    case MODE_NEW:
        return 'N';
    case MODE_RUNNING:
        return 'R';
    case MODE_MINIMUM:
        return 'M';
    case MODE_STOPPED:
        return 'S';
    case MODE_SAFE:
        return 'F';
    case MODE_EMPTY:
        return 'E';
    }
    return '?';
}

verdict permit_command(uint8_t kind, uint8_t role, uint8_t mode)
{
    const struct permit_row *row = permit_row(SORT_COMMAND, kind);
    if (row == NULL || !holds(row->roles, role_letter(role))) {
        return VERDICT_ROLE;
    }
    return holds(row->modes, mode_letter(mode)) ? 0 : row->reason;
}

bool permit_query(uint8_t query, uint8_t role)
{
    const struct permit_row *row = permit_row(SORT_QUERY, query);
    return row != NULL && holds(row->roles, role_letter(role));
}
