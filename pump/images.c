// SPDX-License-Identifier: Apache-2.0
#include "pump/images.h"

#include "core/bytes.h"

_Static_assert((int)COMMAND_SIGNATURE_BYTES == (int)SIGNATURE_BYTES, "a command carries a whole signature");
_Static_assert((int)IMAGES_BYTES <= (int)STORE_PAYLOAD_MAX, "a record holds it");

void images_encode(const struct images *images, uint8_t bytes[IMAGES_BYTES])
{
    struct byte_writer writer = { .at = bytes, .left = IMAGES_BYTES };
    byte_write(&writer, images->floor, 4);
    for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
        byte_write(&writer, images->slot[i].state, 1);
        byte_write(&writer, images->slot[i].starts, 1);
        byte_write(&writer, 0, 2);
        byte_write_block(&writer, images->slot[i].header, IMAGE_HEADER_BYTES);
        byte_write_block(&writer, images->slot[i].signature, COMMAND_SIGNATURE_BYTES);
    }
}

static bool slot_read(struct byte_reader *reader, struct image_slot *slot)
{
    struct image image;
    slot->state = (uint8_t)byte_read(reader, 1);
    slot->starts = (uint8_t)byte_read(reader, 1);
    uint64_t unused = byte_read(reader, 2);
    byte_read_block(reader, slot->header, IMAGE_HEADER_BYTES);
    byte_read_block(reader, slot->signature, COMMAND_SIGNATURE_BYTES);
    return unused == 0 && slot->state <= IMAGE_CONFIRMED &&
           (slot->state == IMAGE_EMPTY || image_decode(slot->header, &image) == RESULT_OK);
}

enum result images_load(const struct store *store, const struct board *board, struct images *images)
{
    const struct store_place *place = &store->place[STORE_IMAGES];
    uint8_t bytes[IMAGES_BYTES];
    struct images read;
    if (place->sequence == 0) {
        return RESULT_NOT_FOUND;
    }
    if (place->version != IMAGES_VERSION) {
        return RESULT_UNKNOWN_VERSION;
    }
    if (place->size != IMAGES_BYTES) {
        return RESULT_TRUNCATED;
    }
    enum result result = store_read(store, board, STORE_IMAGES, bytes, sizeof bytes);
    if (result != RESULT_OK) {
        return result;
    }
    struct byte_reader reader = { .at = bytes, .left = sizeof bytes };
    read.floor = (uint32_t)byte_read(&reader, 4);
    for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
        if (!slot_read(&reader, &read.slot[i])) {
            return RESULT_MALFORMED;
        }
    }
    *images = read;
    return RESULT_OK;
}

bool images_twice(const struct store *store, const struct board *board)
{
    const struct store_place *place = &store->place[STORE_IMAGES];
    uint8_t newest[IMAGES_BYTES] = { 0 }, before[IMAGES_BYTES] = { 0 }, differ = 0;
    uint32_t size = 0;
    if (place->sequence == 0 || place->version != IMAGES_VERSION) {
        return true;
    }
    if (store_read(store, board, STORE_IMAGES, newest, sizeof newest) != RESULT_OK ||
        store_find(board, STORE_IMAGES, place->sequence - 1, before, sizeof before, &size) != RESULT_OK) {
        return false;
    }
    for (unsigned i = 0; i < sizeof newest; i++) {
        differ |= (uint8_t)(newest[i] ^ before[i]);
    }
    return differ == 0;
}

enum result images_store(struct store *store, const struct board *board, const struct images *images)
{
    uint8_t bytes[IMAGES_BYTES];
    images_encode(images, bytes);
    return store_append(store, board, STORE_IMAGES, IMAGES_VERSION, bytes, sizeof bytes);
}

bool images_header(const struct images *images, uint8_t slot, struct image *image)
{
    return images_state(images, slot) != IMAGE_EMPTY &&
           image_decode(images->slot[slot - 1].header, image) == RESULT_OK;
}

bool images_trusted(const struct images *images, uint8_t slot, uint8_t model, const uint8_t key[SIGN_KEY_BYTES],
                    const struct board *board)
{
    struct image image;
    if (!images_header(images, slot, &image) || image.model != model) {
        return false;
    }
    const struct image_slot *held = &images->slot[slot - 1];
    return sign_verify(key, held->header, sizeof held->header, held->signature) && image_sound(board, slot, &image);
}
