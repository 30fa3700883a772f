/* SPDX-License-Identifier: BSD-3-Clause */
/* A Keras model: layers, the calls that connect them, and how it was compiled. A Sequential is
 * a graph whose calls stand in a row; the same structure carries Functional models. */
#ifndef CRN_KERAS_MODELS_NETWORK_H
#define CRN_KERAS_MODELS_NETWORK_H

#include "keras/layers/layer.h"
#include "keras/losses/loss.h"
#include "keras/metrics/metric.h"
#include "keras/optimizers/optimizer.h"
#include "model/model.h"
#include "model/registry.h"

/* One output of one call. */
typedef struct crn_tensor {
    int call, output;
} crn_tensor;

/* A layer called on tensors. Calls stand in an order that can be run. */
typedef struct crn_layer_call {
    crn_layer *layer;
    int64_t node; /* which of its layer's calls it is, as records count them */
    int n_in;
    crn_tensor *in;                /* [n_in]; empty for an InputLayer */
    crn_layer_arguments arguments; /* of its record, in Keras 3's form */
    int n_out;                     /* once built */
    crn_type *out;                 /* [n_out] once built */
} crn_layer_call;

/* A weight of the model: which layer's, and which of them. */
typedef struct crn_weight_place {
    crn_layer *layer;
    size_t i;
} crn_weight_place;

/* What compile() was told. loss.cls NULL: not compiled. */
typedef struct crn_compilation {
    crn_optimizer *optimizer;
    crn_keras_loss loss;
    const crn_object *loss_object; /* as given, for configs */
    crn_metric **metrics;
    size_t metric_count;
} crn_compilation;

enum { CRN_MOST_METRICS = 64 };

void crn_compilation_free(crn_compilation *compilation); /* leaves it all-zero: not compiled */

typedef struct crn_network crn_network;
struct crn_network {
    const char *class_name; /* "Sequential", "Functional" */
    const char *name;       /* "sequential" */
    crn_document *document; /* a reference: names, configs, shapes that were made */
    crn_layer **layers;     /* in config order, an InputLayer first where there is one */
    size_t layer_count, layer_capacity;
    crn_layer_call *calls;
    size_t call_count, call_capacity;
    crn_tensor *inputs, *outputs;
    size_t input_count, output_count;
    crn_weight_place
        *weights; /* [weight_count] over all layers and those in them, once built */
    size_t weight_count;
    uint64_t weight_bytes;     /* most memory for weights */
    uint64_t weight_budget;    /* what build() has left of it */
    bool built;                /* input shapes known, weights made */
    bool has_weights;          /* initialised or loaded: predict is possible */
    const char *keras_version; /* of the file; NULL: made here */
    int keras; /* 2 or 3: whose definitions hold: hard_sigmoid, BatchNormalization's variance */
    crn_compilation compiled;
};

extern const crn_model_type crn_keras_model_type;
extern const crn_family crn_family_keras;

/* The network of a model of this family; NULL for other families. */
crn_network *crn_model_network(const crn_model *model);

/* ---- building (models/network.c, models/read.c) ---- */

/* Where a network comes from. */
typedef struct crn_network_source {
    const char *keras_version; /* of the file; NULL: what the record says ("keras_version"),
                                  else Keras 3 */
    uint64_t weight_bytes; /* most memory for weights, so that a config cannot ask for more than
                              its file can hold; 0: the default of limits.h, memory_bytes */
} crn_network_source;

/* An empty network, named as given (NULL: from the class). */
crn_status crn_network_create(crn_document *document, const char *class_name, const char *name,
                              crn_network **out, crn_error *err);
void crn_network_destroy(crn_network *network); /* NULL is fine */
void crn_network_free_calls(crn_network *network);
/* Back to a network that is not built. */
void crn_network_free_weights(crn_network *network);
/* Whose definitions hold, 2 or 3: in a model that is a layer of another. */
void crn_network_adopt(crn_network *network, int keras);
/* An empty call at the end. */
crn_status crn_network_add_call(crn_network *network, crn_layer *layer, crn_error *err);
/* Appends a layer, which it owns from then on, also on failure. A layer without a name gets
 * one. */
crn_status crn_network_add_layer(crn_network *network, crn_layer *layer, crn_error *err);
/* From Sequential(...) as an expression, or a model record ({class_name, config}) of any Keras
 * version: a Sequential, or a Functional model. Built when it tells the input's shape. source
 * NULL: all defaults. */
crn_status crn_network_read(const crn_object *object, crn_document *document,
                            const crn_network_source *source, crn_network **out,
                            crn_error *err);
/* The same from a record, not built yet: for models that are layers of others. */
crn_status crn_network_read_unbuilt(const crn_object *record, crn_document *document,
                                    const crn_network_source *source, crn_network **out,
                                    crn_error *err);
