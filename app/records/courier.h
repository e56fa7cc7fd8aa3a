/* courier.h - `cisterna records fhir`: the records as a hospital's systems read them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_COURIER_H
#define APP_RECORDS_COURIER_H

#include "app/records/clerk.h"

int courier_fhir(struct clerk *clerk);

#endif
