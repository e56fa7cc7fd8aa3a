/* writer.c - JSON, one token after another. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* gmtime_r() */
#include "clinic/fhir/writer.h"

#include <time.h>

#include "amount/amount.h"

void writer_begin(struct writer *writer, FILE *out)
{
    *writer = (struct writer){ .out = out };
}

static void string(struct writer *writer, const char *text)
{
    (void)fputc('"', writer->out);
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte < 0x20)
            (void)fprintf(writer->out, "\\u%04x", *byte);
        else if (*byte == '"' || *byte == '\\')
            (void)fprintf(writer->out, "\\%c", *byte);
        else
            (void)fputc(*byte, writer->out);
    }
    (void)fputc('"', writer->out);
}

/* The comma before, and the key. */
static void lead(struct writer *writer, const char *key)
{
    if (writer->depth > 0 && writer->level[writer->depth - 1].filled)
        (void)fputc(',', writer->out);
    if (writer->depth > 0)
        writer->level[writer->depth - 1].filled = true;
    if (key == NULL)
        return;
    string(writer, key);
    (void)fputc(':', writer->out);
}

static void nest(struct writer *writer, const char *key, char first, char last)
{
    lead(writer, key);
    (void)fputc(first, writer->out);
    if (writer->depth == WRITER_DEPTH_MAX) {
        writer->spoilt = true;
        return;
    }
    writer->level[writer->depth].close = last;
    writer->level[writer->depth].filled = false;
    writer->depth++;
}

void writer_object(struct writer *writer, const char *key)
{
    nest(writer, key, '{', '}');
}

void writer_array(struct writer *writer, const char *key)
{
    nest(writer, key, '[', ']');
}

void writer_end(struct writer *writer)
{
    if (writer->depth == 0) {
        writer->spoilt = true;
        return;
    }
    writer->depth--;
    (void)fputc(writer->level[writer->depth].close, writer->out);
}

void writer_text(struct writer *writer, const char *key, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    lead(writer, key);
    string(writer, text);
}

void writer_flag(struct writer *writer, const char *key, bool flag)
{
    lead(writer, key);
    (void)fputs(flag ? "true" : "false", writer->out);
}

void writer_decimal(struct writer *writer, const char *key, int64_t value, unsigned scale)
{
    char text[AMOUNT_TEXT_BYTES];
    amount_write(text, value, scale, 0, "");
    lead(writer, key);
    (void)fputs(text, writer->out);
}

void writer_moment(struct writer *writer, const char *key, int64_t ms)
{
    char day[WRITER_MOMENT_BYTES], text[WRITER_MOMENT_BYTES + 8];
    struct tm parts;
    const time_t seconds = (time_t)(ms / 1000);
    if (ms <= 0 || gmtime_r(&seconds, &parts) == NULL || strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return;
    (void)snprintf(text, sizeof text, "%s.%03dZ", day, (int)(ms % 1000));
    writer_text(writer, key, text);
}
