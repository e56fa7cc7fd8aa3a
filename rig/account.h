/* account.h - the flow that is prescribed, integrated exactly, and how much of it may be in hand: the oracle's own ledger.
 * A part of the oracle. In hand is kept as a least and a most: equal as long as nothing happened that lets the pump drop
 * or delay a quantum, and brought together again by the quanta that follow. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_ACCOUNT_H
#define RIG_ACCOUNT_H

#include "rig/oracle.h"

/* Courses as the log numbers them (event course_start, field kind). */
enum account_course { ACCOUNT_NONE = 0, ACCOUNT_PRIME = 1, ACCOUNT_BRIDGE = 2, ACCOUNT_SINGLE = 3, ACCOUNT_PERIODIC = 4,
                      ACCOUNT_PATIENT = 5, ACCOUNT_CLINICIAN = 6 };

/* Adds what was prescribed up to `now`. Call it before anything below changes the flow at `now`. */
void account_accrue(struct oracle *oracle, int64_t now_ms);
/* Mode, therapy, civil time or course have changed: the flows are looked up anew. */
void account_flows(struct oracle *oracle);
void account_course(struct oracle *oracle, uint8_t kind, int64_t volume_nl, int32_t flow);
void account_course_over(struct oracle *oracle);
/* The fraction in hand was dropped. */
void account_drop(struct oracle *oracle);
/* One quantum is taken out of the volume in hand. */
void account_take(struct oracle *oracle, int64_t now_ms);
/* May the pump deliver less than prescribed just now, without making it up? */
bool account_lenient(const struct oracle *oracle, int64_t now_ms);

#endif
