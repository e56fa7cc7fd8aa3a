// SPDX-License-Identifier: Apache-2.0
#include "pump/update.h"

#include "pump/blank.h"
#include "pump/keep.h"
#include "pump/standing.h"
#include "pump/trial.h"

/* How often a sector is erased before it is given up; a sector is erased by the next try: tens of milliseconds in data sheets. */
enum { ERASES_MAX = 3, RETRY_MS = 1000 };

static const struct update_answer DONE = { 0, { 0 }, 0 };

static struct update_answer refused(verdict reasons, int64_t detail)
{
    return (struct update_answer){ reasons, INSTANT_NEVER, detail };
}

static struct update_answer storage(enum result result, instant_ms now)
{
    bool soon = result == RESULT_BUSY;
    return (struct update_answer){ VERDICT_STORAGE, soon ? (instant_ms){ now.ms + RETRY_MS } : INSTANT_NEVER, 0 };
}

/* The slot that is filled: never that of the image that runs. */
static uint8_t target(const struct pump *pump)
{
    return pump->update.running == 1 ? 2 : 1;
}

static struct image_slot *slot_of(struct images *images, uint8_t slot)
{
    return &images->slot[slot - 1];
}

static uint8_t state_of(const struct pump *pump, uint8_t slot)
{
    return images_state(&pump->update.images, slot);
}

/* Nothing that is not newer than this is taken. */
static uint32_t newest(const struct pump *pump)
{
    return pump->software > pump->update.images.floor ? pump->software : pump->update.images.floor;
}

/* An image that is tried, or to be tried, may need the other slot to fall back to. */
static bool trial(const struct pump *pump)
{
    return state_of(pump, 1) == IMAGE_TRYING || state_of(pump, 2) == IMAGE_TRYING;
}

static void tell(struct pump *pump, enum actor actor, uint8_t slot, instant_ms now)
{
    struct image image = { .version = 0 };
    (void)images_header(&pump->update.images, slot, &image);
    note(pump, now, actor, EVENT_IMAGE, slot, state_of(pump, slot), image.version, image.size);
}

/* The new states stand in flash before they count. */
static struct update_answer commit(struct pump *pump, const struct board *board, const struct images *next, enum actor actor,
                                   uint8_t slot, instant_ms now)
{
    enum result result = keep_images(pump, board, next, now);
    if (result != RESULT_OK) {
        return storage(result, now);
    }
    pump->update.images = *next;
    pump->update.copies_due = 1;
    tell(pump, actor, slot, now);
    return DONE;
}

/* What stands in the slot that is filled is of no use: it must begin again. */
static void spoil(struct pump *pump, instant_ms now)
{
    uint8_t slot = target(pump);
    *slot_of(&pump->update.images, slot) = (struct image_slot){ .state = IMAGE_EMPTY };
    pump->update.filled = 0;
    pump->update.copies_due = 2;
    tell(pump, ACTOR_PUMP, slot, now);
}

/* The part takes no words there, or is not erased. */
static void failed(struct pump *pump, uint32_t sector, instant_ms now)
{
    note(pump, now, ACTOR_PUMP, EVENT_STORE_FAILED, STORE_IMAGES, (int64_t)sector * FLASH_SECTOR_BYTES, 0, 0);
    spoil(pump, now);
}

static bool filling(const struct pump *pump, struct image *image)
{
    uint8_t slot = target(pump);
    return state_of(pump, slot) == IMAGE_FILLING && images_header(&pump->update.images, slot, image);
}

static bool same_image(const struct image_slot *held, const struct command *command)
{
    uint8_t differ = 0;
    for (unsigned i = 0; i < IMAGE_HEADER_BYTES; i++) {
        differ |= (uint8_t)(held->header[i] ^ command->header[i]);
    }
    for (unsigned i = 0; i < COMMAND_SIGNATURE_BYTES; i++) {
        differ |= (uint8_t)(held->signature[i] ^ command->signature[i]);
    }
    return differ == 0;
}

