/* feeling.h - how a person would say it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef TWIN_BODY_FEELING_H
#define TWIN_BODY_FEELING_H

#include "twin/body/person.h"

/* What somebody who is like this says, worst first, each kind of complaint once; returns how many sentences. They are
 * constants. */
int feelings_said(const struct person_view *view, const char *said[PERSON_FEELINGS_MAX]);

#endif
