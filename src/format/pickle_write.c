/* SPDX-License-Identifier: BSD-3-Clause */
/* From a document to a file's bytes: in which style, and with what compression around. What was
 * read comes out as the same bytes. */
#include "format/pickle.h"

#include "format/codec.h"
#include "format/pickle_container.h"
#include "format/pickle_save.h"

/* How fresh documents are written: as the newest joblib does by default. */
static const crn_pickle_style newest = {.codec = CRN_CODEC_NONE,
                                        .level = -1,
                                        .protocol = 4,
                                        .joblib = true,
                                        .alignment = CRN_JOBLIB_ALIGNMENT,
                                        .framed = true};

static crn_status check_style(const crn_pickle_style *style, crn_error *err)
{
    if (style->protocol < 0 || style->protocol > CRN_PICKLE_NEWEST)
        return crn_fail(err, CRN_ARGUMENT,
                        "the pickle protocol must be from 0 to %d. Got %d instead.",
                        CRN_PICKLE_NEWEST, style->protocol);
    if (style->alignment < 0 || style->alignment > 255)
        return crn_fail(err, CRN_ARGUMENT,
                        "the alignment must be from 0 to 255. Got %d instead.",
                        style->alignment);
    return CRN_OK;
}

static crn_status write_stream(const crn_document *document, const crn_pickle_style *asked,
                               const crn_pickle_style *style, crn_text *out, crn_error *err)
{
    const crn_pickle_container *container = document->container;
    bool exact = container != NULL && container->style.protocol == style->protocol;
    crn_pickle_saver s = {
        .o = {.out = out,
              .protocol = style->protocol,
              .framed = style->framed,
              .c_pickler = exact ? container->c_pickler : !style->joblib,
              .raw_controls = exact && container->raw_controls,
              .exact = exact},
        .lowering = {.style = *style, .exact = exact, .keeps_arrays = asked == NULL},
        .begin = out->size};
    CRN_TRY(crn_document_create(NULL, &s.lowering.scratch, err));
    crn_status status = crn_pickle_save(&s, document->root, err);
    crn_document_release(s.lowering.scratch);
    return status;
}

crn_status crn_pickle_write(const crn_document *document, const crn_pickle_style *style,
                            crn_text *out, crn_error *err)
{
    const size_t largest = (size_t)1 << 46; /* a model may be larger than other texts */
    const crn_pickle_style *read = crn_document_pickle_style(document);
    const crn_pickle_style *chosen = style != NULL ? style : read != NULL ? read : &newest;
    CRN_TRY(check_style(chosen, err));
    if (out->cap == 0)
        out->cap = largest;
    if (chosen->codec == CRN_CODEC_NONE)
        return write_stream(document, style, chosen, out, err);
    crn_text stream = {.cap = largest};
    crn_status status = write_stream(document, style, chosen, &stream, err);
    if (status == CRN_OK)
        status =
            crn_codec_deflate(chosen->codec, chosen->level, stream.data, stream.size, out, err);
    crn_text_free(&stream);
    return status;
}
