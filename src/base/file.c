/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading whole files: mapped where the system can, copied where it cannot. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_LIMIT ((uint64_t)64 << 30) /* limits.h: file_bytes */

static crn_status too_large(const char *path, uint64_t limit, crn_error *err)
{
    return crn_fail(err, CRN_LIMIT, "'%s' has more bytes than the limit file_bytes = %llu",
                    path, (unsigned long long)limit);
}

/* ---- maps ---- */

typedef struct map {
    void *at;
    size_t size;
} map;

static void unmap(void *context)
{
    map *mapped = context;
    munmap(mapped->at, mapped->size);
    free(mapped);
}

static crn_status map_file(int fd, const char *path, size_t size, crn_buffer **out,
                           crn_error *err)
{
    map *mapped = crn_calloc(1, sizeof *mapped);
    if (mapped == NULL)
        return crn_no_memory(err);
    mapped->size = size;
    mapped->at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped->at == MAP_FAILED) {
        int number = errno;
        free(mapped);
        return crn_fail_system(err, number, "cannot map '%s'", path);
    }
    *out = crn_buffer_wrap(mapped->at, size, unmap, mapped);
    if (*out == NULL) {
        unmap(mapped);
        return crn_no_memory(err);
    }
    crn_buffer_mark_file(*out);
    return CRN_OK;
}

/* ---- streams ---- */

/* Reads up to `size` bytes; fewer only at the end. -1 with errno on a failure. */
static ssize_t read_fully(int fd, char *to, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, to + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Everything the stream gives, in one growing block that the caller frees, also after a
 * failure. */
static crn_status read_stream(int fd, const char *path, uint64_t limit, char **data,
                              size_t *size, crn_error *err)
{
    size_t capacity = 0;
    for (;;) {
        size_t wanted = capacity > 0 ? capacity * 2 : (size_t)64 << 10;
        char *grown = wanted > capacity ? realloc(*data, wanted) : NULL;
        if (grown == NULL)
            return crn_no_memory(err);
        *data = grown;
        capacity = wanted;
        ssize_t got = read_fully(fd, *data + *size, capacity - *size);
        if (got < 0)
            return crn_fail_system(err, errno, "cannot read '%s'", path);
        *size += (size_t)got;
        if (*size > limit)
            return too_large(path, limit, err);
        if (*size < capacity)
            return CRN_OK;
    }
}

static crn_status copy_stream(int fd, const char *path, uint64_t limit, crn_buffer **out,
                              crn_error *err)
{
    char *data = NULL;
    size_t size = 0;
    crn_status status = read_stream(fd, path, limit, &data, &size, err);
    if (status == CRN_OK) {
        *out = crn_buffer_wrap(data, size, free, data);
        if (*out == NULL)
            status = crn_no_memory(err);
    }
    if (status != CRN_OK)
        free(data);
    return status;
}

/* ---- both ---- */

static crn_status read_descriptor(int fd, const char *path, uint64_t limit, crn_buffer **out,
                                  crn_error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return crn_fail_system(err, errno, "cannot read '%s'", path);
    if (S_ISDIR(about.st_mode))
        return crn_fail_system(err, EISDIR, "cannot read '%s'", path);
    /* Files of /proc say that they are empty and are not: a stream finds out. */
    if (!S_ISREG(about.st_mode) || about.st_size <= 0)
        return copy_stream(fd, path, limit, out, err);
    if ((uint64_t)about.st_size > limit || (uint64_t)about.st_size > SIZE_MAX)
        return too_large(path, limit, err);
    return map_file(fd, path, (size_t)about.st_size, out, err);
}

crn_status crn_file_read(const char *path, uint64_t limit, crn_buffer **out, crn_error *err)
{
    if (limit == 0)
        limit = DEFAULT_LIMIT;
    /* Standard input may stand in the middle of a file: it is read from where it is. */
    if (strcmp(path, "-") == 0)
        return copy_stream(STDIN_FILENO, "stdin", limit, out, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return crn_fail_system(err, errno, "cannot open '%s'", path);
    crn_status status = read_descriptor(fd, path, limit, out, err);
    close(fd);
    return status;
}
