/* SPDX-License-Identifier: BSD-3-Clause */
/* A pool of threads that is passed in, never global. Work is cut into chunks whose borders
 * depend on the work alone, so results never depend on how many threads there are. */
#ifndef CRN_BASE_THREADS_H
#define CRN_BASE_THREADS_H

#include <stdint.h>

#include "cornichon/threads.h"

/* Does chunk i of the work, on thread `worker` (0 <= worker < crn_pool_size()). */
typedef void (*crn_chunk_fn)(void *context, int64_t chunk, int worker);

/* Calls fn for every chunk in [0, chunks) and returns when all are done. The caller is worker 0
 * and works too. pool NULL, or one thread: a plain loop. Must not be called from inside a
 * chunk. */
void crn_pool_run(crn_pool *pool, int64_t chunks, crn_chunk_fn fn, void *context);

#endif
