/* state.h - everything the pump remembers. The fields are private to pump/; others use pump/pump.h.
 *
 * What must survive a reset lies in the board's retained memory (struct kept); struct pump holds only what can be
 * worked out again. Both are plain data without pointers: copying them forks a run. */
// SPDX-License-Identifier: Apache-2.0
#ifndef PUMP_STATE_H
#define PUMP_STATE_H

#include "board/board.h"
#include "core/catalog.h"
#include "core/command.h"
#include "core/therapy.h"
#include "link/sign.h"
#include "pump/checkpoint.h"
#include "pump/contents.h"
#include "pump/emergency.h"
#include "pump/energy.h"
#include "pump/gate.h"
#include "pump/governor.h"
#include "pump/history.h"
#include "pump/images.h"
#include "pump/ledger.h"
#include "pump/log.h"
#include "pump/pairing.h"
#include "pump/peers.h"
#include "pump/store.h"
#include "pump/telemetry.h"

/* A bolus, prime or bridge. At most one is under way (REQ-THER-07). */
enum course_kind {
    COURSE_NONE = 0,
    COURSE_PRIME = 1,
    COURSE_BRIDGE = 2,
    COURSE_SINGLE = 3,
    COURSE_PERIODIC = 4,
    COURSE_PATIENT = 5,
    COURSE_CLINICIAN = 6
};

enum course_cause {
    COURSE_COMPLETE = 0,
    COURSE_CANCELLED = 1,
    COURSE_STALLED = 2,
    COURSE_STOPPED = 3,
    COURSE_RESET = 4,
    COURSE_REPLACED = 5,
    COURSE_EMPTY = 6
};

/* A bolus granted. */
struct grant {
    int64_t at_ms;      /* start */
    uint32_t length_ms; /* until its last volume is prescribed */
    int32_t volume_nl;
    uint8_t patient; /* 1: counts for lockout and daily count */
};

#define INTERRUPTED_UNKNOWN_MS (INT64_C(1) << 62) /* an interruption whose length nobody knows: beyond every limit */

enum { RATE_NO_CAP = INT32_MAX, SENDERS = SENDER_SLOTS + 1 };
enum { GRANTS_MAX = PATIENT_BOLUSES_MAX + 8, RECEIPTS_MAX = 8 };

struct answered {
    uint64_t fingerprint; /* of the command's bytes */
    uint8_t slot;         /* of the sender; 0: none */
    struct receipt receipt;
};

/* Starts nobody asked for, the newest three: REQ-PWR-03. */
enum { RESETS_LATCH = 3 };
struct resets {
    uint8_t count; /* used entries, oldest first */
    int64_t at_ms[RESETS_LATCH];
};

/* A strong magnetic field, and what a clinician planned for it. */
struct field {
    uint8_t on;    /* a field was felt last */
    uint8_t mri;   /* MRI mode is open */
    uint8_t empty; /* a clinician confirmed that nothing is in the reservoir */
    uint32_t missed;      /* quanta that stalled since it began */
    int64_t since_ms;     /* when it began */
    int64_t mri_until_ms; /* when the planned span ends; INT64_MAX where it waits for its end to be told */
};

/* How hard the motor turned when it was new: REQ-PWR-09. */
struct wear {
    uint32_t first_load; /* thousandths of a new motor's load, mean of the first days */
    uint16_t days;       /* of which it is the mean */
};

