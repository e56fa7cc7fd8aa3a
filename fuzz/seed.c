/* seed.c - makes the seeds of all targets: programs for those that take programs, and for the others what goes over the air, and
 * what is sealed in it, when the programs of fuzz/script.def are played.
 *
 *     fuzz_seed FOLDER     writes FOLDER/<target>/<name>.bin, over what stands there under the same name */
// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L /* mkdir() */
#include "fuzz/fuzz.h"

#include <string.h>
#include <sys/stat.h>

#include "clinic/programmer/keystore.h"
#include "core/catalog.h"
#include "fuzz/play.h"
#include "link/message.h"
#include "link/noise.h"
#include "link/wish.h"

enum { SEED_BYTES_MAX = 300, PATH_CHARS = 512, NAME_CHARS = 48, TAGS = 32, COMMAND_HEAD_BYTES = 18 };

#define S(step, ...) STEP_##step, sizeof((uint8_t[]){ __VA_ARGS__ }), __VA_ARGS__
#define SCRIPT(name, start, ...) static const uint8_t script_##name[] = { start, __VA_ARGS__ };
#include "fuzz/script.def"
#undef SCRIPT

static const struct script {
    const char *name;
    const uint8_t *bytes;
    size_t size;
} scripts[] = {
#define SCRIPT(name, ...) { #name, script_##name, sizeof script_##name },
#include "fuzz/script.def"
#undef SCRIPT
};

static const char *root;

static void save(const char *target, const char *name, const uint8_t *bytes, size_t size)
{
    char path[PATH_CHARS];
    snprintf(path, sizeof path, "%s/%s", root, target);
    (void)mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s.bin", root, target, name);
    FILE *file = size < SEED_BYTES_MAX ? fopen(path, "wb") : NULL;
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        fprintf(stderr, "fuzz_seed: %s, %zu bytes, cannot be written\n", path, size);
        exit(1);
    }
}

/* One frame of each kind is enough: all that the reader of frames looks at is its form. */
static void save_frame(const uint8_t *frame, size_t size)
{
    static bool seen[PACKET_IDENTITY + 1];
    char name[NAME_CHARS];
    uint8_t body[FRAME_BODY_MAX];
    size_t count = frame_read(frame, size, body);
    if (count == 0 || seen[body[0]])
        return;
    seen[body[0]] = true;
    snprintf(name, sizeof name, "kind_%u", body[0]);
    save("frame", name, frame, size);
    snprintf(name, sizeof name, "body_%u", body[0]);
    save("frame", name, body, count);
    uint8_t hurt[FRAME_BYTES_MAX];
    memcpy(hurt, frame, size);
    hurt[size - 2] ^= hurt[size - 2] == 1 ? 2 : 1; /* in the check word, and no zero */
    snprintf(name, sizeof name, "check_%u", body[0]);
    save("frame", name, hurt, size);
    if (body[0] == PACKET_DATA) {
        memset(body + 1, 0, 4); /* no session */
        save("frame", "nobodys", body, count);
    }
}

/* A command and its receipt are also bytes of their own: core/SPEC.md. Of commands without members one is enough. */
static void save_command(const cisterna_Command *wish, const cisterna_Receipt *told)
{
    char name[NAME_CHARS];
    struct command command;
    struct receipt receipt;
    uint8_t bytes[COMMAND_BYTES_MAX], receipt_bytes[RECEIPT_BYTES];
    size_t size = 0;
    if (!wish_to_command(wish, &command) || command_encode(&command, bytes, sizeof bytes, &size) != RESULT_OK)
        return;
    snprintf(name, sizeof name, "command_%s", command_word(command.kind));
    if (size > COMMAND_HEAD_BYTES || command.kind == COMMAND_STOP)
        save("message", name, bytes, size);
    if (!wish_to_receipt(told, &receipt))
        return;
    receipt_encode(&receipt, receipt_bytes);
    snprintf(name, sizeof name, "receipt_%u", receipt.outcome);
    save("message", name, receipt_bytes, sizeof receipt_bytes);
    receipt_bytes[3] = 1; /* reserved */
    snprintf(name, sizeof name, "receipt_%u_reserved", receipt.outcome);
    save("message", name, receipt_bytes, sizeof receipt_bytes);
}

