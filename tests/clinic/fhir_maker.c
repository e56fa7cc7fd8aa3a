/* fhir_maker.c - records for fhir_test.py: patients whose pumps went through what an export can meet. Users ada (admin), nina
 * (nurse) and otto (auditor), all with the password given.
 *
 *   fhir_maker URL PASSWORD */
// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>

#include "clinic/records/users.h"
#include "tests/clinic/records_case.h"

enum { EVENTS = 25, AT_STEP_MS = 3600000 };
static const int64_t AT_MS = INT64_C(1772366400123);
static const uint8_t KEY[USER_KEY_FILE_BYTES] = { 9, 9, 9 };

struct maker {
    struct records records;
    int64_t at_ms;
};

static void must(const struct maker *maker, enum records_fault fault)
{
    if (fault == RECORDS_OK)
        return;
    fprintf(stderr, "fhir_maker: %s\n", maker->records.error);
    exit(1);
}

static void begin(struct maker *maker)
{
    maker->at_ms += AT_STEP_MS;
    must(maker, records_begin(&maker->records, maker->at_ms));
}

static void commit(struct maker *maker)
{
    must(maker, records_commit(&maker->records));
}

static void found(struct maker *maker, const char *password)
{
    static const struct {
        const char *name;
        int64_t role;
    } PEOPLE[] = { { "ada", WORD_ROLE_ADMIN }, { "nina", WORD_ROLE_NURSE }, { "otto", WORD_ROLE_AUDITOR } };
    struct case_ids ids;
    must(maker, records_found(&maker->records, maker->at_ms));
    must(maker, users_key_set(&maker->records, KEY));
    for (unsigned i = 0; i < sizeof PEOPLE / sizeof PEOPLE[0]; i++)
        must(maker, users_add(&maker->records, PEOPLE[i].name, PEOPLE[i].role, password, strlen(password),
                              &VAULT_COST_LEAST, NULL));
    /* The first patient is the key file's work, whom no user stands for. */
    must(maker, case_write(&maker->records, 0, EVENTS, &ids));
    commit(maker);
}

/* A visit with another therapy of the pump. */
static void program(struct maker *maker, const struct case_ids *ids, unsigned n,
                    void (*change)(struct therapy *therapy), int64_t outcome, verdict reasons)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct implant implant;
    struct therapy therapy;
    int64_t visit = 0;
    size_t size = 0;
    begin(maker);
    must(maker, implants_read(&maker->records, ids->implant, &implant));
    size = case_therapy(&implant, n, bytes);
    if (therapy_decode(bytes, size, &therapy) != RESULT_OK)
        exit(1);
    change(&therapy);
    if (therapy_encode(&therapy, bytes, sizeof bytes, &size) != RESULT_OK) {
        fprintf(stderr, "fhir_maker: a therapy that cannot be\n");
        exit(1);
    }
    must(maker, visits_open(&maker->records, ids->patient, ids->implant, WORD_WORKFLOW_PROGRAM, &visit));
    must(maker, therapies_add(&maker->records, ids->implant, visit, bytes, size, 7, "US", NULL));
    if (outcome != WORD_OUTCOME_OPEN)
        must(maker, visits_close(&maker->records, visit, outcome, reasons, 12));
    commit(maker);
}

static void visit(struct maker *maker, const struct case_ids *ids, int64_t workflow, int64_t outcome)
{
    int64_t visit = 0;
    begin(maker);
    must(maker, visits_open(&maker->records, ids->patient, ids->implant, workflow, &visit));
    must(maker, visits_close(&maker->records, visit, outcome, 0, 0));
    commit(maker);
}

/* Two drugs, steps by weekday; amounts that no binary fraction holds. */
static void flex(struct therapy *t)
{
    t->mixture =
        (struct mixture){ .count = 2,
                          .component = { { DRUG_MORPHINE, { 10000000 } }, { DRUG_BUPIVACAINE, { 3333333 } } } };
    t->limits.count = 2;
    t->limits.drug[1] =
        (struct drug_limit){ DRUG_BUPIVACAINE, { { INT64_C(1000000000000) }, { INT64_C(5000000000000) } } };
    t->program = (struct program){ .kind = PROGRAM_FLEX, .day_set_count = 2, .weekday_set = { 0, 0, 0, 0, 0, 1, 1 } };
    t->program.day_set[0] = (struct day_set){ .count = 2, .step = { { 0, { 100001 } }, { 390, { 150000 } } } };
    t->program.day_set[1] = (struct day_set){ .count = 1, .step = { { 0, { 120000 } } } };
}

