/* head.c - what every report says of itself. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/report/head.h"

#include <stdio.h>

/* "read from the pump 2 min before this report was made". */
static void age_write(char *text, size_t room, const struct report_head *head)
{
    phrase span;
    int64_t age = head->made.utc_ms - head->read.utc_ms;
    words_span(span, age);
    if (age < 0)
        snprintf(text, room, "data read after this report was made: a clock is wrong");
    else if (age == 0)
        snprintf(text, room, "data read when this report was made");
    else
        snprintf(text, room, "data read %s before this report was made", span);
}

bool report_write(const struct report_head *head, const char *title, page_drawing *draw, const void *what,
                  struct report_out *out)
{
    char subtitle[320], foot[420], creator[80], age[200];
    phrase made, stamp;
    words_date(made, head->made);
    words_timestamp(stamp, head->made);
    age_write(age, sizeof age, head);
    snprintf(subtitle, sizeof subtitle, "%s   |   pump %s   |   made %s", head->patient, head->serial, made);
    snprintf(creator, sizeof creator, "Cisterna %s", head->software);
    snprintf(foot, sizeof foot, "Cisterna %s. Pump software: %s. Formulary release %u (%s). %c%s.", head->software,
             *head->pump_software != '\0' ? head->pump_software : "not known", head->formulary->version,
             head->formulary->region, age[0] - 'a' + 'A', age + 1);
    struct frame frame = { .title = title,
                           .subtitle = subtitle,
                           .foot = foot,
                           .creator = creator,
                           .date = stamp,
                           .paper = paper_of_region(head->formulary->region) };
    return pages_write(&frame, draw, what, out->sink, out->context, out->fault);
}

void head_age(struct page *page, const struct report_head *head)
{
    char text[3 * WORDS_BYTES];
    phrase span, read;
    int64_t age = head->made.utc_ms - head->read.utc_ms;
    if (age <= DAY_MS) /* guess: who was there yesterday knows what has happened since */
        return;
    words_span(span, age);
    words_date(read, head->read);
    snprintf(text, sizeof text,
             "As read %s, %s before this report was made: the pump may have been programmed or refilled since. Read it "
             "again "
             "before anything is changed.",
             read, span);
    page_note(page, text);
}

void head_facts(struct page *page, const struct report_head *head)
{
    char pump[120];
    phrase read;
    snprintf(pump, sizeof pump, "%s, model %s revision %u", head->serial, model_name(head->model->code),
             head->model->revision);
    words_date(read, head->read);
    page_fact(page, "Patient", head->patient);
    page_fact(page, "Pump", pump);
    page_fact(page, "Read from the pump", read);
}
