/* scene.c - how a pump comes to where an input finds it, and the way of every frame through pump, insiders and judge. */
// SPDX-License-Identifier: Apache-2.0
#include "fuzz/scene.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/judge.h"
#include "link/message.h"

enum { CONC_NG_ML = 1000000, FILL_NL = 19000000, PRIME_NL_DAY = 4800000, HOME_NL_DAY = 480000 };

static const uint8_t CARD[CARD_SECRET_BYTES] = "card of a scene";

static struct mixture home_mixture(void)
{
    return (struct mixture){ .count = 1, .component = { { DRUG_MORPHINE, { CONC_NG_ML } } } };
}

/* Flow and limits, the latter with room for a few boluses only. */
static struct therapy home_therapy(const struct stand *stand, int32_t nl_day)
{
    struct therapy therapy = { .name = "home", .mixture = home_mixture(), .restart_limit_hours = 24,
                               .dead_volume = stand->dead, .model = stand->unit.model.code,
                               .revision = stand->unit.model.revision, .calibration = stand->unit.calibration,
                               .under_delivery = PRIORITY_MEDIUM, .mri_rule = MRI_KEEP_PROGRAM,
                               .reservoir_low = { 2000000 }, .safe_rate = { 48000 } };
    memcpy(therapy.serial, stand->unit.serial, SERIAL_BYTES);
    therapy.program = (struct program){ .kind = PROGRAM_CONTINUOUS, .base = { nl_day } };
    therapy.program.patient = (struct patient_bolus){ .allowed = 1, .volume = { 5000 }, .rate = { 7200000 },
                                                      .lockout_minutes = 10, .max_per_day = 6, .expiry_days = 10 };
    therapy.limits = (struct limits){ .count = 1, .bolus_max = { 20000 }, .rate_max = stand->unit.model.rate_max };
    int64_t hour_fg = (int64_t)nl_day / 24 * CONC_NG_ML + 30000 * (int64_t)CONC_NG_ML;
    therapy.limits.drug[0] = (struct drug_limit){ DRUG_MORPHINE, { { hour_fg }, { hour_fg * 24 } } };
    return therapy;
}

static void fit_out(struct scene *scene)
{
    struct stand *stand = &scene->booth.stand;
    memset(scene, 0, sizeof *scene);
    booth_start(&scene->booth, model_named("C20"));
    memset(stand->unit.secret, 7, sizeof stand->unit.secret);
    memcpy(stand->unit.card, CARD, sizeof CARD);
    booth_reset(&scene->booth, 0);
    memcpy(scene->implant.id, stand->unit.serial, PUMP_ID_BYTES);
    cipher_public(stand->unit.secret, scene->implant.key);
    gate_of_card(CARD, scene->implant.id, scene->implant.gate_key, scene->implant.psk);
    for (uint8_t i = 0; i < INSIDERS; i++)
        insider_start(&scene->insider[i], (uint8_t)(1 + i));
    scene->window_ms = -1;
}

/* A copy has its own door and its own book. */
static void attend(struct scene *scene, struct book *book, const struct mixture *line)
{
    book->count = 0;
    scene->book = book;
    account_open(&scene->account, &scene->booth.stand, line);
}

static void enrol(struct scene *scene, uint8_t who, enum role role)
{
    struct packet packet;
    struct authored as = { .kind = PACKET_PAIR_1, .who = who, .counter = ++scene->card_counter };
    char label[LABEL_BYTES] = { 'i', 'n', 's', 'i', 'd', 'e', 'r', ' ', (char)('0' + who) };
    insider_pair(&scene->insider[who], &scene->implant, as.counter, &packet);
    scene_author(scene, &packet, &as);
    as = (struct authored){ .kind = PACKET_PAIR_3, .who = who, .role = (uint8_t)role };
    memcpy(as.label, label, LABEL_BYTES);
    MUST(insider_claim(&scene->insider[who], (uint8_t)role, label, &packet));
    scene_author(scene, &packet, &as);
    MUST(scene->insider[who].slot == who + 1);
}

static void make_home(struct scene *scene, struct book *book)
{
    static const enum role roles[] = { ROLE_CLINICIAN, ROLE_PATIENT, ROLE_READER, ROLE_SERVICE };
    fit_out(scene);
    struct stand *stand = &scene->booth.stand;
    struct mixture mixture = home_mixture();
    struct therapy prime = home_therapy(stand, PRIME_NL_DAY), therapy = home_therapy(stand, HOME_NL_DAY);
    MUST(stand_refill(stand, &mixture, (vol_nl){ FILL_NL }, NULL).outcome == OUTCOME_APPLIED);
    MUST(stand_activate(stand, &prime, true).outcome == OUTCOME_APPLIED);
    stand_run(stand, stand->now.ms + stand->dead.nl * DAY_MS / PRIME_NL_DAY + MINUTE_MS);
    MUST(stand_activate(stand, &therapy, true).outcome == OUTCOME_APPLIED);
    memcpy(scene->token, scene_pump(scene)->staging.token, TOKEN_BYTES);
    stand_run(stand, stand->now.ms + DAY_MS + HOUR_MS); /* until no window holds anything of the prime */
    attend(scene, book, &mixture);
    for (uint8_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        scene_pass(scene, 5 * MINUTE_MS); /* for another handshake of the pairing slot */
        enrol(scene, i, roles[i]);
    }
    scene_pass(scene, HOUR_MS);
}

