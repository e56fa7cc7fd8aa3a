/* code.c - the table of codes, and the one place that writes them. */
// SPDX-License-Identifier: Apache-2.0
#include "clinic/fhir/code.h"

enum status { UNVERIFIED, VERIFIED };

struct code_row {
    const char *system, *code, *display;
    enum status status;
};
#define CODE(name, system_, code_, display_, status_, source)                                                          \
    [CODE_##name] = { .system = system_, .code = code_, .display = display_, .status = status_ },
static const struct code_row ROWS[CODE_END] = {
#include "clinic/fhir/code.def"
};
#undef CODE

bool code_verified(enum code code)
{
    return code < CODE_END && ROWS[code].status == VERIFIED;
}

void code_coding(struct writer *writer, const char *key, enum code code)
{
    writer_object(writer, key);
    if (code_verified(code)) {
        writer_text(writer, "system", ROWS[code].system);
        writer_text(writer, "code", ROWS[code].code);
    }
    writer_text(writer, "display", ROWS[code].display);
    writer_end(writer);
}

void code_concept(struct writer *writer, const char *key, enum code code, const char *text)
{
    writer_object(writer, key);
    if (code_verified(code)) {
        writer_array(writer, "coding");
        code_coding(writer, NULL, code);
        writer_end(writer);
    }
    writer_text(writer, "text", text != NULL || code_verified(code) ? text : ROWS[code].display);
    writer_end(writer);
}
