/* SPDX-License-Identifier: BSD-3-Clause */
/* Discretization, as keras/src/layers/preprocessing/discretization.py (3.15): the bin of each
 * number, or what bins a sample has. What adapt() found stands in the config. */
#include "keras/layers/preprocessing/category_modes.h"
#include "keras/layers/preprocessing/config_numbers.h"
#include "ops/elementwise.h"
#include "ops/encode.h"

typedef struct discretization {
    crn_layer_config base;
    const crn_object *bin_boundaries, *num_bins;
    double epsilon; /* of adapt() */
    const char *output_mode;
    bool sparse; /* how TensorFlow keeps the result */
} discretization;

static const crn_field fields[] = {
    CRN_PARAM(discretization, bin_boundaries, OBJECT, "None", NULL),
    CRN_PARAM(discretization, num_bins, OBJECT, "None", NULL),
    CRN_PARAM(discretization, epsilon, REAL, "0.01", NULL),
    CRN_PARAM(discretization, output_mode, STRING, "'int'", NULL),
    CRN_PARAM(discretization, sparse, BOOL, "False", NULL),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

enum {
    MODES =
        CRN_CATEGORY_INT | CRN_CATEGORY_ONE_HOT | CRN_CATEGORY_MULTI_HOT | CRN_CATEGORY_COUNT
};

static crn_status check(crn_layer *layer, crn_error *err)
{
    const discretization *config = layer->config;
    crn_category_mode mode;
    crn_array boundaries = CRN_ARRAY_INIT;
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, MODES, &mode, err));
    if (crn_object_is_none(config->bin_boundaries))
        return crn_fail(err, CRN_ARGUMENT,
                        "You need to either pass the `bin_boundaries` argument at construction "
                        "time or call `adapt(dataset)` before you can start using the "
                        "`Discretization` layer.");
    if (crn_object_length(config->bin_boundaries) == 0)
        return CRN_OK;
    CRN_TRY(
        crn_config_numbers(layer, "bin_boundaries", config->bin_boundaries, &boundaries, err));
    const float *numbers = boundaries.data;
    bool rises = boundaries.ndim == 1;
    for (int64_t i = 1; rises && i < boundaries.shape[0]; i++)
        rises = numbers[i - 1] <= numbers[i];
    crn_array_free(&boundaries);
    return rises ? CRN_OK
                 : crn_fail(err, CRN_ARGUMENT,
                            "Discretization: `bin_boundaries` must be numbers that rise");
}

static int64_t bin_count(const discretization *config)
{
    return (int64_t)crn_object_length(config->bin_boundaries) + 1;
}

static crn_status infer(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err)
{
    const discretization *config = layer->config;
    crn_category_mode mode;
    CRN_TRY(crn_layer_check_input(layer, in, n_in, 1, err));
    CRN_TRY(crn_category_mode_read(layer, config->output_mode, MODES, &mode, err));
    return crn_category_infer(layer, &in[0], mode, bin_count(config), out, err);
}

static crn_value boundaries_of(const crn_layer *layer, crn_graph *graph)
{
    const discretization *config = layer->config;
    crn_array numbers = CRN_ARRAY_INIT;
    crn_value value = CRN_NO_VALUE;
    const int64_t none = 0;
    const crn_status status =
        bin_count(config) == 1
            ? crn_array_create(CRN_FLOAT32, 0, 1, &none, &numbers, &graph->error)
            : crn_config_numbers(layer, "bin_boundaries", config->bin_boundaries, &numbers,
                                 &graph->error);
    if (status == CRN_OK)
        value = crn_graph_constant(graph, &numbers);
    crn_array_free(&numbers);
    return value;
}

static crn_value lower(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in)
{
    const discretization *config = layer->config;
    crn_graph *graph = lowering->graph;
    crn_category_mode mode;
    (void)n_in;
    if (crn_category_mode_read(layer, config->output_mode, MODES, &mode, &graph->error) !=
        CRN_OK)
        return CRN_NO_VALUE;
    const crn_value x = crn_cast(graph, in[0], CRN_FLOAT32);
    return crn_category_lower(graph, crn_bucketize(graph, x, boundaries_of(layer, graph)),
                              CRN_NO_VALUE, mode, bin_count(config));
}

const crn_layer_type crn_layer_Discretization = {
    .base = {.name = "Discretization",
             .module = "keras.layers",
             .size = sizeof(discretization),
             .fields = fields},
    .infer = infer,
    .lower = lower,
    .dtypes = "int64 int32",
    .check = check,
};
