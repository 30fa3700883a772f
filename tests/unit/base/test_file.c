/* SPDX-License-Identifier: BSD-3-Clause */
/* Files: maps, streams, limits; writing that is whole or nothing. */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static crn_error err;
static char folder[64];

static int enter_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/crn_test_file_XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "cd / && chmod -R u+w %s && rm -rf %s", folder, folder);
    return system(command) + chdir("/");
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_holds(const char *path, const char *want)
{
    crn_buffer *bytes = NULL;
    assert_ok(crn_file_read(path, 0, &bytes, &err));
    assert_int_equal(crn_buffer_size(bytes), strlen(want));
    assert_memory_equal(crn_buffer_data(bytes), want, strlen(want));
    crn_buffer_release(bytes);
}

/* Names in the folder, without . and .. */
static int count_files(void)
{
    DIR *dir = opendir(".");
    assert_non_null(dir);
    int count = 0;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

/* ---- reading ---- */

static void files_are_read(void **state)
{
    (void)state;
    put("a", "bytes");
    assert_holds("a", "bytes");
    put("empty", "");
    assert_holds("empty", "");
}

static void files_that_hide_their_size_are_read(void **state)
{
    (void)state;
    crn_buffer *bytes = NULL;
    assert_ok(crn_file_read("/proc/self/cmdline", 0, &bytes, &err));
    assert_true(crn_buffer_size(bytes) > 3);
    crn_buffer_release(bytes);
}

static void the_limit_holds(void **state)
{
    (void)state;
    put("five", "12345");
    crn_buffer *bytes = NULL;
    assert_ok(crn_file_read("five", 5, &bytes, &err));
    crn_buffer_release(bytes);
    bytes = NULL;
    assert_status(CRN_LIMIT, crn_file_read("five", 4, &bytes, &err));
    assert_string_equal(err.message, "'five' has more bytes than the limit file_bytes = 4");
    assert_status(CRN_LIMIT, crn_file_read("/dev/zero", 1 << 20, &bytes, &err));
    assert_null(bytes);
}

static void reasons_are_the_systems(void **state)
{
    (void)state;
    crn_buffer *bytes = NULL;
    assert_status(CRN_IO, crn_file_read("missing", 0, &bytes, &err));
    assert_string_equal(err.message, "cannot open 'missing': No such file or directory");
    mkdir("dir", 0777);
    assert_status(CRN_IO, crn_file_read("dir", 0, &bytes, &err));
    assert_string_equal(err.message, "cannot read 'dir': Is a directory");
    assert_null(bytes);
}

/* Standard input from a pipe with more than one buffer of bytes. */
static void pipes_are_read_to_their_end(void **state)
{
    (void)state;
    enum { SIZE = 300000 };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < SIZE / 10; i++) {
            if (write(ends[1], "0123456789", 10) != 10)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    int saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    crn_buffer *bytes = NULL;
    crn_status status = crn_file_read("-", 0, &bytes, &err);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_int_equal(status, CRN_OK);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(crn_buffer_size(bytes), SIZE);
    assert_memory_equal((char *)crn_buffer_data(bytes) + SIZE - 10, "0123456789", 10);
    crn_buffer_release(bytes);
}

/* ---- writing ---- */

static void files_appear_whole(void **state)
{
    (void)state;
    crn_output *out = NULL;
    assert_ok(crn_output_open("new", &out, &err));
    assert_ok(crn_output_write(out, "one ", 4, &err));
    assert_int_not_equal(access("new", F_OK), 0);
    assert_ok(crn_output_write(out, "two", 3, &err));
    assert_ok(crn_output_write(out, NULL, 0, &err));
    assert_ok(crn_output_commit(out, &err));
    assert_holds("new", "one two");
    assert_int_equal(count_files(), 1);
}

static void paths_may_name_folders(void **state)
{
    (void)state;
    mkdir("sub", 0777);
    assert_ok(crn_file_write("sub/new", "1", 1, &err));
    assert_ok(crn_file_write("./sub/../sub/new", "2", 1, &err));
    assert_holds("sub/new", "2");
    char path[128];
    snprintf(path, sizeof path, "%s/absolute", folder);
    assert_ok(crn_file_write(path, "3", 1, &err));
    assert_holds("absolute", "3");
    assert_int_equal(count_files(), 2);
}

static void a_discarded_output_leaves_nothing(void **state)
{
    (void)state;
    put("old", "before");
    crn_output *out = NULL;
    assert_ok(crn_output_open("old", &out, &err));
    assert_ok(crn_output_write(out, "after", 5, &err));
    crn_output_discard(out);
    crn_output_discard(NULL);
    assert_holds("old", "before");
    assert_int_equal(count_files(), 1);
}

static void large_and_small_writes_keep_their_order(void **state)
{
    (void)state;
    enum { SIZE = 200000 };
    char *block = malloc(SIZE);
    for (int i = 0; i < SIZE; i++)
        block[i] = (char)(i % 251);
    crn_output *out = NULL;
    assert_ok(crn_output_open("big", &out, &err));
    int done = 0;
    for (int step = 1; done < SIZE; step = step * 3 % 90001 + 1) {
        int size = step < SIZE - done ? step : SIZE - done;
        assert_ok(crn_output_write(out, block + done, (size_t)size, &err));
        done += size;
    }
    assert_ok(crn_output_commit(out, &err));
    crn_buffer *bytes = NULL;
    assert_ok(crn_file_read("big", 0, &bytes, &err));
    assert_int_equal(crn_buffer_size(bytes), SIZE);
    assert_memory_equal(crn_buffer_data(bytes), block, SIZE);
    crn_buffer_release(bytes);
    free(block);
}

static mode_t mode_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static void modes_are_kept(void **state)
{
    (void)state;
    mode_t before = umask(027);
    assert_ok(crn_file_write("new", "x", 1, &err));
    assert_int_equal(mode_of("new"), 0640);
    assert_int_equal(chmod("new", 0604), 0);
    assert_ok(crn_file_write("new", "y", 1, &err));
    umask(before);
    assert_int_equal(mode_of("new"), 0604);
    assert_holds("new", "y");
}

static void links_are_written_through(void **state)
{
    (void)state;
    mkdir("sub", 0777);
    put("sub/real", "old");
    assert_int_equal(symlink("sub/middle", "link"), 0);
    assert_int_equal(symlink("real", "sub/middle"), 0);
    assert_ok(crn_file_write("link", "new", 3, &err));
    assert_holds("sub/real", "new");
    struct stat about;
    assert_int_equal(lstat("link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));

    assert_int_equal(symlink("sub/later", "dangling"), 0);
    assert_ok(crn_file_write("dangling", "made", 4, &err));
    assert_holds("sub/later", "made");
    assert_int_equal(symlink("round", "round"), 0);
    assert_status(CRN_IO, crn_file_write("round", "x", 1, &err));
    assert_string_equal(err.message, "cannot write 'round': Too many levels of symbolic links");
}

static void devices_are_written_directly(void **state)
{
    (void)state;
    assert_ok(crn_file_write("/dev/null", "gone", 4, &err));
    struct stat about;
    assert_int_equal(stat("/dev/null", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

static void a_full_disk_is_told_once(void **state)
{
    (void)state;
    assert_status(CRN_IO, crn_file_write("/dev/full", "x", 1, &err));
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device");

    char *block = calloc(1, 100000);
    crn_output *out = NULL;
    assert_ok(crn_output_open("/dev/full", &out, &err));
    assert_status(CRN_IO, crn_output_write(out, block, 100000, &err));
    /* The failure sticks: what follows cannot make a file with a hole. */
    assert_int_equal(crn_output_write(out, "x", 1, NULL), CRN_IO);
    assert_int_equal(crn_output_commit(out, &err), CRN_IO);
    assert_string_equal(err.message, "cannot write '/dev/full': No space left on device");
    free(block);
}

static void impossible_targets_are_refused(void **state)
{
    (void)state;
    mkdir("dir", 0777);
    assert_status(CRN_IO, crn_file_write("dir", "x", 1, &err));
    assert_string_equal(err.message, "cannot write 'dir': Is a directory");
    assert_status(CRN_IO, crn_file_write("missing/file", "x", 1, &err));
    assert_string_equal(err.message, "cannot write 'missing/file': No such file or directory");
    assert_status(CRN_IO, crn_file_write("", "x", 1, &err));
    assert_int_equal(count_files(), 1);
}

static bool is_forbidden(const char *path)
{
    char want[128];
    snprintf(want, sizeof want, "cannot write '%s': Permission denied", path);
    crn_error e = CRN_ERROR_INIT;
    return crn_file_write(path, "x", 1, &e) == CRN_IO && strcmp(e.message, want) == 0;
}

/* In a process without root's rights, which may write anywhere. */
static void forbidden_targets_are_refused(void **state)
{
    (void)state;
    put("fixed", "before");
    assert_int_equal(chmod("fixed", 0444), 0);
    assert_int_equal(mkdir("closed", 0555), 0);
    assert_int_equal(chmod(".", 0777), 0);
    pid_t child = fork();
    if (child == 0) {
        bool humble = geteuid() != 0 || setuid(65534) == 0;
        _exit(humble && is_forbidden("fixed") && is_forbidden("closed/file") ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds("fixed", "before");
    assert_int_equal(count_files(), 2);
}

static void long_names_fit(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    assert_ok(crn_file_write(name, "x", 1, &err));
    assert_holds(name, "x");
    assert_int_equal(count_files(), 1);
}

static void stdout_is_written_directly(void **state)
{
    (void)state;
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    int fd = open("captured", O_WRONLY | O_CREAT, 0666);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    crn_status status = crn_file_write("-", "to stdout", 9, &err);
    bool still_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_int_equal(status, CRN_OK);
    assert_true(still_open);
    assert_holds("captured", "to stdout");
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_folder(files_are_read),
        in_folder(files_that_hide_their_size_are_read),
        in_folder(the_limit_holds),
        in_folder(reasons_are_the_systems),
        in_folder(pipes_are_read_to_their_end),
        in_folder(files_appear_whole),
        in_folder(paths_may_name_folders),
        in_folder(a_discarded_output_leaves_nothing),
        in_folder(large_and_small_writes_keep_their_order),
        in_folder(modes_are_kept),
        in_folder(links_are_written_through),
        in_folder(devices_are_written_directly),
        in_folder(a_full_disk_is_told_once),
        in_folder(impossible_targets_are_refused),
        in_folder(forbidden_targets_are_refused),
        in_folder(long_names_fit),
        in_folder(stdout_is_written_directly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
