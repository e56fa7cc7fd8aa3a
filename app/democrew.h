/* democrew.h - the processes of the demo: each a command of this program in a process of its own, so that a pump can fall silent
 * without the server, and what is shown is what anybody can start by hand. None outlives the one who started it. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_DEMOCREW_H
#define APP_DEMOCREW_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CREW_WORDS_MAX = 40 };

/* One command as it is called: words[0] is its name, null at the end. */
struct democrew_call {
    int (*run)(int count, char **words);
    const char *words[CREW_WORDS_MAX + 1];
    const char *name; /* of the process, for ps: up to 15 bytes; null: as the program */
    const char *log;  /* the file that takes its messages (and its data, where nobody reads them) */
};

/* Starts it. `out`, where it is not null, becomes the end of a pipe from which its standard output can be read. -1: a message
 * was given. SIGINT and SIGTERM reach it, whatever the caller has blocked. */
pid_t democrew_start(const struct democrew_call *call, int *out);
/* The first line of what it tells, without its end, and closes `out`; false where there is none: the log says why. */
bool democrew_line(int out, char *line, size_t size);
/* Starts it and waits for its end: its exit code, 1 when there is none. */
int democrew_run(const struct democrew_call *call);
/* Asks it to end, and waits; -1 is nobody. Its exit code. */
int democrew_end(pid_t pid);

#endif
