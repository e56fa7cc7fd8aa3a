/* program.c - `cisterna program`: from a file into force, in steps that can each be refused. */
// SPDX-License-Identifier: Apache-2.0
#include "app/program.h"

#include <stdio.h>

#include "app/step.h"
#include "app/therapyfile.h"
#include "app/therapytext.h"
#include "app/told.h"
#include "core/catalog.h"
#include "core/text.h"
#include "link/permit.h"

/* A therapy that the pump holds; *there false when it holds none. */
static int therapy_held(struct visit *visit, bool staged, struct therapy *therapy, bool *there)
{
    uint8_t bytes[THERAPY_BYTES_MAX];
    size_t size = 0;
    enum contact contact = programmer_read_therapy(&visit->programmer, &visit->air, staged, bytes, &size);
    *there = size > 0;
    if (contact == CONTACT_OK && (size == 0 || therapy_decode(bytes, size, therapy) == RESULT_OK))
        return EXIT_DONE;
    fprintf(stderr, "cisterna %s: the therapy %s: %s\n", visit->desk->command, staged ? "staged" : "in force",
            contact != CONTACT_OK ? told_contact(contact) : "its bytes are not well formed");
    return contact != CONTACT_OK ? told_contact_exit(contact) : EXIT_DAMAGED;
}

static int stage(struct visit *visit, const struct therapy *therapy, uint8_t token[TOKEN_BYTES])
{
    struct receipt receipt;
    enum contact contact = CONTACT_OK;
    enum told told = programmer_stage(&visit->programmer, &visit->air, therapy, token, &receipt, &contact);
    if (told == TOLD_APPLIED)
        return EXIT_DONE;
    if (told == TOLD_UNKNOWN) {
        fprintf(stderr, "cisterna %s: no answer while staging: nothing has come into force; begin again\n",
                visit->desk->command);
        return EXIT_FAILED;
    }
    if (receipt.outcome == 0 && contact == CONTACT_OK) {
        fprintf(stderr, "cisterna %s: what the pump has stored is not what was sent: nothing has come into force\n",
                visit->desk->command);
        return EXIT_FAILED;
    }
    return told_say(visit, told, &receipt, contact);
}

/* Asks for the dose that the table shows; what is typed is an amount, not a yes. REQ-CLIN-03 */
static bool dose_typed(const struct desk *desk, const struct therapy *new)
{
    char question[128];
    uint16_t drug = new->mixture.count > 0 ? new->mixture.component[0].drug : DRUG_NONE;
    snprintf(question, sizeof question, "Type the most %s%s in any 24 hours under NEW, with its unit, to activate it",
             drug != DRUG_NONE ? drug_word(drug) : "that flows", drug != DRUG_NONE ? "" : " (such as '0.2 mL/day')");
    if (step_amount_typed(question, drug != DRUG_NONE ? DIMENSION_DOSE : DIMENSION_FLOW, therapytext_day(new, drug, PART_ALL)))
        return true;
    fprintf(stderr, "cisterna %s: that is not what the pump has stored: not activated. What is staged expires by itself.\n",
            desk->command);
    return false;
}

/* Asks for all that must be typed, with the keys left to others meanwhile. --yes does not stand for a large step. */
static int agree(struct visit *visit, const struct therapy *old, const struct therapy *new)
{
    const struct desk *desk = visit->desk;
    enum step step = old != NULL ? step_judge(desk, old, new) : STEP_SMALL;
    if (step == STEP_STEEP)
        return EXIT_REFUSED;
    if (step == STEP_SMALL && desk_has(desk, OPTION_AT_YES))
        return EXIT_DONE;
    visit_leave(visit);
    if ((step == STEP_LARGE && !step_typed(desk, old, new)) || !dose_typed(desk, new))
        return EXIT_FAILED;
    return visit_return(visit);
}

int program_stage(struct visit *visit, const char *file, uint8_t token[TOKEN_BYTES])
{
    const struct desk *desk = visit->desk;
    struct therapy old = { .model = 0 }, sent, stored;
    bool has_old = false, has_stored = false;
    cisterna_Reply reply;
    if (!visit_ask(visit, QUERY_CAPABILITY, 0, &reply))
        return EXIT_FAILED;
    cisterna_Capability pump = reply.tell.capability;
    int code = therapy_held(visit, false, &old, &has_old);
    if (code == EXIT_DONE)
        code = therapyfile_read(desk, file, &pump, has_old ? old.dead_volume : (vol_nl){ 0 }, &sent);
    if (code == EXIT_DONE)
        code = stage(visit, &sent, token);
    if (code == EXIT_DONE)
        code = therapy_held(visit, true, &stored, &has_stored);
    if (code != EXIT_DONE)
        return code;
    if (!has_stored) {
        fprintf(stderr, "cisterna %s: the pump holds no staged therapy any more\n", desk->command);
        return EXIT_FAILED;
    }
    therapytext_compare(desk_has(desk, OPTION_AT_JSON) ? stderr : stdout, has_old ? &old : NULL, &stored);
    return agree(visit, has_old ? &old : NULL, &stored);
}

int program_run(const struct desk *desk)
{
    struct visit visit;
    struct command command = { .kind = COMMAND_ACTIVATE, .retitrated = desk_has(desk, OPTION_AT_RETITRATED) };
    int code = visit_begin(desk, PURPOSE_CHANGE, &visit);
    if (code != EXIT_DONE)
        return code;
    code = program_stage(&visit, desk->word, command.token);
    if (code == EXIT_DONE)
        code = told_give(&visit, &command);
    visit_end(&visit);
    return code;
}
