/* replay.c - a target without libFuzzer: hands it every file of the folders named, one after the other. How the ordinary build
 * goes through the corpus, and how a crash is looked at with any compiler. */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* scandir() */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { INPUT_BYTES_MAX = 1 << 16, PATH_CHARS = 1024 };

/* A heap block of the exact size, so that a sanitizer sees the first byte behind it. */
static void play(const char *path)
{
    static uint8_t room[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    size_t size = fread(room, 1, sizeof room, file);
    fclose(file);
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        exit(2);
    memcpy(bytes, room, size);
    fprintf(stderr, "%s\n", path);
    (void)LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

/* Returns how many inputs there were. */
static unsigned play_all(const char *path)
{
    struct stat about;
    struct dirent **entry = NULL;
    char name[PATH_CHARS];
    if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
        play(path);
        return 1;
    }
    int count = scandir(path, &entry, NULL, by_name);
    unsigned played = 0;
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s/%s", path, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.') {
            play(name);
            played++;
        }
        free(entry[i]);
    }
    free(entry);
    return played;
}

int main(int argc, char **argv)
{
    unsigned played = 0;
    for (int i = 1; i < argc; i++)
        played += play_all(argv[i]);
    printf("%u inputs\n", played);
    return played > 0 ? 0 : 2;
}
