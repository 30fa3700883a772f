/* SPDX-License-Identifier: BSD-3-Clause */
/* What a layer is: a config struct with its rows, its weights, the shapes it gives and the
 * operations it lowers to, in one const struct at the foot of its own file, listed in
 * layers.def. Layers have no backward of their own: they lower to operations, and operations
 * have it. The pattern file is core/dense.c. */
#ifndef CRN_KERAS_LAYERS_LAYER_H
#define CRN_KERAS_LAYERS_LAYER_H

#include "keras/constraints/constraint.h"
#include "keras/initializers/initializer.h"
#include "keras/keras_class.h"
#include "keras/regularizers/regularizer.h"
#include "ops/graph.h"

typedef struct crn_layer crn_layer;
struct crn_vector_function; /* ops/recurrence.h */

/* A variable of a layer. */
typedef struct crn_layer_weight {
    const char *name; /* "kernel" */
    /* Where the layer keeps it in an object of its own ("cell", "query_dense"): that object's
     * path in files of Keras 3, and the name that stands before the weight's ("lstm_cell").
     * NULL: in the layer itself. */
    const char *object, *scope;
    crn_array array; /* dense; training writes into it */
    bool borrowed; /* the array is a file's memory: crn_network_own_weights() copies it first */
    bool trainable; /* by its nature: moving averages are not */
    bool learns;    /* it is trainable, and so are its layer and those around it; once built */
    size_t index;   /* in the outermost model's order, once built */
    crn_initializer initializer;
    crn_regularizer regularizer;
    crn_constraint constraint;
} crn_layer_weight;

/* Lowering one model into one graph. Each weight becomes one value of the graph however often
 * its layer is called. */
typedef struct crn_lowering {
    crn_graph *graph;
    bool training;
    bool penalize;        /* penalties are wanted: of fit() and evaluate(), not of predict() */
    int64_t batch;        /* rows of a batch, as the model's inputs fix it; 0: any */
    crn_value *weights;   /* by crn_layer_weight.index; CRN_NO_VALUE: not yet met */
    crn_value *penalties; /* regularizers' and activity regularizers' values, for the loss */
    size_t penalty_count, penalty_capacity;
} crn_lowering;

/* How a layer is called, as Keras 3 records it: {"args": [...], "kwargs": {...}}. The tensors
 * in them, in the order in which they stand there (args first), are the call's inputs. */
typedef struct crn_layer_arguments {
    const crn_object *args, *kwargs;  /* NULL: called on the tensors alone, in a row */
    const crn_object *const *tensors; /* their records, by identity; [tensor_count] */
    int tensor_count;
} crn_layer_arguments;

/* One call while shapes are inferred. */
typedef struct crn_layer_shapes {
    const crn_layer_arguments *arguments;
    int n_in;
    const crn_type *in;
    int n_out;     /* 1 at first */
    crn_type *out; /* [CRN_MOST_TENSORS]; zeroed */
} crn_layer_shapes;

/* One call while it is lowered. Masks are Keras's own, that travel with the tensors: CRN_BOOL
 * values (rows, the first axes of the tensor's item); CRN_NO_VALUE where there is none. */
typedef struct crn_layer_io {
    const crn_layer_arguments *arguments;
    int n_in;
    const crn_value *in, *in_masks;
    int n_out;                  /* 1 at first */
    crn_value *out, *out_masks; /* [CRN_MOST_TENSORS]; CRN_NO_VALUE at first */
} crn_layer_io;

enum { CRN_MOST_TENSORS = 64 }; /* that a layer is called on, and that it gives */