static void boluses(struct therapy *t)
{
    t->program = (struct program){ .kind = PROGRAM_PERIODIC,
                                   .base = { 48000 },
                                   .periodic = { { 30000 }, { 720000 }, 240, 60 },
                                   .opening = { OPENING_SINGLE, { 25000 }, { 500000 } },
                                   .patient = { 1, { 12500 }, { 600000 }, 240, 4, 90 } };
    t->limits.bolus_max.nl = 100000;
}

static void bridged(struct therapy *t)
{
    t->program.opening = (struct opening){ OPENING_BRIDGE, { 244000 }, { 96000 } };
}

static void none(struct therapy *t)
{
    t->mixture = (struct mixture){ .count = 0 };
    t->limits.count = 0;
    t->limits.drug[0] = (struct drug_limit){ 0, { { 0 }, { 0 } } };
    t->program = (struct program){ .kind = PROGRAM_STOPPED };
    t->safe_rate.nl_day = 0;
}

static void plain_refill(struct maker *maker, const struct case_ids *ids, int64_t outcome, verdict reasons)
{
    int64_t visit = 0;
    begin(maker);
    must(maker, visits_open(&maker->records, ids->patient, ids->implant, WORD_WORKFLOW_REFILL, &visit));
    const struct refill_record refill = { .implant = ids->implant,
                                          .visit = visit,
                                          .expected = { 1000001 },
                                          .found = { 1250003 },
                                          .filled = { 19999999 },
                                          .drawn_up = { 20000000 },
                                          .cause = WORD_CAUSE_OTHER };
    must(maker, refills_add(&maker->records, &refill, NULL, NULL));
    must(maker, visits_close(&maker->records, visit, outcome, reasons, 1));
    commit(maker);
}

static void patient(struct maker *maker, unsigned n, struct case_ids *ids)
{
    begin(maker);
    must(maker, case_write(&maker->records, n, EVENTS, ids));
    commit(maker);
}

static void clinic(struct maker *maker)
{
    struct case_ids ids;
    patient(maker, 1, &ids); /* patient 2: replaced by steps; then one that was refused */
    program(maker, &ids, 1, flex, WORD_OUTCOME_APPLIED, 0);
    program(maker, &ids, 1, bridged, WORD_OUTCOME_NOT_APPLIED, VERDICT_HOUR_LIMIT | VERDICT_ROLE);
    patient(maker, 2, &ids); /* patient 3: boluses, then stopped */
    program(maker, &ids, 2, boluses, WORD_OUTCOME_APPLIED, 0);
    visit(maker, &ids, WORD_WORKFLOW_STOP, WORD_OUTCOME_APPLIED);
    patient(maker, 3, &ids); /* patient 4: no drug, and nobody knows what the last visit did */
    plain_refill(maker, &ids, WORD_OUTCOME_APPLIED, 0);
    plain_refill(maker, &ids, WORD_OUTCOME_NOT_APPLIED, VERDICT_ROLE);
    plain_refill(maker, &ids, WORD_OUTCOME_UNKNOWN, 0);
    program(maker, &ids, 3, none, WORD_OUTCOME_APPLIED, 0);
    visit(maker, &ids, WORD_WORKFLOW_CATHETER_ACCESS, WORD_OUTCOME_UNKNOWN);
    patient(maker, 4, &ids); /* patient 5: pump and catheter taken out */
    begin(maker);
    must(maker, catheters_remove(&maker->records, ids.catheter, maker->at_ms));
    must(maker, implants_explant(&maker->records, ids.implant, maker->at_ms));
    commit(maker);
    patient(maker, 5, &ids); /* patient 6: forgotten */
    begin(maker);
    must(maker, patients_purge(&maker->records, ids.patient));
    commit(maker);
    patient(maker, 6, &ids); /* patient 7: a visit that is still open */
    program(maker, &ids, 6, bridged, WORD_OUTCOME_OPEN, 0);
}

int main(int count, char **words)
{
    struct maker maker = { .at_ms = AT_MS };
    if (count != 3)
        return 2;
    must(&maker, records_open(&maker.records, words[1], true));
    found(&maker, words[2]);
    records_close(&maker.records);
    must(&maker, records_open(&maker.records, words[1], false));
    must(&maker, users_sign_in(&maker.records, "ada", words[2], strlen(words[2])));
    clinic(&maker);
    records_close(&maker.records);
    return 0;
}
