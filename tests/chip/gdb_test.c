/* gdb_test.c - the client of the debug port: packets against a scripted peer, and all it can do against QEMU's own stub
 * with a core of a few instructions. */
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "rig/chip/gdb.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What the peer hears, byte for byte, and what it says then. */
struct line {
    const char *heard, *said;
};

/* QEMU stops for a newcomer and says so unasked. */
#define GREETING                                                                                                       \
    { "+$qSupported:swbreak-#8d", "$T02thread:01;#04+" }, { "+", "$PacketSize=1000#f1" },                              \
        { "+$?#3f", "+$T05thread:01;#07" }, { "+$qXfer:features:read:target.xml:0,400#df", "+$l<?xml?>#b5" },          \
    {                                                                                                                  \
        "+", ""                                                                                                        \
    }

/* Exits with 0 when all was heard as written; the end of the script closes the line. */
static void peer_play(int fd, const struct line *line, size_t lines)
{
    alarm(20);
    for (size_t i = 0; i < lines; i++) {
        char heard[600];
        size_t size = strlen(line[i].heard), got = 0;
        while (got < size) {
            ssize_t more = read(fd, heard + got, size - got);
            if (more <= 0)
                _exit(2);
            got += (size_t)more;
        }
        if (memcmp(heard, line[i].heard, size) != 0) {
            fprintf(stderr, "heard %.*s, not %s\n", (int)size, heard, line[i].heard);
            _exit(3);
        }
        if (*line[i].said != '\0' && write(fd, line[i].said, strlen(line[i].said)) < 0)
            _exit(4);
    }
    shutdown(fd, SHUT_WR);
    char rest;
    _exit(read(fd, &rest, 1) == 0 ? 0 : 5); /* nothing unasked */
}

static pid_t peer_start(const struct line *line, size_t lines, int *fd)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        peer_play(ends[1], line, lines);
    }
    close(ends[1]);
    *fd = ends[0];
    return child;
}

static void peer_ended(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status))
        fail_msg("status %x", status);
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void requests_and_answers_are_as_the_protocol_has_them(void **state)
{
    (void)state;
    const struct line script[] = {
        GREETING,
        { "$pf#d6", "+$7f010000#be" },
        { "+$P3=78563412#64", "+$OK#9a" },
        { "+$m21000010,3#50", "+$0aff7e#f9" },
        { "+$M21000010,2:01fe#95", "+$OK#9a" },
        { "+$Z3,21000000,8#a0", "+$OK#9a" },
        { "+$c#63", "+$T05thread:01;rwatch:21000004;#8c" },
        { "+$z3,21000000,8#c0", "+$OK#9a" },
        { "+$s#73", "+$T05thread:01;#07" },
        { "+$c#63", "+" },
        { "\x03", "$T02thread:01;#04" },
        { "+", "" },
    };
    struct gdb gdb;
    struct gdb_stop stop;
    uint32_t value = 0;
    uint8_t bytes[3] = { 0 };
    int fd;
    pid_t peer = peer_start(script, sizeof script / sizeof script[0], &fd);
    if (!gdb_open(&gdb, fd))
        fail_msg("%s", gdb.wrong);
    assert_true(gdb_register_read(&gdb, GDB_PC, &value));
    assert_int_equal(value, 0x17F);
    assert_true(gdb_register_write(&gdb, 3, 0x12345678));
    assert_true(gdb_memory_read(&gdb, 0x21000010, bytes, 3));
    assert_memory_equal(bytes, "\x0A\xFF\x7E", 3);
    assert_true(gdb_memory_write(&gdb, 0x21000010, (const uint8_t[]){ 1, 0xFE }, 2));
    assert_true(gdb_point_set(&gdb, GDB_WATCH_READ, 0x21000000, 8));
    assert_true(gdb_go(&gdb));
    assert_true(gdb_wait(&gdb, 5000, &stop));
    assert_int_equal(stop.signal, 5);
    assert_true(stop.watch);
    assert_int_equal(stop.address, 0x21000004);
    assert_true(gdb_point_clear(&gdb, GDB_WATCH_READ, 0x21000000, 8));
    assert_true(gdb_step(&gdb));
    assert_true(gdb_go(&gdb));
    assert_true(gdb_interrupt(&gdb));
    assert_true(gdb_wait(&gdb, 5000, &stop));
    assert_int_equal(stop.signal, 2);
    assert_false(stop.watch);
    gdb_close(&gdb);
    peer_ended(peer);
}

static void what_is_damaged_on_the_line_is_said_again(void **state)
{
    (void)state;
    const struct line script[] = {
        GREETING,
        { "$p0#a0", "-" },             /* not understood: once more */
        { "$p0#a0", "+$01000000#82" }, /* a wrong sum */
        { "-", "$01000000#81" },
        { "+", "" },
    };
    struct gdb gdb;
    uint32_t value = 0;
    int fd;
    pid_t peer = peer_start(script, sizeof script / sizeof script[0], &fd);
    assert_true(gdb_open(&gdb, fd));
    assert_true(gdb_register_read(&gdb, 0, &value));
    assert_int_equal(value, 1);
    gdb_close(&gdb);
    peer_ended(peer);
}

