/* refill.c - `cisterna refill`: amounts and drugs from the command line. */
// SPDX-License-Identifier: Apache-2.0
#include "app/refill.h"

#include <stdio.h>
#include <string.h>

#include "app/program.h"
#include "app/sessionpaper.h"
#include "app/site.h"
#include "app/told.h"

/* Drugs in the order given: the primary one first, then adjuvants, which stand by rising code. */
static int drugs_read(const struct desk *desk, struct mixture *mixture)
{
    for (unsigned i = 0; i < desk->drugs; i++) {
        int64_t conc = 0;
        uint16_t drug = drug_code(desk->drug[i]);
        if (drug == DRUG_NONE)
            return desk_usage(desk, "this is no drug that the system knows: ", desk->drug[i]);
        if (desk->concentration[i] == NULL)
            return desk_usage(desk, "needs a --concentration behind --drug ", desk->drug[i]);
        if (amount_read(desk->concentration[i], DIMENSION_CONC, &conc) != AMOUNT_OK || conc < 1 || conc > CONC_NG_ML_MAX)
            return desk_usage(desk, "--concentration needs an amount such as '25 mg/mL', not ", desk->concentration[i]);
        unsigned at = mixture->count++;
        for (; at > 1 && mixture->component[at - 1].drug > drug; at--)
            mixture->component[at] = mixture->component[at - 1];
        mixture->component[at] = (struct component){ drug, { (int32_t)conc } };
    }
    return mixture_valid(mixture) ? EXIT_DONE : desk_usage(desk, "a drug stands there twice", "");
}

static int lot_read(const struct desk *desk, char lot[LOT_BYTES])
{
    const char *text = "";
    int code = desk_has(desk, OPTION_AT_LOT) ? desk_name(desk, OPTION_AT_LOT, LOT_BYTES - 1, &text) : EXIT_DONE;
    memcpy(lot, text, strlen(text));
    return code;
}

static int refill_read(const struct desk *desk, struct refill *refill)
{
    refill->dead_drug_free = desk_has(desk, OPTION_AT_DEAD_DRUG_FREE);
    int code = desk_amount(desk, OPTION_AT_WITHDRAWN, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->withdrawn.nl);
    if (code == EXIT_DONE && desk_has(desk, OPTION_AT_LEFT))
        code = desk_amount(desk, OPTION_AT_LEFT, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->left.nl);
    if (code == EXIT_DONE)
        code = desk_amount(desk, OPTION_AT_FILLED, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->filled.nl);
    if (code == EXIT_DONE)
        code = desk_amount(desk, OPTION_AT_DRAWN_UP, DIMENSION_VOLUME, 0, VOL_NL_MAX, &refill->drawn_up.nl);
    if (code == EXIT_DONE)
        code = lot_read(desk, refill->lot);
    return code == EXIT_DONE ? drugs_read(desk, &refill->fill) : code;
}

/* The reservoir after it, as the pump now reckons. */
static void reservoir_say(struct visit *visit)
{
    char volume[AMOUNT_TEXT_BYTES], error[AMOUNT_TEXT_BYTES];
    if (desk_has(visit->desk, OPTION_AT_JSON) ||
        programmer_status(&visit->programmer, &visit->air, &visit->status) != CONTACT_OK)
        return;
    amount_write_volume(volume, visit->status.reservoir_nl);
    amount_write_volume(error, visit->status.reservoir_error_nl);
    printf("  reservoir, calculated: %s, give or take %s\n", volume, error);
}

/* Nobody waits here for as long as a patient is to be watched. */
static void watch_say(const struct desk *desk)
{
    if (!desk_has(desk, OPTION_AT_JSON))
        fprintf(stderr, "cisterna %s: watch the patient for %d min: drug in the pocket shows only after the needle is out\n",
                desk->command, WORKFLOW_POCKET_MS / MINUTE_MS);
}

/* A workflow of the clinic: an implant or a bridge with a therapy, without one the same drug again. */
static int refill_work(struct workrun *work)
{
    const struct desk *desk = work->visit->desk;
    int code = work->has_therapy ? program_prepare(work, desk->value[OPTION_AT_THERAPY]) : workrun_draft(work);
    if (code == EXIT_DONE && !work->has_therapy && !workrun_known(work))
        code = EXIT_FAILED;
    if (code == EXIT_DONE)
        code = workrun_send(work);
    if (code == EXIT_DONE && work->seen.stretches > 0)
        watch_say(desk);
    return code;
}

/* A pump that has no therapy names no region, and so no formulary: what is filled before there is one, the pump judges alone. */
static int refill_give(struct visit *visit, struct workbook *book, struct command *command)
{
    struct workrun work = { .has_therapy = desk_has(visit->desk, OPTION_AT_THERAPY),
                            .book = book,
                            .has_refill = true,
                            .refill = command->refill };
    int code = workrun_look(&work, visit);
    bool works = work.has_therapy || work.seen.has_therapy;
    if (code == EXIT_DONE && !works && book->is) {
        fprintf(stderr,
                "cisterna refill: where it is recorded, a pump gets its therapy with its first fill: --therapy FILE\n");
        code = EXIT_USAGE;
    }
    if (code == EXIT_DONE)
        code = works ? refill_work(&work) : told_give(visit, command);
    code = workbook_keep(book, visit, &work.workflow, code);
    code = sessionpaper_write(&work, code);
    workrun_end(&work);
    return code;
}

int refill_run(const struct desk *desk)
{
    struct visit visit;
    struct workbook book;
    struct command command = { .kind = COMMAND_REFILL, .retitrated = desk_has(desk, OPTION_AT_RETITRATED) };
    int code = refill_read(desk, &command.refill);
    if (code == EXIT_DONE)
        code = site_options(desk);
    if (code == EXIT_DONE && desk_has(desk, OPTION_AT_LIMITS) && !desk_has(desk, OPTION_AT_THERAPY))
        code = desk_usage(desk, "--limits are those of a therapy: it needs --therapy FILE", "");
    if (code == EXIT_DONE)
        code = workbook_open(desk, &book);
    if (code != EXIT_DONE)
        return code;
    code = visit_begin(desk, PURPOSE_CHANGE, &visit);
    if (code != EXIT_DONE) {
        workbook_close(&book);
        return code;
    }
    code = refill_give(&visit, &book, &command);
    if (code == EXIT_DONE)
        reservoir_say(&visit);
    visit_end(&visit);
    workbook_close(&book);
    return code;
}
