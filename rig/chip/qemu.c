/* qemu.c - QEMU started, reset through its monitor (QMP), and stopped. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/chip/qemu.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_MIB = 16, LINE_ROOM = 4096, ENDED_ROOM = 320, TOLD_ROOM = 240, WORD_ROOM = 96, SEGMENTS_MAX = 32 };
#define MEMORY_BYTES ((size_t)MEMORY_MIB << 20)

enum wire { WIRE_BUS, WIRE_RADIO, WIRE_MONITOR, WIRES };

struct qemu {
    struct qemu_ask ask;
    pid_t child; /* 0: none */
    int ours[WIRES];
    int its[WIRES]; /* kept, so that what it has not read can be taken off a line */
    int memory_file;
    int told_file; /* what it says on its standard error, which is worth reading only when it ends */
    uint8_t *memory;
    char ended[ENDED_ROOM];
    char text[LINE_ROOM]; /* of the monitor, not looked at yet */
    size_t have;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Its last line, as the end of a sentence. */
static void told_last(const struct qemu *qemu, char text[TOLD_ROOM])
{
    char bytes[TOLD_ROOM - 2];
    off_t size = lseek(qemu->told_file, 0, SEEK_END),
          from = size < (off_t)sizeof bytes ? 0 : size - (off_t)sizeof bytes;
    ssize_t got = size > 0 ? pread(qemu->told_file, bytes, sizeof bytes, from) : 0;
    while (got > 0 && bytes[got - 1] == '\n')
        got--;
    ssize_t begin = got;
    while (begin > 0 && bytes[begin - 1] != '\n')
        begin--;
    snprintf(text, TOLD_ROOM, "%s%.*s", got > 0 ? ": " : "", (int)(got - begin), got > 0 ? bytes + begin : "");
}

static const char *ended(void *context)
{
    struct qemu *qemu = context;
    int status = 0;
    if (qemu->child <= 0 || waitpid(qemu->child, &status, WNOHANG) != qemu->child)
        return qemu->ended[0] != '\0' ? qemu->ended : NULL;
    qemu->child = 0;
    char told[TOLD_ROOM];
    told_last(qemu, told);
    bool struck = WIFSIGNALED(status);
    snprintf(qemu->ended, sizeof qemu->ended, "%s ended with %s %d%s", QEMU_PROGRAM, struck ? "signal" : "exit code",
             struck ? WTERMSIG(status) : WEXITSTATUS(status), told);
    return qemu->ended;
}

