/* patientview.h - what a patient is shown: one state, what was given, alarms in plain words; made of nothing but what the pump
 * has told and the book of presses. Pure. REQ-PTNT-02, -04, HZ-28, HZ-30, HZ-33; screen rules W8, A1 to A8. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTVIEW_H
#define APP_PATIENTVIEW_H

#include <jansson.h>

#include "app/patientbook.h"
#include "core/catalog.h"
#include "link/cisterna.pb.h"

enum { PATIENT_TOKEN_BYTES = 32, PATIENT_DATE_BYTES = 16 };

enum patient_state {
    PATIENT_READY,
    PATIENT_LOCKED,      /* until a moment */
    PATIENT_DAILY_LIMIT, /* until a moment */
    PATIENT_SILENT,      /* the pump does not answer */
    PATIENT_NONE /* there is no extra dose: not prescribed, permission over, or the pump does not run its therapy */
};

/* What came of the last wish, where no press in the book says it. */
enum patient_note {
    NOTE_NOTHING,
    NOTE_NOT_SENT,      /* the pump did not answer before anything was sent */
    NOTE_NOT_KEPT,      /* it could not be written down, so nothing was sent */
    NOTE_EARLIER,       /* an earlier press was settled first; this one was not sent */
    NOTE_PAUSE_REFUSED, /* the pump would not pause it */
    NOTE_PAUSE_UNKNOWN
};

struct patientview {
    bool heard;       /* ever, by this process */
    bool silent;      /* the last try failed */
    bool busy;        /* a wish is with the pump */
    int64_t heard_ms; /* when it was heard last, by the clock that never goes back */
    cisterna_Status status;
    cisterna_Alarm alarm[ALARM_COUNT];
    unsigned alarms;
    int64_t silent_until_ms; /* the pump's sound is paused until then */
    enum patient_note note;
    char refill
        [PATIENT_DATE_BYTES]; /* the date that the clinic gave, as whoever started this told it; empty: not told */
    struct
        hold { /* what the pump last refused for the limits of an hour or a day, which its status does not reckon with */
        verdict reasons;
        int64_t until_ms;
        uint32_t epoch;
        uint8_t token[PATIENT_TOKEN_BYTES]; /* of the therapy it was refused under */
    } hold;
};

/* The state and, of LOCKED and DAILY_LIMIT, until when by the pump's time. */
enum patient_state patientview_state(const struct patientview *view, const struct patientbook *book, int64_t *until_ms);
/* Keeps what a refusal says of the time to come. */
void patientview_refused(struct patientview *view, const struct receipt *receipt);
/* All of it for the page; `now_ms` by the clock that never goes back. A new object. */
json_t *patientview_json(const struct patientview *view, const struct patientbook *book, int64_t now_ms);
/* May the dose be asked for now? */
bool patientview_may(const struct patientview *view, const struct patientbook *book);

#endif
