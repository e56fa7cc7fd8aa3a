/* emergency.c - the emergency card. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/emergency.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clinic/report/daily.h"
#include "clinic/report/square.h"
#include "clinic/report/wallet.h"

static const double SQUARE_MM = 44;
enum { FEW_DRUGS = 2 };

/* The letters of the page: as large as it allows, for it may hang on a wall. */
static struct letters letters_of(const struct report_emergency *card, double size, bool bold)
{
    return (struct letters){ card->therapy->mixture.count <= FEW_DRUGS ? size * 1.3 : size * 0.9, bold };
}

static struct letters large(const struct report_emergency *card)
{
    return letters_of(card, 13, true);
}

static struct letters medium(const struct report_emergency *card)
{
    return letters_of(card, 11, false);
}

static struct letters name_letters(const struct report_emergency *card)
{
    return letters_of(card, 15, true);
}

__attribute__((format(printf, 3, 4))) static void append(char *text, size_t room, const char *format, ...)
{
    size_t size = strlen(text);
    va_list list;
    va_start(list, format);
    vsnprintf(text + size, room - size, format, list);
    va_end(list);
}

void emergency_steps(char text[EMERGENCY_STEPS_BYTES], const struct formulary *formulary, uint16_t drug)
{
    const struct entry *entry = formulary_find(formulary, drug);
    text[0] = '\0';
    if (entry == NULL) {
        append(text, EMERGENCY_STEPS_BYTES,
               "The formulary of this region has no entry for this drug: its first steps are not known.");
        return;
    }
    for (unsigned i = 0; i < entry->statements[STATEMENT_OVERDOSE]; i++)
        append(text, EMERGENCY_STEPS_BYTES, "%s\n", entry->statement[STATEMENT_OVERDOSE][i].text);
    if (entry->statements[STATEMENT_OVERDOSE] == 0)
        append(text, EMERGENCY_STEPS_BYTES, "Too much: the formulary states no first steps.\n");
    for (unsigned i = 0; i < entry->statements[STATEMENT_WITHDRAWAL]; i++)
        append(text, EMERGENCY_STEPS_BYTES, "%s\n", entry->statement[STATEMENT_WITHDRAWAL][i].text);
    text[strlen(text) - 1] = '\0';
}

void emergency_drug(phrase conc, phrase dose, const struct report_emergency *card, unsigned index)
{
    const struct component *part = &card->therapy->mixture.component[index];
    bool mg = words_milligrams(card->head.formulary, part->drug);
    struct ratio program = daily_program(card->therapy), most = daily_most(card->therapy);
    phrase one, all;
    words_conc(conc, mg, ratio_of(part->conc.ng_ml));
    words_dose(one, mg, daily_mass(program, part->conc));
    words_dose(all, mg, daily_mass(most, part->conc));
    if (ratio_compare(program, most) == 0)
        snprintf(dose, WORDS_BYTES, "%s", one);
    else
        snprintf(dose, WORDS_BYTES, "%.50s (with all boluses %.50s)", one, all);
}

/* Cameras hand the text to anything: blanks are plain there. */
static void blanks_plain(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        bool hard = strncmp(in, NBSP, strlen(NBSP)) == 0;
        *out++ = hard ? ' ' : *in;
        in += hard ? 1 : 0;
    }
    *out = '\0';
}

void emergency_refill(phrase text, const struct report_emergency *card)
{
    phrase day;
    snprintf(text, WORDS_BYTES, "not known");
    if (!card->has_refill)
        return;
    words_day(day, card->refill);
    snprintf(text, WORDS_BYTES, "%.40s%s", day, card->refill.utc_ms < card->head.made.utc_ms ? " (PAST)" : "");
}

void emergency_code(char text[EMERGENCY_CODE_BYTES], const struct report_emergency *card)
{
    phrase conc, dose, day;
    text[0] = '\0';
    append(text, EMERGENCY_CODE_BYTES, "SIMULATION, not a medical device\nIntrathecal pump %s %s\n",
           model_name(card->head.model->code), card->head.serial);
    for (unsigned i = 0; i < card->therapy->mixture.count; i++) {
        emergency_drug(conc, dose, card, i);
        append(text, EMERGENCY_CODE_BYTES, "%s %s, %s\n", drug_word(card->therapy->mixture.component[i].drug), conc,
               dose);
    }
    if (card->therapy->mixture.count == 0)
        append(text, EMERGENCY_CODE_BYTES, "no drug\n");
    emergency_refill(day, card);
    append(text, EMERGENCY_CODE_BYTES, "Refill by %s\n", day);
    words_date(day, card->head.read);
    append(text, EMERGENCY_CODE_BYTES, "As of %s\nCall %s", day, card->clinic);
    blanks_plain(text);
}