/* Shapes through all layers from those of the inputs (item shapes; a length -1 is open); makes
 * the weights, zeroed. A network that is built checks that the shapes agree. On failure it is
 * as before. */
crn_status crn_network_build(crn_network *network, const crn_type *inputs, crn_error *err);
/* Shapes of the outputs for inputs of these shapes; the network is built. */
crn_status crn_network_infer(const crn_network *network, const crn_type *inputs, crn_type *out,
                             crn_error *err);
/* Fills all weights by their initializers. */
crn_status crn_network_initialize(crn_network *network, uint64_t seed, crn_error *err);

/* A model of this family around a network, which it owns on success. */
crn_status crn_network_wrap(crn_network *network, crn_model **out, crn_error *err);

/* Shape of an item of input (output) i, as far as it is known. Only when built. */
const crn_type *crn_network_input_type(const crn_network *network, size_t i);
const crn_type *crn_network_output_type(const crn_network *network, size_t i);

/* Finds them, once all layers are built: crn_network.weights, and what each weight says of
 * itself. */
crn_status crn_network_number_weights(crn_network *network, crn_error *err);
/* All weights in Keras's order of model.weights: layer by layer, of each its own and then those
 * of its children. layer may be NULL. */
crn_layer_weight *crn_network_weight(const crn_network *network, size_t i, crn_layer **layer);
/* Copies the weights that are a file's memory, before they are written into. */
crn_status crn_network_own_weights(crn_network *network, crn_error *err);
/* The trainable weights, in order, for the optimizer: shared, so crn_array_free() each, then
 * free() the list. */
crn_status crn_network_trainable(const crn_network *network, crn_array **weights, size_t *count,
                                 crn_error *err);

/* ---- lowering (models/lowering.c) ---- */

/* Starts lowering into a graph; free it with crn_lowering_free(), also on failure. */
crn_status crn_lowering_begin(const crn_network *network, crn_graph *graph, bool training,
                              crn_lowering *out, crn_error *err);
void crn_lowering_free(crn_lowering *lowering);
/* Emits all calls. in: values of the input shapes, one for each input, and their masks (NULL:
 * none); out: one for each output, and masks where they are wanted (NULL: not). The values of
 * weights are in lowering->weights, penalties for the loss in lowering->penalties. */
crn_status crn_network_lower(const crn_network *network, crn_lowering *lowering,
                             const crn_value *in, const crn_value *in_masks, crn_value *out,
                             crn_value *out_masks, crn_error *err);

/* ---- compile, fit, evaluate (models/compile.c, models/training.c) ---- */

/* compile() with the options' optimizer, loss and metrics over what the network has. */
crn_status crn_network_compile(crn_network *network, crn_document *document,
                               const crn_fit_options *options, crn_error *err);
/* From a training_config (Keras 2 or 3) or compile_config; without a loss in it the network is
 * not compiled. An error (an unknown loss, options that are not supported) leaves it uncompiled
 * too: it may still predict. */
crn_status crn_network_read_compilation(crn_network *network, crn_document *document,
                                        const crn_object *config, crn_error *err);
crn_status crn_network_fit(crn_model *model, const crn_data *data,
                           const crn_fit_options *options, crn_history *history,
                           crn_error *err);
crn_status crn_network_evaluate(const crn_model *model, const crn_data *data, int batch_size,
                                crn_pool *pool, crn_scores *scores, crn_error *err);

/* ---- configs and files (models/config.c, saving/) ---- */

typedef enum crn_keras_dialect {
    CRN_KERAS_2, /* batch_input_shape, plain dtype strings, no modules: what every version takes
                    in .h5 */
    CRN_KERAS_3, /* records with module and registered_name, batch_shape: what 3.0 to 3.15 take
                    in .keras */
    CRN_KERAS_NEWEST /* as Keras 3.15 writes it, with every key: model.to_json() */
} crn_keras_dialect;

/* The model record {class_name, config, ...}, without a compile_config; NULL with an error.
 * target: the Keras that shall read it, 2 or 3; 0: the one whose definitions the network follows
 * (or Keras 3, in its dialects). CRN_UNSUPPORTED names the layer or option that it does not have,
 * or has with another meaning. */
crn_object *crn_network_config(const crn_network *network, crn_document *document,
                               crn_keras_dialect dialect, int target, crn_error *err);
/* training_config (dialect 2) or compile_config (dialect 3). When not compiled None, or {} as
 * the newest says it. */
crn_object *crn_network_compile_config(const crn_network *network, crn_document *document,
                                       crn_keras_dialect dialect, crn_error *err);

#endif
