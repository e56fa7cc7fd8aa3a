/* wallet.c - the emergency card to cut out. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/wallet.h"

#include <stdio.h>

#include "clinic/report/square.h"

static const double PANEL_WIDTH_MM = 85.6, PANEL_HEIGHT_MM = 54, PAD_MM = 2.5, SQUARE_MM = 27;
enum { PANEL_COLUMNS = 2 };

/* In the largest letters in which it fits; what fits in none is not cut off in silence. */
static void fitted(struct page *page, double x, double y, double width, double height, const char *text)
{
    for (double size = 9; size >= 5.5; size -= 0.5) {
        struct letters letters = { size, false };
        if (page_text_height(page, letters, width, text) <= height) {
            page_text_at(page, letters, x, y, width, text);
            return;
        }
    }
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

static void facts_panel(struct page *page, double x, double y, const struct report_emergency *card)
{
    char text[1600], code[EMERGENCY_CODE_BYTES];
    size_t size = 0;
    phrase conc, dose, day;
    double pad = PAD_MM * MM, square = SQUARE_MM * MM, width = PANEL_WIDTH_MM * MM - 2 * pad - square;
    panel_frame(page, x, y, "Emergency: pump into the spine");
    for (unsigned i = 0; i < card->therapy->mixture.count; i++) {
        emergency_drug(conc, dose, card, i);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s %s\n   %s\n",
                                 drug_word(card->therapy->mixture.component[i].drug), conc, dose);
    }
    if (card->therapy->mixture.count == 0)
        size += (size_t)snprintf(text + size, sizeof text - size, "no drug\n");
    snprintf(day, sizeof day, "not known");
    if (card->has_refill)
        words_day(day, card->refill);
    size += (size_t)snprintf(text + size, sizeof text - size, "Refill by %s\n", day);
    words_day(day, card->head.read);
    snprintf(text + size, sizeof text - size, "As of %s\n%s\nPump %s %s\nCall %s", day, card->head.patient,
             model_name(card->head.model->code), card->head.serial, card->clinic);
    fitted(page, x + pad, y + 8 * MM, width, (PANEL_HEIGHT_MM - 13) * MM, text);
    emergency_code(code, card);
    (void)square_draw(page, x + pad + width, y + 10 * MM, square, code); /* the page before says so when it cannot be */
}

static void drug_panel(struct page *page, double x, double y, const struct report_emergency *card, unsigned index)
{
    char text[EMERGENCY_STEPS_BYTES], title[80];
    uint16_t drug = card->therapy->mixture.component[index].drug;
    double pad = PAD_MM * MM;
    snprintf(title, sizeof title, "%s: first steps", drug_word(drug));
    panel_frame(page, x, y, title);
    emergency_steps(text, card->head.formulary, drug);
    fitted(page, x + pad, y + 8 * MM, PANEL_WIDTH_MM * MM - 2 * pad, (PANEL_HEIGHT_MM - 13) * MM, text);
}

void wallet_draw(struct page *page, const struct report_emergency *card)
{
    page_break(page);
    page_heading(page, "To cut out, fold and carry");
    double top = page->y, width = PANEL_WIDTH_MM * MM, height = PANEL_HEIGHT_MM * MM;
    for (unsigned i = 0; i <= card->therapy->mixture.count; i++) {
        double x = page->left + i % PANEL_COLUMNS * width, y = top + i / PANEL_COLUMNS * height;
        if (i == 0)
            facts_panel(page, x, y, card);
        else
            drug_panel(page, x, y, card, i - 1);
    }
}
