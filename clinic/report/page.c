/* page.c - the pages of a report. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/page.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "clinic/report/font.h"

static const char MARK[] = "SIMULATION";
static const char NOTICE[] = "SIMULATION, not a medical device. Never for use in people.";

enum {
    BAND_OUTER_MM = 5,
    BAND_INNER_MM = 8,
    MARGIN_MM = 16,
    TOP_MM = 14,
    BOTTOM_MM = 26,
    HATCH_MM = 3,
    WORD_KEPT = 24
};
static const double INK_GREY = 0.45, LINE_GREY = 0.6, LETTERS_LEAST = 5.5;
static const struct letters TITLE = { 17, true }, HEADING = { 11.5, true }, NOTICE_LETTERS = { 8, true },
                            MARK_LETTERS = { 11, true };

enum paper paper_of_region(const char *region)
{
    return strcmp(region, "US") == 0 ? PAPER_LETTER : PAPER_A4;
}

static void fail(struct page *page, const char *text, const char *what)
{
    if (*page->fault == '\0')
        snprintf(page->fault, PAGE_FAULT_BYTES, "%s%s", text, what);
}

/* A number, an amount, a date or the name of a drug is never torn, whatever the width: half a number is another number. */
static void words_hold(PangoAttrList *attributes, const char *text)
{
    static const char digits[] = "0123456789";
    for (size_t at = 0; text[at] != '\0';) {
        size_t size = strcspn(text + at, " \n"), digit = strcspn(text + at, digits);
        /* A number in groups, as that of a telephone. */
        while (size > 0 && text[at + size] == ' ' && text[at + size + 1] != '\0' &&
               strchr(digits, text[at + size - 1]) != NULL && strchr(digits, text[at + size + 1]) != NULL)
            size += 1 + strcspn(text + at + size + 1, " \n");
        if (size > 0 && (digit < size || size <= WORD_KEPT)) {
            PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
            whole->start_index = (guint)at;
            whole->end_index = (guint)(at + size);
            pango_attr_list_insert(attributes, whole);
        }
        at += size + (text[at + size] != '\0');
    }
}

static void letters_set(PangoLayout *layout, struct letters letters, bool hold)
{
    PangoFontDescription *font = pango_font_description_from_string(FONT_FAMILY);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_font_description_set_absolute_size(font, letters.size * PANGO_SCALE);
    pango_font_description_set_weight(font, letters.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    if (hold)
        words_hold(attributes, pango_layout_get_text(layout));
    pango_layout_set_font_description(layout, font);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
}

static double layout_width(PangoLayout *layout)
{
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    return (double)width / PANGO_SCALE;
}

/* To be given back with g_object_unref(). What is too wide to be kept
 * whole is written in smaller letters, and torn only when the least are too large: that is no number of ours. */
static PangoLayout *layout_make(struct page *page, struct letters letters, double width, const char *text)
{
    PangoLayout *layout = pango_layout_new(page->pango);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (width > 0)
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, text, -1);
    letters_set(layout, letters, true);
    struct letters smaller = letters;
    while (width > 0 && layout_width(layout) > width && smaller.size > LETTERS_LEAST) {
        smaller.size -= 0.5;
        letters_set(layout, smaller, true);
    }
    if (width > 0 && layout_width(layout) > width)
        letters_set(layout, letters, false);
    if (pango_layout_get_unknown_glyphs_count(layout) > 0)
        fail(page, "the report's font has not all characters of this text: ", text);
    return layout;
}

