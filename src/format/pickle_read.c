/* SPDX-License-Identifier: BSD-3-Clause */
/* From a file's bytes to a document: the compression around, the pickle inside, and what the
 * writer must know to make the same file again. */
#include "format/pickle.h"

#include <string.h>

#include "base/limits.h"
#include "format/codec.h"
#include "format/joblib_array.h"
#include "format/pickle_container.h"
#include "format/pickle_opcodes.h"

bool crn_pickle_sniff(const uint8_t *bytes, size_t size)
{
    /* What values can begin with in protocols 0 and 1, which have no PROTO. */
    static const char text_openers[] = "(cI]})FVSLNGJKMXTU";
    if (crn_codec_sniff(bytes, size) != CRN_CODEC_NONE)
        return true;
    if (size >= 2 && bytes[0] == CRN_OP_PROTO)
        return bytes[1] <= CRN_PICKLE_NEWEST;
    return size >= 2 && bytes[0] != '\0' && strchr(text_openers, bytes[0]) != NULL &&
           bytes[size - 1] == CRN_OP_STOP;
}

/* Inflates the file if it is compressed; the document keeps the stream's bytes either way. */
static crn_status open_stream(crn_document *document, crn_buffer *file,
                              const crn_limits *limits, crn_pickle_style *style,
                              crn_buffer **stream, crn_error *err)
{
    const uint8_t *bytes = crn_buffer_data(file);
    size_t size = crn_buffer_size(file);
    style->codec = crn_codec_sniff(bytes, size);
    style->level = crn_codec_level(style->codec, bytes, size);
    if (style->codec == CRN_CODEC_NONE)
        *stream = crn_buffer_retain(file);
    else
        CRN_TRY(crn_codec_inflate(style->codec, bytes, size, limits, stream, err));
    return crn_document_keep(document, *stream, err);
}

static crn_status read_document(crn_document *document, crn_buffer *file, const char *directory,
                                const crn_limits *limits, crn_error *err)
{
    crn_pickle_container *container = crn_arena_alloc(document->arena, 1, sizeof *container);
    if (container == NULL)
        return crn_arena_fail(document->arena, err);
    document->container = container;
    crn_joblib_reader reader = {.directory = directory, .limits = limits};
    CRN_TRY(open_stream(document, file, limits, &container->style, &reader.file, err));

    crn_bytes in = crn_bytes_of(crn_buffer_data(reader.file), crn_buffer_size(reader.file));
    uint64_t objects_left = limits->objects;
    crn_pickle_stream stream = {.in = &in,
                                .document = document,
                                .objects_left = &objects_left,
                                .text_bytes = limits->text_bytes,
                                .made = crn_joblib_made,
                                .context = &reader};
    CRN_TRY(crn_pickle_run(&stream, err));
    document->root = stream.root;

    crn_pickle_style *style = &container->style;
    style->protocol = stream.protocol;
    style->framed = stream.framed;
    style->joblib = reader.found_wrapper || reader.found_legacy || !reader.found_plain;
    style->alignment = reader.found_wrapper ? reader.alignment : CRN_JOBLIB_ALIGNMENT;
    container->legacy = reader.found_legacy;
    container->raw_controls = stream.raw_controls;
    container->c_pickler = stream.c_batches;
    return crn_object_check_nesting(document->root, limits->nesting, err);
}

crn_status crn_pickle_read(crn_buffer *file, const char *directory, const crn_limits *limits,
                           crn_document **out, crn_error *err)
{
    const crn_limits complete = crn_limits_complete(limits);
    crn_document *document = NULL;
    *out = NULL;
    CRN_TRY(crn_document_create(&complete, &document, err));
    crn_status status = read_document(document, file, directory, &complete, err);
    if (status != CRN_OK)
        crn_document_release(document);
    else
        *out = document;
    return status;
}

const crn_pickle_style *crn_document_pickle_style(const crn_document *document)
{
    const crn_pickle_container *container = document->container;
    return container != NULL ? &container->style : NULL;
}
