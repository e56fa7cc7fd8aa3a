/* twindoor.c - which socket answers what. */
// SPDX-License-Identifier: Apache-2.0
#include "app/twindoor.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/controlline.h"
#include "core/therapy.h"
#include "rig/listener.h"

/* A handler waits so long, and whoever asks the same thread: guess. A pump answers within milliseconds. */
enum { PATIENCE_MS = 1500 };

/* A name of a folder, and nothing that leads elsewhere. */
static bool serial_good(const char *serial)
{
    size_t size = strlen(serial);
    return size > 0 && size < SERIAL_BYTES && serial[0] != '.' && strchr(serial, '/') == NULL;
}

static char *ask(void *context, const char *serial, const char *request)
{
    const char *folder = context;
    char path[LISTENER_PATH_BYTES];
    int size = snprintf(path, sizeof path, "%s/%s", folder, serial);
    if (!serial_good(serial) || size < 0 || (size_t)size >= sizeof path)
        return NULL;
    json_t *body = json_loads(request, 0, NULL);
    const char *word = json_string_value(json_object_get(body, "do"));
    char *answer = NULL;
    if (word != NULL && strcmp(word, "fork") == 0 && json_object_set_new(body, "serial", json_string(serial)) == 0) {
        char *text = json_dumps(body, JSON_COMPACT);
        answer = text != NULL ? controlline_ask(folder, text, PATIENCE_MS) : NULL;
        free(text);
    } else {
        answer = controlline_ask(path, request, PATIENCE_MS);
    }
    json_decref(body);
    return answer;
}

struct server_twin twindoor_of(const char *folder)
{
    return (struct server_twin){ .context = (void *)(uintptr_t)folder, .ask = ask };
}
