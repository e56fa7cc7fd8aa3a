/* listing.h - the numbers of rows that belong to another row, a page at a time, for nouns that are read one by one. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_SERVER_LISTING_H
#define CLINIC_SERVER_LISTING_H

#include "clinic/records/records.h"

enum { LISTING_MAX = 100 };

struct listing {
    unsigned count;
    int64_t id[LISTING_MAX];
    int64_t next; /* the number to go on from; 0: that was all */
};

/* The first `limit` (at most LISTING_MAX) rows of `table` from the number `from` on whose column `owner` has this value. */
enum records_fault listing_read(struct records *records, enum table table, unsigned owner, int64_t value, int64_t from,
                                unsigned limit, struct listing *listing);

#endif
