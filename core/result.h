/* result.h - how an operation ended. A result is about the operation (was it possible to do it?); whether a
 * clinician's wish is allowed is a verdict (verdict.h). */
// SPDX-License-Identifier: Apache-2.0
#ifndef CORE_RESULT_H
#define CORE_RESULT_H

/* One row per result: name, frozen number, words. Result numbers cross the link and stand in records. */
#define RESULT_LIST(X)                                                                                                 \
    X(OK, 0, "done")                                                                                                   \
    X(TRUNCATED, 1, "the bytes end too early or go on too long")                                                       \
    X(UNKNOWN_VERSION, 2, "the version is not one this software knows")                                                \
    X(MALFORMED, 3, "a field holds a value outside its range")                                                         \
    X(NOT_CANONICAL, 4, "the bytes are not the one canonical form")                                                    \
    X(NO_ROOM, 5, "the result does not fit the space given")                                                           \
    X(DAMAGED, 6, "a check word does not match")                                                                       \
    X(NOT_FOUND, 7, "there is no such thing")                                                                          \
    X(BUSY, 8, "something else must end first")

#define RESULT_ENUM(name, code, text) RESULT_##name = code,
enum result { RESULT_LIST(RESULT_ENUM) };
#undef RESULT_ENUM

#define MUST_USE __attribute__((warn_unused_result))

/* Words for a result; never null. */
const char *result_text(enum result result);

#endif
