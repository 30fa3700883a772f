/* SPDX-License-Identifier: BSD-3-Clause */
/* TextVectorization, as keras/src/layers/preprocessing/text_vectorization.py (3.15): texts to
 * the indices of their tokens, or to counts of them. Standardizing and splitting by a user's own
 * function is refused. */
#include <string.h>

#include "keras/layers/preprocessing/vocabulary.h"

typedef struct text_vectorization {
    crn_layer_config base;
    const crn_object *max_tokens, *standardize, *split, *ngrams;
    const char *output_mode;
    const crn_object *output_sequence_length;
    bool pad_to_max_tokens;
    const crn_object *vocabulary, *idf_weights;
    bool sparse; /* how TensorFlow keeps the result */
    bool ragged; /* refused */
    const char *encoding;
    const crn_object *vocabulary_size;
} text_vectorization;

static const crn_field fields[] = {
    CRN_PARAM(text_vectorization, max_tokens, OBJECT, "None", NULL),
    CRN_PARAM(text_vectorization, standardize, OBJECT, "'lower_and_strip_punctuation'", NULL),
    CRN_PARAM(text_vectorization, split, OBJECT, "'whitespace'", NULL),
    CRN_PARAM(text_vectorization, ngrams, OBJECT, "None", NULL),
    CRN_PARAM(text_vectorization, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(text_vectorization, output_sequence_length, OBJECT, "None", NULL),
    CRN_PARAM(text_vectorization, pad_to_max_tokens, BOOL, "False", NULL),
    CRN_PARAM(text_vectorization, vocabulary, OBJECT, "None", NULL),
    CRN_PARAM(text_vectorization, idf_weights, OBJECT, "None", NULL),
    CRN_PARAM(text_vectorization, sparse, BOOL, "False", NULL),
    CRN_PARAM(text_vectorization, ragged, BOOL, "False", NULL),
    CRN_PARAM(text_vectorization, encoding, STRING, "'utf-8'", NULL),
    CRN_LAYER_KEYWORD(text_vectorization, vocabulary_size, OBJECT, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum {
    MODES = CRN_CATEGORY_INT | CRN_CATEGORY_ONE_HOT | CRN_CATEGORY_MULTI_HOT |
            CRN_CATEGORY_COUNT | CRN_CATEGORY_TF_IDF
};

/* ---- what the config says ---- */

static crn_status read_standardize(const text_vectorization *config,
                                   crn_vectorize_attributes *out, crn_error *err)
{
    static const struct {
        const char *name;
        bool lowers, strips;
    } all[] = {{"lower_and_strip_punctuation", true, true},
               {"lower", true, false},
               {"strip_punctuation", false, true}};
    if (crn_object_is_none(config->standardize))
        return CRN_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!crn_object_is_str(config->standardize, all[i].name))
            continue;
        out->lowers = all[i].lowers;
        out->strips_punctuation = all[i].strips;
        return CRN_OK;
    }
    return crn_fail(err, CRN_UNSUPPORTED,
                    "TextVectorization: the option standardize is not supported as a function");
}

static crn_status read_split(const text_vectorization *config, crn_vectorize_attributes *out,
                             crn_error *err)
{
    if (crn_object_is_none(config->split))
        out->split = CRN_SPLIT_NONE;
    else if (crn_object_is_str(config->split, "whitespace"))
        out->split = CRN_SPLIT_WHITESPACE;
    else if (crn_object_is_str(config->split, "character"))
        out->split = CRN_SPLIT_CHARACTER;
    else
        return crn_fail(err, CRN_UNSUPPORTED,
                        "TextVectorization: the option split is not supported as a function");
    return CRN_OK;
}

/* The bits of the n-grams: of 1 .. n, or of each number in a list that rises. */
static bool read_ngrams(const crn_object *ngrams, uint32_t *out)
{
    int64_t n = 0, before = 0;
    *out = 2;
    if (crn_object_is(ngrams, CRN_OBJ_DICT)) /* a tuple's record */
        ngrams = crn_object_get(ngrams, "items");
    if (crn_object_is_none(ngrams))
        return true;
    if (crn_object_as_int(ngrams, &n)) {
        const bool fits = n >= 1 && n <= CRN_MOST_NGRAMS;
        *out = fits ? (uint32_t)((UINT64_C(2) << n) - 2) : 0;
        return fits;
    }
    *out = 0;
    for (size_t i = 0; i < crn_object_length(ngrams); i++, before = n) {
        if (!crn_object_as_int(crn_object_item(ngrams, i), &n) || n <= before ||
            n > CRN_MOST_NGRAMS)
            return false;
        *out |= UINT32_C(1) << n;
    }
    return *out != 0;
}

static crn_status vocabulary_of(const crn_layer *layer, crn_vocabulary *out, crn_error *err)
{
    const text_vectorization *config = layer->config;
    crn_object *mask = crn_object_str(layer->document, "");
    crn_object *oov = crn_object_str(layer->document, "[UNK]");
    if (mask == NULL || oov == NULL)
        return crn_arena_fail(layer->document->arena, err);
    *out = (crn_vocabulary){.tokens = config->vocabulary,
                            .mask_token = mask,
                            .oov_token = oov,
                            .idf_weights = config->idf_weights,
                            .max_tokens = config->max_tokens,
                            .size = config->vocabulary_size,
                            .num_oov_indices = 1,
                            .pad_to_max_tokens = config->pad_to_max_tokens,
                            .texts = true};
    return crn_category_mode_read(layer, config->output_mode, MODES, &out->mode, err);
}

/* Rows as long as the longest of their batch have no width that could be known. */
static crn_status read_width(const text_vectorization *config, const crn_vocabulary *vocabulary,
                             crn_vectorize_attributes *out, crn_error *err)
{
    out->counts = vocabulary->mode != CRN_CATEGORY_INT;
    out->binary =
        vocabulary->mode == CRN_CATEGORY_MULTI_HOT || vocabulary->mode == CRN_CATEGORY_ONE_HOT;
    out->oov = out->counts ? 0 : 1;
    if (vocabulary->mode == CRN_CATEGORY_ONE_HOT && out->split != CRN_SPLIT_NONE)
        return crn_fail(
            err, CRN_UNSUPPORTED,
            "TextVectorization: output_mode='one_hot' is not supported with a split");
    if (out->counts) {
        out->width = crn_vocabulary_depth(vocabulary);
        return CRN_OK;
    }
    if (crn_object_as_int(config->output_sequence_length, &out->width) && out->width >= 1)
        return CRN_OK;
    if (crn_object_is_none(config->output_sequence_length) && out->split == CRN_SPLIT_NONE) {
        out->width = 1;
        return CRN_OK;
    }
    return crn_fail(err, CRN_UNSUPPORTED,
                    "TextVectorization: output_mode='int' needs an output_sequence_length: "
                    "without it the rows are as long as the longest text of their batch, which "
                    "is not supported");
}

static crn_status read_attributes(const crn_layer *layer, crn_vocabulary *vocabulary,
                                  crn_vectorize_attributes *out, crn_error *err)
{
    const text_vectorization *config = layer->config;
    *out = (crn_vectorize_attributes){0};
    CRN_TRY(vocabulary_of(layer, vocabulary, err));
    CRN_TRY(read_standardize(config, out, err));
    CRN_TRY(read_split(config, out, err));
    if (!read_ngrams(config->ngrams, &out->ngrams))
        return crn_fail(
            err, CRN_UNSUPPORTED,
            "TextVectorization: `ngrams` must be None, an integer, or integers that "
            "rise, of at most %d",
            CRN_MOST_NGRAMS);
    return read_width(config, vocabulary, out, err);
}

/* ---- the layer ---- */

static crn_status check(crn_layer *layer, crn_error *err)
{
    const text_vectorization *config = layer->config;
    crn_vectorize_attributes attributes;
    crn_vocabulary vocabulary;
    if (config->ragged)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "TextVectorization: the option ragged is not supported");
    CRN_TRY(read_attributes(layer, &vocabulary, &attributes, err));
    return crn_vocabulary_check(layer, &vocabulary, err);
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    crn_vectorize_attributes attributes;
    crn_vocabulary vocabulary;
    char shape[CRN_SHAPE_TEXT];
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(read_attributes(layer, &vocabulary, &attributes, err));
    if (in[0].dtype != CRN_OBJECT)
        return crn_fail(err, CRN_DTYPE, "Layer \"%s\" expects texts, not %s", layer->name,
                        crn_dtype_name(in[0].dtype));
    if (in[0].ndim > 1 || (in[0].ndim == 1 && in[0].shape[0] != 1))
        return crn_fail(
            err, CRN_SHAPE,
            "When using `TextVectorization` to tokenize strings, the input rank must "
            "be 1 or the last shape dimension must be 1. Received: %s",
            crn_layer_shape_text(&in[0], shape, sizeof shape));
    *out = crn_type_vector(attributes.counts ? CRN_FLOAT32 : CRN_INT64, attributes.width);
    return CRN_OK;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    crn_graph *graph = lowering->graph;
    crn_vectorize_attributes attributes;
    crn_vocabulary vocabulary;
    crn_vocabulary_table table;
    (void)n_in;
    if (read_attributes(layer, &vocabulary, &attributes, &graph->error) != CRN_OK ||
        crn_vocabulary_table_make(layer, &vocabulary, graph, &table) != CRN_OK)
        return CRN_NO_VALUE;
    const crn_value y = crn_vectorize_text(graph, in[0], table.keys, table.values, &attributes);
    return crn_vocabulary_weigh(layer, &vocabulary, graph, y);
}

static crn_status load_asset(crn_layer *layer, const char *name, const uint8_t *bytes,
                             size_t size, crn_error *err)
{
    text_vectorization *config = layer->config;
    CRN_TRY(crn_vocabulary_load(layer, true, name, bytes, size, &config->vocabulary,
                                &config->idf_weights, err));
    return check(layer, err);
}

const crn_layer_type crn_layer_TextVectorization = {
    .base = {.name = "TextVectorization",
             .module = "keras.layers",
             .size = sizeof(text_vectorization),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .dtypes = "string int64",
    .check = check,
    .load_asset = load_asset,
};
