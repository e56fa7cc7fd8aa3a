/* keyholder.c - reading and making key files. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* getrandom(), O_NOFOLLOW */
#include "app/records/keyholder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/cipher.h"

enum { DIGITS = 2 * USER_KEY_FILE_BYTES, OWNER_ONLY = 0600, OTHERS = 077 };

void keyholder_forget(uint8_t key[USER_KEY_FILE_BYTES])
{
    cipher_forget(key, USER_KEY_FILE_BYTES);
}

static int failed(const struct clerk *clerk, const char *name)
{
    fprintf(stderr, "cisterna records %s: key file %s: %s\n", clerk->command, name, strerror(errno));
    return EXIT_FAILED;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int keyholder_read(const struct clerk *clerk, const char *name, uint8_t key[USER_KEY_FILE_BYTES])
{
    struct stat status;
    char text[DIGITS + 2];
    int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failed(clerk, name);
    bool stated = fstat(file, &status) == 0;
    ssize_t got = read(file, text, sizeof text);
    (void)close(file);
    if (!stated || got < 0)
        return failed(clerk, name);
    if ((status.st_mode & OTHERS) != 0)
        return clerk_say(clerk, EXIT_REFUSED, "others can read this key file; chmod 600 ", name);
    bool good = got == DIGITS || (got == DIGITS + 1 && text[DIGITS] == '\n');
    for (int i = 0; good && i < USER_KEY_FILE_BYTES; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        good = high >= 0 && low >= 0;
        key[i] = (uint8_t)(good ? high * 16 + low : 0);
    }
    cipher_forget(text, sizeof text);
    return good ? EXIT_DONE : clerk_say(clerk, EXIT_DAMAGED, "a key file holds 64 hexadecimal digits, unlike ", name);
}

int keyholder_make(const struct clerk *clerk, const char *name, uint8_t key[USER_KEY_FILE_BYTES])
{
    static const char HEX[] = "0123456789abcdef";
    char text[DIGITS + 1];
    if (getrandom(key, USER_KEY_FILE_BYTES, 0) != USER_KEY_FILE_BYTES)
        return failed(clerk, name);
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, OWNER_ONLY);
    if (file < 0)
        return failed(clerk, name);
    for (int i = 0; i < USER_KEY_FILE_BYTES; i++) {
        text[2 * i] = HEX[key[i] >> 4];
        text[2 * i + 1] = HEX[key[i] & 15];
    }
    text[DIGITS] = '\n';
    bool good = write(file, text, sizeof text) == (ssize_t)sizeof text && fsync(file) == 0;
    cipher_forget(text, sizeof text);
    good = close(file) == 0 && good;
    return good ? EXIT_DONE : failed(clerk, name);
}
