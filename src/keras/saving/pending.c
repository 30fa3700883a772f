/* SPDX-License-Identifier: BSD-3-Clause */
/* Keras's files are not read yet. */
#include "keras/saving/saving.h"

bool crn_keras_sniff(const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return false;
}

crn_status crn_keras_load(crn_buffer *file, const char *path, const crn_load_options *options,
                          crn_model **out, crn_error *err)
{
    (void)file;
    (void)path;
    (void)options;
    (void)out;
    return crn_fail(err, CRN_UNSUPPORTED, "Keras files are not supported");
}

crn_status crn_keras_load_weights(crn_network *network, crn_document *document,
                                  crn_buffer *file, const crn_load_options *options,
                                  crn_error *err)
{
    (void)network;
    (void)document;
    (void)file;
    (void)options;
    return crn_fail(err, CRN_UNSUPPORTED, "Keras files are not supported");
}

crn_status crn_keras_save(const crn_model *model, const crn_save_options *options,
                          crn_text *out, crn_error *err)
{
    (void)model;
    (void)options;
    (void)out;
    return crn_fail(err, CRN_UNSUPPORTED, "Keras files are not supported");
}
