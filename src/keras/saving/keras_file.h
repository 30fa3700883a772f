/* SPDX-License-Identifier: BSD-3-Clause */
/* One view of the kinds of Keras files: the config, how the model was compiled, and where the
 * weights and the optimizer's state are. */
#ifndef CRN_KERAS_SAVING_KERAS_FILE_H
#define CRN_KERAS_SAVING_KERAS_FILE_H

#include "format/hdf5.h"
#include "format/zip.h"
#include "keras/saving/optimizer_state.h"
#include "keras/saving/staged_weights.h"

typedef struct crn_keras_file {
    const char *format;        /* "h5", "keras", "legacy_weights.h5", "weights.h5" or "json" */
    const char *keras_version; /* who wrote it; NULL: the file does not say */
    const crn_object *config;  /* the model's record; NULL: weights alone */
    const crn_object *compilation; /* training_config, compile_config; NULL: none */
    crn_h5 *h5;                    /* the weights; NULL: none */
    crn_zip *zip;                  /* the archive, for assets; NULL: it is none */
} crn_keras_file;

/* What the bytes are. Configs become objects of the document. Close it also after a failure. */
crn_status crn_keras_file_open(crn_buffer *bytes, const crn_limits *limits,
                               crn_document *document, crn_keras_file *out, crn_error *err);
void crn_keras_file_close(crn_keras_file *file);

/* Memory that all its arrays would take as float32: what a network from this file may need. */
uint64_t crn_keras_file_weight_bytes(const crn_keras_file *file);

crn_status crn_keras_file_read_weights(const crn_keras_file *file, crn_staged_weights *out,
                                       crn_error *err);
/* *out is empty when the file has no state. */
crn_status crn_keras_file_read_optimizer(const crn_keras_file *file, crn_optimizer_state *out,
                                         crn_error *err);

/* ---- .keras archives (keras_zip.c) ---- */

crn_status crn_keras_zip_open(crn_buffer *bytes, const crn_limits *limits,
                              crn_document *document, crn_keras_file *out, crn_error *err);
/* config: the record as config.json shall have it. optimizer: with its state. */
crn_status crn_keras_zip_write(const crn_network *network, const crn_object *config,
                               const char *keras_version, bool optimizer,
                               crn_document *document, crn_text *out, crn_error *err);

/* ---- what a loaded model remembers ---- */

/* In document->container, so that an unchanged model is saved as it was: the same bytes in the
 * same format, the same configs where something is left out. */
typedef struct crn_keras_source {
    const char *format;
    crn_buffer *bytes; /* the document keeps it */
    const crn_object *config, *compilation;
    crn_optimizer_layout layout; /* of the optimizer's state */
} crn_keras_source;

#endif
