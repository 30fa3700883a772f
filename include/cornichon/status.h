/* SPDX-License-Identifier: BSD-3-Clause */
/** @file status.h
 *  What a call answers, and why.
 *
 *  Every function that can fail returns a crn_status and takes, as its last parameter, a
 * crn_error of the caller. The error may be NULL everywhere. It is only written when the call
 * fails, and the first cause wins: outer layers prepend to `where`, they never overwrite
 * `message`.
 *
 *      crn_error err = CRN_ERROR_INIT;
 *      crn_model *model = NULL;
 *      if (crn_model_load("pca.joblib", NULL, &model, &err) != CRN_OK)
 *          fprintf(stderr, "%s: %s (%s)\n", crn_status_name(err.code), err.message, err.where);
 *
 *  The library never prints, never aborts and keeps no global state, so an error can be handled
 * on any thread, at any time. */
#ifndef CORNICHON_STATUS_H
#define CORNICHON_STATUS_H

#include <stdint.h>

#include "cornichon/export.h"

CRN_BEGIN_DECLS

/** All statuses: name, number (pinned: part of the ABI), sentence. */
#define CRN_STATUS_MAP(X)                                                                      \
    X(OK, 0, "ok")                                                                             \
    X(NO_MEMORY, 1, "out of memory")                                                           \
    X(IO, 2, "the system refused a read or a write")                                           \
    X(FORMAT, 3, "the bytes are not a valid file of this format")                              \
    X(UNSUPPORTED, 4, "valid, but not supported")                                              \
    X(LIMIT, 5, "a safety limit was reached")                                                  \
    X(SHAPE, 6, "array shapes do not agree")                                                   \
    X(DTYPE, 7, "wrong element type")                                                          \
    X(ARGUMENT, 8, "argument outside its documented range")                                    \
    X(STATE, 9, "not allowed in this state, e.g. not fitted")                                  \
    X(NOT_FOUND, 10, "no such name")                                                           \
    X(CANCELLED, 11, "a callback asked to stop")                                               \
    X(INTERNAL, 12, "broken invariant: please report")

typedef enum crn_status {
#define CRN_STATUS_ENUM(name, number, text) CRN_##name = number,
    CRN_STATUS_MAP(CRN_STATUS_ENUM)
#undef CRN_STATUS_ENUM
} crn_status;

/** "The offset of this error is not known." */
#define CRN_NO_OFFSET UINT64_MAX

/** What went wrong. A plain struct for the stack; nothing in it must be freed. */
typedef struct crn_error {
    crn_status code;
    uint64_t offset; /**< byte in the input file, or CRN_NO_OFFSET */
    char where[128]; /**< path inside the model: "steps[1].components_", "layers[2].kernel"; may
                        be "" */
    char message[384]; /**< "X has 12 features, but PCA is expecting 30 features as input" */
} crn_error;

#ifdef __cplusplus
#define CRN_ERROR_INIT                                                                         \
    {                                                                                          \
        CRN_OK, CRN_NO_OFFSET, {0},                                                            \
        {                                                                                      \
            0                                                                                  \
        }                                                                                      \
    }
#else
#define CRN_ERROR_INIT                                                                         \
    {                                                                                          \
        .code = CRN_OK, .offset = CRN_NO_OFFSET                                                \
    }
#endif

/** The status's own name: "CRN_FORMAT". Never NULL: an unknown number gives "CRN_INTERNAL".
 * Thread-safe. */
CRN_API const char *crn_status_name(crn_status status);

/** The sentence of CRN_STATUS_MAP. Never NULL. Thread-safe. */
CRN_API const char *crn_status_text(crn_status status);

CRN_END_DECLS

#endif
