/* report.c - the command line of `cisterna report`. */
// SPDX-License-Identifier: Apache-2.0
#include "app/report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/reportfile.h"
#include "app/textfile.h"
#include "rig/outfile.h"

static const struct option OPTIONS[] = { { "in", required_argument, NULL, 'i' },
                                         { "out", required_argument, NULL, 'o' },
                                         { "help", no_argument, NULL, 'h' },
                                         { NULL, 0, NULL, 0 } };

struct asked {
    enum report_kind kind;
    const char *in, *out;
    bool help;
};

bool report_into_file(void *context, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size;
}

static int usage(const char *text, const char *word)
{
    fprintf(stderr, "cisterna report: %s%s; see cisterna report --help\n", text, word);
    return EXIT_USAGE;
}

static void help_print(void)
{
    printf("Example:\n"
           "  cisterna report session --in docs/sample/report.json --out session.pdf\n"
           "\n"
           "A document becomes a PDF. SIMULATION. Not a medical device; never for use in people.\n"
           "\n"
           "  session      what a programming session changed: every setting as old, new and change\n"
           "  refill       what a refill found and filled, and when the next one is due\n"
           "  therapy      the therapy in force: its 24 hours, doses per day times dose, every setting\n"
           "  trend        what refills found against what was expected, one after the other\n"
           "  emergency    what is in the pump and what to do first, on a page and as a card to cut out\n"
           "\n"
           "  --in FILE    the document (docs/report.md, docs/report.schema.json) (needed)\n"
           "  --out FILE   the PDF, which appears whole or not at all (needed)\n"
           "\n"
           "Exit codes: 0 written, 1 not written, 2 usage or malformed document, 3 a therapy that a limit refuses, or a\n"
           "volume that the pump cannot hold.\n");
}

static int kind_read(const char *word, enum report_kind *kind)
{
    const char *names[REPORT_KINDS + 1] = { NULL };
    for (unsigned i = 0; i < REPORT_KINDS; i++) {
        names[i] = report_kind_word((enum report_kind)i);
        if (strcmp(names[i], word) == 0) {
            *kind = (enum report_kind)i;
            return EXIT_DONE;
        }
    }
    const char *nearest = reader_nearest(word, names);
    if (nearest == NULL)
        return usage("there are session, refill, therapy, trend and emergency, not ", word);
    fprintf(stderr, "cisterna report: no report \"%s\"; did you mean \"%s\"?\n", word, nearest);
    return EXIT_USAGE;
}

static int asked_read(int count, char **words, struct asked *asked)
{
    int letter;
    optind = 1;
    opterr = 0;
    while ((letter = getopt_long(count, words, ":h", OPTIONS, NULL)) != -1) {
        const char **into = letter == 'i' ? &asked->in : &asked->out;
        if (letter == 'h') {
            asked->help = true;
            return EXIT_DONE;
        }
        if (letter == ':')
            return usage("needs a value after ", words[optind - 1]);
        if (letter == '?')
            return usage("unknown option ", words[optind - 1]);
        if (*into != NULL)
            return usage("is given twice: ", letter == 'i' ? "--in" : "--out");
        *into = optarg;
    }
    if (optind + 1 != count)
        return usage(optind == count ? "needs one of session, refill, therapy, trend and emergency"
                                     : "makes one report at a time",
                     "");
    int code = kind_read(words[optind], &asked->kind);
    if (code == EXIT_DONE && (asked->in == NULL || asked->out == NULL))
        return usage("needs ", asked->in == NULL ? "--in FILE" : "--out FILE");
    return code;
}

struct drawing {
    const struct reportfile *file;
    enum report_kind kind;
};

static bool drawn(const void *what, struct report_out *out)
{
    const struct drawing *drawing = what;
    const struct reportfile *file = drawing->file;
    struct report_therapy therapy = { .head = file->head, .therapy = &file->therapy };
    switch (drawing->kind) {
    case REPORT_SESSION:
        return report_session_write(&file->session, out);
    case REPORT_REFILL:
        return report_refill_write(&file->refill, out);
    case REPORT_THERAPY:
        return report_therapy_write(&therapy, out);
    case REPORT_TREND:
        return report_trend_write(&file->trend, out);
    case REPORT_EMERGENCY:
        return report_emergency_write(&file->emergency, out);
    case REPORT_KINDS:
        break;
    }
    return false;
}

int report_put(const char *command, const char *path, bool (*draw)(const void *what, struct report_out *out), const void *what)
{
    struct outfile outfile;
    char dir[1024] = ".";
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    if (*name == '\0' || (slash != NULL && (size_t)(slash - path) >= sizeof dir)) {
        fprintf(stderr, "cisterna %s: a report needs the name of a file, not %s\n", command, path);
        return EXIT_USAGE;
    }
    if (slash != NULL)
        snprintf(dir, sizeof dir, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    if (!outfile_open_private(&outfile, dir, name)) {
        fprintf(stderr, "cisterna %s: cannot write %s: %s\n", command, path, strerror(errno));
        return EXIT_FAILED;
    }
    struct report_out out = { .sink = report_into_file, .context = outfile.stream };
    if (!draw(what, &out)) {
        fprintf(stderr, "cisterna %s: %s is not written: %s\n", command, path, out.fault);
        outfile_drop(&outfile);
        return EXIT_FAILED;
    }
    if (outfile_commit(&outfile))
        return EXIT_DONE;
    fprintf(stderr, "cisterna %s: cannot write %s: %s\n", command, path, strerror(errno));
    return EXIT_FAILED;
}

int report_main(int count, char **words)
{
    struct asked asked = { .in = NULL };
    int code = asked_read(count, words, &asked);
    if (code != EXIT_DONE)
        return code;
    if (asked.help) {
        help_print();
        return EXIT_DONE;
    }
    size_t size = 0;
    char *text = textfile_read(asked.in, &size);
    struct reader *reader = calloc(1, sizeof *reader);
    struct reportfile *file = calloc(1, sizeof *file);
    code = EXIT_USAGE;
    if (text != NULL && reader != NULL && file != NULL) {
        *reader = (struct reader){ .file = asked.in, .text = text, .size = size };
        code = reportfile_read(reader, asked.kind, file);
        reader_print(reader, stderr);
        if (code == EXIT_DONE)
            code = report_put("report", asked.out, drawn, &(struct drawing){ file, asked.kind });
        reportfile_free(file);
    }
    free(text);
    free(reader);
    free(file);
    return code;
}
