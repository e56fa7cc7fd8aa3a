/* therapyfile.c - a therapy from a file, for one pump. */
// SPDX-License-Identifier: Apache-2.0
#include "app/therapyfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/textfile.h"
#include "document/regimen.h"

/* Tubing and catheter, for a pump that has no therapy yet. */
static bool dead_volume_read(const struct desk *desk, const struct node *root, const struct model *model,
                             vol_nl *dead_volume)
{
    static const char *const fields[] = { "length", "volume", "true_volume", "note", NULL };
    int64_t mm = 0;
    struct node catheter = reader_member(root, "catheter", OPTIONAL);
    if (desk_has(desk, OPTION_AT_CATHETER)) {
        if (desk_amount(desk, OPTION_AT_CATHETER, DIMENSION_LENGTH, 10, CATHETER_MM_MAX, &mm) != EXIT_DONE)
            return false;
    } else if (dead_volume->nl > 0) {
        return true;
    } else if (catheter.value == NULL) {
        (void)desk_usage(desk, "the pump has no therapy yet and does not know its catheter: --catheter '45 cm'", "");
        return false;
    } else if (!reader_object(&catheter, fields) ||
               !reader_amount(&catheter, "length", REQUIRED, DIMENSION_LENGTH, 10, CATHETER_MM_MAX, &mm)) {
        return false;
    }
    *dead_volume = model_dead_volume(model, (int32_t)mm);
    return true;
}

static void root_read(const struct desk *desk, const struct node *root, struct regimen_pump pump,
                      struct therapy *therapy, bool *good)
{
    struct node node = reader_has(root, "therapy") ? reader_member(root, "therapy", REQUIRED) : *root;
    *good = dead_volume_read(desk, root, pump.model, &pump.dead_volume) && regimen_read(&node, &pump, therapy);
}

int therapyfile_read(const struct desk *desk, const char *name, const cisterna_Capability *pump, vol_nl dead_volume,
                     struct therapy *therapy)
{
    const struct model *model = pump->model > UINT8_MAX || pump->revision > UINT8_MAX
                                    ? NULL
                                    : model_find((uint8_t)pump->model, (uint8_t)pump->revision);
    bool good = false;
    if (model == NULL) {
        fprintf(stderr, "cisterna %s: this programmer does not know model %lu, revision %lu\n", desk->command,
                (unsigned long)pump->model, (unsigned long)pump->revision);
        return EXIT_VERSION;
    }
    size_t size = 0;
    char *text = textfile_read(name, &size);
    struct reader *reader = calloc(1, sizeof *reader);
    if (text == NULL || reader == NULL) {
        free(text);
        free(reader);
        return EXIT_USAGE;
    }
    *reader = (struct reader){ .file = name, .text = text, .size = size };
    struct node root = reader_document(reader);
    if (root.value != NULL)
        root_read(desk, &root, (struct regimen_pump){ model, pump->serial, { pump->calibration_ppm }, dead_volume },
                  therapy, &good);
    json_decref(root.value);
    reader_print(reader, stderr);
    int code = good ? EXIT_DONE : reader_exit(reader) != EXIT_DONE ? reader_exit(reader) : EXIT_USAGE;
    free(text);
    free(reader);
    return code;
}
