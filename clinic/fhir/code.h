/* code.h - codes of other people's terminologies, and the rule that only a verified one is written; code.def. */
// SPDX-License-Identifier: Apache-2.0
#ifndef CLINIC_FHIR_CODE_H
#define CLINIC_FHIR_CODE_H

#include "clinic/fhir/writer.h"

#define CODE(name, ...) CODE_##name,
enum code {
    CODE_NONE, /* there is no code to be had: text alone */
#include "clinic/fhir/code.def"
    CODE_END
};
#undef CODE

/* May it be written? */
bool code_verified(enum code code);
/* A Coding; with a code that is not verified, its display alone. */
void code_coding(struct writer *writer, const char *key, enum code code);
/* A CodeableConcept: the coding if it is verified, and the text in any case. Without a text the code's display takes its place
 * when the code may not be written: never both CODE_NONE and null. */
void code_concept(struct writer *writer, const char *key, enum code code, const char *text);

#endif