static void take_off(int line)
{
    uint8_t bytes[512];
    while (recv(line, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
    }
}

/* Waits until the monitor says a line with this word in it. */
static bool monitor_says(struct qemu *qemu, const char *word)
{
    int64_t begun_ms = clock_ms();
    while (clock_ms() - begun_ms < QEMU_PATIENCE_MS) {
        char *end = memchr(qemu->text, '\n', qemu->have);
        if (end != NULL) {
            *end = '\0';
            bool found = strstr(qemu->text, word) != NULL;
            qemu->have -= (size_t)(end + 1 - qemu->text);
            memmove(qemu->text, end + 1, qemu->have);
            if (found)
                return true;
            continue;
        }
        if (qemu->have == sizeof qemu->text)
            return false;
        ssize_t got = recv(qemu->ours[WIRE_MONITOR], qemu->text + qemu->have, sizeof qemu->text - qemu->have, 0);
        if (got > 0)
            qemu->have += (size_t)got;
        else if (got == 0 || ended(qemu) != NULL)
            return false;
    }
    return false;
}

static bool monitor_asked(struct qemu *qemu, const char *word, const char *until)
{
    char line[WORD_ROOM];
    int size = snprintf(line, sizeof line, "{\"execute\":\"%s\"}\n", word);
    return send(qemu->ours[WIRE_MONITOR], line, (size_t)size, MSG_NOSIGNAL) == size && monitor_says(qemu, until);
}

static int spawn(struct qemu *qemu);

static bool monitor_opens(struct qemu *qemu)
{
    return monitor_says(qemu, "\"QMP\"") && monitor_asked(qemu, "qmp_capabilities", "\"return\"");
}

/* Another one in the place of the one that has ended. */
static bool revive(struct qemu *qemu)
{
    qemu->have = 0;
    qemu->ended[0] = '\0';
    take_off(qemu->ours[WIRE_MONITOR]);
    take_off(qemu->its[WIRE_MONITOR]);
    return spawn(qemu) == 0 && monitor_opens(qemu);
}

/* The core stands still before its lines are emptied, so that nothing of what it was can come after that. */
static bool reset(void *context)
{
    struct qemu *qemu = context;
    if (ended(qemu) != NULL && !(qemu->ask.revives && revive(qemu)))
        return false;
    if (!monitor_asked(qemu, "stop", "\"return\"") || !monitor_asked(qemu, "system_reset", "\"RESET\""))
        return false;
    for (enum wire wire = WIRE_BUS; wire <= WIRE_RADIO; wire++) {
        take_off(qemu->ours[wire]);
        take_off(qemu->its[wire]);
    }
    return monitor_asked(qemu, "cont", "\"return\"");
}

static void close_all(void *context)
{
    struct qemu *qemu = context;
    if (qemu->child > 0) {
        (void)kill(qemu->child, SIGKILL);
        while (waitpid(qemu->child, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    for (enum wire wire = WIRE_BUS; wire < WIRES; wire++) {
        if (wire == WIRE_MONITOR && qemu->ours[wire] >= 0) /* the others are the chip's to close */
            (void)close(qemu->ours[wire]);
        if (qemu->its[wire] >= 0)
            (void)close(qemu->its[wire]);
    }
    if (qemu->memory != NULL)
        (void)munmap(qemu->memory, MEMORY_BYTES);
    if (qemu->memory_file >= 0)
        (void)close(qemu->memory_file);
    if (qemu->told_file >= 0)
        (void)close(qemu->told_file);
    free(qemu);
}

/* In the child: nothing is inherited but what it needs. Where it fails, errno goes to the parent. */
static void become(const struct qemu *qemu, pid_t parent, int telling)
{
    const struct qemu_ask *ask = &qemu->ask;
    static const char MACHINE[] = "mps2-an386,memory-backend=ram";
    char memory[WORD_ROOM], line[WIRES][WORD_ROOM], gdb[2 * WORD_ROOM];
    char *words[40];
    unsigned count = 0;
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)setpgid(0, 0); /* a key at the terminal ends the parent, which ends this one */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int nothing = open("/dev/null", O_RDWR);
    if (getppid() != parent || nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 ||
        dup2(qemu->told_file, 2) < 0)
        goto failed;
    snprintf(memory, sizeof memory, "memory-backend-file,id=ram,size=%dM,mem-path=/proc/self/fd/%d,share=on",
             MEMORY_MIB, qemu->memory_file);
    static const char *const names[] = { [WIRE_BUS] = "bus", [WIRE_RADIO] = "radio", [WIRE_MONITOR] = "monitor" };
    for (enum wire wire = WIRE_BUS; wire < WIRES; wire++) {
        snprintf(line[wire], sizeof line[wire], "socket,id=%s,fd=%d", names[wire], qemu->its[wire]);
        if (fcntl(qemu->its[wire], F_SETFD, 0) != 0)
            goto failed;
    }
    if (fcntl(qemu->memory_file, F_SETFD, 0) != 0)
        goto failed;
    const char *const always[] = { QEMU_PROGRAM, "-S",
                                   "-sandbox",   "on,spawn=deny,elevateprivileges=deny,obsolete=deny",
                                   "-nic",       "none",
                                   "-display",   "none",
                                   "-object",    memory,
                                   "-machine",   MACHINE,
                                   "-kernel",    ask->image,
                                   "-chardev",   line[WIRE_RADIO],
                                   "-serial",    "chardev:radio",
                                   "-chardev",   line[WIRE_BUS],
                                   "-serial",    "chardev:bus",
                                   "-chardev",   line[WIRE_MONITOR],
                                   "-mon",       "chardev=monitor,mode=control" };
    for (; count < sizeof always / sizeof always[0]; count++)
        words[count] = (char *)(uintptr_t)always[count];
    if (ask->gdb != NULL) {
        /* Whoever comes in rules the core's memory: nobody but this user does. */
        (void)umask(S_IRWXG | S_IRWXO);
        snprintf(gdb, sizeof gdb, "socket,id=gdb,path=%s,server=on,wait=off", ask->gdb);
        const char *const open[] = { "-chardev", gdb, "-gdb", "chardev:gdb" };
        for (unsigned i = 0; i < sizeof open / sizeof open[0]; i++)
            words[count++] = (char *)(uintptr_t)open[i];
    }
    if (ask->gdb_line != 0) {
        snprintf(gdb, sizeof gdb, "socket,id=gdb,fd=%d", ask->gdb_line);
        if (fcntl(ask->gdb_line, F_SETFD, 0) != 0)
            goto failed;
        const char *const held[] = { "-chardev", gdb, "-gdb", "chardev:gdb" };
        for (unsigned i = 0; i < sizeof held / sizeof held[0]; i++)
            words[count++] = (char *)(uintptr_t)held[i];
    }
    if (ask->instructions != NULL) {
        /* Time goes by instructions, at 15.6 MHz: the core's watchdog must not bite because somebody writes them down. */
        const char *const traced[] = { "-singlestep",     "-d",      "exec,nochain", "-D",
                                       ask->instructions, "-icount", "shift=6" };
        for (unsigned i = 0; i < sizeof traced / sizeof traced[0]; i++)
            words[count++] = (char *)(uintptr_t)traced[i];
    }
    words[count] = NULL;
    (void)execvp(QEMU_PROGRAM, words);
failed:
    (void)!write(telling, &errno, sizeof errno);
    _exit(127);
}

/* Starts the child; errno when it cannot be. */
static int spawn(struct qemu *qemu)
{
    int telling[2], error = 0;
    if (pipe2(telling, O_CLOEXEC) != 0)
        return errno;
    pid_t parent = getpid();
    qemu->child = fork();
    if (qemu->child == 0)
        become(qemu, parent, telling[1]);
    if (qemu->child < 0)
        error = errno;
    (void)close(telling[1]);
    if (error == 0 && read(telling[0], &error, sizeof error) != sizeof error)
        error = 0; /* it runs: the pipe has closed without a word */
    (void)close(telling[0]);
    return error;
}

static bool wires_make(struct qemu *qemu)
{
    const struct timeval slice = { .tv_usec = 250000 };
    for (enum wire wire = WIRE_BUS; wire < WIRES; wire++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return false;
        qemu->ours[wire] = ends[0];
        qemu->its[wire] = ends[1];
    }
    if (setsockopt(qemu->ours[WIRE_MONITOR], SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof slice) != 0)
        return false;
    qemu->memory_file = memfd_create("cisterna-chip", MFD_CLOEXEC);
    qemu->told_file = memfd_create("cisterna-chip-told", MFD_CLOEXEC);
    if (qemu->told_file < 0 || qemu->memory_file < 0 || ftruncate(qemu->memory_file, (off_t)MEMORY_BYTES) != 0)
        return false;
    void *memory = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, qemu->memory_file, 0);
    qemu->memory = memory == MAP_FAILED ? NULL : memory;
    return qemu->memory != NULL;
}

const char *qemu_image_fault(const char *path)
{
    static const char NOT_OURS[] = "is no image for this chip (an ELF file for Arm)", CUT_OFF[] = "is cut off";
    Elf32_Ehdr head;
    Elf32_Phdr segment[SEGMENTS_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return strerror(errno);
    const char *fault = NULL;
    if (fread(&head, sizeof head, 1, file) != 1)
        fault = ferror(file) != 0 ? strerror(errno) : NOT_OURS;
    else if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS32 ||
             head.e_ident[EI_DATA] != ELFDATA2LSB || head.e_machine != EM_ARM || head.e_phnum == 0 ||
             head.e_phnum > SEGMENTS_MAX || head.e_phentsize != sizeof segment[0])
        fault = NOT_OURS;
    else if (fseek(file, (long)head.e_phoff, SEEK_SET) != 0 ||
             fread(segment, sizeof segment[0], head.e_phnum, file) != head.e_phnum)
        fault = CUT_OFF;
    if (fault == NULL && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        for (unsigned i = 0; i < head.e_phnum; i++)
            if ((uint64_t)segment[i].p_offset + segment[i].p_filesz > (uint64_t)size)
                fault = CUT_OFF;
    }
    (void)fclose(file);
    return fault;
}

static bool give_up(struct qemu *qemu, char *why, size_t room, const char *text, const char *word)
{
    snprintf(why, room, "%s%s", text, word);
    if (qemu == NULL)
        return false;
    for (enum wire wire = WIRE_BUS; wire <= WIRE_RADIO; wire++)
        if (qemu->ours[wire] >= 0)
            (void)close(qemu->ours[wire]);
    close_all(qemu);
    return false;
}

bool qemu_start(const struct qemu_ask *ask, struct chip_wires *wires, char *why, size_t room)
{
    struct qemu *qemu = calloc(1, sizeof *qemu);
    if (qemu == NULL)
        return give_up(NULL, why, room, "no memory is left", "");
    for (enum wire wire = WIRE_BUS; wire < WIRES; wire++)
        qemu->ours[wire] = qemu->its[wire] = -1;
    qemu->memory_file = qemu->told_file = -1;
    qemu->ask = *ask; /* its words stay the caller's: they must last as long as it revives */
    if (!wires_make(qemu))
        return give_up(qemu, why, room, "lines and memory for the emulated chip: ", strerror(errno));
    int error = spawn(qemu);
    if (error == ENOENT)
        return give_up(qemu, why, room,
                       QEMU_PROGRAM " is not on the PATH; install it: apt-get install --no-install-recommends ",
                       QEMU_PROGRAM);
    if (error != 0)
        return give_up(qemu, why, room, QEMU_PROGRAM ": ", strerror(error));
    if (!monitor_opens(qemu)) {
        const char *told = ended(qemu);
        return give_up(qemu, why, room, "QEMU does not start: ", told != NULL ? told : "its monitor does not answer");
    }
    bool watched = ask->gdb != NULL || ask->instructions != NULL;
    *wires = (struct chip_wires){ .bus = qemu->ours[WIRE_BUS],
                                  .radio = qemu->ours[WIRE_RADIO],
                                  .memory = qemu->memory,
                                  .memory_bytes = MEMORY_BYTES,
                                  .patience_ms = watched ? -1 : QEMU_PATIENCE_MS,
                                  .context = qemu,
                                  .revives = ask->revives,
                                  .reset = reset,
                                  .ended = ended,
                                  .close = close_all };
    return true;
}
