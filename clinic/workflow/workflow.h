/* workflow.h - one thing done to one pump, step by step, as a machine that never does anything itself: it says what it wants, the
 * caller does that and tells what came of it. Pages and command line share it. docs/workflows.md. REQ-CLIN-01 to -12, REQ-RSVR-02
 * to -13, REQ-LINK-04, -05, HZ-17, HZ-28, screen rules W1 to W9.
 *
 *     workflow_begin
 *     again and again what workflow_want() says:
 *         WANT_ANSWER       workflow_give(answers): on, or held by findings
 *         WANT_INTERROGATE  workflow_interrogated
 *         WANT_STAGE        workflow_staged         draft.therapy goes to the pump beside the one in force, and expires there
 *         WANT_ACTIVATE,
 *         WANT_COMMAND      workflow_told           workflow_command() is to be given: the one step that changes a pump
 *         WANT_RECORD       workflow_recorded       what workflow.h holds is written, all of it or nothing
 *         WANT_AUDIT        workflow_audited        how it ended
 *     until WANT_NOTHING
 *
 * Until the step SEND nothing but STAGE writes anything: however a workflow breaks off before, the therapy in force, the records
 * and the reservoir's account are what they were. Plain data without pointers: it is forked, kept and dropped by assignment. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_WORKFLOW_WORKFLOW_H
#define CLINIC_WORKFLOW_WORKFLOW_H

#include "clinic/formulary/formulary.h"
#include "clinic/guard/finding.h"
#include "clinic/planner/benefit.h"
#include "clinic/planner/readings.h"
#include "clinic/workflow/answers.h"
#include "clinic/workflow/interrogation.h"
#include "clinic/workflow/table.h"

enum {
    WORKFLOW_IDLE_MS =
        10 * 60000, /* after so long without an answer the draft is dropped: guess, a third of a staging's */
    WORKFLOW_POCKET_MS = 30 * 60000, /* a patient is watched for so long after a refill: guess */
    WORKFLOW_MRI_MS = 20 * 60000,    /* between the two interrogations after a scan: guess */
    WORKFLOW_TIP_MS = 60 * 60000,    /* after drug has reached the tip by a prime: guess */
    COMMANDS_MAX = 3,
    PASSED_MAX = 24,
    HEEDED_MAX = 24 /* later ones are not counted: it is a statistic */
};

/* The practice a workflow runs in; all of it belongs to the caller. */
struct practice {
    const struct formulary *formulary; /* in force */
    const struct readings *readings;   /* of earlier refills of this pump; null: none */
    const struct benefit_history
        *history;    /* of the patient, on the clock that a workflow's times are of; null: none known */
    bool has_record; /* the three below are those of the record the workflow was opened on */
    typed patient;
    char serial[SERIAL_BYTES];
    char other[SERIAL_BYTES]; /* of a pump that is in place already, where another one is implanted; "": none */
    vol_nl dead_volume;       /* of tubing and catheter, by the record of the implant; 0: not known */
    uint8_t model;            /* core/model.def, by the record of the implant; 0: not known */
    bool accounts;            /* people sign in here; where they do not, no second clinician can be asked */
};

enum want {
    WANT_NOTHING,
    WANT_ANSWER,
    WANT_INTERROGATE,
    WANT_STAGE,
    WANT_ACTIVATE,
    WANT_COMMAND,
    WANT_RECORD,
    WANT_AUDIT
};

/* What came of answers. */
enum given {
    GIVEN_ON,          /* taken: the next step */
    GIVEN_HELD,        /* not taken: the findings say why, and what would pass */
    GIVEN_OUT_OF_ORDER /* they answer another step than the present one: not looked at */
};

/* How it ended. */
enum ending {
    ENDING_NONE = 0,
    ENDING_DONE,        /* its last step was taken */
    ENDING_ABANDONED,   /* by the person */
    ENDING_IDLE,        /* nobody answered for WORKFLOW_IDLE_MS */
    ENDING_OTHER_PUMP,  /* another pump answered */
    ENDING_NOT_APPLIED, /* the pump refused */
    ENDING_NO_CONTACT,  /* the pump did not answer at the first interrogation, or could not store the therapy */
    ENDING_UNSETTLED    /* nobody is left to find out what became of the last command */
};

/* What is known of the change. */
enum change { CHANGE_NONE, CHANGE_APPLIED, CHANGE_NOT_APPLIED, CHANGE_UNKNOWN };

