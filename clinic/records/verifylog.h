/* verifylog.h - the part of verify that goes through the pulled logs of pumps: their chain, and what the pulls hold of it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_RECORDS_VERIFYLOG_H
#define CLINIC_RECORDS_VERIFYLOG_H

#include "clinic/records/verify.h"

enum records_fault verifylog_walk(struct verify *verify);

#endif