static struct update_answer begin(struct pump *pump, const struct board *board, enum actor actor,
                                  const struct command *command, instant_ms now)
{
    struct image image;
    struct update_answer answer = { 0, INSTANT_NEVER, 0 };
    if (image_decode(command->header, &image) != RESULT_OK || image.model != pump->model.code || trial(pump)) {
        answer.reasons |= VERDICT_IMAGE;
    } else if (image.version <= newest(pump)) {
        answer.reasons |= VERDICT_ROLLBACK;
        answer.detail = (int64_t)newest(pump) + 1;
    }
    pump->tally.count[ENERGY_PUBLIC_KEY]++;
    if (!sign_verify(pump->firmware_key, command->header, sizeof command->header, command->signature)) {
        answer.reasons |= VERDICT_SIGNATURE;
    }
    if (answer.reasons != 0) {
        return answer;
    }
    struct images next = pump->update.images;
    struct image_slot *held = slot_of(&next, target(pump));
    if (held->state == IMAGE_FILLING && same_image(held, command)) {
        return DONE; /* and goes on where it is */
    }
    *held = (struct image_slot){ .state = IMAGE_FILLING };
    for (unsigned i = 0; i < IMAGE_HEADER_BYTES; i++) {
        held->header[i] = command->header[i];
    }
    for (unsigned i = 0; i < COMMAND_SIGNATURE_BYTES; i++) {
        held->signature[i] = command->signature[i];
    }
    answer = commit(pump, board, &next, actor, target(pump), now);
    if (answer.reasons == 0) {
        pump->update.filled = 0;
        pump->update.blank = 0;
        pump->update.erases = 0;
    }
    return answer;
}

static struct update_answer chunk(struct pump *pump, const struct board *board, const struct stage_chunk *chunk,
                                  instant_ms now)
{
    struct update *update = &pump->update;
    struct image image;
    uint8_t slot = target(pump);
    uint32_t end = chunk->offset + chunk->size;
    if (!filling(pump, &image)) {
        return refused(VERDICT_IMAGE, 0);
    }
    bool whole_words = chunk->offset % FLASH_WORD_BYTES == 0 &&
                       (chunk->size % FLASH_WORD_BYTES == 0 || end == image.size);
    bool again = end <= update->filled && image_same(board, slot, chunk->offset, chunk->bytes, chunk->size);
    if (!again && (!whole_words || chunk->offset != update->filled || end > image.size)) {
        return refused(VERDICT_IMAGE, update->filled);
    }
    if (again) {
        return DONE;
    }
    if (end > (uint32_t)update->blank * FLASH_SECTOR_BYTES) {
        return storage(RESULT_BUSY, now);
    }
    pump->tally.count[ENERGY_FLASH_WORD] += (chunk->size + FLASH_WORD_BYTES - 1u) / FLASH_WORD_BYTES;
    if (image_write(board, slot, chunk->offset, chunk->bytes, chunk->size) != RESULT_OK) {
        failed(pump, image_sector(slot) + chunk->offset / FLASH_SECTOR_BYTES, now);
        return storage(RESULT_DAMAGED, now);
    }
    update->filled = end;
    return DONE;
}

/* Once more of an image that is whole already does no harm: its receipt may have been lost with the power. */
static struct update_answer seal(struct pump *pump, const struct board *board, enum actor actor, instant_ms now)
{
    struct image image;
    uint8_t slot = target(pump);
    uint8_t state = state_of(pump, slot);
    bool full = filling(pump, &image) && pump->update.filled == image.size;
    if (!full && (state != IMAGE_WHOLE || !images_header(&pump->update.images, slot, &image))) {
        return refused(VERDICT_IMAGE, pump->update.filled);
    }
    if (!image_sound(board, slot, &image)) {
        spoil(pump, now);
        return refused(VERDICT_IMAGE, 0);
    }
    if (state == IMAGE_WHOLE) {
        return DONE;
    }
    struct images next = pump->update.images;
    slot_of(&next, slot)->state = IMAGE_WHOLE;
    return commit(pump, board, &next, actor, slot, now);
}

static struct update_answer apply(struct pump *pump, const struct board *board, enum actor actor, instant_ms now)
{
    struct image image;
    uint8_t slot = target(pump);
    struct update_answer answer = { 0, INSTANT_NEVER, 0 };
    if (state_of(pump, slot) != IMAGE_WHOLE || trial(pump) || !images_header(&pump->update.images, slot, &image)) {
        answer.reasons |= VERDICT_IMAGE;
    } else if (image.version <= newest(pump)) {
        answer.reasons |= VERDICT_ROLLBACK;
        answer.detail = (int64_t)newest(pump) + 1;
    }
    int64_t scheduled_ms = trial_held_until_ms(pump, now);
    if (pump->now.course != COURSE_NONE) {
        answer.reasons |= VERDICT_COURSE_RUNNING;
    } else if (scheduled_ms != 0) {
        answer.reasons |= VERDICT_SCHEDULED_BOLUS;
        answer.earliest.ms = answer.reasons == VERDICT_SCHEDULED_BOLUS ? scheduled_ms : answer.earliest.ms;
    }
    if (answer.reasons == 0 && !image_sound(board, slot, &image)) {
        spoil(pump, now);
        answer.reasons |= VERDICT_IMAGE;
    }
    if (answer.reasons != 0) {
        return answer;
    }
    struct images next = pump->update.images;
    slot_of(&next, slot)->state = IMAGE_TRYING;
    answer = commit(pump, board, &next, actor, slot, now);
    if (answer.reasons == 0) {
        trial_begin(pump, actor, slot, now);
    }
    return answer;
}

