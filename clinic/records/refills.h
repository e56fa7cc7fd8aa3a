/* refills.h - what was drawn out of a reservoir and put in, with drugs and lots, and the signed difference between what was
 * found and what was expected: one of them is noise, their sum over refills is a fault or a theft. REQ-RSVR-03, REQ-RSVR-04,
 * HZ-11. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_REFILLS_H
#define CLINIC_RECORDS_REFILLS_H

#include "clinic/records/records.h"
#include "core/mixture.h"

enum { REFILL_LOT_BYTES = 32 };

struct refill_record {
    int64_t id, implant, visit;
    int64_t user; /* who signs for it; 0: a key file */
    int64_t at_ms;
    vol_nl expected; /* by the pump's calculation, before */
    vol_nl found;    /* aspirated */
    vol_nl left;     /* known to have stayed in */
    vol_nl filled;   /* put in */
    vol_nl drawn_up; /* what the syringe had held */
    int64_t cause;   /* WORD_CAUSE_... of the discrepancy */
    unsigned drugs;  /* 0: drug-free */
    struct {
        uint16_t drug; /* enum drug */
        conc_ng_ml conc;
        char lot[REFILL_LOT_BYTES];
    } drug[MIXTURE_DRUGS_MAX]; /* in the mixture's order */
};

/* found + left - expected: below zero, less was there than should be. */
vol_nl refills_discrepancy(const struct refill_record *refill);

/* Inside a transaction; id, user and moment are set here. RECORDS_MALFORMED when a volume is out of range, more was filled
 * than drawn up, or the drugs are no mixture (core/mixture.h). `note` is sealed; may be null. */
enum records_fault refills_add(struct records *records, const struct refill_record *refill, const char *note, int64_t *id);
enum records_fault refills_read(struct records *records, int64_t id, struct refill_record *refill);
/* The note of one, of the patient whose it is. */
enum records_fault refills_note_read(struct records *records, int64_t id, char *text, size_t room);

/* Over all refills of a pump, but those it refused (they are told again): how many, the sum of their discrepancies and the
 * largest one by size, signed. */
struct refill_trend {
    int64_t count;
    vol_nl sum, largest;
};
enum records_fault refills_trend(struct records *records, int64_t implant, struct refill_trend *trend);
/* All that was ever put into a pump, also where the pump refused to be told: which drugs, each once, and whether some were put in
 * together. What finds no room is left out. REQ-LIBR-10 */
enum records_fault refills_drugs(struct records *records, int64_t implant, uint16_t *drugs, unsigned room, unsigned *count,
                                 bool *mixed);
/* Who has a lot in their pump: the refills with it, for a recall. */
enum records_fault refills_by_lot(struct records *records, const char *lot, int64_t *ids, unsigned room, unsigned *count);

#endif
