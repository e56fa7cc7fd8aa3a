/* patientabout.c - statements as a page. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/patientabout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct about_row ROWS[] = {
#define PART(id_, heading_) { .id = id_, .heading = heading_ },
#define SAY(mark_, statement_, source_, address_)                                                                      \
    { .mark = ABOUT_##mark_, .statement = statement_, .source = source_, .address = address_ },
#include "app/patientabout.def"
#undef PART
#undef SAY
};

const struct about_row *patientabout_row(unsigned index)
{
    return index < sizeof ROWS / sizeof ROWS[0] ? &ROWS[index] : NULL;
}

const char *patientabout_mark(enum about_mark mark)
{
#define MARK_TEXT(name, text) [ABOUT_##name] = (text),
    static const char *const TEXTS[] = { ABOUT_MARKS(MARK_TEXT) };
#undef MARK_TEXT
    return TEXTS[mark];
}

static void text_put(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
}

static void say_put(FILE *out, const struct about_row *row)
{
    (void)fputs("<li>", out);
    text_put(out, row->statement);
    (void)fprintf(out, " <span class=\"sub\">%c%s", patientabout_mark(row->mark)[0] - 'a' + 'A',
                  patientabout_mark(row->mark) + 1);
    (void)fputs(": ", out);
    text_put(out, row->source);
    if (*row->address != '\0') { /* as text: nothing on this page leads off the machine */
        (void)fputs(", ", out);
        text_put(out, row->address);
    }
    (void)fputs("</span></li>\n", out);
}

static void page_put(FILE *out)
{
    bool open = false;
    (void)fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>About your pump, "
        "SIMULATION</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<link rel=\"icon\" href=\"/assets/%s/icon.svg\" type=\"image/svg+xml\">\n"
        "<link rel=\"stylesheet\" href=\"/assets/%s/style.css\">\n</head>\n<body class=\"patient\">\n<header>\n"
        "<p class=\"simulation\"><b>SIMULATION</b> Not a medical device. Never for use in people.</p>\n</header>\n"
        "<main>\n<p><a href=\"/\">Back to your extra dose</a></p>\n<h1>About your pump</h1>\n"
        "<p>In plain words, and no medical advice: your clinic knows you and your pump, this page does not. Under each "
        "statement stands what it rests on.</p>\n",
        PAGE_RELEASE, PAGE_RELEASE);
    for (unsigned i = 0; patientabout_row(i) != NULL; i++) {
        const struct about_row *row = patientabout_row(i);
        if (row->statement == NULL) {
            (void)fprintf(out, "%s<h2 id=\"%s\">", open ? "</ul>\n" : "", row->id);
            text_put(out, row->heading);
            (void)fputs("</h2>\n<ul class=\"about\">\n", out);
            open = true;
        } else {
            say_put(out, row);
        }
    }
    (void)fputs("</ul>\n</main>\n</body>\n</html>\n", out);
}

bool patientabout_make(struct patientabout *about)
{
    size_t size = 0;
    about->bytes = NULL;
    FILE *out = open_memstream(&about->bytes, &size);
    if (out == NULL)
        return false;
    page_put(out);
    if (fclose(out) != 0 || about->bytes == NULL) {
        free(about->bytes);
        about->bytes = NULL;
        return false;
    }
    snprintf(about->tag, sizeof about->tag, "\"about-%.16s\"", PAGE_RELEASE);
    about->file = (struct page_file){
        .name = "about.html", .type = "text/html; charset=utf-8", .tag = about->tag, .bytes = about->bytes, .size = size
    };
    return true;
}

void patientabout_free(struct patientabout *about)
{
    free(about->bytes);
    about->bytes = NULL;
}