static struct update_answer confirm(struct pump *pump, const struct board *board, enum actor actor, instant_ms now)
{
    struct image image;
    uint8_t slot = pump->update.running;
    if (state_of(pump, slot) == IMAGE_CONFIRMED) {
        return DONE;
    }
    if (state_of(pump, slot) != IMAGE_TRYING || !images_header(&pump->update.images, slot, &image)) {
        return refused(VERDICT_IMAGE, 0);
    }
    struct images next = pump->update.images;
    slot_of(&next, slot)->state = IMAGE_CONFIRMED;
    slot_of(&next, slot)->starts = 0;
    next.floor = image.version > next.floor ? image.version : next.floor;
    struct update_answer answer = commit(pump, board, &next, actor, slot, now);
    if (answer.reasons == 0) {
        pump->update.revert_ms = INT64_MAX;
    }
    return answer;
}

struct update_answer update_command(struct pump *pump, const struct board *board, enum actor actor,
                                    const struct command *command, instant_ms now)
{
    if (command->kind == COMMAND_UPDATE_BEGIN) {
        return begin(pump, board, actor, command, now);
    }
    if (command->kind == COMMAND_UPDATE_CHUNK) {
        return chunk(pump, board, &command->stage, now);
    }
    if (command->kind == COMMAND_UPDATE_SEAL) {
        return seal(pump, board, actor, now);
    }
    if (command->kind == COMMAND_UPDATE_APPLY) {
        return apply(pump, board, actor, now);
    }
    return confirm(pump, board, actor, now);
}

/* Goes on erasing the slot that is filled: as far as it is blank already, and begins one sector that is not. */
static void erase(struct pump *pump, const struct board *board, const struct image *image, instant_ms now)
{
    struct update *update = &pump->update;
    uint32_t first = image_sector(target(pump));
    while (update->blank < image_sectors(image) && blank_sector(board, first + update->blank)) {
        update->blank++;
        update->erases = 0;
    }
    if (update->blank == image_sectors(image)) {
        return;
    }
    if (update->erases == ERASES_MAX) {
        failed(pump, first + update->blank, now);
        return;
    }
    update->erases++;
    pump->store.erases++;
    (void)board->doors->flash_erase(board->hardware, first + update->blank); /* at the next try it is blank, or begun again */
}

bool update_waits(const struct pump *pump)
{
    struct image image;
    return pump->update.copies_due != 0 ||
           (filling(pump, &image) && pump->update.blank < image_sectors(&image));
}

void update_keep(struct pump *pump, const struct board *board, instant_ms now)
{
    struct update *update = &pump->update;
    struct image image;
    enum result stored = RESULT_OK;
    if (filling(pump, &image) && update->blank < image_sectors(&image) &&
        board->doors->flash_erased(board->hardware) != FLASH_BUSY) {
        erase(pump, board, &image, now);
    }
    while (update->copies_due != 0 && stored == RESULT_OK) {
        stored = keep_images(pump, board, &update->images, now);
        /* A part that takes none is told of and tried again with the next self-test. */
        update->copies_due = stored == RESULT_DAMAGED ? 0 : (uint8_t)(update->copies_due - (stored == RESULT_OK));
    }
}

bool update_scrub(struct pump *pump, const struct board *board)
{
    bool damaged = pump->store.place[STORE_IMAGES].sequence != 0 && !store_sound(&pump->store, board, STORE_IMAGES);
    if (damaged) {
        pump->update.copies_due = 2;
    } else if (!images_twice(&pump->store, board)) {
        pump->update.copies_due = pump->update.copies_due != 0 ? pump->update.copies_due : 1;
    }
    return damaged;
}

void update_tell(const struct pump *pump, struct update_status *status)
{
    const struct update *update = &pump->update;
    *status = (struct update_status){ .running_slot = update->running,
                                      .running_version = pump->software,
                                      .floor_version = update->images.floor,
                                      .filled_bytes = update->filled,
                                      .revert = { update->revert_ms } };
    for (uint8_t slot = 1; slot <= IMAGE_SLOTS; slot++) {
        struct image image = { .version = 0 };
        (void)images_header(&update->images, slot, &image);
        status->slot[slot - 1].state = state_of(pump, slot);
        status->slot[slot - 1].version = image.version;
        status->slot[slot - 1].bytes = image.size;
    }
}
