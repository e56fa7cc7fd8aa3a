/* amount.h - amounts as people write them ("0.2 mL/day", "12 d 06:00"), read and written as exact integers. No binary
 * floating point stands between a written dose and the pump. REQ-THER-01. */
// SPDX-License-Identifier: Apache-2.0
#ifndef AMOUNT_AMOUNT_H
#define AMOUNT_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

/* What is measured, and the unit of the integer it becomes. */
enum dimension {
    DIMENSION_VOLUME, /* nL */
    DIMENSION_FLOW,   /* nL/day */
    DIMENSION_CONC,   /* ng/mL */
    DIMENSION_MASS,   /* fg */
    DIMENSION_DOSE,   /* fg/day */
    DIMENSION_SPAN,   /* ms */
    DIMENSION_LENGTH, /* mm */
    DIMENSION_PPM,    /* ppm, may be negative */
    DIMENSION_RATIO,  /* millionths: "1.2", "20 %" */
    DIMENSION_TEMPERATURE, /* thousandths of a degree Celsius */
    DIMENSION_CURRENT, /* nA */
    DIMENSION_COUNT    /* a whole number without a unit */
};

enum amount_fault {
    AMOUNT_OK = 0,
    AMOUNT_FORM,     /* not a decimal number followed by a unit; or zeros stand before it */
    AMOUNT_UNIT,     /* the unit does not measure this, or is not known */
    AMOUNT_FRACTION, /* not a whole number of the integer's unit */
    AMOUNT_RANGE     /* more than 63 bits hold */
};

/* Reads the whole text as one amount; *value is untouched on failure. Spans may have several parts, falling in size
 * ("12 d 6 h"), the last of which may be a time ("12 d 06:00"). Only PPM may be negative. */
enum amount_fault amount_read(const char *text, enum dimension dimension, int64_t *value);
/* "a volume, such as \"0.2 mL\"": what would have been right. */
const char *amount_example(enum dimension dimension);
/* The name of the integer's unit: "nL". */
const char *amount_base_unit(enum dimension dimension);

/* Reads a plain amount of any dimension but PPM and RATIO by its unit; AMOUNT_UNIT when there is no such unit. */
enum amount_fault amount_read_any(const char *text, enum dimension *dimension, int64_t *value);

/* "06:30" as minutes of the day (0 to 1439), or -1. */
int32_t amount_minute_of_day(const char *text);

/* Writes value / 10^scale with at least `decimals` decimals (more where the value needs them), a space and the unit
 * (neither when the unit is empty). Scale 0 to 18. Room of AMOUNT_TEXT_BYTES is always enough. */
enum { AMOUNT_TEXT_BYTES = 48 };
void amount_write(char text[AMOUNT_TEXT_BYTES], int64_t value, unsigned scale, unsigned decimals, const char *unit);

/* The usual ones: nL as "12.345678 mL", nL/day as "0.2 mL/day", ms as "12 d 06:00:00.000". */
void amount_write_volume(char text[AMOUNT_TEXT_BYTES], int64_t nl);
void amount_write_volume_fl(char text[AMOUNT_TEXT_BYTES], int64_t fl);
void amount_write_flow(char text[AMOUNT_TEXT_BYTES], int64_t nl_day);
void amount_write_span(char text[AMOUNT_TEXT_BYTES], int64_t ms);
/* An amount of any dimension: masses and doses in mg, concentrations in mg/mL, lengths in cm, what is left in its integer's
 * unit. */
void amount_write_of(char text[AMOUNT_TEXT_BYTES], enum dimension dimension, int64_t value);

#endif
