/* patientcare.h - the one who talks with the pump for a patient's controller: asks how it is, now and then, in a thread of its
 * own; gives one wish at a time; and settles what is not known at the next contact. REQ-PTNT-01 to -03, HZ-28, HZ-38. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTCARE_H
#define APP_PATIENTCARE_H

#include <jansson.h>

#include "app/patientbook.h"
#include "clinic/server/door.h"

/* A press carries the ticket that its page was shown last: it is good once, and for so long after it was shown. So a double
 * click, a page loaded anew, a second window or a request that was held up on its way is no second dose. Guess. */
enum { PATIENT_TICKET_TEXT = 33, PATIENT_TICKET_MS = 30000 };
/* How often the pump is asked when nobody says otherwise. A pump bears one message of a patient's key in ten seconds
 * (link/SPEC.md, section 4); this leaves a third of that for presses and alarms. Guess. */
enum { PATIENT_EVERY_S = 15 };
/* How long a pause of the pump's sound is: guess. */
enum { PATIENT_PAUSE_MINUTES = 30 };

struct patientcare;

/* What becomes of a wish when it arrives. */
enum wish_taken {
    WISH_TAKEN, /* it will be given */
    WISH_AGAIN, /* this ticket's wish is under way, or done: nothing new */
    WISH_STALE, /* the ticket is too old, or none of ours: nothing is sent */
    WISH_BARRED /* not possible now: nothing is sent */
};

/* Talks with the pump of `book` through `door`, in its own thread, every `every_ms`. `refill`: the date the clinic gave, as it is
 * shown, or empty. Null with a message. */
struct patientcare *patientcare_start(int64_t every_ms, const struct door *door, struct patientbook *book,
                                      const char *refill);
/* What is shown now, with the ticket for a press or null; a new object. */
json_t *patientcare_json(struct patientcare *care, int64_t now_ms);
enum wish_taken patientcare_press(struct patientcare *care, const char *ticket, int64_t now_ms);
/* A pause of the sound. Twice the same is one. */
enum wish_taken patientcare_pause(struct patientcare *care);
/* Waits for what is with the pump, and ends. */
void patientcare_stop(struct patientcare *care);

/* One line on standard error, with the priority that a journal reads: 3 error, 4 warning, 6 information. */
__attribute__((format(printf, 2, 3))) void patientcare_log(int priority, const char *format, ...);

#endif
