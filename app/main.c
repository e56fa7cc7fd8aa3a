/* main.c - the command line of `cisterna`. */
// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "app/attack/attack.h"
#include "app/calls.h"
#include "app/campaign.h"
#include "app/clinic.h"
#include "app/demo.h"
#include "app/desk.h"
#include "app/doctor.h"
#include "app/faults.h"
#include "app/formulary.h"
#include "app/life.h"
#include "app/patient.h"
#include "app/plan.h"
#include "app/play.h"
#include "app/pump.h"
#include "app/records/clerk.h"
#include "app/report.h"
#include "app/soak.h"
#include "app/spine/command.h"
#include "app/twin.h"
#include "app/version.h"
#include "document/reader.h"

static const char NOTICE[] = "SIMULATION. Not a medical device; never for use in people.\n";

static void options_print(void)
{
    printf("\n"
           "Options of play:\n"
           "  --out DIR            write summary.json, events.ndjson, series.csv, report.pdf and run.json into DIR\n"
           "  --json               print the summary as JSON on standard output\n"
           "  --show               draw the run in the terminal\n"
           "  --until SPAN         end early, such as '12 d 06:00'\n"
           "  --seed N             another seed for chance\n"
           "  --target host|chip   what runs the pump's software: this program, or a Cortex-M4 that QEMU plays (docs/chip.md)\n"
           "  --image FILE         the chip's image (build/cortex-m/chip/pump.elf); --gdb FILE: a debugger may come in by this\n"
           "                       socket, which is made; --instructions FILE: each instruction, one a line\n"
           "\n"
           "Options of pump:\n"
           "  --state DIR          the folder it lives in (implant); a new one is made where there is none\n"
           "  --radio DIR          the folder of its sockets far, near and magnet (as --state)\n"
           "  --speed N            so many seconds of its time in one of ours (1), or max\n"
           "  --events             write its events on standard output, one a line; --quiet: no lines of status\n"
           "  --wait               its time stands still while it does not run (else it goes on after the time that has passed)\n"
           "  --like DIR           a new one comes to stand in what was so at a kept moment, DIR: reservoir, catheter, patient\n"
           "  --patient FILE       who has a new one: a file with the member patient of a scenario (docs/scenario.md); who asks\n"
           "                       freely presses the bolus button by what is felt\n"
           "  --control            a socket for training in its folder: docs/training.md\n"
           "  --target host|chip, --image FILE: as of play\n"
           "  --model C20|C40|V20, --catheter '40 cm', --serial S, --seed N, --formulary-key HEX, --firmware-key HEX:\n"
           "                       what a new one is; an old one must agree\n"
           "\n"
           "Options of soak (docs/soak.md):\n"
           "  --years N            so many lives of a year each (1); --jobs J in so many processes (1)\n"
           "  --seed S             another seed for chance (1)\n"
           "  --faults MIX         none, default, all, groups and faults with strikes a year: 'power,stall=12'\n"
           "  --life I             one life only; with --trace its log; --until SPAN ends it early\n"
           "  --json               a line of JSON for each life\n"
           "  --target host|chip, --image FILE: as of play (build/cortex-m/chip/pump-bench.elf)\n"
           "\n"
           "Options of sweep: --from BIT --to BIT --instants N (100) --out FILE (goes on where it ends), or --sample N;\n"
           "  --seed S. Options of cuts: --lives N (4) --seed S --no-doors --no-pairs --json\n"
           "\n"
           "Options of calls (docs/calls.md):\n"
           "  --sessions N         so many (1000); --loss P percent of the frames lost at most (60); --jobs J processes (1)\n"
           "  --seed S             another seed for chance (1)\n"
           "  --life I             the life of sessions 64 I to 64 I + 63 only; with --trace all that happens in it\n"
           "  --json               a line of JSON for each life\n"
           "\n"
           "Options of faults (docs/faults.md):\n"
           "  --runs N             so many (100); --from I the first (0); --jobs J processes (1); --seed S (1); --image FILE\n"
           "  --out FILE           a line of JSON for each, and goes on where it ends; --json: on standard output\n"
           "  --run I              one run only; with --trace what the pump logged in it, and what moved\n"
           "\n"
           "  -h, --help           this page\n"
           "      --version        the version\n"
           "\n"
           "Exit codes: 0 done, 1 failed, 2 usage or malformed input, 3 refused by a safety limit, 4 outcome unknown,\n"
           "5 data damaged, 6 version mismatch. Data goes to standard output, messages to standard error.\n");
}

