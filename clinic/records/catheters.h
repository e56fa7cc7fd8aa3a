/* catheters.h - the catheter on a pump: its length and what it holds, from which prime and bridge volumes come. REQ-RSVR-10. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_CATHETERS_H
#define CLINIC_RECORDS_CATHETERS_H

#include "clinic/records/records.h"
#include "core/quantity.h"

enum { CATHETER_KIND_BYTES = 32 };

struct catheter {
    int64_t id, implant;
    char kind[CATHETER_KIND_BYTES]; /* the maker's name of it */
    int64_t length_mm;              /* as implanted, after it was cut: up to CATHETER_MM_MAX */
    vol_nl dead_volume;             /* of the pump's tubing and the catheter */
    int64_t placed_ms, removed_ms;  /* removed_ms 0: in place */
};

/* Inside a transaction. RECORDS_REFUSED while another one is in place on this pump. */
enum records_fault catheters_add(struct records *records, const struct catheter *catheter, int64_t *id);
enum records_fault catheters_remove(struct records *records, int64_t id, int64_t at_ms);
enum records_fault catheters_read(struct records *records, int64_t id, struct catheter *catheter);
/* The one in place; RECORDS_MISSING when there is none. */
enum records_fault catheters_in_place(struct records *records, int64_t implant, struct catheter *catheter);

#endif
