/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/pickle_file.h"

#include <string.h>

#include "format/codec.h"

static crn_status codec_of(const char *compress, crn_codec *codec, int *level, crn_error *err)
{
    const char *colon = strchr(compress, ':');
    const size_t size = colon != NULL ? (size_t)(colon - compress) : strlen(compress);
    *level = -1;
    for (crn_codec c = CRN_CODEC_ZLIB; c <= CRN_CODEC_LZ4; c++) {
        const char *name = crn_codec_name(c);
        if (strlen(name) != size || strncmp(name, compress, size) != 0)
            continue;
        int64_t number = 0;
        if (colon != NULL &&
            (!crn_parse_int(colon + 1, strlen(colon + 1), &number) || number < 0 || number > 9))
            return crn_fail(err, CRN_ARGUMENT, "compression level must be 0 to 9, not '%s'",
                            colon + 1);
        if (colon != NULL)
            *level = (int)number;
        *codec = c;
        return CRN_OK;
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "unknown compression '%s'; known are zlib, gzip, bz2, lzma, xz and lz4",
                    compress);
}

/* A protocol below 2 is older than every Python that has joblib. */
static crn_status check_numbers(const crn_save_options *options, crn_error *err)
{
    if (options->protocol != 0 && (options->protocol < 2 || options->protocol > 5))
        return crn_fail(err, CRN_ARGUMENT, "protocol must be 2 to 5, not %d",
                        options->protocol);
    if (options->numpy < 0 || options->numpy > 2)
        return crn_fail(err, CRN_ARGUMENT, "the NumPy to write for must be 1 or 2, not %d",
                        options->numpy);
    return CRN_OK;
}

crn_status crn_pickle_file_style(const crn_save_options *options, const char *class_name,
                                 crn_pickle_style *style, crn_error *err)
{
    const bool plain = strcmp(options->format, "pickle") == 0;
    if (!plain && strcmp(options->format, "joblib") != 0)
        return crn_fail(err, CRN_UNSUPPORTED, "%s is saved as joblib or pickle, not as %s",
                        class_name, options->format);
    CRN_TRY(check_numbers(options, err));
    if (options->compress != NULL)
        CRN_TRY(codec_of(options->compress, &style->codec, &style->level, err));
    if (options->protocol != 0) {
        style->protocol = options->protocol;
        style->framed = options->protocol >= 4;
    }
    if (options->numpy != 0)
        style->numpy = options->numpy;
    style->joblib = !plain;
    return CRN_OK;
}

crn_status crn_pickle_file_rewrite(const crn_document *document, const char *class_name,
                                   const crn_save_options *options, crn_text *out,
                                   crn_error *err)
{
    const crn_pickle_style *read = crn_document_pickle_style(document);
    if (read == NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "%s was not read from a pickle", class_name);
    crn_pickle_style style = *read;
    CRN_TRY(crn_pickle_file_style(options, class_name, &style, err));
    const bool as_it_was = options->compress == NULL && options->protocol == 0 &&
                           options->numpy == 0 && style.joblib == read->joblib;
    return crn_pickle_write(document, as_it_was ? NULL : &style, out, err);
}
