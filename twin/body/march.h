/* march.h - takes a spine through time: TR-BDF2 (Hosea and Shampine 1996), L-stable, second order, one matrix for
 * both stages, with its embedded estimate of the error; never below zero. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_MARCH_H
#define TWIN_BODY_MARCH_H

#include "twin/body/spine.h"

/* So long, in steps as short as the tolerance asks: each step is the span over a power of two, so that spans of one
 * length need few matrices. A step whose estimate is too large, or that would take more drug below zero than the
 * tolerance allows, is made anew at half its length. Does nothing unless seconds is positive and finite. */
void march(struct spine *spine, double seconds);
/* One step of just this length, without a look at its error. Where it would go below zero by more than the tolerance
 * allows, two half steps of backward Euler are made in its place: first order, but positive at any length. */
void march_step(struct spine *spine, double seconds);

#endif
