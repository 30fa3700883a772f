/* SPDX-License-Identifier: BSD-3-Clause */
/* StringLookup and IntegerLookup, as keras/src/layers/preprocessing/string_lookup.py and
 * integer_lookup.py (3.15). */
#include <string.h>

#include "keras/layers/preprocessing/vocabulary.h"
#include "ops/elementwise.h"

typedef struct index_lookup {
    crn_layer_config base;
    const crn_object *max_tokens;
    int64_t num_oov_indices;
    const crn_object *mask_token, *oov_token, *vocabulary, *idf_weights;
    const char *vocabulary_dtype;
    bool invert;
    const char *output_mode;
    bool sparse; /* how TensorFlow keeps the result */
    bool pad_to_max_tokens;
    const char *oov_method, *encoding;
    const crn_object *salt, *vocabulary_size;
} index_lookup;

/* What only configs have. */
#define VOCABULARY_SIZE CRN_LAYER_KEYWORD(index_lookup, vocabulary_size, OBJECT, "None")
/* Keys of late versions. */
#define LATE(member, kind, default_, more)                                                     \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL | more,                                  \
        .offset = offsetof(index_lookup, member), .dflt = default_, .since = "3.14"            \
    }

static const crn_field string_fields[] = {
    CRN_PARAM(index_lookup, max_tokens, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, num_oov_indices, INT, "1", NULL),
    CRN_PARAM(index_lookup, mask_token, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, oov_token, OBJECT, "'[UNK]'", NULL),
    CRN_PARAM(index_lookup, vocabulary, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, idf_weights, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, invert, BOOL, "False", NULL),
    CRN_PARAM(index_lookup, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(index_lookup, pad_to_max_tokens, BOOL, "False", NULL),
    CRN_PARAM(index_lookup, sparse, BOOL, "False", NULL),
    CRN_PARAM(index_lookup, encoding, STRING, "'utf-8'", NULL),
    LATE(salt, OBJECT, "None", CRN_FIELD_KEYWORD),
    LATE(oov_method, STRING, "'floormod'", CRN_FIELD_KEYWORD),
    VOCABULARY_SIZE,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static const crn_field integer_fields[] = {
    CRN_PARAM(index_lookup, max_tokens, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, num_oov_indices, INT, "1", NULL),
    CRN_PARAM(index_lookup, mask_token, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, oov_token, OBJECT, "-1", NULL),
    CRN_PARAM(index_lookup, vocabulary, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, vocabulary_dtype, STRING, "'int64'", NULL),
    CRN_PARAM(index_lookup, idf_weights, OBJECT, "None", NULL),
    CRN_PARAM(index_lookup, invert, BOOL, "False", NULL),
    CRN_PARAM(index_lookup, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(index_lookup, sparse, BOOL, "False", NULL),
    CRN_PARAM(index_lookup, pad_to_max_tokens, BOOL, "False", NULL),
    LATE(oov_method, STRING, "'floormod'", 0),
    LATE(salt, OBJECT, "None", 0),
    VOCABULARY_SIZE,
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum {
    MODES = CRN_CATEGORY_INT | CRN_CATEGORY_ONE_HOT | CRN_CATEGORY_MULTI_HOT |
            CRN_CATEGORY_COUNT | CRN_CATEGORY_TF_IDF
};

static bool is_of_texts(const crn_layer *layer)
{
    return layer->type == &crn_layer_StringLookup;
}

static crn_status vocabulary_of(const crn_layer *layer, crn_vocabulary *out, crn_error *err)
{
    const index_lookup *config = layer->config;
    *out = (crn_vocabulary){.tokens = config->vocabulary,
                            .mask_token = config->mask_token,
                            .oov_token = config->oov_token,
                            .idf_weights = config->idf_weights,
                            .max_tokens = config->max_tokens,
                            .size = config->vocabulary_size,
                            .num_oov_indices = config->num_oov_indices,
                            .pad_to_max_tokens = config->pad_to_max_tokens,
                            .texts = is_of_texts(layer),
                            .inverts = config->invert};
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, MODES, &out->mode, err));
    CRN_TRY(crn_category_salt(layer, config->salt, &out->buckets, err));
    if (!out->texts && strcmp(config->oov_method, "floormod") == 0)
        out->buckets.hash = CRN_TOKEN_MODULO;
    return CRN_OK;
}

static crn_status check(crn_layer *layer, crn_error *err)
{
    const index_lookup *config = layer->config;
    crn_vocabulary vocabulary;
    if (config->oov_method == NULL || (strcmp(config->oov_method, "floormod") != 0 &&
                                       strcmp(config->oov_method, "farmhash") != 0))
        return crn_fail(err, CRN_ARGUMENT,
                        "Unknown value of oov_method: %s; it is 'floormod' or 'farmhash'",
                        config->oov_method != NULL ? config->oov_method : "None");
    CRN_TRY(vocabulary_of(layer, &vocabulary, err));
    return crn_vocabulary_check(layer, &vocabulary, err);
}

static crn_status check_tokens(const crn_layer *layer, const crn_type *in, crn_error *err)
{
    const index_lookup *config = layer->config;
    const bool texts = is_of_texts(layer) && !config->invert;
    if ((in->dtype == CRN_OBJECT) == texts)
        return CRN_OK;
    return crn_fail(err, CRN_DTYPE, "Layer \"%s\" expects %s, not %s", layer->name,
                    texts ? "texts" : "numbers", crn_dtype_name(in->dtype));
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    crn_vocabulary vocabulary;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(check_tokens(layer, &in[0], err));
    CRN_TRY(vocabulary_of(layer, &vocabulary, err));
    CRN_TRY(crn_category_infer(layer, &in[0], vocabulary.mode,
                               crn_vocabulary_depth(&vocabulary), out, err));
    if (vocabulary.inverts && vocabulary.texts) {
        out->dtype = CRN_OBJECT;
        out->itemsize = (int64_t)crn_dtype_size(CRN_OBJECT);
    }
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    crn_graph *graph = lowering->graph;
    crn_vocabulary vocabulary;
    crn_vocabulary_table table;
    (void)n_in;
    if (vocabulary_of(layer, &vocabulary, &graph->error) != CRN_OK)
        return CRN_NO_VALUE;
    if (vocabulary.inverts)
        return crn_vocabulary_invert(layer, &vocabulary, graph, in[0]);
    if (crn_vocabulary_table_make(layer, &vocabulary, graph, &table) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value x = vocabulary.texts ? in[0] : crn_cast(graph, in[0], CRN_INT64);
    return crn_vocabulary_encode(
        layer, &vocabulary, graph,
        crn_find_tokens(graph, x, table.keys, table.values, &table.buckets));
}

static crn_status load_asset(crn_layer *layer, const char *name, const uint8_t *bytes,
                             size_t size, crn_error *err)
{
    index_lookup *config = layer->config;
    CRN_TRY(crn_vocabulary_load(layer, is_of_texts(layer), name, bytes, size,
                                &config->vocabulary, &config->idf_weights, err));
    return check(layer, err);
}

const crn_layer_type crn_layer_StringLookup = {
    .base = {.name = "StringLookup",
             .module = "keras.layers",
             .size = sizeof(index_lookup),
             .fields = string_fields},
    .infer = infer,
    .lower = lower,
    .dtypes = "int64 string",
    .check = check,
    .load_asset = load_asset,
};

const crn_layer_type crn_layer_IntegerLookup = {
    .base = {.name = "IntegerLookup",
             .module = "keras.layers",
             .size = sizeof(index_lookup),
             .fields = integer_fields},
    .infer = infer,
    .lower = lower,
    .dtypes = "int64",
    .check = check,
    .load_asset = load_asset,
};
