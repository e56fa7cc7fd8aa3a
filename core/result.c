/* result.c - the words for each result. */
// SPDX-License-Identifier: Apache-2.0
#include "core/result.h"

const char *result_text(enum result result)
{
    /* One case for each row: a number used twice does not compile. */
#define RESULT_CASE(name, code, text)                                                                                  \
    case RESULT_##name:                                                                                                \
        return text;
    switch (result) { RESULT_LIST(RESULT_CASE) }
#undef RESULT_CASE
    return "a result this software does not know";
}
