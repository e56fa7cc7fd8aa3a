/* ratio.h - exact fractions: what the clinic's arithmetic is made of. A formula is worked out without any rounding, and rounded
 * once, in a direction that is said, when it becomes a flow a pump can be given or a text. REQ-CLIN-04, REQ-THER-01.
 *
 * Numerator and denominator have 127 bits and no common factor. The amounts of therapy need 52 at most (a reservoir of the
 * strongest drug, in fg), so formulas of two products stay far inside. What would not fit becomes RATIO_NONE, and so does all
 * that is made of it: never a wrong number. */
// SPDX-License-Identifier: Apache-2.0
#ifndef AMOUNT_RATIO_H
#define AMOUNT_RATIO_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 wide;

struct ratio {
    wide num, den; /* den is above zero; zero in RATIO_NONE alone */
};

/* No number: a division by zero, or more than fits. */
static const struct ratio RATIO_NONE = { 0, 0 };

struct ratio ratio_of(int64_t value);
/* a / b; RATIO_NONE when b is zero. */
struct ratio ratio_over(int64_t a, int64_t b);

struct ratio ratio_add(struct ratio a, struct ratio b);
struct ratio ratio_sub(struct ratio a, struct ratio b);
struct ratio ratio_mul(struct ratio a, struct ratio b);
struct ratio ratio_div(struct ratio a, struct ratio b);

static inline bool ratio_is(struct ratio a)
{
    return a.den > 0;
}
/* Below zero, zero or above as a is less than, equal to or more than b; both must be numbers, and products of one's numerator
 * with the other's denominator are compared exactly however long they are. */
int ratio_compare(struct ratio a, struct ratio b);
/* The lesser of two; a number is preferred to none. */
struct ratio ratio_least(struct ratio a, struct ratio b);

enum rounding { ROUND_DOWN, ROUND_UP, ROUND_NEAREST }; /* towards minus infinity, plus infinity, nearest with halves up */

/* A whole number of it; *value is untouched and false comes back when it is none or does not fit. */
bool ratio_whole(struct ratio a, enum rounding rounding, int64_t *value);
/* Is it whole as it stands? */
bool ratio_is_whole(struct ratio a);

/* Text with at most `decimals` decimals (0 to 18), zeros at the end left away, at least `least` of them; "not a number" for none.
 * RATIO_TEXT_BYTES is always room enough. */
enum { RATIO_TEXT_BYTES = 64 };
void ratio_text(char text[RATIO_TEXT_BYTES], struct ratio a, unsigned decimals, unsigned least, enum rounding rounding);

#endif
