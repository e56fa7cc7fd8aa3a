/* mix.h - several drugs in one reservoir: which concentrations their doses need at one flow, and what has to be drawn up of
 * each stock, the dead space of syringe and kit included. REQ-LIBR-09, HZ-16; clinical facts 2.1 (Archimedes: 3 mL for the
 * kit). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_PLANNER_MIX_H
#define CLINIC_PLANNER_MIX_H

#include "clinic/planner/drugdose.h"

struct mix_part {
    uint16_t drug;
    mass_fg dose;     /* a day */
    conc_ng_ml stock; /* of the vial */
};

struct mix_question {
    const struct model *model;
    unsigned parts;
    struct mix_part part[MIXTURE_DRUGS_MAX]; /* the primary drug first */
    rate_nl_day flow;
    vol_nl fill, dead_space;
};

struct mix_plan {
    vol_nl prepared;                      /* fill and dead space */
    struct ratio conc[MIXTURE_DRUGS_MAX]; /* ng/mL, exact */
    struct ratio draw[MIXTURE_DRUGS_MAX]; /* nL of each stock */
    struct ratio diluent;                 /* nL of drug-free fluid; below zero: the stocks are too weak */
};

void mix_plan(const struct mix_question *question, struct mix_plan *plan);
void mix_sheet(const struct formulary *formulary, const struct mix_question *question, struct sheet *sheet);

#endif
