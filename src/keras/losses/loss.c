/* SPDX-License-Identifier: BSD-3-Clause */
/* Losses: the classes of losses.def, their configs, and the loss in a graph
 * (keras/src/losses/losses.py, 3.15). */
#include "keras/losses/loss.h"

#include <stdlib.h>
#include <string.h>

#include "ops/activation.h"
#include "ops/rows.h"

/* ---- rows of the configs ---- */

#define REDUCTION                                                                              \
    CRN_PARAM(crn_loss_config, reduction, STRING, "'sum_over_batch_size'", NULL),              \
        CRN_PARAM(crn_loss_config, name, STRING, "None", NULL)
#define AXIS CRN_PARAM(crn_loss_config, axis, INT, "-1", NULL)

static const crn_field plain_fields[] = {REDUCTION, CRN_FIELDS_END};
static const crn_field axis_fields[] = {AXIS, REDUCTION, CRN_FIELDS_END};
static const crn_field huber_fields[] = {CRN_PARAM(crn_loss_config, delta, REAL, "1.0", NULL),
                                         REDUCTION, CRN_FIELDS_END};
static const crn_field crossentropy_fields[] = {
    CRN_PARAM(crn_loss_config, from_logits, BOOL, "False", NULL),
    CRN_PARAM(crn_loss_config, label_smoothing, REAL, "0.0", "[0, 1]"), AXIS, REDUCTION,
    CRN_FIELDS_END};
static const crn_field sparse_fields[] = {
    CRN_PARAM(crn_loss_config, from_logits, BOOL, "False", NULL),
    CRN_PARAM(crn_loss_config, ignore_class, OBJECT, "None", NULL), AXIS, REDUCTION,
    CRN_FIELDS_END};

/* The reductions by name. */
static bool find_reduction(const char *name, crn_loss_reduction *out)
{
    static const struct {
        const char *name;
        crn_loss_reduction reduction;
    } known[] = {{"sum_over_batch_size", CRN_REDUCTION_SUM_OVER_BATCH_SIZE},
                 {"mean", CRN_REDUCTION_SUM_OVER_BATCH_SIZE},
                 {"auto", CRN_REDUCTION_SUM_OVER_BATCH_SIZE}, /* Keras 2 */
                 {"sum", CRN_REDUCTION_SUM},
                 {"mean_with_sample_weight", CRN_REDUCTION_MEAN_WITH_SAMPLE_WEIGHT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name) == 0) {
            *out = known[i].reduction;
            return true;
        }
    }
    return false;
}

static crn_status check(const void *config_, crn_error *err)
{
    const crn_loss_config *config = config_;
    crn_loss_reduction reduction;
    if (config->reduction == NULL || strcmp(config->reduction, "none") == 0)
        return crn_fail(err, CRN_UNSUPPORTED, "a loss with reduction=None cannot be trained");
    if (!find_reduction(config->reduction, &reduction))
        return crn_fail(
            err, CRN_ARGUMENT,
            "Invalid value for argument `reduction`. Expected one of "
            "'sum_over_batch_size', 'mean', 'sum', 'mean_with_sample_weight'. Received: "
            "reduction=%s",
            config->reduction);
    if (config->axis != 0 && config->axis != -1)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "losses over axis %lld are not supported, only over -1",
                        (long long)config->axis);
    if (config->ignore_class != NULL && !crn_object_is_none(config->ignore_class))
        return crn_fail(err, CRN_UNSUPPORTED, "`ignore_class` is not supported");
    return CRN_OK;
}

/* ---- classes ---- */

#define CRN_KERAS_LOSS(class_, function_, others, kind_, rows)                                 \
    static const crn_loss_class loss_##class_ = {.base = {.name = #class_,                     \
                                                          .other_names = function_ others,     \
                                                          .module = "keras.losses",            \
                                                          .size = sizeof(crn_loss_config),     \
                                                          .fields = rows##_fields,             \
                                                          .check = check},                     \
                                                 .function = function_,                        \
                                                 .kind = CRN_LOSS_##kind_};
#include "keras/losses/losses.def"
#undef CRN_KERAS_LOSS

static const crn_keras_class *const classes[] = {
#define CRN_KERAS_LOSS(class_, function_, others, kind_, rows) &loss_##class_.base,
#include "keras/losses/losses.def"
#undef CRN_KERAS_LOSS
};

const crn_keras_kind crn_losses = {
    .noun = "loss", .classes = classes, .count = sizeof classes / sizeof *classes};

crn_status crn_loss_read(const crn_object *object, crn_document *document, crn_keras_loss *out,
                         crn_error *err)
{
    const crn_keras_class *cls;
    void *memory;
    CRN_TRY(crn_keras_class_read(&crn_losses, object, document, &cls, &memory, err));
    const crn_loss_config *config = memory;
    out->cls = (const crn_loss_class *)cls;
    out->attributes = (crn_loss_attributes){.kind = out->cls->kind,
                                            .from_logits = config->from_logits,
                                            .label_smoothing = (float)config->label_smoothing,
                                            .delta = (float)config->delta};
    find_reduction(config->reduction, &out->attributes.reduction);
    free(memory);
    return CRN_OK;
}

/* ---- in a graph ---- */

static bool is_crossentropy(crn_loss_kind kind)
{
    return kind == CRN_LOSS_BINARY_CROSSENTROPY || kind == CRN_LOSS_CATEGORICAL_CROSSENTROPY ||
           kind == CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
}

/* What went into the softmax or sigmoid that made `prediction`; CRN_NO_VALUE when something
 * else did. Keras remembers it with the outcome of either function and uses it for any of the
 * crossentropies. */
static crn_value logits_of(const crn_graph *graph, crn_value prediction)
{
    if (prediction == CRN_NO_VALUE || graph->values[prediction].role != CRN_VALUE_NODE)
        return CRN_NO_VALUE;
    const crn_graph_node *node = &graph->nodes[graph->values[prediction].node];
    if (node->op == &crn_op_softmax &&
        ((const crn_softmax_attributes *)node->attributes)->kind == CRN_SOFTMAX)
        return node->in[0];
    if (node->op == &crn_op_activation &&
        ((const crn_activation *)node->attributes)->kind == CRN_SIGMOID)
        return node->in[0];
    return CRN_NO_VALUE;
}

crn_value crn_loss_add(crn_graph *graph, const crn_keras_loss *loss, crn_value prediction,
                       crn_value target, crn_value weight)
{
    crn_loss_attributes attributes = loss->attributes;
    crn_value logits =
        is_crossentropy(attributes.kind) ? logits_of(graph, prediction) : CRN_NO_VALUE;
    if (logits != CRN_NO_VALUE)
        attributes.from_logits = true;
    return crn_loss(graph, logits != CRN_NO_VALUE ? logits : prediction, target, weight,
                    &attributes);
}

crn_status crn_loss_check_targets(const crn_keras_loss *loss, const crn_array *targets,
                                  int64_t classes_, crn_error *err)
{
    if (loss->attributes.kind != CRN_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY)
        return CRN_OK;
    for (int64_t i = 0; i < crn_array_size(targets); i++) {
        double label = crn_array_get(targets, i);
        if (!(label > -1.0 && label < (double)classes_))
            return crn_fail(
                err, CRN_ARGUMENT,
                "Received a label value of %g which is outside the valid range of [0, %lld).",
                label, (long long)classes_);
    }
    return CRN_OK;
}