static void paragraph(struct page *page, struct letters letters, const char *text)
{
    double width = page->right - page->left;
    page_keep(page, page_text_height(page, letters, width, text));
    page->y += page_text_at(page, letters, page->left, page->y, width, text) + 4;
}

/* The facts, with the code to the right of them. */
static void facts_draw(struct page *page, const struct report_emergency *card)
{
    char text[2 * WORDS_BYTES], code[EMERGENCY_CODE_BYTES];
    double square = SQUARE_MM * MM, width = page->right - page->left - square - 4 * MM, top = page->y;
    phrase day, conc, dose;
    const struct mixture *mixture = &card->therapy->mixture;
    emergency_code(code, card);
    if (!square_draw(page, page->right - square, top, square, code))
        page_text_at(page, SMALL_LETTERS, page->right - square, top, square, "The text is too long for a code.");
    static const char what[] = "This person has a pump that gives into the spinal fluid:";
    page->y += page_text_at(page, medium(card), page->left, page->y, width, what) + 4;
    for (unsigned i = 0; i < mixture->count; i++) {
        emergency_drug(conc, dose, card, i);
        page->y +=
            page_text_at(page, name_letters(card), page->left, page->y, width, drug_word(mixture->component[i].drug));
        snprintf(text, sizeof text, "%s, %s", conc, dose);
        page->y += page_text_at(page, large(card), page->left, page->y, width, text) + 3;
    }
    if (mixture->count == 0)
        page->y +=
            page_text_at(page, name_letters(card), page->left, page->y, width, "no drug: a fluid without any") + 3;
    emergency_refill(day, card);
    snprintf(text, sizeof text, "Refill at the latest: %s", day);
    page->y += page_text_at(page, large(card), page->left, page->y, width, text) + 3;
    page->y = page->y > top + square ? page->y : top + square;
    snprintf(text, sizeof text, "Call: %s", card->clinic);
    paragraph(page, large(card), text);
}

static void steps_draw(struct page *page, const struct report_emergency *card)
{
    char text[EMERGENCY_STEPS_BYTES], name[160];
    phrase safe;
    page_heading(page, "First steps");
    words_flow(safe, ratio_of(card->therapy->safe_rate.nl_day));
    snprintf(text, sizeof text,
             "Call the emergency number, then the clinic. Keep this card with the patient. A magnet held to the pump "
             "lowers it to its safe rate: %s.",
             card->therapy->safe_rate.nl_day > 0 ? safe : "stopped");
    paragraph(page, medium(card), text);
    for (unsigned i = 0; i < card->therapy->mixture.count; i++) {
        uint16_t drug = card->therapy->mixture.component[i].drug;
        const struct entry *entry = formulary_find(card->head.formulary, drug);
        emergency_steps(text, card->head.formulary, drug);
        page_keep(page, page_text_height(page, medium(card), page->right - page->left, text) + 24);
        page->y += 4;
        snprintf(name, sizeof name, "%s%s%s%s", drug_word(drug), entry != NULL ? " (" : "",
                 entry != NULL ? entry->drug_class : "", entry != NULL ? ")" : "");
        paragraph(page, large(card), name);
        paragraph(page, medium(card), text);
    }
    snprintf(text, sizeof text,
             "After a break of more than %u" NBSP "h the same dose must not simply go on: it is titrated anew.",
             card->therapy->restart_limit_hours);
    page_gap(page, 4);
    if (card->therapy->mixture.count > 0)
        page_note(page, text);
}

static void draw(struct page *page, const void *what)
{
    const struct report_emergency *card = what;
    facts_draw(page, card);
    if (card->has_refill && card->refill.utc_ms < card->head.made.utc_ms)
        page_note(page, "The day of the refill had passed when this card was made: the pump may be empty.");
    steps_draw(page, card);
    page_gap(page, 2);
    head_facts(page, &card->head);
    wallet_draw(page, card);
}

bool report_emergency_write(const struct report_emergency *card, struct report_out *out)
{
    return report_write(&card->head, "Emergency card", draw, card, out);
}
