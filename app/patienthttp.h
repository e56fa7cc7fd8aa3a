/* patienthttp.h - the patient's page over HTTP, on this machine's own address and nowhere else: a few paths, the guards of the
 * clinic's server, no account and no record. docs/patient.md. REQ-PTNT-01, REQ-PTNT-04, REQ-SECU-13. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_PATIENTHTTP_H
#define APP_PATIENTHTTP_H

#include "app/patientcare.h"

struct patienthttp;

/* Listens at 127.0.0.1; port 0: any that is free. Null with a message. */
struct patienthttp *patienthttp_start(uint16_t port, struct patientcare *care);
uint16_t patienthttp_port(const struct patienthttp *http);
/* Closes connections whose time is over (clinic/server/crowd.h), and tells the journal. To be called every second or so. */
void patienthttp_tick(struct patienthttp *http, int64_t now_ms);
/* Lets requests come to their end. */
void patienthttp_stop(struct patienthttp *http);

#endif
