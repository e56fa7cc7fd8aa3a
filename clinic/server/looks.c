/* looks.c - rows of the audit for what was read. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/server/looks.h"

#include "clinic/records/audit.h"
#include "clinic/records/patients.h"
#include "clinic/server/request.h"

bool looks_noted(const struct looks *looks, int64_t patient, int64_t now_ms)
{
    const struct look *look = &looks->look[(uint64_t)patient % LOOKS_MAX];
    return look->patient == patient && now_ms - look->at_ms < LOOK_AGAIN_MS;
}

void looks_keep(struct looks *looks, int64_t patient, int64_t now_ms)
{
    looks->look[(uint64_t)patient % LOOKS_MAX] = (struct look){ .patient = patient, .at_ms = now_ms };
}

enum records_fault looks_note(struct request *request, struct records *records, const int64_t *patients, unsigned count)
{
    struct looks *looks = &request->session->looks;
    unsigned noted = 0;
    for (unsigned i = 0; i < count; i++)
        noted += looks_noted(looks, patients[i], request->now_ms);
    if (noted == count)
        return RECORDS_OK;
    enum records_fault fault = records_begin_note(records, request->utc_ms);
    if (fault != RECORDS_OK)
        return fault;
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        if (!looks_noted(looks, patients[i], request->now_ms))
            fault = audit_append(records, WORD_ACTION_READ, TABLE_PATIENTS, patients[i], NULL);
    if (fault == RECORDS_OK)
        fault = records_commit(records);
    else
        records_rollback(records);
    for (unsigned i = 0; i < count && fault == RECORDS_OK; i++)
        if (!looks_noted(looks, patients[i], request->now_ms))
            looks_keep(looks, patients[i], request->now_ms);
    return fault;
}

enum records_fault looks_note_page(struct request *request, struct records *records, const struct patient *patients,
                                   unsigned count)
{
    int64_t opened[LOOKS_PAGE_MAX];
    unsigned names = 0;
    for (unsigned i = 0; i < count && i < LOOKS_PAGE_MAX; i++)
        if (patients[i].purged_ms == 0)
            opened[names++] = patients[i].id;
    return looks_note(request, records, opened, names);
}
