/* SPDX-License-Identifier: BSD-3-Clause */
/** @file threads.h
 *  A pool of threads, passed to the calls that can use one. NULL in its place means "this
 * thread only". Results never depend on the number of threads.
 *
 *      crn_pool *pool = NULL;
 *      if (crn_pool_create(0, &pool, &err) != CRN_OK) ...
 *      crn_predictor_options options = CRN_PREDICTOR_OPTIONS_INIT;
 *      options.pool = pool;
 *      ...
 *      crn_pool_destroy(pool);    // after everything that uses it
 *
 *  Thread safety: one pool serves one call at a time; calls from several threads take turns. */
#ifndef CORNICHON_THREADS_H
#define CORNICHON_THREADS_H

#include "cornichon/status.h"

CRN_BEGIN_DECLS

typedef struct crn_pool crn_pool;

/** Starts threads - 1 workers; the caller of each parallel call is the last one. 0: as many as
 * the process may use (affinity mask and cgroup quota), at most 256. Errors: CRN_NO_MEMORY,
 * CRN_IO (the system refuses a thread), CRN_ARGUMENT (not 0..1024). */
CRN_API CRN_MUST_CHECK crn_status crn_pool_create(int threads, crn_pool **out, crn_error *err);

/** Number of threads, the caller's included; 1 for NULL. */
CRN_API int crn_pool_size(const crn_pool *pool);

/** Stops and joins the workers. NULL is fine. */
CRN_API void crn_pool_destroy(crn_pool *pool);

CRN_END_DECLS

#endif