/* One request and one reply of each sort. */
static void save_messages(const char *script, const struct scene *scene)
{
    static bool asked[TAGS][TAGS], told[TAGS];
    const struct authored *last = &scene->book->authored[scene->book->count - 1];
    const cisterna_Request *request = &last->request;
    char name[NAME_CHARS];
    uint8_t plain[PACKET_PLAIN_MAX];
    if (!last->readable || !scene->replied)
        return;
    unsigned sort = request->which_ask == cisterna_Request_command_tag       ? request->ask.command.which_wish
                    : request->which_ask == cisterna_Request_interrogate_tag ? request->ask.interrogate.topic % TAGS
                                                                             : 0;
    if (asked[request->which_ask][sort])
        return;
    asked[request->which_ask][sort] = true;
    snprintf(name, sizeof name, "request_%s", script);
    save("message", name, plain, message_write_request(request, plain));
    if (request->which_ask == cisterna_Request_command_tag)
        save_command(&request->ask.command, &scene->reply.tell.receipt);
    if (told[scene->reply.which_tell])
        return;
    told[scene->reply.which_tell] = true;
    snprintf(name, sizeof name, "reply_%u", scene->reply.which_tell);
    save("message", name, plain, message_write_reply(&scene->reply, plain));
}

/* One of each length, of those that a script found or brought into force. */
static void save_therapy(const char *script, struct scene *scene)
{
    static bool seen[SEED_BYTES_MAX];
    struct board board = stand_board(&scene->booth.stand);
    uint8_t bytes[THERAPY_BYTES_MAX] = { 0 };
    char name[NAME_CHARS];
    size_t size = pump_therapy(&board, bytes);
    if (size == 0 || size >= SEED_BYTES_MAX || seen[size])
        return;
    seen[size] = true;
    snprintf(name, sizeof name, "therapy_%s", script);
    save("message", name, bytes, size);
}

static void play(const struct script *script)
{
    static struct scene scene;
    static struct book book;
    struct tape tape = { script->bytes, script->size }, step;
    save("session", script->name, script->bytes, script->size);
    scene_begin(&scene, &book, tape_byte(&tape));
    while (tape.left > 0) {
        enum step code = (enum step)step_next(&tape, &step);
        play_step(&scene, code, &step);
        if (book.count > 0)
            save_frame(book.authored[book.count - 1].frame, book.authored[book.count - 1].size);
        for (unsigned i = 0; i < scene.booth.tolds; i++)
            save_frame(scene.booth.told[i].bytes, scene.booth.told[i].size);
    }
    if (book.count > 0)
        save_messages(script->name, &scene);
    save_therapy(script->name, &scene);
}

/* Handshakes of two sides who hear each other well, and the same with each thing that can happen to one of the messages, or with
 * two sides that do not have all in common: `others` of fuzz/handshake.c. */
static void handshake(const char *word, uint8_t pattern, unsigned messages, unsigned changed, uint8_t how, uint8_t others)
{
    enum { READ = 1, RESPONDER = 2, STEP_MOST = 8 };
    uint8_t bytes[2 + NOISE_MESSAGES_MAX * STEP_MOST] = { (uint8_t)(128 + pattern), others != 0 ? 128 + others : 0 };
    size_t size = 2;
    char name[NAME_CHARS];
    for (unsigned i = 0; i < messages; i++) {
        uint8_t writer = i % 2 == 0 ? 0 : RESPONDER, hit = how != 0 && i == changed ? how : 0;
        const uint8_t steps[STEP_MOST] = { writer, (uint8_t)(4 * i), 0, READ | (writer ^ RESPONDER), 0, hit, 33, 1 };
        /* A change of one bit reads which, and no other step more than where. */
        size_t length = hit == 1 ? STEP_MOST : STEP_MOST - 1;
        memcpy(bytes + size, steps, length);
        size += length;
    }
    if (others != 0)
        snprintf(name, sizeof name, "%s_others_%u", word, others);
    else if (how == 0)
        snprintf(name, sizeof name, "%s", word);
    else
        snprintf(name, sizeof name, "%s_%u_%u", word, changed, how);
    save("handshake", name, bytes, size);
}

