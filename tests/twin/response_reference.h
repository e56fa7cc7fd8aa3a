/* response_reference.h - the equations of twin/MATHEMATICS.md, section 10, a second time: by CVODE, one pathway with one drug,
 * with numbers of its own. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TWIN_RESPONSE_REFERENCE_H
#define TESTS_TWIN_RESPONSE_REFERENCE_H

/* Half-times in seconds; 0: there is none of it. Concentrations in multiples of half the effect. */
struct reference_drug {
    double cord_delay_s, head_delay_s, fast_s, slow_s, habit_s, lag_s;
    double fast_gain, slow_gain;
};

/* What comes in at a time, into cord and head. */
typedef void reference_input(double time_s, double *cord, double *head);

struct reference_state {
    double cord, head, fast, slow, head_fast, habit, withdrawal;
};

/* From nothing at 0 to the end, within about 1e-9. */
struct reference_state response_reference(const struct reference_drug *drug, reference_input *input, double end_s);

#endif
