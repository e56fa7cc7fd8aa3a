/* observation.h - measured concentrations in a table of doses: the column DV of rows that only look (EVID 0), each at a level. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_OBSERVATION_H
#define APP_SPINE_OBSERVATION_H

#include "rig/dosing.h"
#include "twin/body/canal.h"

enum observation_place { OBSERVATION_CSF, OBSERVATION_TISSUE, OBSERVATION_HEAD };

struct observation {
    size_t event, person; /* of the table of doses */
    enum observation_place place;
    enum level level; /* of CSF and TISSUE */
    bool below;       /* the limit of quantification: kg_m3 is that limit, and less was there */
    double at_s, kg_m3;
};

/* In the order of the table's events. */
struct observations {
    struct observation *row;
    size_t count;
    char fault[DOSING_FAULT_BYTES]; /* of a reading that failed: where, what, and what would be right */
};

/* Takes the observations out of a text that `dosing` was read from. DV[ng/mL] is positive or 0; pg/mL, ug/mL and mg/L are known
 * too. "<5", or 5 with BLQ 1, is something below a limit of 5. LEVEL is a level or "head"; SPACE, where there is such a column,
 * csf or tissue. A row with MDV 1, or whose DV is empty or ".", is no observation. The text is cut up. False with the fault
 * set; to be freed in either case. */
bool observations_read(struct observations *observations, const char *file, char *text, const struct dosing *dosing);
/* Leaves out what is below its limit; returns how many that were. */
size_t observations_above(struct observations *observations);
void observations_free(struct observations *observations);

#endif
