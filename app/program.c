/* program.c - `cisterna program`: from a file into force, in steps that can each be refused. */
// SPDX-License-Identifier: Apache-2.0
#include "app/program.h"

#include <stdio.h>
#include <string.h>

#include "app/therapyfile.h"
#include "app/therapytext.h"
#include "app/told.h"
#include "core/catalog.h"
#include "core/text.h"
#include "link/permit.h"

enum { STEEP = 10, LARGE = 2, LINE_BYTES = 128 };

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

/* What a person can be given besides the program, and how far: each may be raised by mistake as well as the dose. */
struct bound {
    const char *what;
    int64_t before, after;
};

static int64_t patient_day_nl(const struct therapy *therapy)
{
    const struct patient_bolus *patient = &therapy->program.patient;
    return patient->allowed ? patient->volume.nl * patient->max_per_day : 0;
}

static int64_t day_limit_fg(const struct therapy *therapy)
{
    return therapy->limits.count > 0 ? therapy->limits.drug[0].window[WINDOW_DAY].fg : 0;
}

/* False when one of them becomes ten times as much or more; twice is said. */
static bool bounds_judge(const struct desk *desk, const struct therapy *old, const struct therapy *new)
{
    const struct bound bounds[] = {
        { "the patient's bolus", old->program.patient.volume.nl, new->program.patient.volume.nl },
        { "the patient's boluses of a day", patient_day_nl(old), patient_day_nl(new) },
        { "the limit of a day", day_limit_fg(old), day_limit_fg(new) },
        { "the largest bolus", old->limits.bolus_max.nl, new->limits.bolus_max.nl },
    };
    bool fit = true;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        const struct bound *bound = &bounds[i];
        if (bound->before <= 0)
            continue;
        if (bound->after / STEEP >= bound->before) {
            fprintf(stderr, "cisterna %s: %s becomes %d times as much or more: not activated; go there in steps\n",
                    desk->command, bound->what, STEEP);
            fit = false;
        } else if (bound->after >= LARGE * bound->before) {
            fprintf(stderr, "cisterna %s: NOTE: %s becomes twice as much, or more\n", desk->command, bound->what);
        }
    }
    return fit;
}

/* Compares the doses of the primary drug; false when the step is too steep to be taken at once. REQ-CLIN-06 */
static bool step_judge(const struct desk *desk, const struct therapy *old, const struct therapy *new)
{
    uint16_t drug = new->mixture.count > 0 ? new->mixture.component[0].drug : DRUG_NONE;
    int64_t before = drug != DRUG_NONE ? therapytext_day_fg(old, drug) : therapytext_day_nl(old);
    int64_t after = drug != DRUG_NONE ? therapytext_day_fg(new, drug) : therapytext_day_nl(new);
    if (before <= 0)
        return true;
    if (after / STEEP >= before) {
        fprintf(stderr, "cisterna %s: %d times the present dose or more: not activated; go there in steps\n", desk->command,
                STEEP);
        return false;
    }
    if (after >= LARGE * before)
        fprintf(stderr, "cisterna %s: NOTE: twice the present dose, or more\n", desk->command);
    if (after <= before / LARGE)
        fprintf(stderr, "cisterna %s: NOTE: half the present dose, or less%s\n", desk->command,
                drug_stop_is_hazard(drug) ? "; withdrawal of this drug is a hazard" : "");
    return true;
}

/* Asks for the dose that the table shows; what is typed is an amount, not a yes. REQ-CLIN-03 */
static bool dose_typed(const struct desk *desk, const struct therapy *new)
{
    char line[LINE_BYTES];
    uint16_t drug = new->mixture.count > 0 ? new->mixture.component[0].drug : DRUG_NONE;
    int64_t expected = drug != DRUG_NONE ? therapytext_day_fg(new, drug) : therapytext_day_nl(new), typed = -1;
    fflush(stdout); /* the table stands above the question, wherever the two go */
    fprintf(stderr, "Type the most %s%s in any 24 hours under NEW, with its unit, to activate it: ",
            drug != DRUG_NONE ? drug_word(drug) : "that flows", drug != DRUG_NONE ? "" : " (such as '0.2 mL/day')");
    fflush(stderr);
    if (fgets(line, sizeof line, stdin) == NULL)
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    enum amount_fault fault = amount_read(line, drug != DRUG_NONE ? DIMENSION_DOSE : DIMENSION_FLOW, &typed);
    if (fault == AMOUNT_OK && typed == expected)
        return true;
    fprintf(stderr, "cisterna %s: that is not what the pump has stored: not activated. What is staged expires by itself.\n",
            desk->command);
    return false;
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
    if (has_old && !(step_judge(desk, &old, &stored) & bounds_judge(desk, &old, &stored)))
        return EXIT_REFUSED;
    if (desk_has(desk, OPTION_AT_YES))
        return EXIT_DONE;
    visit_leave(visit);
    return dose_typed(desk, &stored) ? visit_return(visit) : EXIT_FAILED;
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
