/* people.h - users and patients on the command line. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_RECORDS_PEOPLE_H
#define APP_RECORDS_PEOPLE_H

#include "app/records/clerk.h"

int people_add(struct clerk *clerk);
int people_list(struct clerk *clerk);
int people_password(struct clerk *clerk);
int people_disable(struct clerk *clerk);
int people_patients(struct clerk *clerk);
int people_admit(struct clerk *clerk);
int people_purge(struct clerk *clerk);
int people_visit_settle(struct clerk *clerk);
int people_limits(struct clerk *clerk);

#endif
