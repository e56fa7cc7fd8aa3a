/* fitdraw.h - a fit as a figure: observed beside predicted, residuals over time, and how the sum of squares rises as each figure
 * is moved. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SPINE_FITDRAW_H
#define APP_SPINE_FITDRAW_H

#include "app/spine/fit.h"

/* Writes a PNG or SVG, by the file's ending (canvas_knows). Null, or what went wrong, in words. */
const char *fitdraw_file(const char *file, const struct fit *fit);

#endif
