/* keeper.c - init, backup, restore, export, key. */
// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* fdopen(), O_NOFOLLOW */
#include "app/records/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "app/records/keyholder.h"
#include "clinic/programmer/keyfile.h"
#include "clinic/records/dump.h"
#include "clinic/records/load.h"
#include "clinic/records/users.h"

static int file_failed(const struct clerk *clerk, const char *name)
{
    fprintf(stderr, "cisterna records %s: %s: %s\n", clerk->command, name, strerror(errno));
    return EXIT_FAILED;
}

/* The first user, an admin. */
static int admin_add(struct clerk *clerk, const char *name)
{
    struct secret secret;
    int code = clerk_password(clerk, true, &secret);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, users_add(&clerk->records, name, WORD_ROLE_ADMIN, secret.text, secret.size, &VAULT_COST, NULL));
    secret_forget(&secret);
    return code;
}

/* A key file that is there is used; else one is made, before the records know it. */
static int key_set(struct clerk *clerk, const char *name, bool new)
{
    uint8_t key[USER_KEY_FILE_BYTES];
    bool there = access(name, F_OK) == 0;
    int code = there && !new ? keyholder_read(clerk, name, key) : keyholder_make(clerk, name, key);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, users_key_set(&clerk->records, key));
    if (code != EXIT_DONE && !there)
        (void)unlink(name);
    keyholder_forget(key);
    return code;
}

static int found(struct clerk *clerk, const char *user, const char *key)
{
    int code = clerk_fault(clerk, records_found(&clerk->records, clerk_now()));
    if (code == EXIT_DONE && user != NULL)
        code = admin_add(clerk, user);
    if (code == EXIT_DONE && key != NULL)
        code = key_set(clerk, key, false);
    if (code == EXIT_DONE)
        code = clerk_commit(clerk, RECORDS_OK);
    return code;
}

int keeper_init(struct clerk *clerk)
{
    const char *user = clerk_user(clerk), *key = clerk->value[CLERK_AT_KEY_FILE], *url = clerk_url(clerk);
    if (url == NULL)
        return EXIT_USAGE;
    if (user == NULL && key == NULL)
        return clerk_say(clerk, EXIT_USAGE, "needs --user NAME, --key-file FILE or both: who else could open the records?", "");
    if (url == clerk->path && !keyfile_folders(url))
        return file_failed(clerk, url);
    int code = clerk_fault(clerk, records_open(&clerk->records, url, true));
    if (code != EXIT_DONE)
        return code;
    code = found(clerk, user, key);
    if (code == EXIT_DONE && clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:s, s:s*, s:s*}", "records", clerk->records.database.place, "admin", user, "key_file", key));
    else if (code == EXIT_DONE)
        printf("new records in %s\n", clerk->records.database.place);
    records_close(&clerk->records);
    return code;
}

int keeper_key(struct clerk *clerk)
{
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_fault(clerk, records_begin(&clerk->records, clerk_now()));
    if (code == EXIT_DONE)
        code = key_set(clerk, clerk->word, true);
    if (code == EXIT_DONE)
        code = clerk_commit(clerk, RECORDS_OK);
    records_close(&clerk->records);
    if (code == EXIT_DONE)
        printf("the records open with %s, and with no key file before it\n", clerk->word);
    return code;
}

/* Writes a backup under another name and puts it in its place when it is whole and on the disk. */
static int backup_write(struct clerk *clerk, uint64_t *rows)
{
    char part[CLERK_PATH_BYTES];
    if (access(clerk->word, F_OK) == 0)
        return clerk_say(clerk, EXIT_REFUSED, "there is such a file already; name another: ", clerk->word);
    if (snprintf(part, sizeof part, "%s.part", clerk->word) >= (int)sizeof part)
        return clerk_say(clerk, EXIT_USAGE, "the name is too long: ", clerk->word);
    (void)unlink(part); /* left by one that was killed */
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = file < 0 ? NULL : fdopen(file, "wb");
    if (out == NULL)
        return file_failed(clerk, part);
    int code = clerk_fault(clerk, dump_write(&clerk->records, out, false, rows));
    bool kept = code == EXIT_DONE && fsync(file) == 0;
    kept = fclose(out) == 0 && kept;
    kept = kept && rename(part, clerk->word) == 0 && keyfile_sync_folder(clerk->word);
    if (!kept)
        (void)unlink(part);
    return code == EXIT_DONE && !kept ? file_failed(clerk, clerk->word) : code;
}

static void told_rows(const struct clerk *clerk, const char *done, const char *name, uint64_t rows)
{
    if (clerk_has(clerk, CLERK_AT_JSON))
        clerk_print(json_pack("{s:s, s:I}", done, name, "rows", (json_int_t)rows));
    else
        printf("%s: %s, %" PRIu64 " rows\n", done, name, rows);
}

int keeper_backup(struct clerk *clerk)
{
    uint64_t rows = 0;
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_note(clerk, WORD_ACTION_BACKUP);
    if (code == EXIT_DONE)
        code = backup_write(clerk, &rows);
    records_close(&clerk->records);
    if (code == EXIT_DONE)
        told_rows(clerk, "backup", clerk->word, rows);
    return code;
}

int keeper_restore(struct clerk *clerk)
{
    const char *url = clerk_url(clerk);
    uint64_t rows = 0;
    if (url == NULL)
        return EXIT_USAGE;
    FILE *in = fopen(clerk->word, "rb");
    if (in == NULL)
        return file_failed(clerk, clerk->word);
    if (url == clerk->path && !keyfile_folders(url)) {
        (void)fclose(in);
        return file_failed(clerk, url);
    }
    int code = clerk_fault(clerk, records_open(&clerk->records, url, true));
    if (code == EXIT_DONE) {
        code = clerk_fault(clerk, load_read(&clerk->records, in, &rows));
        records_close(&clerk->records);
    }
    (void)fclose(in);
    if (code == EXIT_DONE)
        told_rows(clerk, "restored", clerk->word, rows);
    return code;
}

int keeper_export(struct clerk *clerk)
{
    bool clear = clerk_has(clerk, CLERK_AT_CLEAR);
    int code = clerk_open(clerk);
    if (code != EXIT_DONE)
        return code;
    code = clerk_note(clerk, clear ? WORD_ACTION_DISCLOSE : WORD_ACTION_EXPORT);
    if (code == EXIT_DONE)
        code = clerk_fault(clerk, dump_write(&clerk->records, stdout, clear, NULL));
    records_close(&clerk->records);
    return code;
}