static void help_print(void)
{
    printf("Examples:\n"
           "  cisterna play examples/morphine-60-days.json --show\n"
           "  cisterna play examples/morphine-60-days.json --out out/morphine\n"
           "  cisterna play examples/ziconotide-titration.json --until '7 d' --json\n"
           "  cisterna pump --state my-pump --speed 60 --events\n"
           "  cisterna life\n"
           "  cisterna status --radio out/pump\n"
           "  cisterna plan bridge --help\n"
           "  cisterna doctor\n"
           "\n"
           "cisterna: an open intrathecal drug-delivery system. %s"
           "\n"
           "Usage: cisterna COMMAND [OPTION ...]\n"
           "  play SCENARIO.json   play a scenario: virtual pump, its patient's catheter, its clinic\n"
           "  demo                 implants with their patients, the clinic's server and its pages, on this machine\n"
           "  pump                 a virtual implant that stays up, with sockets for its radio\n"
           "  twin WORD            what is so in truth behind a virtual pump, and what is done to it; see twin --help\n"
           "  life [--json]        how long the cell lasts, and what ten years do to the flash\n"
           "  soak                 live through random pump-years with faults, under an oracle\n"
           "  sweep                turn over every bit of the retained memory and see what becomes of it\n"
           "  cuts                 cut the power at every flash operation and door of all that is done to a pump\n"
           "  attack KIND          attack a virtual pump over its radio, and see which promises hold\n"
           "  calls                open sessions by the thousand over a bad air, and see that nothing happens twice or is lost\n"
           "  faults               strike the core of the emulated chip during therapy, and see what moves\n"
           "  formulary COMMAND    the drug library: list, show, check, key, sign, verify, load\n"
           "  clinic               the clinic's server: records, plans and live pumps over HTTP; see clinic --help\n"
           "  patient              the patient's controller: a page with one button; see patient --help\n"
           "  records COMMAND      the clinic's records: init, verify, backup, restore, export, users; see records --help\n"
           "  spine DOSES.csv      drug along the spine for a dosing history; see spine --help\n"
           "  report KIND          a PDF of a session, refill, therapy, trend, or an emergency card\n"
           "  doctor               what is missing on this machine, and how to mend it\n"
           "\n"
           "The clinic's arithmetic; each with its --help:\n",
           NOTICE);
    plan_help();
    printf("\n"
           "A programmer at a virtual pump; cisterna COMMAND --help tells the options:\n");
    desk_help();
    options_print();
}

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna: %s%s; see cisterna --help\n", text, word);
    return EXIT_USAGE;
}

static bool number_read(const char *text, uint64_t *number)
{
    uint64_t value = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits] != '\0')
        return false;
    for (; *text != '\0'; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    *number = value;
    return true;
}

enum option_letter { OPTION_OUT = 'o', OPTION_JSON = 'j', OPTION_SHOW = 'w', OPTION_UNTIL = 'u', OPTION_SEED = 's',
                     OPTION_TARGET = 't', OPTION_IMAGE = 'i', OPTION_GDB = 'g', OPTION_INSTRUCTIONS = 'n',
                     OPTION_HELP = 'h' };

static const struct option PLAY_OPTIONS[] = {
    { "out", required_argument, NULL, OPTION_OUT },     { "json", no_argument, NULL, OPTION_JSON },
    { "show", no_argument, NULL, OPTION_SHOW },         { "until", required_argument, NULL, OPTION_UNTIL },
    { "seed", required_argument, NULL, OPTION_SEED },   { "target", required_argument, NULL, OPTION_TARGET },
    { "image", required_argument, NULL, OPTION_IMAGE }, { "gdb", required_argument, NULL, OPTION_GDB },
    { "instructions", required_argument, NULL, OPTION_INSTRUCTIONS },
    { "help", no_argument, NULL, OPTION_HELP },         { NULL, 0, NULL, 0 },
};

static int option_unknown(const char *word)
{
    static const char *const names[] = { "--out", "--json", "--show", "--until", "--seed", "--target", "--image", "--gdb",
                                         "--instructions", "--help", NULL };
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL)
        return usage("unknown option, or a value is missing: ", word);
    fprintf(stderr, "cisterna: unknown option, or a value is missing: %s; did you mean %s?\n", word, nearest);
    return EXIT_USAGE;
}

/* One option of `play`; EXIT_DONE when it was taken. */
static int option_take(int letter, const char *value, struct play_options *options)
{
    switch (letter) {
    case OPTION_OUT:
        options->out = value;
        return *value != '\0' ? EXIT_DONE : usage("--out needs a folder", "");
    case OPTION_JSON:
        options->json = true;
        return EXIT_DONE;
    case OPTION_SHOW:
        options->show = true;
        return EXIT_DONE;
    case OPTION_UNTIL:
        if (amount_read(value, DIMENSION_SPAN, &options->until_ms) == AMOUNT_OK && options->until_ms > 0)
            return EXIT_DONE;
        return usage("--until needs a span of time, such as '12 d 06:00': ", value);
    case OPTION_SEED:
        options->has_seed = true;
        return number_read(value, &options->seed) ? EXIT_DONE : usage("--seed needs a whole number: ", value);
    case OPTION_TARGET:
        return target_take(&options->target, TARGET_TARGET, value, "play");
    case OPTION_IMAGE:
        return target_take(&options->target, TARGET_IMAGE, value, "play");
    case OPTION_GDB:
        return target_take(&options->target, TARGET_GDB, value, "play");
    case OPTION_INSTRUCTIONS:
        return target_take(&options->target, TARGET_INSTRUCTIONS, value, "play");
    default:
        return EXIT_USAGE;
    }
}