static void begin_home(struct scene *scene, struct book *book)
{
    static struct scene home;
    static bool made;
    struct mixture mixture = home_mixture();
    if (!made)
        make_home(&home, book);
    made = true;
    *scene = home;
    struct limits limits = home_therapy(&scene->booth.stand, HOME_NL_DAY).limits;
    attend(scene, book, &mixture);
    account_therapy(&scene->account, scene->booth.stand.now, &limits);
}

static void begin_new(struct scene *scene, struct book *book)
{
    static struct scene bare;
    static bool made;
    struct mixture saline = { .count = 0 };
    if (!made)
        fit_out(&bare);
    made = true;
    *scene = bare;
    attend(scene, book, &saline);
}

void scene_begin(struct scene *scene, struct book *book, uint8_t start)
{
    if (start % STARTS == START_NEW)
        begin_new(scene, book);
    else
        begin_home(scene, book);
}

void scene_author(struct scene *scene, const struct packet *packet, const struct authored *as)
{
    struct book *book = scene->book;
    uint8_t body[FRAME_BODY_MAX];
    if (book->count == AUTHORED_MAX)
        return;
    struct authored *new = &book->authored[book->count++];
    *new = *as;
    new->size = (uint16_t)frame_write(body, packet_write(packet, body), new->frame);
    MUST(new->size > 0);
    scene_send(scene, new->frame, new->size);
}

static struct authored *author_of(const struct scene *scene, const uint8_t *frame, size_t size)
{
    for (unsigned i = scene->book->count; i-- > 0;) {
        struct authored *one = &scene->book->authored[i];
        if (one->size == size && memcmp(one->frame, frame, size) == 0)
            return one;
    }
    return NULL;
}

/* At most one frame answers one, and it is a packet of a pump. */
static void answer_take(struct scene *scene, struct packet *answer)
{
    const struct booth_told *told = &scene->booth.told[0];
    uint8_t body[FRAME_BODY_MAX], plain[PACKET_PLAIN_MAX];
    *answer = (struct packet){ .kind = 0 };
    MUST(scene->booth.tolds <= 1);
    if (scene->booth.tolds == 0)
        return;
    size_t count = frame_read(told->bytes, told->size, body);
    MUST(count > 0 && packet_read(body, count, answer));
    judge_told(scene, body, count);
    for (unsigned i = 0; i < INSIDERS; i++) {
        size_t size = 0;
        if (insider_hear(&scene->insider[i], &scene->implant, answer, plain, &size) == HEARD_REPLY) {
            MUST(!scene->replied && message_read_reply(plain, size, &scene->reply));
            scene->replied = true;
        }
    }
}

/* For people: with FUZZ_TELL in the environment each frame is a line. */
static void tell(const struct scene *scene, const struct packet *packet, const struct packet *answer)
{
    const struct pump *pump = &scene->booth.stand.pump;
    const cisterna_Receipt *receipt = &scene->reply.tell.receipt;
    if (getenv("FUZZ_TELL") == NULL)
        return;
    fprintf(stderr, "%10lld ms  frame %2u  answer %2u  mode %u", (long long)scene->booth.stand.now.ms,
            packet != NULL ? packet->kind : 0, answer->kind, pump->now.mode);
    if (scene->replied && scene->reply.which_tell == cisterna_Reply_receipt_tag)
        fprintf(stderr, "  command %u: outcome %u, reasons %llx", receipt->command, receipt->outcome,
                (unsigned long long)receipt->reasons);
    else if (scene->replied)
        fprintf(stderr, "  reply %u, refusal %u", scene->reply.which_tell, scene->reply.refusal);
    fprintf(stderr, "\n");
}

void scene_send(struct scene *scene, const uint8_t *frame, size_t size)
{
    struct before before;
    struct packet answer;
    struct packet packet;
    uint8_t body[FRAME_BODY_MAX];
    bool whole = packet_read(body, frame_read(frame, size, body), &packet);
    scene->replied = false;
    judge_before(scene, &before);
    if (!booth_deliver(&scene->booth, frame, size))
        return;
    answer_take(scene, &answer);
    tell(scene, whole ? &packet : NULL, &answer);
    judge_frame(scene, &before, author_of(scene, frame, size), whole ? &packet : NULL, &answer);
    booth_step(&scene->booth);
    judge_rest(scene);
}

void scene_pass(struct scene *scene, int64_t ms)
{
    stand_run(&scene->booth.stand, scene->booth.stand.now.ms + ms);
    judge_rest(scene);
}

void scene_reset(struct scene *scene, uint8_t cause)
{
    booth_reset(&scene->booth, cause);
    scene->window_ms = -1; /* it is not kept, and nobody without a key can bring a reset about */
    judge_rest(scene);
}
