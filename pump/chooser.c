// SPDX-License-Identifier: Apache-2.0
#include "pump/chooser.h"

#include "pump/images.h"

static bool trusted(const struct images *images, uint8_t slot, const struct pump_unit *unit, const struct board *board)
{
    return images_trusted(images, slot, unit->model.code, unit->firmware_key, board);
}

/* An image that waits to be tried, for the first time; 0 when there is none that may start. */
static uint8_t tried(struct images *images, struct store *store, const struct pump_unit *unit, const struct board *board)
{
    for (uint8_t slot = 1; slot <= IMAGE_SLOTS; slot++) {
        struct image_slot *held = &images->slot[slot - 1];
        struct image image;
        if (held->state == IMAGE_TRYING && held->starts == 0 && images_header(images, slot, &image) &&
            image.version > images->floor && trusted(images, slot, unit, board)) {
            held->starts = 1;
            return images_store(store, board, images) == RESULT_OK ? slot : 0;
        }
    }
    return 0;
}

static uint32_t confirmed_version(const struct images *images, uint8_t slot)
{
    struct image image;
    bool confirmed = images->slot[slot - 1].state == IMAGE_CONFIRMED && images_header(images, slot, &image);
    return confirmed ? image.version : 0;
}

uint8_t chooser_slot(const struct board *board, const struct pump_unit *unit)
{
    struct store store = { .words = 0 };
    struct images images;
    store_mount_kind(&store, board, STORE_IMAGES);
    if (images_load(&store, board, &images) != RESULT_OK) {
        return 0;
    }
    uint8_t slot = tried(&images, &store, unit, board);
    uint8_t newer = confirmed_version(&images, 1) >= confirmed_version(&images, 2) ? 1 : 2;
    const uint8_t order[IMAGE_SLOTS] = { newer, (uint8_t)(IMAGE_SLOTS + 1 - newer) };
    for (unsigned i = 0; slot == 0 && i < IMAGE_SLOTS; i++) {
        if (confirmed_version(&images, order[i]) != 0 && trusted(&images, order[i], unit, board)) {
            slot = order[i];
        }
    }
    return slot;
}
