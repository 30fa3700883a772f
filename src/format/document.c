/* SPDX-License-Identifier: BSD-3-Clause */
/* Documents: the owners of objects, and of the memory that arrays inside them borrow. */
#include "format/object.h"

#include <stdlib.h>

#include "base/limits.h"

crn_status crn_document_create(const crn_limits *limits, crn_document **out, crn_error *err)
{
    *out = NULL;
    crn_document *document = crn_calloc(1, sizeof *document);
    if (document == NULL)
        return crn_no_memory(err);
    document->arena = crn_arena_create(crn_limits_complete(limits).memory_bytes);
    if (document->arena == NULL) {
        free(document);
        return crn_no_memory(err);
    }
    atomic_init(&document->references, 1);
    *out = document;
    return CRN_OK;
}

crn_document *crn_document_retain(crn_document *document)
{
    if (document != NULL)
        atomic_fetch_add_explicit(&document->references, 1, memory_order_relaxed);
    return document;
}

void crn_document_release(crn_document *document)
{
    if (document == NULL)
        return;
    if (atomic_fetch_sub_explicit(&document->references, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < document->buffer_count; i++)
        crn_buffer_release(document->buffers[i]);
    free(document->buffers);
    crn_arena_destroy(document->arena);
    free(document);
}

crn_status crn_document_keep(crn_document *document, crn_buffer *buffer, crn_error *err)
{
    void *grown = document->buffers;
    crn_status status = crn_grow(&grown, &document->buffer_capacity, document->buffer_count,
                                 sizeof(crn_buffer *), err);
    document->buffers = (crn_buffer **)grown;
    if (status != CRN_OK) {
        crn_buffer_release(buffer);
        return status;
    }
    document->buffers[document->buffer_count++] = buffer;
    return CRN_OK;
}
