/* demorecord.c - the first rows. */
// SPDX-License-Identifier: Apache-2.0
#include "app/demorecord.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amount/amount.h"
#include "app/options.h"
#include "app/records/keyholder.h"
#include "app/secret.h"
#include "app/told.h"
#include "app/visit.h"
#include "clinic/records/catheters.h"
#include "clinic/records/implants.h"
#include "clinic/records/patients.h"
#include "clinic/records/pumplog.h"
#include "clinic/records/refills.h"
#include "clinic/records/therapies.h"
#include "clinic/records/users.h"
#include "clinic/records/visits.h"
#include "clinic/server/journal.h"
#include "core/catalog.h"

/* The nurse did it. */
enum { WHO_DOES = 1, LOG_MAX = 400 };

static int records_say(const struct records *records, enum records_fault fault)
{
    if (fault == RECORDS_OK)
        return EXIT_DONE;
    fprintf(stderr, "cisterna demo: %s\n", records->error);
    return EXIT_FAILED;
}

static int password_read(const char *folder, const struct demo_account *account, struct secret *secret)
{
    char path[DEMO_PATH_BYTES], name[64];
    snprintf(name, sizeof name, "password-%s", account->name);
    demo_path(path, folder, name, "");
    return secret_first_line(path, secret);
}

/* The key file with which the server keeps what pumps' logs tell: their alarms can be acknowledged then. */
static int key_make(const char *folder, struct records *records)
{
    const struct clerk clerk = { .command = "demo" };
    uint8_t key[USER_KEY_FILE_BYTES];
    char path[DEMO_PATH_BYTES];
    demo_path(path, folder, DEMO_RECORDS_KEY, "");
    int code = keyholder_make(&clerk, path, key);
    if (code == EXIT_DONE)
        code = records_say(records, users_key_set(records, key));
    keyholder_forget(key);
    return code;
}

int demorecord_found(const char *folder)
{
    static struct records records;
    char path[DEMO_PATH_BYTES];
    struct secret secret;
    demo_path(path, folder, "records.db", "");
    int code = records_say(&records, records_open(&records, path, true));
    if (code != EXIT_DONE)
        return code;
    code = records_say(&records, records_found(&records, server_utc()));
    for (unsigned i = 0; demo_account(i) != NULL && code == EXIT_DONE; i++) {
        const struct demo_account *account = demo_account(i);
        code = password_read(folder, account, &secret);
        if (code == EXIT_DONE)
            code = records_say(&records, users_add(&records, account->name, account->role, secret.text, secret.size,
                                                   &VAULT_COST, NULL));
        secret_forget(&secret);
    }
    if (code == EXIT_DONE)
        code = key_make(folder, &records);
    if (code == EXIT_DONE)
        code = records_say(&records, records_commit(&records));
    records_close(&records);
    return code;
}

/* What the pump itself tells. */
struct asked {
    uint8_t therapy[THERAPY_BYTES_MAX];
    size_t size;
    struct therapy decoded;
    struct pumplog_item item[LOG_MAX];
    unsigned items;
    int64_t civil_ms; /* of its clock now */
};

static void item_take(const cisterna_LogItem *from, struct pumplog_item *item)
{
    *item = (struct pumplog_item){
        .what = (uint8_t)from->what, .why = (uint8_t)from->why, .from = from->from_sequence, .to = from->to_sequence
    };
    item->event = (struct event){ .code = (uint16_t)from->code,
                                  .actor = (uint8_t)from->actor,
                                  .epoch = from->epoch,
                                  .at = { from->at_ms },
                                  .sequence = from->from_sequence };
    for (unsigned i = 0; i < from->field_count && i < 4; i++)
        item->event.field[i] = from->field[i];
}

static enum contact log_ask(struct visit *visit, struct asked *asked)
{
    enum contact contact = CONTACT_OK;
    for (uint64_t from = 1; from != 0 && contact == CONTACT_OK;) {
        cisterna_Request request = { .which_ask = cisterna_Request_read_log_tag,
                                     .ask.read_log = { .ring = PUMPLOG_EVENTS, .from_sequence = from } };
        cisterna_Reply reply;
        contact = programmer_ask(&visit->programmer, &visit->air, &request, &reply);
        for (unsigned i = 0; contact == CONTACT_OK && i < reply.tell.log.item_count && asked->items < LOG_MAX; i++)
            item_take(&reply.tell.log.item[i], &asked->item[asked->items++]);
        if (contact != CONTACT_OK || reply.tell.log.next_sequence <= from || asked->items == LOG_MAX)
            break;
        from = reply.tell.log.next_sequence;
    }
    return contact;
}

static int pump_ask(const char *folder, const struct demo_patient *patient, struct asked *asked)
{
    static struct visit visit;
    char radio[DEMO_PATH_BYTES], keys[DEMO_PATH_BYTES], pass[DEMO_PATH_BYTES];
    demo_path(radio, folder, "radios", patient->serial);
    demo_path(keys, folder, "keys", "");
    demo_path(pass, folder, "passphrase", "");
    struct desk desk = { .command = "demo" };
    desk.value[OPTION_AT_RADIO] = radio;
    desk.value[OPTION_AT_KEYS] = keys;
    desk.value[OPTION_AT_PASSPHRASE_FILE] = pass;
    desk.value[OPTION_AT_PUMP] = patient->serial;
    desk.value[OPTION_AT_ROLE] = "clinician";
    int code = visit_begin(&desk, PURPOSE_LOOK, &visit);
    if (code != EXIT_DONE)
        return code;
    enum contact contact = programmer_read_therapy(&visit.programmer, &visit.air, false, asked->therapy, &asked->size);
    if (contact == CONTACT_OK)
        contact = log_ask(&visit, asked);
    visit_end(&visit);
    if (contact == CONTACT_OK && therapy_decode(asked->therapy, asked->size, &asked->decoded) == RESULT_OK)
        return EXIT_DONE;
    fprintf(stderr, "cisterna demo: pump %s: %s\n", patient->serial,
            contact != CONTACT_OK ? told_contact(contact) : "its therapy cannot be read");
    return EXIT_FAILED;
}