typedef struct crn_layer_type {
    crn_keras_class base; /* name, fields, size of the config */
    /* required: one of each pair */
    /* Shapes of one item (no batch axis), lengths may be -1: CRN_SHAPE in Keras's words. infer:
     * for the layers that give one tensor, whatever the arguments. */
    crn_status (*infer)(const crn_layer *layer, const crn_type *in, int n_in, crn_type *out,
                        crn_error *err);
    crn_status (*infer_many)(const crn_layer *layer, crn_layer_shapes *call, crn_error *err);
    /* Shapes are those of the values, crn_graph_type(): the config may leave lengths open.
     * lower_many: for layers that read or make masks, read arguments, or give several tensors. */
    crn_value (*lower)(const crn_layer *layer, crn_lowering *lowering, const crn_value *in,
                       int n_in);
    void (*lower_many)(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io);
    /* optional */
    /* Names of dtypes, separated by blanks, that its config may have besides float32, because
     * they say nothing of the numbers it computes with: "int64 string". */
    const char *dtypes;
    bool trains; /* it has a form for fit(); else training is refused */
    /* It computes in float64 under that policy; else that is refused. */
    bool in_float64;
    /* With lower(): the mask of the first input is that of the output; else masks end here. */
    bool supports_masking;
    /* Declares the weights with crn_layer_add_weight(), in the order Keras creates them. NULL:
     * none. */
    crn_status (*build)(crn_layer *layer, const crn_type *in, int n_in, crn_error *err);
    /* After the config was read: names resolved, relations checked, children read. */
    crn_status (*check)(crn_layer *layer, crn_error *err);
    /* Whether it takes keyword arguments in a call that are neither None nor False; others are
     * refused by name. NULL: none but `training`, and `mask` in layers with lower_many(). */
    bool (*takes_argument)(const crn_layer *layer, const char *name);
    /* The arguments of a call in their order, NULL behind the last: files of Keras 2 give all but
     * the first by name. NULL: the first is the only one without a name. */
    const char *const *arguments;
    /* A file that belongs to the layer in the archive, "vocabulary.txt". */
    crn_status (*load_asset)(crn_layer *layer, const char *name, const uint8_t *bytes,
                             size_t size, crn_error *err);
    /* Keras 3 counts it as built only once it was called, and keeps the shape it was called on
     * in build_config. */
    bool built_by_call;
    /* Python's name of the class, by which files find its weights, where Keras exports it under
     * another. */
    const char *python_name;
    /* A weight of a child that the layer counts among its own, the first of them, in files of the
     * new layout; once built. */
    const crn_layer_weight *(*find_tracked)(const crn_layer *layer);
} crn_layer_type;

/* The config of every layer begins with this. */
typedef struct crn_layer_config {
    const char *name; /* NULL: made from the class, as Keras does ("dense", "dense_1") */
    bool trainable;
    const crn_object *dtype; /* a policy, see keras/dtype_policy.h; NULL or None: float32 */
    const crn_object *activity_regularizer;
    /* Keras 2's ways to say the input's shape with the first layer: (4,), 4, (None, 4). */
    const crn_object *input_shape, *input_dim, *batch_input_shape;
} crn_layer_config;

/* A keyword argument of the constructor that no config gets. */
#define CRN_LAYER_ARGUMENT(type_, member)                                                      \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_KEYWORD | CRN_FIELD_UNWRITTEN,                    \
        .offset = offsetof(type_, member), .dflt = "None"                                      \
    }
#define CRN_LAYER_KEYWORD(type_, member, kind, default_)                                       \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind,                                             \
        .flags = CRN_FIELD_PARAM | CRN_FIELD_KEYWORD, .offset = offsetof(type_, member),       \
        .dflt = default_                                                                       \
    }

/* A row of Keras 3 that Keras 2 calls otherwise; configs of Keras 2 get the old name. */
#define CRN_LAYER_RENAMED(type_, member, kind, default_, old)                                  \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_##kind, .flags = CRN_FIELD_PARAM,                   \
        .offset = offsetof(type_, member), .dflt = default_, .since = "3.0", .old_names = old  \
    }

