/* SPDX-License-Identifier: BSD-3-Clause */
/* The pickle virtual machine: runs one stream from its first opcode to STOP and records what it
 * says. It imports nothing and calls nothing. A joblib file may hold further streams inside
 * (object arrays). */
#ifndef CRN_FORMAT_PICKLE_MACHINE_H
#define CRN_FORMAT_PICKLE_MACHINE_H

#include "base/bytes.h"
#include "format/object.h"

typedef struct crn_pickle_stream crn_pickle_stream;

struct crn_pickle_stream {
    /* Given. */
    crn_bytes *in; /* stands at the first opcode; ends behind STOP */
    crn_document *document;
    uint64_t *objects_left; /* counts down over all streams of a file */
    uint64_t text_bytes;    /* the limit */
    /* Called with the object after each REDUCE and each BUILD: joblib splices arrays in behind
     * a BUILD. NULL: a plain stream. */
    crn_status (*made)(crn_pickle_stream *stream, crn_object *object, crn_error *err);
    void *context; /* of `made` */

    /* Found. */
    crn_object *root;
    int protocol;      /* PROTO's argument, or what the opcodes belong to */
    bool framed;       /* FRAME occurs */
    bool raw_controls; /* UNICODE lines as CPython before 3.7 wrote them */
    bool c_batches;    /* batches of one or none, as only CPython's C pickler writes them */
};

crn_status crn_pickle_run(crn_pickle_stream *stream, crn_error *err);

#endif
