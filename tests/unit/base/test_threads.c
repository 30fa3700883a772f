/* SPDX-License-Identifier: BSD-3-Clause */
/* The pool: every chunk once, whatever the number of threads; several callers; quotas of
 * cgroups. */
#include "test.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/threads.h"

enum { MOST_CHUNKS = 5000 };

typedef struct tally {
    unsigned char done[MOST_CHUNKS]; /* written by one worker each: no lock */
    atomic_int worst_worker;
    int workers;
} tally;

static void count_chunk(void *context, int64_t chunk, int worker)
{
    tally *t = context;
    t->done[chunk]++;
    if (worker < 0 || worker >= t->workers)
        atomic_store(&t->worst_worker, 1);
}

static void check_run(crn_pool *pool, int64_t chunks)
{
    static tally t;
    memset(&t, 0, sizeof t);
    t.workers = crn_pool_size(pool);
    crn_pool_run(pool, chunks, count_chunk, &t);
    for (int64_t i = 0; i < MOST_CHUNKS; i++)
        assert_int_equal(t.done[i], i < chunks);
    assert_int_equal(t.worst_worker, 0);
}

static void every_chunk_is_done_once(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const int64_t chunks[] = {0, 1, 2, 3, 7, 100, MOST_CHUNKS};
    for (int threads = 1; threads <= 5; threads++) {
        crn_pool *pool = NULL;
        assert_ok(crn_pool_create(threads, &pool, &err));
        assert_int_equal(crn_pool_size(pool), threads);
        for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++)
            check_run(pool, chunks[i]);
        crn_pool_destroy(pool);
    }
}

static void no_pool_is_one_thread(void **state)
{
    (void)state;
    assert_int_equal(crn_pool_size(NULL), 1);
    check_run(NULL, 10);
    crn_pool_destroy(NULL);
}

static void automatic_size_is_what_the_process_may_use(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_pool *pool = NULL;
    assert_ok(crn_pool_create(0, &pool, &err));
    int cpus = crn_cpus_available();
    assert_in_range(cpus, 1, 8192);
    assert_int_equal(crn_pool_size(pool), cpus < 256 ? cpus : 256);
    crn_pool_destroy(pool);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    crn_error err;
    crn_pool *pool = NULL;
    assert_status(CRN_ARGUMENT, crn_pool_create(-1, &pool, &err));
    assert_status(CRN_ARGUMENT, crn_pool_create(100000, &pool, &err));
    assert_null(pool);
    assert_string_equal(err.message, "a pool has 0 (automatic) to 1024 threads, not 100000");
}

/* ---- many short jobs: late wakers, and callers that share the pool ---- */

typedef struct sum {
    const int *numbers; /* (64) */
    int64_t parts[64];
} sum;

static void add_part(void *context, int64_t chunk, int worker)
{
    (void)worker;
    sum *s = context;
    s->parts[chunk] = (int64_t)s->numbers[chunk] * 3;
}

static bool sums_agree(crn_pool *pool, int rounds, int seed)
{
    for (int round = 0; round < rounds; round++) {
        int numbers[64];
        for (int i = 0; i < 64; i++)
            numbers[i] = seed * 1000 + round + i;
        sum s = {.numbers = numbers};
        int64_t chunks = 2 + round % 63;
        crn_pool_run(pool, chunks, add_part, &s);
        for (int i = 0; i < 64; i++) {
            if (s.parts[i] != (i < chunks ? (int64_t)numbers[i] * 3 : 0))
                return false;
        }
        if (round % 500 == 0)
            usleep(100); /* lets the workers fall asleep */
    }
    return true;
}

static void short_jobs_follow_each_other(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_pool *pool = NULL;
    assert_ok(crn_pool_create(3, &pool, &err));
    assert_true(sums_agree(pool, 3000, 1));
    crn_pool_destroy(pool);
}

typedef struct caller {
    crn_pool *pool;
    int seed;
    bool agrees;
} caller;