/* What changes rarely: the standing facts of this implant. Kept twice, each copy with a check word. */
struct standing {
    uint8_t mode;         /* enum mode */
    uint8_t course;       /* enum course_kind */
    uint8_t has_contents; /* a first refill was told */
    uint8_t before_empty; /* enum mode to which a refill returns an empty pump */
    uint8_t bridge_open;  /* the prime or bridge of the therapy in force has not ended by its volume */
    uint32_t boots;
    uint32_t epoch;
    uint32_t therapy_sequence; /* the record in flash of the therapy in force; 0: none */
    int64_t clock_base_ms;     /* the pump's time is the board's tick and this: it rises when a clock is lost */
    uint64_t stamp;            /* of the newest checkpoint or settings record in flash */
    uint64_t log_last;         /* number of the newest event */
    uint64_t head; /* ledger head: changes with everything that a sender must know of */
    rate_nl_day course_rate;
    rate_nl_day minimum_rate; /* 0 unless mode is MINIMUM */
    rate_nl_day safe_rate;    /* of the therapy in force, should its bytes be lost */
    rate_nl_day safe_cap;     /* most that SAFE may flow while an older drug stands in the catheter; RATE_NO_CAP else */
    int64_t course_volume_nl;
    int64_t course_commanded;  /* ledger.commanded_course when it began */
    int64_t course_missed;     /* its quanta that were not confirmed */
    int64_t activated_ms;      /* when the therapy in force was activated */
    int64_t periodic_next_ms;  /* start of the next periodic bolus; INT64_MAX without */
    int64_t flow_since_ms;     /* since when quanta should flow and none was metered; INT64_MAX when they do */
    int64_t missed_ms;         /* when the last quantum was missed; while they flow, since when they do again */
    int64_t interrupted_ms;    /* longest interruption neither acknowledged nor made good by as long a flow */
    int64_t stopped_since_ms;  /* since when a clinician's stop holds; INT64_MAX when not */
    int64_t reservoir_nl;      /* volume in the reservoir when last filled */
    int64_t reservoir_metered; /* ledger.metered then */
    int64_t dropped_grain;     /* fractions dropped at stops and resets, ever */
    int64_t withheld;          /* quanta held back, ever */
    int64_t silent_until_ms;
    uint32_t budget[WINDOW_KINDS];         /* the motor driver's, as last handed to it */
    int64_t budget_lower_ms[WINDOW_KINDS]; /* when a lower one may follow; 0 when none waits */
    uint32_t latched;                      /* alarms latched, bit set by alarm_index */
    int64_t alarm_ms[ALARM_COUNT];         /* since when each stands */
    uint32_t selftest_failed;              /* enum selftest, since the alarm was last cleared */
    struct resets resets;
    struct field field;
    struct wear wear;
    struct history history;
    struct calendar calendar;
    struct energy energy;
    struct contents contents;
    uint8_t limits; /* used rows: the limits in force for every drug the governor watches, should it lose them */
    struct drug_limit limit[GOVERNOR_DRUGS];
    uint8_t grants; /* used entries, oldest first */
    struct grant grant[GRANTS_MAX];
    uint64_t highest_id[SENDERS]; /* by slot: ids only rise, so that an old command cannot come back */
    uint8_t answers_next;
    struct answered answered[RECEIPTS_MAX];
};

struct standing_copy {
    struct standing standing;
    uint64_t check;
};

/* The therapy in force, as its canonical bytes; kept twice. */
struct therapy_slot {
    uint32_t size;     /* 0: none */
    uint32_t sequence; /* of its record in flash */
    uint8_t bytes[THERAPY_BYTES_MAX];
    uint64_t check;
};

/* The ledger's counts as they were an instant ago, should both its copies be lost. */
struct ledger_note {
    int64_t at_ms, commanded, commanded_course, metered;
    uint64_t check;
};

/* The retained memory. */
struct kept {
    struct ledger_pair ledger;
    struct ledger_note note; /* and once more behind everything else, so that no burst takes both */
    struct governor governor;
    struct gate_copy gate[2];
    struct standing_copy standing[2];
    struct therapy_slot therapy[2];
    struct ledger_note note_again;
};
_Static_assert(sizeof(struct kept) <= RETAINED_BYTES, "the retained memory holds what must survive");

/* The staging slot: volatile on purpose. A reset forgets what was staged and the therapy in force goes on. */
struct staging {
    int64_t expires_ms; /* from its first chunk on */
    uint16_t total, filled;
    uint8_t whole;
    uint8_t limits_signed; /* a signature over its limits was seen to hold */
    uint8_t token[TOKEN_BYTES];
    uint8_t bytes[THERAPY_BYTES_MAX];
    struct therapy therapy; /* decoded, when whole */
};

/* What the end of a step or command has still to write into flash, and what stands there already. */
struct keeping {
    struct checkpoint last; /* the newest checkpoint in flash; stamp 0: none */
    uint32_t facts;         /* check value of the facts in the newest settings record */
    bool due;               /* anything below, or an event, is to be looked at when the step ends */
    bool settings_due;      /* a settings record is to be written, whatever the facts say */
    bool checkpoint_due;
    bool slots_due;         /* the therapy's copies in retained memory must follow what stands in the staging slot */
    bool budget_due;        /* the motor driver is to be handed its budget */
    bool tend_due;          /* flash has something to erase */
    bool worn;              /* flash did not take the last record */
};

enum { STOPS_LATCH = 3, STOP_ALARMS = 2 };

struct alarm_state {
    uint32_t active;                /* conditions present, bit set by alarm_index */
    uint32_t pending;               /* present, but not yet for as long as their onset asks */
    int64_t pending_ms[ALARM_COUNT]; /* since when */
    int64_t repeat_ms[ALARM_COUNT]; /* when it sounds next */
    int64_t value[ALARM_COUNT];     /* what was told with it */
    int64_t pause_from_ms;          /* since when pauses of sound follow each other and nothing could be heard; 0 when it can */
    uint8_t stops[STOP_ALARMS];     /* used entries, oldest first */
    int64_t stop_ms[STOP_ALARMS][STOPS_LATCH]; /* when alarms of a standstill were raised last: REQ-ALRM-12 */
    uint8_t cycling;                /* code of the alarm that came and went too often, until the supervisor has seen it */
};

