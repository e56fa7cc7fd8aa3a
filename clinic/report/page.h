/* page.h - the pages of a report: paper, frame and footer, and what stands on them from above downwards. The same input gives the
 * same bytes: no clock is read, the font is named, and nothing depends on the machine's settings. Screen rules W9, U3. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_REPORT_PAGE_H
#define CLINIC_REPORT_PAGE_H

#include <cairo.h>
#include <pango/pango.h>
#include <stdbool.h>
#include <stddef.h>

enum { PAGE_FAULT_BYTES = 240 };

enum paper { PAPER_A4, PAPER_LETTER };
/* Letter in the US, A4 elsewhere. */
enum paper paper_of_region(const char *region);

/* What stands on every page, UTF-8. */
struct frame {
    const char *title, *subtitle;
    const char *foot;    /* software, formulary, age of the data */
    const char *creator; /* of the file's metadata: "Cisterna 0.1.0" */
    const char *date;    /* of the file's metadata: "2026-11-23T14:05:00+01:00" */
    enum paper paper;
};

/* A page being drawn. All lengths are points (1/72 inch), from the upper left corner. */
struct page {
    const struct frame *frame;
    cairo_t *cairo;
    PangoContext *pango;
    double width, height;
    double left, right, top, bottom; /* of what a report may write on */
    double y;                        /* where the next thing goes */
    unsigned number, total;          /* total 0: not known yet */
    char *fault;                     /* the first thing that went wrong; empty: nothing */
};

static const double MM = 72 / 25.4;

/* Takes the bytes of a file; false ends it. */
typedef bool page_sink(void *context, const void *bytes, size_t size);
typedef void page_drawing(struct page *page, const void *what);

/* Draws a report twice, first to count its pages, and hands the PDF to the sink. Threads wait for each other here: the libraries
 * under it share what they know of fonts. False, with the reason, when the font is not there, a text has characters that the font
 * does not have, or the sink takes no more. */
bool pages_write(const struct frame *frame, page_drawing *draw, const void *what, page_sink *sink, void *context,
                 char fault[PAGE_FAULT_BYTES]);

void page_break(struct page *page);
/* Begins a new page unless so much is left on this one. */
void page_keep(struct page *page, double height);
void page_gap(struct page *page, double height);
void page_heading(struct page *page, const char *text);
void page_text(struct page *page, const char *text);
/* In a box, so that it is seen without colour. */
void page_note(struct page *page, const char *text);
/* What it is, and what it is now, side by side. */
void page_fact(struct page *page, const char *what, const char *text);

/* How letters look. */
struct letters {
    double size;
    bool bold;
};
static const struct letters PLAIN_LETTERS = { 9.5, false }, BOLD_LETTERS = { 9.5, true },
                            SMALL_LETTERS = { 7.5, false };

/* Height of a text that is broken at this width. */
double page_text_height(struct page *page, struct letters letters, double width, const char *text);
/* Width of a text in one line. */
double page_text_width(struct page *page, struct letters letters, const char *text);
/* Writes it with its upper left corner here; returns its height. */
double page_text_at(struct page *page, struct letters letters, double x, double y, double width, const char *text);
void page_line(struct page *page, double x1, double y1, double x2, double y2, double thickness);

#endif