static void *call_often(void *argument)
{
    caller *c = argument;
    c->agrees = sums_agree(c->pool, 500, c->seed);
    return NULL;
}

static void callers_take_turns(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_pool *pool = NULL;
    assert_ok(crn_pool_create(3, &pool, &err));
    caller callers[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        callers[i] = (caller){.pool = pool, .seed = i};
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_true(callers[i].agrees);
    }
    crn_pool_destroy(pool);
}

static void pools_come_and_go(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (int i = 0; i < 50; i++) {
        crn_pool *pool = NULL;
        assert_ok(crn_pool_create(4, &pool, &err));
        if (i % 2 == 0)
            check_run(pool, 9);
        crn_pool_destroy(pool);
    }
}

/* ---- cgroups ---- */

/* A made-up /sys/fs/cgroup. */
static char root[] = "/tmp/crn_test_cgroup_XXXXXX";

static void write_below(const char *path, const char *text)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL;
         slash++) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int quota_with(const char *cgroup)
{
    char file[512];
    write_below("self", cgroup);
    snprintf(file, sizeof file, "%s/self", root);
    return crn_cpus_of_cgroup(file, root);
}

static int make_cgroups(void **state)
{
    (void)state;
    if (mkdtemp(root) == NULL)
        return -1;
    write_below("cpu.max", "max 100000\n");
    write_below("a/cpu.max", "250000 100000\n");
    write_below("a/b/cpu.max", "400000 100000\n");
    write_below("a/b/c/cpu.max", "max 100000\n");
    write_below("half/cpu.max", "50000 100000\n");
    write_below("odd/cpu.max", "nonsense\n");
    write_below("cpu/cpu.cfs_quota_us", "-1\n");
    write_below("cpu/cpu.cfs_period_us", "100000\n");
    write_below("cpu/docker/cpu.cfs_quota_us", "600000\n");
    write_below("cpu/docker/cpu.cfs_period_us", "100000\n");
    return 0;
}

static int remove_cgroups(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static void quotas_of_version_2_count_on_every_level(void **state)
{
    (void)state;
    assert_int_equal(quota_with("0::/\n"), INT_MAX);
    assert_int_equal(quota_with("0::/a\n"), 3);
    assert_int_equal(quota_with("0::/a/b\n"), 3);
    assert_int_equal(quota_with("0::/a/b/c"), 3);
    assert_int_equal(quota_with("0::/half\n"), 1);
    assert_int_equal(quota_with("0::/odd\n"), INT_MAX);
    assert_int_equal(quota_with("0::/a/not/there\n"), 3);
}

static void quotas_of_version_1_count(void **state)
{
    (void)state;
    assert_int_equal(quota_with("5:memory:/docker\n4:cpu,cpuacct:/docker\n"), 6);
    assert_int_equal(quota_with("4:cpuacct,cpu:/\n"), INT_MAX);
    assert_int_equal(quota_with("4:cpuset:/docker\n"), INT_MAX);
    assert_int_equal(quota_with("4:cpu:/docker\n0::/a\n"), 3);
}

static void a_missing_or_odd_cgroup_file_is_no_quota(void **state)
{
    (void)state;
    assert_int_equal(crn_cpus_of_cgroup("/nonexistent/cgroup", root), INT_MAX);
    assert_int_equal(quota_with(""), INT_MAX);
    assert_int_equal(quota_with("no colons\n:\n::\n"), INT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chunk_is_done_once),
        cmocka_unit_test(no_pool_is_one_thread),
        cmocka_unit_test(automatic_size_is_what_the_process_may_use),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(short_jobs_follow_each_other),
        cmocka_unit_test(callers_take_turns),
        cmocka_unit_test(pools_come_and_go),
        cmocka_unit_test(quotas_of_version_2_count_on_every_level),
        cmocka_unit_test(quotas_of_version_1_count),
        cmocka_unit_test(a_missing_or_odd_cgroup_file_is_no_quota),
    };
    return cmocka_run_group_tests(tests, make_cgroups, remove_cgroups);
}
