/* releasefile.h - a release as one file: a signed text (signedtext.h) of all entries as canonical JSON.
 *
 *     cisterna formulary release 1
 *     signature <128 lower-case hexadecimal digits>
 *     {"cisterna_formulary_release":1,"date":...,"entries":[...],"notes":...,"version":1}
 *
 * What is hashed begins with "cisterna formulary 1". REQ-LIBR-02. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FORMULARY_RELEASEFILE_H
#define CLINIC_FORMULARY_RELEASEFILE_H

#include "clinic/formulary/shelf.h"
#include "clinic/formulary/sitekey.h"

enum { RELEASEFILE_BYTES_MAX = 4 * 1024 * 1024 };

/* The bytes of a release file, to be freed; null when memory has run out. The shelf has its release and an entry at least. */
char *releasefile_write(const struct shelf *shelf, const struct sitekey *key, size_t *size);
/* Reads one into an empty shelf, which on failure is not to be used. `name` is for messages. */
enum formulary_fault releasefile_read(const char *name, const char *text, size_t size, const uint8_t key[SIGN_KEY_BYTES],
                                      struct shelf *shelf, FILE *messages);

#endif
