/* answers.h - what a person says at a step. Nothing has a default: what was not said is not there (REQ-CLIN-05, REQ-RSVR-11). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_ANSWERS_H
#define CLINIC_WORKFLOW_ANSWERS_H

#include "clinic/planner/catheter.h"
#include "clinic/records/list.h"
#include "clinic/workflow/table.h"
#include "core/command.h"
#include "core/therapy.h"

enum { TYPED_BYTES = 128, OVERRIDES_MAX = 16 };
typedef char typed[TYPED_BYTES]; /* an amount as a person typed it, or a name */

struct said_volume {
    bool said;
    vol_nl volume;
};

/* A soft limit is passed: why, and the amount once more. In the order of the soft findings of this step. */
struct override {
    uint8_t rule;   /* enum rule of the finding */
    uint8_t reason; /* WORD_REASON_..., not NONE */
    typed again;
};

enum port { PORT_NOT_SAID, PORT_RESERVOIR, PORT_CATHETER };
enum holds { HOLDS_NOT_SAID, HOLDS_NO_DRUG, HOLDS_DRUG };
enum scan_plan { SCAN_NOT_SAID, SCAN_KEEP, SCAN_EMPTY };
enum yes_no { ANSWER_NOT_SAID, ANSWER_YES, ANSWER_NO };

struct answers {
    uint8_t step; /* enum step_at they answer: others than the present one are refused */
    int64_t user; /* who is signed in and gives them; 0: nobody is */
    unsigned overrides;
    struct override override[OVERRIDES_MAX];

    struct {
        typed patient;
        char serial[SERIAL_BYTES];
        struct mixture mixture; /* as the vial, the record or the card says; of a new pump nothing */
    } identify;
    struct {
        struct therapy therapy;
        bool retitrated;           /* the dose was found anew after an interruption */
        typed stopped_for;         /* how long, where a clinician has stopped it: "30 min" */
        struct said_volume tubing; /* of the pump, where somebody brings one along */
        bool has_signature;        /* the site has signed the hard limits of this therapy for this pump: */
        uint8_t signature[COMMAND_SIGNATURE_BYTES];
    } therapy;
    struct {
        uint8_t interval;  /* position in interval.def */
        bool has_interval; /* false where the program has no boluses of its own */
        typed dose, total; /* of one time; of a day */
    } schedule;
    struct {
        uint8_t port;      /* enum port */
        uint8_t aspirated; /* enum yes_no: fluid came */
    } port;
    struct {
        struct said_volume withdrawn, left;
        uint8_t cause; /* WORD_CAUSE_... of a departure */
        bool retitrated;
    } residual;
    struct {
        struct said_volume filled, drawn_up;
        struct mixture mixture;
        char lot[LOT_BYTES];
        bool rinsed; /* what was left was rinsed out before */
        bool retitrated;
    } fill;
    struct implanted_catheter catheter;
    struct {
        uint8_t holds;   /* enum holds: does the catheter hold drug? */
        conc_ng_ml conc; /* of the primary drug, where it does */
    } prime;
    uint8_t aspirated; /* enum yes_no, of the catheter */
    uint8_t inject;    /* enum yes_no */
    uint8_t scan;      /* enum scan_plan */
    struct {
        uint8_t emptied; /* enum yes_no: seen to be empty */
        struct said_volume withdrawn;
    } empty;
    uint8_t lower; /* enum command_kind: STOP, MINIMUM or CANCEL_COURSE */
    typed readback;
    uint8_t signs; /* enum yes_no: were signs seen while watching? */
};

#endif