static void handshakes(void)
{
    static const struct {
        const char *word;
        bool third;
    } rows[NOISE_PATTERNS] = {
#define PATTERN(name, word, pre, one, two, three) [NOISE_##name] = { word, sizeof three > sizeof "" },
#include "link/noise.def"
#undef PATTERN
    };
    for (uint8_t i = 0; i < NOISE_PATTERNS; i++)
        handshake(rows[i].word, i, rows[i].third ? 3 : 2, 0, 0, 0);
    static const uint8_t others_kk[] = { 1, 4, 8 }, others_xx[] = { 1, 2 }; /* what each pattern looks at */
    for (unsigned i = 0; i < sizeof others_kk; i++)
        handshake(rows[NOISE_KK].word, NOISE_KK, 2, 0, 0, others_kk[i]);
    for (unsigned i = 0; i < sizeof others_xx; i++)
        handshake(rows[NOISE_XX_PSK3].word, NOISE_XX_PSK3, 3, 0, 0, others_xx[i]);
    for (uint8_t how = 1; how < 8; how++) {
        handshake(rows[NOISE_XX].word, NOISE_XX, 3, 0, how, 0); /* its first message has no seal */
        for (unsigned changed = 0; changed < 2; changed++)
            handshake(rows[NOISE_KK].word, NOISE_KK, 2, changed, how, 0);
        for (unsigned changed = 0; changed < 3; changed++)
            handshake(rows[NOISE_XX_PSK3].word, NOISE_XX_PSK3, 3, changed, how, 0);
    }
}

/* A first byte that says what is asked of a file (fuzz/keystore.c), which bit of it is turned over, and what it holds. */
static void keystores(void)
{
    enum { SEALED = 1, HEAD_CHOSEN = 2, WRITTEN_AGAIN = 4, BIT_TURNED = 8, OTHER_PASSPHRASE = 16, REPEATED = 32,
           KEY_RECORD = KEYSTORE_RECORD_BYTES };
    uint8_t bytes[SEED_BYTES_MAX] = { SEALED | WRITTEN_AGAIN }, *body = bytes + 3;
    save("keystore", "none", bytes, 3 + 2);
    body[0] = 1;
    body[2 + PUMP_ID_BYTES] = 1;     /* slot */
    body[2 + PUMP_ID_BYTES + 1] = 2; /* role */
    memset(body + 2 + PUMP_ID_BYTES + 2 + 16, 7, 3 * KEY_BYTES);
    save("keystore", "one", bytes, 3 + 2 + KEY_RECORD);
    save("keystore", "cut", bytes, 3 + 2 + KEY_RECORD - 1);
    bytes[0] = SEALED | REPEATED;
    body[1] = 1; /* 257 keys: one too many */
    save("keystore", "full", bytes, 3 + 2 + KEY_RECORD);
    body[1] = 0;
    bytes[0] = SEALED | OTHER_PASSPHRASE;
    save("keystore", "passphrase", bytes, 3 + 2 + KEY_RECORD);
    bytes[0] = SEALED | BIT_TURNED;
    save("keystore", "bit", bytes, 3 + 2 + KEY_RECORD);
    body[2 + PUMP_ID_BYTES + 1] = ROLE_SERVICE + 1;
    bytes[0] = SEALED;
    save("keystore", "role", bytes, 3 + 2 + KEY_RECORD);
    const uint8_t head[] = { SEALED | HEAD_CHOSEN, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
    const uint8_t later[] = { SEALED | HEAD_CHOSEN, 0, 0, 0x50, 2 };
    save("keystore", "head", head, sizeof head);
    save("keystore", "later", later, sizeof later);
    const uint8_t reserved[] = { SEALED | HEAD_CHOSEN, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0 };
    const uint8_t last[] = { SEALED | HEAD_CHOSEN, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 };
    save("keystore", "reserved", reserved, sizeof reserved);
    save("keystore", "last", last, sizeof last);
    save("keystore", "bytes", (const uint8_t *)"\0\0\0CKEY\1", 8);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz_seed FOLDER\n");
        return 2;
    }
    root = argv[1];
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        play(&scripts[i]);
    handshakes();
    keystores();
    return 0;
}