/* Rows of every layer, for the end of a table, and the row that some have. */
/* clang-format off */
#define CRN_LAYER_FIELDS \
    CRN_LAYER_KEYWORD(crn_layer_config, name, STRING, "None"), \
    CRN_LAYER_KEYWORD(crn_layer_config, trainable, BOOL, "True"), \
    CRN_LAYER_KEYWORD(crn_layer_config, dtype, OBJECT, "None"), \
    CRN_LAYER_ARGUMENT(crn_layer_config, input_shape), \
    CRN_LAYER_ARGUMENT(crn_layer_config, input_dim), \
    CRN_LAYER_ARGUMENT(crn_layer_config, batch_input_shape)
#define CRN_LAYER_ACTIVITY_REGULARIZER \
    CRN_PARAM(crn_layer_config, activity_regularizer, OBJECT, "None", NULL)
/* clang-format on */

struct crn_layer {
    const crn_layer_type *type;
    void *config;     /* base.size bytes; begins with a crn_layer_config */
    const char *name; /* unique in its model */
    bool trainable;
    crn_layer_weight *weights;
    size_t weight_count, weight_capacity;
    /* Layers inside it (of a wrapper, a cell of an RNN), and by which path files of Keras 3
     * find them: "layer", "cell", "cells/lstm_cell_1". */
    struct crn_layer_child *children;
    size_t child_count, child_capacity;
    struct crn_network *network; /* a model that is used as a layer; else NULL */
    int depth;                   /* 1 + that of its deepest child */
    crn_dtype compute;           /* of its dtype policy (keras/dtype_policy.h) */
    int keras; /* 2 or 3: whose definitions hold (hard_sigmoid); set by the model */
    bool built;
    int n_in;                             /* tensors of the first call, once built */
    const crn_layer_arguments *arguments; /* of the first call, while it is built */
    crn_type input, output;               /* of the first call, once built */
    const crn_object *record;             /* what it was read from; NULL: made by us */
    crn_regularizer activity_regularizer;
    crn_document *document;  /* the model's: config strings and objects */
    uint64_t *weight_budget; /* bytes that weights may still take, the model's; NULL: any */
};

typedef struct crn_layer_child {
    const char *path;
    crn_layer *layer;
} crn_layer_child;

/* All layers: extern const crn_layer_type crn_layer_<class>. */
#define CRN_LAYER(name, path) extern const crn_layer_type crn_layer_##name;
#include "keras/layers/layers.def"
#undef CRN_LAYER

extern const crn_keras_kind crn_layers;

/* From a constructor call or a config record ({class_name, config, ...}). Errors: those of
 * crn_keras_class_read(); in a record, CRN_UNSUPPORTED for an unknown class, a user's own
 * class, Lambda, and an option that no row names and that is neither None nor False. */
crn_status crn_layer_read(const crn_object *object, crn_document *document, crn_layer **out,
                          crn_error *err);
void crn_layer_destroy(crn_layer *layer); /* NULL is fine */
/* The class as Python's code calls it: names of layers and paths in files are made of it. */
const char *crn_layer_python_name(const crn_layer *layer);
/* Back to a layer that is not built. */
void crn_layer_free_weights(crn_layer *layer);
/* Whose definitions hold, and which memory its weights count in: of the layer and all in it. */
void crn_layer_adopt(crn_layer *layer, int keras, uint64_t *weight_budget);
enum { CRN_DEEPEST_LAYER = 32 };

/* ---- calling a layer ---- */

/* What one call gives. */
crn_status crn_layer_infer(const crn_layer *layer, crn_layer_shapes *call, crn_error *err);
/* Makes the weights for the shapes of the first call; later ones change nothing. */
crn_status crn_layer_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err);
void crn_layer_lower(const crn_layer *layer, crn_lowering *lowering, crn_layer_io *io);

/* An argument of the call by its name, or by its place in args; NULL when it is not given.
 * `place` < 0: only by name. */
const crn_object *crn_layer_argument(const crn_layer_arguments *arguments, const char *name,
                                     int place);
/* Which input of the call an argument is; -1: it is not a tensor. */
int crn_layer_argument_tensor(const crn_layer_arguments *arguments, const crn_object *argument);

