/* locator.c - where in a JSON text a value stands. The JSON library that reads scenarios keeps no line numbers, so the
 * text is walked once more, and only when there is an error to report. */
// SPDX-License-Identifier: Apache-2.0
#include "document/locator.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct walk {
    const char *at, *end;
    const char *wanted;
    int line;
    int found;
};

void locator_member(char out[LOCATOR_PATH_BYTES], const char *path, const char *name)
{
    snprintf(out, LOCATOR_PATH_BYTES, "%.180s%s%.70s", path, *path != '\0' ? "." : "", name);
}

void locator_element(char out[LOCATOR_PATH_BYTES], const char *path, size_t index)
{
    snprintf(out, LOCATOR_PATH_BYTES, "%.200s[%zu]", path, index);
}

static void skip_blank(struct walk *walk)
{
    for (; walk->at < walk->end && strchr(" \t\r\n", *walk->at) != NULL; walk->at++)
        if (*walk->at == '\n')
            walk->line++;
}

/* Passes over a string; its characters go to `name` when that is wanted (escaped quotes and strokes as meant). */
static void skip_string(struct walk *walk, char *name, size_t room)
{
    size_t size = 0;
    for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++) {
        if (*walk->at == '\\' && walk->at + 1 < walk->end)
            walk->at++;
        if (name != NULL && size + 1 < room)
            name[size++] = *walk->at;
    }
    if (name != NULL)
        name[size] = '\0';
    walk->at++;
}

static void walk_value(struct walk *walk, const char *path);

static void note(struct walk *walk, const char *path)
{
    if (walk->found == 0 && strcmp(path, walk->wanted) == 0)
        walk->found = walk->line;
}

static void walk_container(struct walk *walk, const char *path, bool object)
{
    char close = object ? '}' : ']';
    walk->at++;
    for (size_t index = 0; walk->at < walk->end && walk->found == 0; index++) {
        char name[128], inner[LOCATOR_PATH_BYTES];
        skip_blank(walk);
        if (walk->at >= walk->end || *walk->at == close)
            break;
        if (*walk->at == ',') {
            walk->at++;
            skip_blank(walk);
        }
        if (object) {
            int line = walk->line;
            skip_string(walk, name, sizeof name);
            locator_member(inner, path, name);
            if (strcmp(inner, walk->wanted) == 0) {
                walk->found = line;
                return;
            }
            skip_blank(walk);
            walk->at++; /* the colon */
            skip_blank(walk);
        } else {
            locator_element(inner, path, index);
        }
        walk_value(walk, inner);
    }
    walk->at++;
}

static void walk_value(struct walk *walk, const char *path)
{
    note(walk, path);
    if (walk->at >= walk->end || walk->found != 0)
        return;
    if (*walk->at == '{' || *walk->at == '[')
        walk_container(walk, path, *walk->at == '{');
    else if (*walk->at == '"')
        skip_string(walk, NULL, 0);
    else
        while (walk->at < walk->end && strchr(",]} \t\r\n", *walk->at) == NULL)
            walk->at++;
}

int locator_line(const char *text, size_t size, const char *path)
{
    struct walk walk = { .at = text, .end = text + size, .wanted = path, .line = 1 };
    skip_blank(&walk);
    walk_value(&walk, "");
    return walk.found != 0 ? walk.found : 1;
}
