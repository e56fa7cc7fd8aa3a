/* program.c - `cisterna program`: from a file into force, in steps that can each be refused. */
// SPDX-License-Identifier: Apache-2.0
#include "app/program.h"

#include <stdio.h>
#include <string.h>

#include "app/daytext.h"
#include "app/sessionpaper.h"
#include "app/site.h"
#include "app/step.h"
#include "app/therapyfile.h"
#include "app/therapytext.h"
#include "app/told.h"
#include "clinic/workflow/readback.h"

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
static bool dose_typed(struct workrun *work)
{
    struct readback readback;
    char line[STEP_LINE_BYTES];
    readback_ask(&work->workflow, &readback);
    step_ask(readback.question, line);
    work->typed = workrun_readback(work, line);
    return work->typed;
}

/* Asks for all that must be typed, with the keys left to others meanwhile. --yes does not stand for a large step. */
static int agree(struct workrun *work, enum step step)
{
    const struct desk *desk = work->visit->desk;
    if (step == STEP_SMALL && desk_has(desk, OPTION_AT_YES))
        return workrun_known(work) ? EXIT_DONE : EXIT_FAILED;
    visit_leave(work->visit);
    if ((step == STEP_LARGE && !step_typed(desk, &work->seen.therapy, &work->workflow.stored)) || !dose_typed(work))
        return EXIT_FAILED;
    return visit_return(work->visit);
}

/* From what the workflow has taken to what the pump has stored. */
static int store(struct workrun *work)
{
    struct visit *visit = work->visit;
    struct therapy stored;
    uint8_t token[TOKEN_BYTES];
    bool there = false;
    int code = stage(visit, &work->therapy, token);
    if (code == EXIT_DONE)
        code = therapy_held(visit, true, &stored, &there);
    if (code == EXIT_DONE && !there) {
        fprintf(stderr, "cisterna %s: the pump holds no staged therapy any more\n", visit->desk->command);
        code = EXIT_FAILED;
    }
    if (code == EXIT_DONE)
        code = site_sign(work, token);
    if (code == EXIT_DONE)
        workrun_staged(work, &stored, token);
    return code;
}

int program_prepare(struct workrun *work, const char *file)
{
    const struct desk *desk = work->visit->desk;
    const struct interrogation *seen = &work->seen;
    cisterna_Capability pump = { .model = seen->model, .revision = seen->revision, .calibration_ppm = seen->calibration.ppm };
    memcpy(pump.serial, seen->serial, sizeof seen->serial);
    int code =
        therapyfile_read(desk, file, &pump, seen->has_therapy ? seen->therapy.dead_volume : (vol_nl){ 0 }, &work->therapy);
    if (code != EXIT_DONE)
        return code;
    enum step step = seen->has_therapy ? step_judge(desk, &seen->therapy, &work->therapy) : STEP_SMALL;
    if (step == STEP_STEEP)
        return EXIT_REFUSED;
    code = workrun_draft(work);
    if (code == EXIT_DONE)
        code = store(work);
    if (code != EXIT_DONE)
        return code;
    FILE *out = desk_has(desk, OPTION_AT_JSON) ? stderr : stdout;
    therapytext_print(out, &work->workflow, &work->practice);
    daytext_print(out, work->practice.formulary, &work->workflow.stored);
    return agree(work, step);
}

int program_run(const struct desk *desk)
{
    struct visit visit;
    struct workbook book;
    struct workrun work = { .has_therapy = true, .book = &book };
    int code = site_options(desk);
    if (code == EXIT_DONE)
        code = workbook_open(desk, &book);
    if (code != EXIT_DONE)
        return code;
    code = visit_begin(desk, PURPOSE_CHANGE, &visit);
    if (code != EXIT_DONE) {
        workbook_close(&book);
        return code;
    }
    code = workrun_look(&work, &visit);
    if (code == EXIT_DONE)
        code = program_prepare(&work, desk->word);
    if (code == EXIT_DONE)
        code = workrun_send(&work);
    code = workbook_keep(&book, &visit, &work.workflow, code);
    code = sessionpaper_write(&work, code);
    workrun_end(&work);
    visit_end(&visit);
    workbook_close(&book);
    return code;
}
