/* vectors.h - published Noise vectors, in the JSON form that cacophony and snow share, played by both sides. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_LINK_VECTORS_H
#define TESTS_LINK_VECTORS_H

struct vectors_tally {
    unsigned vectors, messages; /* played, and found right */
    unsigned unknown;           /* of protocols that link/noise.def does not have */
};

/* Plays every vector of a file and fails the test at the first difference; adds to the tally. */
void vectors_play(const char *path, struct vectors_tally *tally);

#endif
