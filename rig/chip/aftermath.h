/* aftermath.h - what became of a therapy whose pump had a fault in its core, judged by what the twin physically saw
 * against the same stretch undisturbed. Nothing that the pump says counts, but for whether it said anything. docs/faults.md. */
// SPDX-License-Identifier: Apache-2.0
#ifndef RIG_CHIP_AFTERMATH_H
#define RIG_CHIP_AFTERMATH_H

#include "rig/chip/ordeal.h"

/* AFTERMATH(name, word, fails, text): the classes, mildest first. */
#define AFTERMATHS_EACH(AFTERMATH)                                                                                     \
    AFTERMATH(MASKED, "masked", false, "log and fluid are those of the undisturbed run")                               \
    AFTERMATH(SAFE, "safe", false, "no more was delivered; what is missing was told, or is no more than a quantum")    \
    AFTERMATH(RECOVERED, "recovered", false, "the core was reset, and therapy goes on")                                \
    AFTERMATH(LOWERED, "lowered", false, "less was delivered, flow goes on, and nothing was told")                     \
    AFTERMATH(RAISED, "raised", false, "more was delivered, within every limit, and told")                             \
    AFTERMATH(STARVED, "starved silently", false, "flow ended, and there was no reset and no alarm")                   \
    AFTERMATH(OVERDOSE, "over-dose", true, "beyond a limit, or more than undisturbed and not told")                    \
    AFTERMATH(BACKWARD, "backward", true, "fluid went back from the catheter")                                         \
    AFTERMATH(UNKNOWN, "unknown", true, "it could not be judged")

enum aftermath_class {
#define AFTERMATH(name, word, fails, text) AFTERMATH_##name,
    AFTERMATHS_EACH(AFTERMATH)
#undef AFTERMATH
        AFTERMATH_CLASSES
};
const char *aftermath_class_word(enum aftermath_class aftermath);
const char *aftermath_class_text(enum aftermath_class aftermath);
/* Does one such run fail the campaign? */
bool aftermath_class_fails(enum aftermath_class aftermath);
/* By its word; AFTERMATH_CLASSES when there is none. */
enum aftermath_class aftermath_class_find(const char *word);

struct aftermath {
    enum aftermath_class class;
    double more_quanta; /* the most that was displaced beyond the undisturbed run at any moment, */
    double less_quanta; /* and what was missing at the end */
    bool heard;         /* an alarm sounded that did not sound in the undisturbed run, */
    bool told;          /* or the log has a word of trouble, or somebody's command was not answered, or */
    bool reset;         /* the core was started again */
    uint32_t refused;   /* times the motor driver would not move, beyond the undisturbed run */
    char text[160];     /* what was found, for people */
};

/* `stuck`: the run did not come to its end. The undisturbed run's record must be whole. */
struct aftermath aftermath_judge(const struct ordeal_record *undisturbed, const struct ordeal_record *run, bool stuck);

#endif
