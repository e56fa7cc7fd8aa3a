/* fittable.h - a fit as a page of text and as JSON. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_FITTABLE_H
#define APP_SPINE_FITTABLE_H

#include <stdio.h>

#include "app/spine/fit.h"

void fittable_text(FILE *out, const struct fit *fit);
void fittable_json(FILE *out, const struct fit *fit);
/* "CSF at L3", "the head" and so on. */
void fittable_place(const struct observation *row, char text[32]);

#endif
