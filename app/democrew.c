/* democrew.c - commands of this program as processes. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "app/democrew.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MODE_PRIVATE = 0600 };

/* In the new process: never returns. */
static _Noreturn void call_run(const struct democrew_call *call, pid_t parent, int out)
{
    char *words[CREW_WORDS_MAX + 1];
    int count = 0;
    sigset_t none;
    int log = open(call->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, MODE_PRIVATE);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool good = log >= 0 && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
                dup2(out >= 0 ? out : log, STDOUT_FILENO) >= 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0;
    if (!good || getppid() != parent) /* it had ended before it was said that it matters */
        _exit(1);
    for (; count < CREW_WORDS_MAX && call->words[count] != NULL; count++)
        words[count] = strdup(call->words[count]);
    words[count] = NULL;
    if (call->name != NULL)
        (void)prctl(PR_SET_NAME, call->name);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    optind = 1;
    exit(call->run(count, words));
}

pid_t democrew_start(const struct democrew_call *call, int *out)
{
    int ends[2] = { -1, -1 };
    pid_t parent = getpid();
    if (out != NULL && pipe(ends) != 0) {
        fprintf(stderr, "cisterna demo: no pipe: %s\n", strerror(errno));
        return -1;
    }
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        call_run(call, parent, ends[1]);
    if (pid < 0)
        fprintf(stderr, "cisterna demo: no process for %s: %s\n", call->words[0], strerror(errno));
    if (out != NULL) {
        (void)close(ends[1]);
        *out = ends[0];
    }
    return pid;
}

static int ended_code(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

bool democrew_line(int out, char *line, size_t size)
{
    FILE *lines = fdopen(out, "r");
    bool told = lines != NULL && fgets(line, (int)size, lines) != NULL;
    if (lines != NULL)
        (void)fclose(lines);
    if (told)
        line[strcspn(line, "\n")] = '\0';
    return told;
}

int democrew_run(const struct democrew_call *call)
{
    pid_t pid = democrew_start(call, NULL);
    return pid < 0 ? 1 : ended_code(pid);
}

int democrew_end(pid_t pid)
{
    if (pid <= 0)
        return 0;
    (void)kill(pid, SIGTERM);
    (void)kill(pid, SIGCONT); /* one that stands still hears nothing */
    return ended_code(pid);
}
