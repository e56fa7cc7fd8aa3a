/* audit.c - a row of the audit. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/audit.h"

#include "clinic/fhir/person.h"

enum { ENTITY_BYTES = 64 };

/* What the row of a table became here; row 0: nothing. */
static struct identity became(enum table table, int64_t row)
{
    static const struct {
        enum kind kind;
        unsigned part;
        bool is;
    } INTO[TABLE_END] = { [TABLE_USERS] = { KIND_PRACTITIONER, PART_WHOLE, true },
                          [TABLE_PATIENTS] = { KIND_PATIENT, PART_WHOLE, true },
                          [TABLE_IMPLANTS] = { KIND_DEVICE, PART_WHOLE, true },
                          [TABLE_CATHETERS] = { KIND_DEVICE, DEVICE_CATHETER, true },
                          [TABLE_VISITS] = { KIND_PROCEDURE, PART_WHOLE, true },
                          [TABLE_THERAPIES] = { KIND_REQUEST, PART_WHOLE, true },
                          [TABLE_REFILLS] = { KIND_ADMINISTRATION, PART_WHOLE, true },
                          [TABLE_ALARMS] = { KIND_OBSERVATION, OBSERVATION_ALARM, true },
                          [TABLE_SCORES] = { KIND_OBSERVATION, OBSERVATION_PAIN, true } };
    if (table >= TABLE_END || !INTO[table].is)
        return (struct identity){ KIND_AUDIT, 0, PART_WHOLE };
    return (struct identity){ INTO[table].kind, row, INTO[table].part };
}

/* FHIR's code of the act. */
static const char *letter(int64_t action)
{
    if (action == WORD_ACTION_INSERT)
        return "C";
    if (action == WORD_ACTION_UPDATE)
        return "U";
    if (action == WORD_ACTION_ERASE || action == WORD_ACTION_PURGE)
        return "D";
    bool done = action == WORD_ACTION_FOUND || (action >= WORD_ACTION_WORKFLOW_DONE && action <= WORD_ACTION_WORKFLOW_UNKNOWN);
    return done ? "E" : "R";
}

static void agent(struct bundle *bundle, int64_t user)
{
    struct writer *writer = &bundle->writer;
    writer_array(writer, "agent");
    writer_object(writer, NULL);
    fhir_who(bundle, "who", user);
    writer_flag(writer, "requestor", true);
    writer_end(writer);
    writer_end(writer);
    writer_object(writer, "source");
    writer_object(writer, "observer");
    writer_text(writer, "display", "the records of the clinic (Cisterna, simulated)");
    writer_end(writer);
    writer_end(writer);
}

void fhir_audit(struct bundle *bundle, const struct audit_row *row)
{
    struct writer *writer = &bundle->writer;
    enum table table = table_by_code(row->home);
    bool export = row->action == WORD_ACTION_EXPORT || row->action == WORD_ACTION_BACKUP || row->action == WORD_ACTION_DISCLOSE;
    char name[ENTITY_BYTES];
    bundle_open(bundle, (struct identity){ KIND_AUDIT, row->id, PART_WHOLE });
    code_coding(writer, "type", export ? CODE_AUDIT_EXPORT : CODE_AUDIT_RECORD);
    writer_text(writer, "action", letter(row->action));
    writer_moment(writer, "recorded", row->at_ms);
    writer_text(writer, "outcome", "0"); /* what failed was rolled back, its row of the audit too */
    agent(bundle, row->user);
    writer_array(writer, "entity");
    writer_object(writer, NULL);
    bundle_reference(bundle, "what", became(table, row->home_id));
    (void)snprintf(name, sizeof name, "%s %lld", table != TABLE_END ? table_name(table) : "table unknown here",
                   (long long)row->home_id);
    writer_text(writer, "name", name);
    writer_text(writer, "description", list_word(LIST_ACTION, row->action));
    writer_end(writer);
    writer_end(writer);
    bundle_close(bundle);
}