static double layout_height(PangoLayout *layout)
{
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double page_text_height(struct page *page, struct letters letters, double width, const char *text)
{
    PangoLayout *layout = layout_make(page, letters, width, text);
    double height = layout_height(layout);
    g_object_unref(layout);
    return height;
}

double page_text_width(struct page *page, struct letters letters, const char *text)
{
    PangoLayout *layout = layout_make(page, letters, 0, text);
    double width = layout_width(layout);
    g_object_unref(layout);
    return width;
}

double page_text_at(struct page *page, struct letters letters, double x, double y, double width, const char *text)
{
    PangoLayout *layout = layout_make(page, letters, width, text);
    cairo_move_to(page->cairo, x, y);
    pango_cairo_show_layout(page->cairo, layout);
    double height = layout_height(layout);
    g_object_unref(layout);
    return height;
}

void page_line(struct page *page, double x1, double y1, double x2, double y2, double thickness)
{
    cairo_save(page->cairo);
    cairo_set_source_rgb(page->cairo, LINE_GREY, LINE_GREY, LINE_GREY);
    cairo_set_line_width(page->cairo, thickness);
    cairo_move_to(page->cairo, x1, y1);
    cairo_line_to(page->cairo, x2, y2);
    cairo_stroke(page->cairo);
    cairo_restore(page->cairo);
}

/* A hatched band all around: a simulation is known by its pattern, also in a copy without colours (screen rule W9). */
static void band_draw(struct page *page)
{
    double outer = BAND_OUTER_MM * MM, inner = BAND_INNER_MM * MM, step = HATCH_MM * MM;
    cairo_t *cairo = page->cairo;
    cairo_save(cairo);
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_rectangle(cairo, outer, outer, page->width - 2 * outer, page->height - 2 * outer);
    cairo_rectangle(cairo, inner, inner, page->width - 2 * inner, page->height - 2 * inner);
    cairo_clip(cairo);
    cairo_set_source_rgb(cairo, LINE_GREY, LINE_GREY, LINE_GREY);
    cairo_set_line_width(cairo, 1.2);
    for (int i = 0; i * step < page->width + page->height; i++) {
        cairo_move_to(cairo, i * step, 0);
        cairo_line_to(cairo, i * step - page->height, page->height);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static void foot_draw(struct page *page)
{
    char count[40];
    double width = page->right - page->left, y = page->bottom + 2 * MM;
    snprintf(count, sizeof count, "page %u of %u", page->number, page->total);
    double count_width = page_text_width(page, SMALL_LETTERS, count);
    page_line(page, page->left, y, page->right, y, 0.5);
    y += 1.5 * MM;
    page_text_at(page, SMALL_LETTERS, page->right - count_width, y, 0, count);
    y += page_text_at(page, NOTICE_LETTERS, page->left, y, width - count_width - 4 * MM, NOTICE);
    page_text_at(page, SMALL_LETTERS, page->left, y, width, page->frame->foot);
}

static void page_open(struct page *page)
{
    page->number++;
    cairo_set_source_rgb(page->cairo, 0, 0, 0);
    band_draw(page);
    foot_draw(page);
    page->y = page->top;
    struct letters letters = page->number == 1 ? MARK_LETTERS : NOTICE_LETTERS;
    double mark = page_text_width(page, letters, MARK), width = page->right - page->left - mark - 4 * MM;
    page_text_at(page, letters, page->right - mark, page->y, 0, MARK);
    if (page->number == 1)
        page->y += page_text_at(page, TITLE, page->left, page->y, width, page->frame->title);
    else
        page->y += page_text_at(page, SMALL_LETTERS, page->left, page->y, width, page->frame->title) + 2;
    page->y += page_text_at(page, page->number == 1 ? PLAIN_LETTERS : SMALL_LETTERS, page->left, page->y,
                            page->right - page->left, page->frame->subtitle);
    page_line(page, page->left, page->y + 3, page->right, page->y + 3, 1);
    page->y += 8;
}

void page_break(struct page *page)
{
    cairo_show_page(page->cairo);
    page_open(page);
}

void page_keep(struct page *page, double height)
{
    if (page->y + height > page->bottom)
        page_break(page);
}

void page_gap(struct page *page, double height)
{
    page->y += height;
}

void page_heading(struct page *page, const char *text)
{
    double width = page->right - page->left;
    page_keep(page, page_text_height(page, HEADING, width, text) + 22 * MM); /* not alone at the foot of a page */
    page->y += 7;
    page->y += page_text_at(page, HEADING, page->left, page->y, width, text) + 3;
}

void page_text(struct page *page, const char *text)
{
    double width = page->right - page->left;
    page_keep(page, page_text_height(page, PLAIN_LETTERS, width, text));
    page->y += page_text_at(page, PLAIN_LETTERS, page->left, page->y, width, text) + 3;
}

void page_note(struct page *page, const char *text)
{
    double pad = 2 * MM, width = page->right - page->left - 2 * pad;
    double height = page_text_height(page, BOLD_LETTERS, width, text) + 2 * pad;
    page_keep(page, height + 4);
    page->y += 2;
    cairo_save(page->cairo);
    cairo_set_line_width(page->cairo, 1.2);
    cairo_rectangle(page->cairo, page->left, page->y, page->right - page->left, height);
    cairo_stroke(page->cairo);
    cairo_restore(page->cairo);
    page_text_at(page, BOLD_LETTERS, page->left + pad, page->y + pad, width, text);
    page->y += height + 5;
}

void page_fact(struct page *page, const char *what, const char *text)
{
    double label = (page->right - page->left) * 0.32, x = page->left + label + 2 * MM, width = page->right - x;
    double left = page_text_height(page, PLAIN_LETTERS, label, what);
    double right = page_text_height(page, BOLD_LETTERS, width, text);
    double height = left > right ? left : right;
    page_keep(page, height);
    cairo_save(page->cairo);
    cairo_set_source_rgb(page->cairo, 1 - INK_GREY - 0.25, 1 - INK_GREY - 0.25, 1 - INK_GREY - 0.25);
    page_text_at(page, PLAIN_LETTERS, page->left, page->y, label, what);
    cairo_restore(page->cairo);
    page_text_at(page, BOLD_LETTERS, x, page->y, width, text);
    page->y += height + 2;
}

/* The pages of one drawing on one surface; the number of them. */
static unsigned drawing_run(struct page *page, cairo_surface_t *surface, page_drawing *draw, const void *what)
{
    page->cairo = cairo_create(surface);
    page->number = 0;
    pango_cairo_update_context(page->cairo, page->pango);
    page_open(page);
    draw(page, what);
    cairo_show_page(page->cairo);
    if (cairo_status(page->cairo) != CAIRO_STATUS_SUCCESS)
        fail(page, "the drawing failed: ", cairo_status_to_string(cairo_status(page->cairo)));
    cairo_destroy(page->cairo);
    page->cairo = NULL;
    return page->number;
}

struct sink {
    page_sink *write;
    void *context;
};

static cairo_status_t bytes_take(void *context, const unsigned char *bytes, unsigned size)
{
    const struct sink *sink = context;
    return sink->write(sink->context, bytes, size) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The same letters at the same places whatever the screen, the locale and the settings of the desktop are. */
static PangoContext *context_make(PangoFontMap *fonts)
{
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("en"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    cairo_font_options_destroy(options);
    return context;
}

static void paper_choose(struct page *page, enum paper paper)
{
    page->width = paper == PAPER_LETTER ? 612 : 210 * MM;
    page->height = paper == PAPER_LETTER ? 792 : 297 * MM;
    page->left = MARGIN_MM * MM;
    page->right = page->width - page->left;
    page->top = TOP_MM * MM;
    page->bottom = page->height - BOTTOM_MM * MM;
}

bool pages_write(const struct frame *frame, page_drawing *draw, const void *what, page_sink *write, void *context,
                 char fault[PAGE_FAULT_BYTES])
{
    struct sink sink = { write, context };
    struct page page = { .frame = frame, .fault = fault };
    PangoFontMap *fonts = font_map_take();
    fault[0] = '\0';
    if (fonts == NULL) {
        fail(&page, "the font DejaVu Sans is missing: ", "apt-get install --no-install-recommends fonts-dejavu-core");
        return false;
    }
    paper_choose(&page, frame->paper);
    page.pango = context_make(fonts);
    for (unsigned turn = 0; turn < 2 && *fault == '\0'; turn++) {
        cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
            turn == 0 ? NULL : bytes_take, turn == 0 ? NULL : &sink, page.width, page.height);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, frame->title);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, NOTICE);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, frame->creator);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, frame->date);
        page.total = drawing_run(&page, surface, draw, what);
        cairo_surface_finish(surface);
        if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
            fail(&page, "the file could not be written: ", cairo_status_to_string(cairo_surface_status(surface)));
        cairo_surface_destroy(surface);
    }
    g_object_unref(page.pango);
    font_map_give();
    return *fault == '\0';
}
