/* secret.h - passphrases and card secrets: from a file, the environment or the terminal without echo; never from the command
 * line, where everybody on the machine can read them. */
// SPDX-License-Identifier: Apache-2.0
#ifndef APP_SECRET_H
#define APP_SECRET_H

#include "app/desk.h"

enum { SECRET_BYTES_MAX = 1024 };

struct secret {
    char text[SECRET_BYTES_MAX + 1];
    size_t size;
};

/* The passphrase of the file of keys; `new`: asked for twice where it is asked for. EXIT_DONE, or a message and an exit code. */
int secret_passphrase(const struct desk *desk, bool new, struct secret *secret);
/* One line of the terminal after `prompt`, unseen, or of standard input; the same. */
int secret_line(const char *prompt, struct secret *secret);
/* A small file as a whole; the same. */
int secret_file(const char *name, struct secret *secret);
/* Its first line: what an editor adds behind it is no part of a passphrase. */
int secret_first_line(const char *name, struct secret *secret);
void secret_forget(struct secret *secret);

#endif