/* What sensors told: pump/sense.h. */
struct sense {
    int64_t due_ms;  /* when the next reading is due */
    int64_t day_ms;  /* when the day's tally ends */
    int64_t day_metered; /* metered quanta when it began; -1 before the first */
    int64_t day_quanta;  /* metered in the last whole day */
    int64_t load_sum;    /* of the day */
    uint32_t loads;
    uint32_t same;   /* readings in a row that were equal to the last bit */
    uint32_t odd;    /* sensors whose last reading was beyond belief, bit set by enum sensor */
    struct sensors shown; /* the last reading */
};

enum { SELFTEST_SCRATCH = 16 };

/* What the self-tests compare with: pump/selftest.h. */
struct selftest {
    bool begun;          /* the tests of this start are done */
    uint8_t part;        /* which is next */
    int64_t due_ms;      /* when */
    uint64_t seal;       /* check word of the unit's constants as they were at the start */
    bool witnessed;      /* the next four are filled in */
    int64_t at_ms, clock_ms;
    int64_t commanded;
    uint32_t fired;
    int64_t recovered_ms; /* tells whether memory was lost since: then the counts cannot be compared */
    int64_t refused;      /* quanta the driver refused, since then */
    uint64_t scratch[SELFTEST_SCRATCH]; /* words of no other use, to write patterns on */
};

/* Requests that are refused again and again: pump/abuse.h. */
struct abuse {
    uint32_t refused, strangers;
    int64_t refused_ms, strangers_ms; /* when the count began */
};

/* Images of the software, as this start found them and left them since: pump/update.h, pump/trial.h. */
struct update {
    struct images images; /* as they stand in flash, or are about to */
    uint8_t running;      /* slot of the one that runs; 0 the factory's */
    uint8_t copies_due;   /* records of `images` still to be written */
    uint8_t erases;       /* of the sector that is being erased for an image */
    bool restart_due;     /* the core is to start again as soon as no quantum is under way */
    uint16_t blank;       /* sectors of the slot being filled that are blank or written, from its first on */
    uint32_t filled;      /* bytes written there */
    int64_t revert_ms;    /* when the image that runs is given up; INT64_MAX when it is not tried */
};

struct pump {
    struct model model;
    calib_ppm calibration;
    char serial[SERIAL_BYTES];
    uint32_t software; /* version of the image that runs */
    uint8_t secret[KEY_BYTES];
    uint8_t card[CARD_SECRET_BYTES];
    uint8_t formulary_key[SIGN_KEY_BYTES], firmware_key[SIGN_KEY_BYTES];
    vol_fl quantum;
    vol_grain quantum_grain;
    struct standing now; /* the working copy of the standing facts */
    bool now_changed;    /* and whether the kept copies must follow */
    bool clock_lost;     /* at this start: how long the pump stood is not known */
    bool ledger_lost;    /* both copies were damaged: the supervisor must deal with it before the step ends */
    bool has_therapy;
    struct therapy therapy;        /* the one in force, decoded */
    vol_grain worst[WINDOW_KINDS]; /* most the program can prescribe in a window and a bucket of carefulness */
    /* engine */
    rate_nl_day base, course; /* flows now */
    int64_t due_ms;           /* when the next quantum is due */
    int64_t change_ms;        /* when a flow may next change */
    int64_t milestone;        /* metered quanta at which contents, reservoir or alarms want a look */
    /* motor */
    bool moving;
    int64_t motor_deadline_ms;
    bool stalled;
    int64_t stalled_since_ms;
    int64_t stall_missed; /* quanta missed since */
    uint64_t misses;      /* the last 64 results, newest lowest: 1 where the quantum was not confirmed */
    bool withholding;     /* the last quantum was held back */
    /* supervisor */
    int64_t look_ms; /* when alarms and modes want the next look */
    struct alarm_state alarm;
    struct energy_tally tally; /* what was done since the last look, by those who did it */
    struct sense sense;
    struct selftest selftest;
    struct abuse abuse;
    struct staging staging;
    struct peers peers;
    bool peers_once; /* their newest record stands in flash but once */
    struct gate_memory gate;
    uint8_t repeats[PEER_SLOTS + 1]; /* of each slot's newest counter, heard once more */
    struct line line[LINES];
    struct pairing pairing;
    struct emergency emergency;
    uint8_t listening; /* enum reach: what the radio was told last; 0 nothing since the start */
    struct update update;
    struct store store;
    struct keeping keeping;
    struct log log;
};

#endif
