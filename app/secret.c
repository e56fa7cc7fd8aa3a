/* secret.c - a line that nobody else should see. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "link/cipher.h"

void secret_forget(struct secret *secret)
{
    cipher_forget(secret, sizeof *secret);
}

/* One line without its end; false when there is none, or it is too long. Without a buffer that would keep a copy. */
static bool line_read(int from, struct secret *secret)
{
    char character = '\0';
    ssize_t got = 0;
    secret->size = 0;
    while ((got = read(from, &character, 1)) == 1 && character != '\n') {
        if (secret->size == SECRET_BYTES_MAX)
            return false;
        secret->text[secret->size++] = character;
    }
    if (secret->size > 0 && secret->text[secret->size - 1] == '\r')
        secret->size--;
    secret->text[secret->size] = '\0';
    return got >= 0 && secret->size > 0;
}

/* Asks on the terminal; what is typed is not shown. */
static bool terminal_read(const char *prompt, struct secret *secret)
{
    struct termios shown, hidden;
    bool terminal = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &shown) == 0;
    if (terminal) {
        fprintf(stderr, "%s: ", prompt);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        terminal = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    bool good = line_read(STDIN_FILENO, secret);
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fprintf(stderr, "\n");
    }
    return good;
}

int secret_line(const char *prompt, struct secret *secret)
{
    if (terminal_read(prompt, secret))
        return EXIT_DONE;
    fprintf(stderr, "cisterna: %s: there is none on standard input\n", prompt);
    return EXIT_USAGE;
}

int secret_file(const char *name, struct secret *secret)
{
    int from = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;
    secret->size = 0;
    if (from >= 0)
        got = read(from, secret->text, SECRET_BYTES_MAX);
    if (got < 0) {
        fprintf(stderr, "cisterna: cannot read %s: %s\n", name, strerror(errno));
        if (from >= 0)
            (void)close(from);
        return EXIT_FAILED;
    }
    (void)close(from);
    secret->size = (size_t)got;
    secret->text[secret->size] = '\0';
    if (secret->size > 0 && secret->size < SECRET_BYTES_MAX)
        return EXIT_DONE;
    fprintf(stderr, "cisterna: %s: it is %s\n", name, secret->size == 0 ? "empty" : "too long for a secret");
    return EXIT_USAGE;
}

int secret_first_line(const char *name, struct secret *secret)
{
    int code = secret_file(name, secret);
    if (code != EXIT_DONE)
        return code;
    secret->size = strcspn(secret->text, "\r\n");
    secret->text[secret->size] = '\0';
    if (secret->size > 0)
        return EXIT_DONE;
    fprintf(stderr, "cisterna: %s: its first line is empty\n", name);
    return EXIT_USAGE;
}

int secret_passphrase(const struct desk *desk, bool new, struct secret *secret)
{
    const char *file = desk->value[OPTION_AT_PASSPHRASE_FILE], *given = getenv("CISTERNA_PASSPHRASE");
    struct secret again;
    if (file != NULL)
        return secret_first_line(file, secret);
    if (given != NULL && strlen(given) <= SECRET_BYTES_MAX && *given != '\0') {
        secret->size = strlen(given);
        memcpy(secret->text, given, secret->size + 1);
        return EXIT_DONE;
    }
    int code = secret_line(new ? "a passphrase for the new file of keys" : "passphrase of the keys", secret);
    if (code != EXIT_DONE || !new || isatty(STDIN_FILENO) != 1)
        return code;
    code = secret_line("the same again", &again);
    if (code == EXIT_DONE && strcmp(secret->text, again.text) != 0) {
        fprintf(stderr, "cisterna: the two are not the same\n");
        code = EXIT_USAGE;
    }
    secret_forget(&again);
    return code;
}
