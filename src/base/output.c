/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing files that appear whole or not at all. The bytes go to a hidden file beside the
 * target, to the disk, and then under the target's name in one step (POSIX rename). */
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 64 * 1024, MOST_LINKS = 40, MOST_TRIES = 100 };

struct crn_output {
    int fd;
    bool keep_open;    /* stdout: not ours to close */
    char *path;        /* as the caller named it, for messages */
    char *target;      /* behind symbolic links */
    char *temporary;   /* NULL: written directly (a device, a pipe, stdout) */
    crn_status status; /* the first failure; commit repeats it */
    size_t used;
    char buffer[BUFFER_SIZE];
};

/* ---- names ---- */

/* Length of the folder's part of a path, with the '/'. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* `path` with its last step replaced by what the link there says. */
static char *follow(const char *path, const char *link, crn_error *err)
{
    crn_text text = CRN_TEXT_INIT;
    if (link[0] != '/')
        crn_text_add_bytes(&text, path, folder_length(path));
    crn_text_add_string(&text, link);
    char *followed = crn_text_take(&text, err);
    if (followed == NULL)
        crn_text_free(&text);
    return followed;
}

/* The file that writing to `path` means: symbolic links followed, also one that points to
 * nothing yet. *out is malloc'ed, and set whatever happens. */
static crn_status find_target(const char *path, char **out, crn_error *err)
{
    *out = strdup(path);
    if (*out == NULL)
        return crn_no_memory(err);
    for (int links = 0; *out != NULL; links++) {
        char link[4096];
        ssize_t size = readlink(*out, link, sizeof link - 1);
        if (size < 0)
            return CRN_OK;
        if (links == MOST_LINKS)
            return crn_fail_system(err, ELOOP, "cannot write '%s'", path);
        link[size] = '\0';
        char *next = follow(*out, link, err);
        free(*out);
        *out = next;
    }
    return CRN_NO_MEMORY;
}

/* ---- opening ---- */

/* Creates .NAME.XXXXXX beside the target. The kernel applies the umask to `mode`, so that
 * nobody can open the file who may not read the result, at no time. */
static crn_status create_temporary(crn_output *out, mode_t mode, crn_error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    enum { RANDOM = 6, LONGEST = 200 };
    size_t folder = folder_length(out->target);
    size_t size = strlen(out->target) + RANDOM + sizeof "..";
    out->temporary = crn_calloc(size, 1);
    if (out->temporary == NULL)
        return crn_no_memory(err);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
        unsigned char noise[RANDOM];
        char suffix[RANDOM + 1] = {0};
        if (getentropy(noise, sizeof noise) != 0)
            break;
        for (int i = 0; i < RANDOM; i++)
            suffix[i] = letters[noise[i] % 32];
        snprintf(out->temporary, size, "%.*s.%.*s.%s", (int)folder, out->target, LONGEST,
                 out->target + folder, suffix);
        out->fd =
            open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (out->fd >= 0)
            return CRN_OK;
        if (errno != EEXIST)
            break;
    }
    int number = errno;
    free(out->temporary);
    out->temporary = NULL;
    return crn_fail_system(err, number, "cannot write '%s'", out->path);
}

