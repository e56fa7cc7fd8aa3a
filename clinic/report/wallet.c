/* wallet.c - the emergency card to cut out. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/wallet.h"

#include <stdio.h>

#include "clinic/report/square.h"

static const double PANEL_WIDTH_MM = 85.6, PANEL_HEIGHT_MM = 54, PAD_MM = 2.5, SQUARE_MM = 27;
static const double LARGEST = 9, READABLE = 7, SMALLEST = 5.5; /* letters, points */
enum { PANEL_COLUMNS = 2, FACTS_BYTES = 1600 };

struct corner {
    double x, y;
};

/* The largest letters, down to `least`, in which it fits; 0 when there are none. */
static double fitting(struct page *page, double width, double height, double least, const char *text)
{
    for (double size = LARGEST; size >= least; size -= 0.5)
        if (page_text_height(page, (struct letters){ size, false }, width, text) <= height)
            return size;
    return 0;
}

/* What fits in no letters is not cut off in silence. */
static void fitted(struct page *page, double x, double y, double width, double height, const char *text)
{
    double size = fitting(page, width, height, SMALLEST, text);
    if (size > 0)
        page_text_at(page, (struct letters){ size, false }, x, y, width, text);
    else
        page_text_at(page, (struct letters){ 8, true }, x, y, width, "Too long for this card: see the full page.");
}

static void panel_frame(struct page *page, double x, double y, const char *title)
{
    static const double dash[] = { 3, 3 };
    double pad = PAD_MM * MM, width = PANEL_WIDTH_MM * MM;
    char text[120];
    cairo_save(page->cairo);
    cairo_set_line_width(page->cairo, 0.6);
    cairo_set_dash(page->cairo, dash, 2, 0);
    cairo_rectangle(page->cairo, x, y, width, PANEL_HEIGHT_MM * MM);
    cairo_stroke(page->cairo);
    cairo_restore(page->cairo);
    snprintf(text, sizeof text, "%s", title);
    page_text_at(page, (struct letters){ 9, true }, x + pad, y + pad, width - 2 * pad, text);
    page_text_at(page, (struct letters){ 5.5, true }, x + pad, y + (PANEL_HEIGHT_MM - 4.5) * MM, width - 2 * pad,
                 "SIMULATION, not a medical device");
}

static void facts_write(char text[FACTS_BYTES], const struct report_emergency *card)
{
    phrase conc, dose, day;
    size_t size = 0;
    for (unsigned i = 0; i < card->therapy->mixture.count; i++) {
        emergency_drug(conc, dose, card, i);
        size += (size_t)snprintf(text + size, FACTS_BYTES - size, "%s %s\n   %s\n",
                                 drug_word(card->therapy->mixture.component[i].drug), conc, dose);
    }
    if (card->therapy->mixture.count == 0)
        size += (size_t)snprintf(text + size, FACTS_BYTES - size, "no drug\n");
    emergency_refill(day, card);
    size += (size_t)snprintf(text + size, FACTS_BYTES - size, "Refill by %s\n", day);
    words_day(day, card->head.read);
    snprintf(text + size, FACTS_BYTES - size, "As of %s\n%s\nPump %s %s\nCall %s", day, card->head.patient,
             model_name(card->head.model->code), card->head.serial, card->clinic);
}

/* The code beside the facts; where they need the room, on a panel of its own. The number of panels. */
static unsigned facts_panels(struct page *page, const struct corner corner[2], const struct report_emergency *card)
{
    char text[FACTS_BYTES], code[EMERGENCY_CODE_BYTES];
    double pad = PAD_MM * MM, all = PANEL_WIDTH_MM * MM - 2 * pad, beside = all - SQUARE_MM * MM;
    double height = (PANEL_HEIGHT_MM - 13) * MM, top = corner[0].y + 8 * MM;
    facts_write(text, card);
    emergency_code(code, card);
    panel_frame(page, corner[0].x, corner[0].y, "Emergency: pump into the spine");
    if (fitting(page, beside, height, READABLE, text) > 0) {
        fitted(page, corner[0].x + pad, top, beside, height, text);
        (void)square_draw(page, corner[0].x + pad + beside, corner[0].y + 10 * MM, SQUARE_MM * MM,
                          code); /* the page says it */
        return 1;
    }
    fitted(page, corner[0].x + pad, top, all, height, text);
    panel_frame(page, corner[1].x, corner[1].y, "The same for a camera");
    (void)square_draw(page, corner[1].x + (PANEL_WIDTH_MM * MM - height) / 2, corner[1].y + 8 * MM, height, code);
    return 2;
}

static void drug_panel(struct page *page, struct corner corner, const struct report_emergency *card, unsigned index)
{
    char text[EMERGENCY_STEPS_BYTES], title[80];
    uint16_t drug = card->therapy->mixture.component[index].drug;
    double pad = PAD_MM * MM;
    snprintf(title, sizeof title, "%s: first steps", drug_word(drug));
    panel_frame(page, corner.x, corner.y, title);
    emergency_steps(text, card->head.formulary, drug);
    fitted(page, corner.x + pad, corner.y + 8 * MM, PANEL_WIDTH_MM * MM - 2 * pad, (PANEL_HEIGHT_MM - 13) * MM, text);
}

void wallet_draw(struct page *page, const struct report_emergency *card)
{
    struct corner corner[2 + MIXTURE_DRUGS_MAX];
    page_break(page);
    page_heading(page, "To cut out, fold and carry");
    for (unsigned i = 0; i < 2 + MIXTURE_DRUGS_MAX; i++)
        corner[i] = (struct corner){ page->left + i % PANEL_COLUMNS * PANEL_WIDTH_MM * MM,
                                     page->y + i / PANEL_COLUMNS * PANEL_HEIGHT_MM * MM };
    unsigned panel = facts_panels(page, corner, card);
    for (unsigned i = 0; i < card->therapy->mixture.count; i++)
        drug_panel(page, corner[panel + i], card, i);
}
