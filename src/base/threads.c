/* SPDX-License-Identifier: BSD-3-Clause */
/* The pool: workers that wait for a job, and claim its chunks one by one. A worker that wakes
 * late finds the job closed and goes back to sleep, so that nobody waits for it. */
#include "base/threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/cpus.h"
#include "base/error.h"
#include "base/memory.h"

enum { MOST_AUTOMATIC = 256, MOST_THREADS = 1024, SPIN_NANOSECONDS = 15000, SPINS_A_LOOK = 64 };

struct crn_pool {
    int size;              /* threads, the caller's included */
    int started;           /* workers that run */
    pthread_mutex_t turn;  /* held during a call: callers take turns */
    pthread_mutex_t lock;  /* guards all below but the atomics */
    pthread_cond_t posted; /* a job was posted, or the pool stops */
    pthread_cond_t left;   /* the last worker left the job */
    atomic_uint posts;     /* number of jobs posted, and of stops */
    atomic_uint inside;    /* workers in the job */
    bool open;             /* workers may still enter the job */
    bool stopping;
    crn_chunk_fn fn;
    void *context;
    int64_t chunks;
    atomic_int_fast64_t next; /* first unclaimed chunk */
    struct crn_worker {
        crn_pool *pool;
        pthread_t thread;
        int number; /* 1.. */
    } workers[];
};

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- workers ---- */

/* A short look for the number to become, or cease to be, `value`. Jobs follow each other
 * closely while a model runs: this saves most trips to the kernel. */
static void spin(const atomic_uint *number, unsigned value, bool become)
{
    int64_t end = nanoseconds() + SPIN_NANOSECONDS;
    do {
        for (int i = 0; i < SPINS_A_LOOK; i++) {
            if ((atomic_load_explicit(number, memory_order_relaxed) == value) == become)
                return;
            relax();
        }
    } while (nanoseconds() < end);
}

static void do_chunks(crn_pool *pool, int worker)
{
    for (;;) {
        int64_t chunk = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (chunk >= pool->chunks)
            return;
        pool->fn(pool->context, chunk, worker);
    }
}

/* Waits for a job or the end, and enters the job if it is still open. False at the end. */
static bool enter(crn_pool *pool, unsigned *seen, bool *entered)
{
    spin(&pool->posts, *seen, false);
    pthread_mutex_lock(&pool->lock);
    while (atomic_load_explicit(&pool->posts, memory_order_relaxed) == *seen)
        pthread_cond_wait(&pool->posted, &pool->lock);
    *seen = atomic_load_explicit(&pool->posts, memory_order_relaxed);
    bool stopping = pool->stopping;
    *entered = pool->open;
    if (pool->open)
        atomic_fetch_add_explicit(&pool->inside, 1, memory_order_relaxed);
    pthread_mutex_unlock(&pool->lock);
    return !stopping;
}

static void leave(crn_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    if (atomic_fetch_sub_explicit(&pool->inside, 1, memory_order_relaxed) == 1)
        pthread_cond_signal(&pool->left);
    pthread_mutex_unlock(&pool->lock);
}

static void *work(void *argument)
{
    struct crn_worker *self = argument;
    unsigned seen = 0;
    bool entered;
    while (enter(self->pool, &seen, &entered)) {
        if (!entered)
            continue;
        do_chunks(self->pool, self->number);
        leave(self->pool);
    }
    return NULL;
}

/* ---- calls ---- */

static void post(crn_pool *pool, int64_t chunks, crn_chunk_fn fn, void *context)
{
    pthread_mutex_lock(&pool->lock);
    pool->fn = fn;
    pool->context = context;
    pool->chunks = chunks;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->open = true;
    atomic_fetch_add_explicit(&pool->posts, 1, memory_order_relaxed);
    if (chunks == 2)
        pthread_cond_signal(&pool->posted);
    else
        pthread_cond_broadcast(&pool->posted);
    pthread_mutex_unlock(&pool->lock);
}

static void close_job(crn_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->open = false;
    pthread_mutex_unlock(&pool->lock);
    spin(&pool->inside, 0, true);
    pthread_mutex_lock(&pool->lock);
    while (atomic_load_explicit(&pool->inside, memory_order_relaxed) > 0)
        pthread_cond_wait(&pool->left, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void crn_pool_run(crn_pool *pool, int64_t chunks, crn_chunk_fn fn, void *context)
{
    if (crn_pool_size(pool) == 1 || chunks <= 1) {
        for (int64_t chunk = 0; chunk < chunks; chunk++)
            fn(context, chunk, 0);
        return;
    }
    pthread_mutex_lock(&pool->turn);
    post(pool, chunks, fn, context);
    do_chunks(pool, 0);
    close_job(pool);
    pthread_mutex_unlock(&pool->turn);
}

/* ---- life ---- */

static crn_status start_workers(crn_pool *pool, crn_error *err)
{
    /* Signals are the program's business: its own threads shall take them. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = 0;
    for (int i = 0; i < pool->size - 1 && failure == 0; i++) {
        struct crn_worker *worker = &pool->workers[i];
        worker->pool = pool;
        worker->number = i + 1;
        failure = pthread_create(&worker->thread, NULL, work, worker);
        pool->started += failure == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0)
        return crn_fail_system(err, failure, "cannot start thread %d of %d", pool->started + 2,
                               pool->size);
    return CRN_OK;
}

crn_status crn_pool_create(int threads, crn_pool **out, crn_error *err)
{
    if (threads < 0 || threads > MOST_THREADS)
        return crn_fail(err, CRN_ARGUMENT, "a pool has 0 (automatic) to %d threads, not %d",
                        MOST_THREADS, threads);
    if (threads == 0) {
        threads = crn_cpus_available();
        threads = threads < MOST_AUTOMATIC ? threads : MOST_AUTOMATIC;
    }
    size_t workers = (size_t)(threads - 1);
    crn_pool *pool = crn_calloc(1, sizeof *pool + workers * sizeof pool->workers[0]);
    if (pool == NULL)
        return crn_no_memory(err);
    pool->size = threads;
    /* With default attributes these cannot fail on Linux. */
    pthread_mutex_init(&pool->turn, NULL);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->posted, NULL);
    pthread_cond_init(&pool->left, NULL);
    crn_status status = start_workers(pool, err);
    if (status != CRN_OK) {
        crn_pool_destroy(pool);
        return status;
    }
    *out = pool;
    return CRN_OK;
}

int crn_pool_size(const crn_pool *pool)
{
    return pool != NULL ? pool->size : 1;
}

void crn_pool_destroy(crn_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    atomic_fetch_add_explicit(&pool->posts, 1, memory_order_relaxed);
    pthread_cond_broadcast(&pool->posted);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->left);
    pthread_cond_destroy(&pool->posted);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->turn);
    free(pool);
}