static enum records_fault implant_add(struct records *records, const struct demo_patient *who,
                                      const struct asked *asked, int64_t patient, int64_t now_ms, int64_t *implant)
{
    const struct therapy *therapy = &asked->decoded;
    struct implant one = { .patient = patient,
                           .model = therapy->model,
                           .revision = therapy->revision,
                           .calibration = therapy->calibration,
                           .implanted_ms = now_ms };
    struct catheter catheter = { .kind = "demo", .dead_volume = therapy->dead_volume, .placed_ms = now_ms };
    snprintf(one.serial, sizeof one.serial, "%s", who->serial);
    (void)amount_read(who->catheter, DIMENSION_LENGTH, &catheter.length_mm);
    enum records_fault fault = implants_add(records, &one, implant);
    catheter.implant = *implant;
    return fault == RECORDS_OK ? catheters_add(records, &catheter, NULL) : fault;
}

static enum records_fault refill_add(struct records *records, const struct demo_patient *who, const struct asked *asked,
                                     int64_t implant, int64_t visit)
{
    const struct mixture *mixture = &asked->decoded.mixture;
    struct refill_record refill = {
        .implant = implant, .visit = visit, .cause = WORD_CAUSE_NONE, .drugs = mixture->count
    };
    (void)amount_read(who->filled, DIMENSION_VOLUME, &refill.filled.nl);
    refill.drawn_up = refill.filled;
    if (who->left != NULL)
        (void)amount_read(who->left, DIMENSION_VOLUME, &refill.left.nl);
    refill.expected = refill.left; /* it is known, not measured */
    for (unsigned i = 0; i < mixture->count; i++) {
        refill.drug[i].drug = mixture->component[i].drug;
        refill.drug[i].conc = mixture->component[i].conc;
        snprintf(refill.drug[i].lot, sizeof refill.drug[i].lot, "DEMO-LOT");
    }
    int64_t id = 0;
    return refills_add(records, &refill, NULL, &id);
}

/* All rows of one pump, in a transaction that has begun. */
static enum records_fault rows_add(struct records *records, const struct demo_patient *who, const struct asked *asked,
                                   int64_t now_ms)
{
    struct patient patient = { .id = 0 };
    int64_t id = 0, implant = 0, visit = 0, therapy = 0;
    snprintf(patient.name, sizeof patient.name, "%s", who->name);
    snprintf(patient.birth_date, sizeof patient.birth_date, "%s", who->birth_date);
    snprintf(patient.identifier, sizeof patient.identifier, "%s", who->identifier);
    snprintf(patient.note, sizeof patient.note, "%s", who->note != NULL ? who->note : "");
    const struct pumplog_pull pull = { .ring = PUMPLOG_EVENTS, .items = asked->item, .count = asked->items };
    enum records_fault fault = patients_add(records, &patient, &id);
    if (who->filled == NULL) /* a pump in its box is on no record */
        return fault;
    if (fault == RECORDS_OK)
        fault = implant_add(records, who, asked, id, now_ms, &implant);
    if (fault == RECORDS_OK)
        fault = visits_open(records, id, implant, WORD_WORKFLOW_IMPLANT, &visit);
    if (fault == RECORDS_OK)
        fault = refill_add(records, who, asked, implant, visit);
    if (fault == RECORDS_OK)
        fault = therapies_add(records, implant, visit, asked->therapy, asked->size, asked->decoded.formulary_version,
                              asked->decoded.region, &therapy);
    if (fault == RECORDS_OK) {
        struct pumplog_pull whole = pull;
        whole.implant = implant;
        whole.visit = visit;
        fault = pumplog_add(records, &whole, NULL);
    }
    if (fault == RECORDS_OK)
        fault = visits_close(records, visit, WORD_OUTCOME_APPLIED, 0, 0);
    return fault;
}

int demorecord_pump(const char *folder, const struct demo_patient *patient)
{
    static struct records records;
    const struct demo_account *nurse = demo_account(WHO_DOES);
    char path[DEMO_PATH_BYTES];
    struct secret secret;
    struct asked *asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return EXIT_FAILED;
    demo_path(path, folder, "records.db", "");
    int code = patient->filled != NULL ? pump_ask(folder, patient, asked) : EXIT_DONE;
    if (code == EXIT_DONE)
        code = password_read(folder, nurse, &secret);
    if (code == EXIT_DONE)
        code = records_say(&records, records_open(&records, path, false));
    if (code == EXIT_DONE) {
        struct implant there;
        enum records_fault fault = users_sign_in(&records, nurse->name, secret.text, secret.size);
        bool known = fault == RECORDS_OK && implants_find(&records, patient->serial, &there) == RECORDS_OK;
        if (known)
            fault = RECORDS_OK;
        else if (fault == RECORDS_OK)
            fault = records_begin(&records, server_utc());
        if (fault == RECORDS_OK && !known)
            fault = rows_add(&records, patient, asked, server_utc());
        if (fault == RECORDS_OK && !known)
            fault = records_commit(&records);
        code = records_say(&records, fault);
        records_close(&records);
        secret_forget(&secret);
    }
    free(asked);
    return code;
}