/* Each ends with a word on what was wrong, and nothing is waited for longer than allowed. */
static void an_answer_that_is_none_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *said, *wrong;
    } cases[] = {
        { "+$E22#a9", "refuses the request p0: error 22" },
        { "+$#00", "does not know the request p0" },
        { "+$0100#c1", "not a register" },
        { "+$010000zz#15", "not a register" },
        { "+", "has been closed" },
        { "", "has been closed" },
        { "---", "does not take a request: p0" },
        { "+$1#00$1#00$1#00", "damaged packets" },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct line script[] = { GREETING, { "$p0#a0", cases[i].said } };
        struct gdb gdb;
        uint32_t value = 77;
        int fd;
        pid_t peer = peer_start(script, sizeof script / sizeof script[0], &fd);
        assert_true(gdb_open(&gdb, fd));
        assert_false(gdb_register_read(&gdb, 0, &value));
        assert_int_equal(value, 77);
        if (strstr(gdb.wrong, cases[i].wrong) == NULL)
            fail_msg("case %u: %s", i, gdb.wrong);
        gdb_close(&gdb);
        int status;
        waitpid(peer, &status, 0); /* it may hear more than its script says */
    }
}

static void a_peer_that_says_nothing_is_not_waited_for(void **state)
{
    (void)state;
    int ends[2];
    struct gdb gdb = { 0 };
    struct gdb_stop stop;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    gdb.fd = ends[0];
    gdb.patience_ms = 20;
    assert_false(gdb_step(&gdb));
    assert_non_null(strstr(gdb.wrong, "in time"));
    assert_false(gdb_wait(&gdb, 20, &stop));
    assert_non_null(strstr(gdb.wrong, "in time"));
    close(ends[1]);
    gdb_close(&gdb);
}

static void a_socket_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct gdb gdb;
    char name[200];
    assert_false(gdb_connect(&gdb, P_tmpdir "/no-such-folder/gdb"));
    assert_non_null(strstr(gdb.wrong, "no debug port at"));
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_false(gdb_connect(&gdb, name));
    assert_non_null(strstr(gdb.wrong, "at most"));
    assert_int_equal(gdb.fd, -1);
}

/* A core that counts in r0 and in its memory. */
static const char PROGRAM[] = ".syntax unified\n.cpu cortex-m4\n.thumb\n"
                              ".section .vectors,\"a\"\n.word 0x21010000\n.word start+1\n"
                              ".text\n.thumb_func\n.global start\n"
                              "start: movs r0, #0\n ldr r1, =0x21000100\n"
                              "count: adds r0, #1\n str r0, [r1]\n b.w count\n";
enum { AT_COUNT = 0x104, AT_STORE = 0x106, AT_BRANCH = 0x108 };

static void child_run(char *const words[])
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(words[0], words);
    _exit(127);
}

static void image_build(const char *dir)
{
    char source[300], image[300];
    snprintf(source, sizeof source, "%s/count.s", dir);
    snprintf(image, sizeof image, "%s/count.elf", dir);
    FILE *file = fopen(source, "w");
    assert_non_null(file);
    fputs(PROGRAM, file);
    assert_int_equal(fclose(file), 0);
    char *words[] = { (char *)"arm-none-eabi-gcc",
                      (char *)"-mcpu=cortex-m4",
                      (char *)"-mthumb",
                      (char *)"-nostdlib",
                      (char *)"-Wl,-Ttext=0x100,--section-start=.vectors=0,--entry=start",
                      (char *)"-o",
                      image,
                      source,
                      NULL };
    pid_t child = fork();
    int status = -1;
    if (child == 0)
        child_run(words);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    unlink(source);
}

static pid_t core_start(const char *dir, int *fd)
{
    int ends[2];
    char image[300], line[64];
    snprintf(image, sizeof image, "%s/count.elf", dir);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid_t child = fork();
    if (child == 0) {
        snprintf(line, sizeof line, "socket,id=gdb,fd=%d", dup(ends[1]));
        char *words[] = { (char *)"qemu-system-arm",
                          (char *)"-nic",
                          (char *)"none",
                          (char *)"-display",
                          (char *)"none",
                          (char *)"-monitor",
                          (char *)"none",
                          (char *)"-serial",
                          (char *)"none",
                          (char *)"-machine",
                          (char *)"mps2-an386",
                          (char *)"-kernel",
                          image,
                          (char *)"-chardev",
                          line,
                          (char *)"-gdb",
                          (char *)"chardev:gdb",
                          NULL };
        child_run(words);
    }
    close(ends[1]);
    *fd = ends[0];
    return child;
}

