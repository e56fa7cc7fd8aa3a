/* locator.h - where in a JSON text a value stands, so that an error can name the line. */
// SPDX-License-Identifier: Apache-2.0
#ifndef DOCUMENT_LOCATOR_H
#define DOCUMENT_LOCATOR_H

#include <stddef.h>

enum { LOCATOR_PATH_BYTES = 256 };

/* The line (from 1) on which the member or element with this path begins in a well-formed JSON text; 1 when there is
 * none. A path looks like "therapy.limits.drugs[0].day"; the empty path: the document. A member begins at its name. */
int locator_line(const char *text, size_t size, const char *path);

/* Writes the path of a member, or of an element, of what stands at `path`; cut short when it does not fit. */
void locator_member(char out[LOCATOR_PATH_BYTES], const char *path, const char *name);
void locator_element(char out[LOCATOR_PATH_BYTES], const char *path, size_t index);

#endif