static crn_status open_directly(crn_output *out, crn_error *err)
{
    out->fd = open(out->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (out->fd < 0)
        return crn_fail_system(err, errno, "cannot write '%s'", out->path);
    return CRN_OK;
}

static crn_status open_target(crn_output *out, crn_error *err)
{
    CRN_TRY(find_target(out->path, &out->target, err));
    struct stat old;
    bool exists = stat(out->target, &old) == 0;
    if (!exists && errno != ENOENT)
        return crn_fail_system(err, errno, "cannot write '%s'", out->path);
    if (!exists)
        return create_temporary(out, 0666, err);
    if (!S_ISREG(old.st_mode))
        return open_directly(out, err);
    /* Whoever may not write the old file may not replace it either. */
    if (access(out->target, W_OK) != 0)
        return crn_fail_system(err, errno, "cannot write '%s'", out->path);
    CRN_TRY(create_temporary(out, old.st_mode & 0777, err));
    if (fchmod(out->fd, old.st_mode & 07777) != 0)
        return crn_fail_system(err, errno, "cannot set the mode of '%s'", out->path);
    return CRN_OK;
}

crn_status crn_output_open(const char *path, crn_output **out, crn_error *err)
{
    crn_output *output = crn_calloc(1, sizeof *output);
    if (output == NULL)
        return crn_no_memory(err);
    output->fd = -1;
    bool to_stdout = strcmp(path, "-") == 0;
    output->path = strdup(to_stdout ? "stdout" : path);
    crn_status status = CRN_OK;
    if (output->path == NULL)
        status = crn_no_memory(err);
    else if (!to_stdout)
        status = open_target(output, err);
    else
        output->fd = STDOUT_FILENO;
    output->keep_open = to_stdout;
    if (status != CRN_OK) {
        crn_output_discard(output);
        return status;
    }
    *out = output;
    return CRN_OK;
}

/* ---- writing ---- */

static crn_status write_all(crn_output *out, const char *bytes, size_t size, crn_error *err)
{
    while (size > 0) {
        ssize_t done = write(out->fd, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return out->status = crn_fail_system(err, errno, "cannot write '%s'", out->path);
        bytes += done;
        size -= (size_t)done;
    }
    return CRN_OK;
}

static crn_status flush(crn_output *out, crn_error *err)
{
    size_t used = out->used;
    out->used = 0;
    return write_all(out, out->buffer, used, err);
}

crn_status crn_output_write(crn_output *out, const void *bytes, size_t size, crn_error *err)
{
    if (out->status != CRN_OK)
        return crn_fail(err, out->status, "cannot write '%s' after a failure", out->path);
    if (size > BUFFER_SIZE - out->used)
        CRN_TRY(flush(out, err));
    if (size >= BUFFER_SIZE)
        return write_all(out, bytes, size, err);
    if (size > 0)
        memcpy(out->buffer + out->used, bytes, size);
    out->used += size;
    return CRN_OK;
}

/* ---- ending ---- */

/* Asks the disk to remember the new name. File systems that cannot are left as they are: the
 * file is whole in any case. */
static void sync_folder(const char *target)
{
    size_t size = folder_length(target);
    char *folder = size > 0 ? strndup(target, size) : strdup(".");
    int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static crn_status finish(crn_output *out, crn_error *err)
{
    if (out->status != CRN_OK)
        return crn_fail(err, out->status, "cannot write '%s' after a failure", out->path);
    CRN_TRY(flush(out, err));
    if (out->temporary != NULL && fsync(out->fd) != 0)
        return crn_fail_system(err, errno, "cannot write '%s'", out->path);
    if (!out->keep_open) {
        int fd = out->fd;
        out->fd = -1;
        if (close(fd) != 0 && errno != EINTR)
            return crn_fail_system(err, errno, "cannot write '%s'", out->path);
    }
    if (out->temporary == NULL)
        return CRN_OK;
    if (rename(out->temporary, out->target) != 0)
        return crn_fail_system(err, errno, "cannot replace '%s'", out->path);
    free(out->temporary);
    out->temporary = NULL;
    sync_folder(out->target);
    return CRN_OK;
}

crn_status crn_output_commit(crn_output *out, crn_error *err)
{
    crn_status status = finish(out, err);
    crn_output_discard(out);
    return status;
}

void crn_output_discard(crn_output *out)
{
    if (out == NULL)
        return;
    if (out->fd >= 0 && !out->keep_open)
        close(out->fd);
    if (out->temporary != NULL)
        unlink(out->temporary);
    free(out->temporary);
    free(out->target);
    free(out->path);
    free(out);
}

crn_status crn_file_write(const char *path, const void *bytes, size_t size, crn_error *err)
{
    crn_output *out = NULL;
    CRN_TRY(crn_output_open(path, &out, err));
    crn_status status = crn_output_write(out, bytes, size, err);
    if (status != CRN_OK) {
        crn_output_discard(out);
        return status;
    }
    return crn_output_commit(out, err);
}