static uint32_t told(struct gdb *gdb, unsigned number)
{
    uint32_t value = 0;
    if (!gdb_register_read(gdb, number, &value))
        fail_msg("%s", gdb->wrong);
    return value;
}

static void steps_and_registers(struct gdb *gdb)
{
    uint32_t all[16];
    if (!gdb_register_write(gdb, GDB_PC, AT_COUNT))
        fail_msg("%s", gdb->wrong);
    assert_true(gdb_register_write(gdb, 0, 41));
    assert_true(gdb_register_write(gdb, 1, 0x21000100));
    assert_true(gdb_step(gdb));
    assert_int_equal(told(gdb, 0), 42);
    assert_int_equal(told(gdb, GDB_PC), AT_STORE);
    assert_true(gdb_step(gdb));
    assert_true(gdb_step(gdb));
    assert_int_equal(told(gdb, GDB_PC), AT_COUNT);
    assert_true(gdb_registers_read(gdb, all));
    assert_int_equal(all[0], 42);
    assert_int_equal(all[1], 0x21000100);
    assert_int_equal(all[GDB_SP], 0x21010000);
    assert_int_equal(all[GDB_PC], AT_COUNT);
    assert_true(gdb_register_write(gdb, GDB_XPSR, told(gdb, GDB_XPSR) ^ 0x80000000));
    assert_true((told(gdb, GDB_XPSR) & 0x01000000) != 0);
}

static void memory_and_points(struct gdb *gdb)
{
    struct gdb_stop stop;
    uint8_t bytes[4] = { 0 };
    assert_true(gdb_memory_read(gdb, 0x21000100, bytes, 4));
    assert_int_equal(bytes[0], 42);
    assert_true(gdb_memory_write(gdb, 0x21000200, (const uint8_t[]){ 1, 2, 3, 4 }, 4));
    assert_true(gdb_memory_read(gdb, 0x21000202, bytes, 2));
    assert_memory_equal(bytes, "\x03\x04", 2);
    assert_true(gdb_memory_read(gdb, AT_BRANCH, bytes, 2));
    assert_int_equal(bytes[1] >> 3, 0x1E); /* the first half of an instruction of four bytes */
    assert_true(gdb_point_set(gdb, GDB_BREAK, AT_BRANCH, 2));
    assert_true(gdb_go(gdb));
    assert_true(gdb_wait(gdb, 10000, &stop));
    assert_int_equal(stop.signal, 5);
    assert_int_equal(told(gdb, GDB_PC), AT_BRANCH);
    assert_true(gdb_point_clear(gdb, GDB_BREAK, AT_BRANCH, 2));
    assert_true(gdb_point_set(gdb, GDB_WATCH_WRITE, 0x21000100, 4));
    assert_true(gdb_go(gdb));
    assert_true(gdb_wait(gdb, 10000, &stop));
    assert_true(stop.watch);
    assert_int_equal(stop.address, 0x21000100);
    assert_true(gdb_point_clear(gdb, GDB_WATCH_WRITE, 0x21000100, 4));
    uint32_t before = told(gdb, 0);
    assert_true(gdb_go(gdb));
    assert_true(gdb_interrupt(gdb));
    assert_true(gdb_wait(gdb, 10000, &stop));
    assert_int_equal(stop.signal, 2);
    assert_true(told(gdb, 0) >= before);
    assert_false(gdb_memory_read(gdb, 0xFFFFFFF0, bytes, 4));
    assert_false(gdb_memory_read(gdb, 0x21000000, bytes, GDB_MEMORY_MAX + 1));
}

static void qemu_does_all_that(void **state)
{
    (void)state;
    char dir[] = P_tmpdir "/cisterna-gdb-XXXXXX", image[300];
    struct gdb gdb;
    int fd;
    assert_non_null(mkdtemp(dir));
    image_build(dir);
    pid_t core = core_start(dir, &fd);
    if (!gdb_open(&gdb, fd))
        fail_msg("%s", gdb.wrong);
    steps_and_registers(&gdb);
    memory_and_points(&gdb);
    kill(core, SIGKILL);
    waitpid(core, NULL, 0);
    assert_false(gdb_step(&gdb));
    assert_true(strlen(gdb.wrong) > 0);
    gdb_close(&gdb);
    snprintf(image, sizeof image, "%s/count.elf", dir);
    unlink(image);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_and_answers_are_as_the_protocol_has_them),
        cmocka_unit_test(what_is_damaged_on_the_line_is_said_again),
        cmocka_unit_test(an_answer_that_is_none_is_told),
        cmocka_unit_test(a_peer_that_says_nothing_is_not_waited_for),
        cmocka_unit_test(a_socket_that_is_not_there_is_told),
        cmocka_unit_test(qemu_does_all_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