/* A soft limit that was passed, for record and report. */
struct passed {
    uint8_t step, rule, reason;
    struct finding_ask ask;
    struct finding_limit limit;
    int64_t user;
    char text[FINDING_TEXT_BYTES];
};

/* A limit that was shown, and that what was said next kept: how often a rule is heeded tells what it is worth. */
struct heeded {
    uint8_t step, rule, level; /* enum step_at, rule, finding_level */
    struct finding_limit limit;
};

/* What has been said and found to be in order, until it is sent. */
struct draft {
    bool has_therapy, has_refill, retitrated, mri_empty;
    struct therapy therapy;
    bool has_signature; /* over its hard limits */
    uint8_t signature[COMMAND_SIGNATURE_BYTES];
    struct refill refill;
    struct mixture blend; /* what the reservoir will hold */
    vol_nl expected;      /* in the reservoir before the refill, by the pump's reckoning */
    uint8_t cause;        /* WORD_CAUSE_... */
    uint8_t port;         /* enum port */
    struct implanted_catheter catheter;
    vol_nl dead_volume; /* 0: as the therapy in force says */
    uint8_t lower;      /* enum command_kind */
    bool injected, aspirated;
    int64_t watch_ms; /* how long is watched */
    bool signs;
};

struct workflow {
    uint8_t work;   /* enum work */
    uint8_t place;  /* of the present step */
    uint8_t ending; /* enum ending; with it only records and the audit are left */
    uint8_t change; /* enum change */
    bool recorded, audited;
    bool accounts;             /* as the practice says */
    bool as_sent;              /* at the last look the pump did what was sent */
    int64_t user, second_user; /* who answered first; who agreed, 0: nobody had to */
    int64_t begun_ms, touched_ms, watch_until_ms;
    struct interrogation seen;  /* the first one: what everything is judged by */
    struct interrogation after; /* the last one */
    bool has_after;
    struct draft draft;
    struct therapy stored; /* what the pump told back of what it has staged */
    uint8_t token[TOKEN_BYTES];
    uint8_t sent;           /* commands given, all but the last applied */
    struct receipt receipt; /* of the last command */
    unsigned passed_count;
    struct passed passed[PASSED_MAX];
    unsigned heeded_count;
    struct heeded heeded[HEEDED_MAX];
};

void workflow_begin(struct workflow *workflow, enum work work, int64_t now_ms);
enum want workflow_want(const struct workflow *workflow);
/* enum step_at; STEPS when it is over. */
uint8_t workflow_step(const struct workflow *workflow);

/* A person's answers to the present step; the same person's at all of them but SECOND. Findings are those of this step alone:
 * hard ones cannot be passed, soft ones by an override each. Times are the caller's, in ms; they never go back. */
enum given workflow_give(struct workflow *workflow, const struct practice *practice, const struct answers *answers,
                         int64_t now_ms, struct findings *findings);
/* Drops the draft when nobody has answered for too long; to be called now and then. True when it did. */
bool workflow_pass(struct workflow *workflow, int64_t now_ms);
/* At any step. After SEND what was done stands, and is recorded with the ending; before it nothing was done. While an outcome is
 * unknown there is nothing to abandon: false. */
bool workflow_abandon(struct workflow *workflow);
/* The person is gone while an outcome is unknown: it ends, and is recorded as unknown. Nothing else ends by this. */
void workflow_forsake(struct workflow *workflow);

/* What came of wants. `seen` null: no answer came. An interrogation after an unknown outcome settles it, by the receipt or by the
 * token of the therapy in force. */
void workflow_interrogated(struct workflow *workflow, const struct interrogation *seen, int64_t now_ms);
/* A pump of this serial has answered, whatever it was asked: another one than at the first interrogation discards the draft
 * (REQ-CLIN-11). After SEND it changes nothing: then only the pump that was told can say what it does. */
void workflow_met(struct workflow *workflow, const char *serial);
/* stored null: the therapy is not staged, and why stands in the receipt (outcome 0: no contact). */
void workflow_staged(struct workflow *workflow, const struct therapy *stored, const uint8_t token[TOKEN_BYTES],
                     const struct receipt *receipt, int64_t now_ms);
/* The command to be given now: id and head are the programmer's to fill in, the head from seen.head. */
void workflow_command(const struct workflow *workflow, struct command *command);
void workflow_told(struct workflow *workflow, enum change change, const struct receipt *receipt, int64_t now_ms);
void workflow_recorded(struct workflow *workflow);
void workflow_audited(struct workflow *workflow);

const char *workflow_ending_word(uint8_t ending);

#endif
