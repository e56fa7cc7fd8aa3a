/* march.h - takes a spine through time: TR-BDF2 (Hosea and Shampine 1996), L-stable, second order, one matrix for
 * both stages, with its embedded estimate of the error; never below zero. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_MARCH_H
#define TWIN_BODY_MARCH_H

#include <stddef.h>

#include "twin/body/spine.h"

/* So long, in steps as short as the tolerance asks: each step is the span over a power of two, so that spans of one
 * length need few matrices. A step whose estimate is too large, or that would take more drug below zero than the
 * tolerance allows, is made anew at half its length. Does nothing unless seconds is positive and finite. */
void march(struct spine *spine, double seconds);
/* Told of each moment in its turn: `at` is for reading concentrations, of its own arrays alone, and only during the call. */
typedef void march_see(void *context, size_t moment, const struct spine *at);
/* The same as march() to the bit, and on the way looks at `count` rising moments, in seconds from now and none after the end.
 * Moments end no step: what is there between two ends of a step is a cubic through both with their slopes, right to fourth
 * order and, like any reading, never below zero. Where nothing happens for long this takes far fewer steps than a march to
 * each moment. `between` is somewhere to make it. */
void march_looking(struct spine *spine, double seconds, const double *moment_s, size_t count, march_see *see,
                   void *context, struct spine *between);
/* One step of just this length, without a look at its error. Where it would go below zero by more than the tolerance
 * allows, two half steps of backward Euler are made in its place: first order, but positive at any length. */
void march_step(struct spine *spine, double seconds);

#endif
