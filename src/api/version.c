/* SPDX-License-Identifier: BSD-3-Clause */
/* What this library runs on and stands on. */
#include "cornichon/version.h"

#include <pthread.h>
#include <stdio.h>

#include <bzlib.h>
#include <cblas.h>
#include <jansson.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>

#include "kernels/kernels.h"

const char *crn_version_isa(void)
{
    return crn_kernels_best()->level;
}

/* Written once, before anybody reads it. */
static char libraries[512];

static void write_libraries(void)
{
    snprintf(libraries, sizeof libraries,
             "%s (%s)\nzlib %s\nbzip2 %s\nliblzma %s\nlz4 %s\njansson %s",
             openblas_get_config(), openblas_get_corename(), zlibVersion(), BZ2_bzlibVersion(),
             lzma_version_string(), LZ4_versionString(), JANSSON_VERSION);
}

const char *crn_version_libraries(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, write_libraries);
    return libraries;
}