/* ---- for the layers' own files ---- */

/* Takes a layer as a child, also on failure. In check(), or in build() for one that the layer
 * makes itself. path: static, or of the document. */
crn_status crn_layer_add_child(crn_layer *layer, const char *path, crn_layer *child,
                               crn_error *err);

/* Declares the next weight; float32, zeroed until initialised or loaded. initializer etc.:
 * config objects, NULL for none. */
crn_status crn_layer_add_weight(crn_layer *layer, const char *name, int32_t ndim,
                                const int64_t *shape, bool trainable,
                                const crn_object *initializer, const crn_object *regularizer,
                                const crn_object *constraint, crn_error *err);

/* The same with all that a weight can say; spec->name must be set. dtype CRN_NO_DTYPE:
 * float32. */
typedef struct crn_weight_spec {
    const char *name, *object, *scope; /* as in crn_layer_weight */
    crn_dtype dtype;
    int32_t ndim;
    const int64_t *shape;
    bool trainable;
    const crn_object *initializer, *regularizer, *constraint;
} crn_weight_spec;
crn_status crn_layer_add_weight_as(crn_layer *layer, const crn_weight_spec *spec,
                                   crn_error *err);

/* Weight i as a value: a constant at inference, a variable while training (trainable when the
 * weight, and the layer, are). */
crn_value crn_layer_weight_value(const crn_layer *layer, crn_lowering *lowering, size_t i);

/* Takes an activity regularizer of x into the loss; x itself otherwise. What
 * crn_layer_activate() ends with. */
crn_value crn_layer_penalize(const crn_layer *layer, crn_lowering *lowering, crn_value x);

/* CRN_UNSUPPORTED, naming layer and option, when a value is given that is not None (and not
 * False). */
crn_status crn_layer_refuse(const crn_layer *layer, const char *option, const crn_object *value,
                            crn_error *err);
/* A number of a config, also as Keras 2 wrote NumPy's ({"type": "ndarray", "value": 0.3});
 * CRN_ARGUMENT in Keras's words for a negative one and for None. */
crn_status crn_layer_slope(const crn_layer *layer, const char *option, const crn_object *value,
                           float *out, crn_error *err);
/* CRN_SHAPE in Keras's words unless there is one input with at least that many axes, the batch
 * counted. */
crn_status crn_layer_check_input(const crn_layer *layer, const crn_type *in, int n_in,
                                 int min_ndim, crn_error *err);
/* The length of an axis (negative: from the end) that weights depend on: CRN_SHAPE in Keras's
 * words when the shape leaves it open. */
crn_status crn_layer_known_axis(const crn_layer *layer, const crn_type *in, int32_t axis,
                                int64_t *out, crn_error *err);
/* The infer() of layers that keep the shape of their one input. */
crn_status crn_layer_same_shape(const crn_layer *layer, const crn_type *in, int n_in,
                                crn_type *out, crn_error *err);
/* "(None, 4)" as Keras prints the shape of a batch, into buffer; returns buffer. */
const char *crn_layer_shape_text(const crn_type *type, char *buffer, size_t size);
enum { CRN_SHAPE_TEXT = 192 }; /* a buffer that takes every shape */

/* ---- activations by name or record (activation.c of this folder) ---- */

/* An error in Keras's words when the activation is not known. */
crn_status crn_layer_activation_check(const crn_layer *layer, const crn_object *activation,
                                      crn_error *err);
/* Is it glu, which makes half as many features? */
bool crn_layer_activation_halves(const crn_layer *layer, const crn_object *activation);
/* activation(x), as the version of Keras that wrote the model defines it; None is linear. */
crn_value crn_layer_activate(const crn_layer *layer, crn_lowering *lowering, crn_value x,
                             const crn_object *activation);
/* The function itself, for operations that run it inside; false: not known. */
bool crn_layer_function(const crn_layer *layer, const crn_object *activation,
                        struct crn_vector_function *out);

#endif