static int play_command(int count, char **words)
{
    struct play_options options = { .scenario = NULL };
    int letter;
    opterr = 0;
    while ((letter = getopt_long(count, words, "h", PLAY_OPTIONS, NULL)) != -1) {
        if (letter == OPTION_HELP) {
            help_print();
            return EXIT_DONE;
        }
        if (letter == '?')
            return option_unknown(words[optind - 1]);
        int code = option_take(letter, optarg, &options);
        if (code != EXIT_DONE)
            return code;
    }
    if (optind + 1 != count)
        return usage(optind == count ? "play needs a scenario file" : "play takes one scenario file", "");
    if (options.json && options.show)
        return usage("--json and --show cannot share standard output", "");
    options.scenario = words[optind];
    int code = target_judge(&options.target, "play");
    return code == EXIT_DONE ? play_main(&options) : code;
}

static int life_command(int count, char **words)
{
    bool json = false;
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) {
            help_print();
            return EXIT_DONE;
        }
        if (strcmp(words[i], "--json") != 0)
            return usage("life takes no more than --json, not ", words[i]);
        json = true;
    }
    return life_main(json);
}

static int version_command(int count, char **words)
{
    (void)count;
    (void)words;
    printf("cisterna %s (%s)\n%s", CISTERNA_VERSION, CISTERNA_GIT, NOTICE);
    return EXIT_DONE;
}

static int help_command(int count, char **words)
{
    (void)count;
    (void)words;
    help_print();
    return EXIT_DONE;
}

/* All commands; words[0] is the command's name when its function is called. */
static const struct {
    const char *word;
    int (*run)(int count, char **words);
} COMMANDS[] = {
    { "play", play_command },    { "pump", pump_main },      { "life", life_command },
    { "soak", soak_main },       { "sweep", sweep_main },    { "cuts", cuts_main },
    { "attack", attack_main },   { "calls", calls_main },    { "plan", plan_main },
    { "formulary", formulary_main }, { "records", clerk_main }, { "report", report_main },
    { "clinic", clinic_main },   { "spine", spine_main },    { "demo", demo_main },
    { "patient", patient_main },  { "twin", twin_main },
    { "doctor", doctor_main },   { "faults", faults_main },
    { "--help", help_command },  { "-h", help_command },     { "help", help_command },
    { "--version", version_command },
};
enum { COMMANDS_ALL = sizeof COMMANDS / sizeof COMMANDS[0], DESK_WORDS_MAX = 32 };
static const char LISTED[] =
    "play, pump, twin, demo, plan, formulary, records, report, clinic, spine, life, soak, sweep, cuts, attack, calls, faults, "
    "doctor and those of a programmer";

/* The names of all commands, for one that was perhaps meant. */
static void names_list(const char *names[COMMANDS_ALL + DESK_WORDS_MAX + 1])
{
    unsigned count = 0;
    for (size_t i = 0; i < COMMANDS_ALL; i++)
        names[count++] = COMMANDS[i].word;
    for (unsigned i = 0; i < DESK_WORDS_MAX && desk_word(i) != NULL; i++)
        names[count++] = desk_word(i);
    names[count] = NULL;
}

static int command_run(int count, char **words)
{
    const char *command = count > 1 ? words[1] : "", *names[COMMANDS_ALL + DESK_WORDS_MAX + 1];
    for (size_t i = 0; i < COMMANDS_ALL; i++)
        if (strcmp(command, COMMANDS[i].word) == 0)
            return COMMANDS[i].run(count - 1, words + 1);
    if (desk_knows(command))
        return desk_main(count - 1, words + 1);
    if (*command == '\0') {
        fprintf(stderr, "cisterna: needs a command; there are %s; see cisterna --help\n", LISTED);
        return EXIT_USAGE;
    }
    names_list(names);
    const char *nearest = reader_nearest(command, names);
    if (nearest != NULL)
        fprintf(stderr, "cisterna: unknown command \"%s\"; did you mean \"%s\"?\n", command, nearest);
    else
        fprintf(stderr, "cisterna: unknown command \"%s\"; there are %s; see cisterna --help\n", command, LISTED);
    return EXIT_USAGE;
}

/* What nobody could read has not been told. Of a command to a pump that makes the outcome unknown: look before it is repeated. */
int main(int count, char **words)
{
    setlocale(LC_CTYPE, "");
    int code = command_run(count, words);
    bool told = fflush(stdout) == 0 && !ferror(stdout);
    if (told || code != EXIT_DONE)
        return code;
    fprintf(stderr, "cisterna: the answer could not be written to standard output\n");
    return count > 1 && desk_knows(words[1]) ? EXIT_UNKNOWN : EXIT_FAILED;
}
