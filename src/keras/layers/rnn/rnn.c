/* SPDX-License-Identifier: BSD-3-Clause */
/* RNN and StackedRNNCells, as keras/src/layers/rnn/rnn.py and stacked_rnn_cells.py (3.15): a
 * cell, or several in a row, over all steps. */
#include <string.h>

#include "keras/layers/rnn/rnn.h"
#include "keras/naming.h"

/* ---- StackedRNNCells ---- */

typedef struct stacked_cells {
    crn_layer_config base;
    const crn_object *cells;
    const crn_object *reverse_state_order; /* Keras 2 */
} stacked_cells;

static const crn_field stacked_fields[] = {
    CRN_PARAM(stacked_cells, cells, OBJECT, NULL, NULL),
    CRN_LAYER_ARGUMENT(stacked_cells, reverse_state_order),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

static crn_status read_cell(const crn_layer *layer, const crn_object *object, crn_layer **out,
                            crn_error *err)
{
    CRN_TRY(crn_layer_read(object, layer->document, out, err));
    if (crn_layer_is_rnn_cell(*out))
        return CRN_OK;
    crn_fail(err, CRN_UNSUPPORTED, "%s: the cell %s is not supported", layer->type->base.name,
             (*out)->type->base.name);
    crn_layer_destroy(*out);
    return CRN_UNSUPPORTED;
}

/* "cells/lstm_cell", "cells/lstm_cell_1": as files of Keras 3 call the elements of a list. */
static const char *path_of(const crn_layer *layer, const crn_layer *cell)
{
    size_t before = 0;
    for (size_t i = 0; i < layer->child_count; i++)
        before += layer->children[i].layer->type == cell->type;
    const char *base = crn_snake_case(layer->document, cell->type->base.name);
    const char *name = base != NULL ? crn_numbered_name(layer->document, base, before) : NULL;
    crn_text path = CRN_TEXT_INIT;
    crn_text_printf(&path, "cells/%s", name != NULL ? name : "");
    const crn_object *kept =
        name != NULL && path.data != NULL ? crn_object_str(layer->document, path.data) : NULL;
    crn_text_free(&path);
    return crn_object_text(kept);
}

static crn_status add_cells(crn_layer *layer, const crn_object *cells, crn_error *err)
{
    const bool list = crn_object_is(cells, CRN_OBJ_LIST) || crn_object_is(cells, CRN_OBJ_TUPLE);
    if (!list || crn_object_length(cells) == 0 || crn_object_length(cells) > CRN_MOST_TENSORS)
        return crn_fail(err, CRN_ARGUMENT, "%s: cells must be a list of 1 to %d cells",
                        layer->type->base.name, CRN_MOST_TENSORS);
    for (size_t i = 0; i < crn_object_length(cells); i++) {
        crn_layer *cell;
        CRN_TRY(read_cell(layer, crn_object_item(cells, i), &cell, err));
        const char *path = path_of(layer, cell);
        if (path == NULL) {
            crn_layer_destroy(cell);
            return crn_arena_fail(layer->document->arena, err);
        }
        CRN_TRY(crn_layer_add_child(layer, path, cell, err));
    }
    return CRN_OK;
}

static crn_status stacked_check(crn_layer *layer, crn_error *err)
{
    const stacked_cells *config = layer->config;
    crn_rnn_cell_list all = {.count = 0};
    CRN_TRY(crn_layer_refuse(layer, "reverse_state_order", config->reverse_state_order, err));
    CRN_TRY(add_cells(layer, config->cells, err));
    return crn_rnn_cells(layer, &all, err);
}

static crn_status stacked_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    crn_type step = in[0];
    (void)n_in;
    for (size_t i = 0; i < layer->child_count; i++) {
        crn_rnn_cell_list cells = {.count = 0};
        CRN_TRY(crn_layer_build(layer->children[i].layer, &step, 1, err));
        CRN_TRY(crn_rnn_cells(layer->children[i].layer, &cells, err));
        step = crn_type_vector(CRN_FLOAT32, crn_rnn_cell_units(cells.at[cells.count - 1]));
    }
    return CRN_OK;
}

const crn_layer_type crn_layer_StackedRNNCells = {
    .base = {.name = "StackedRNNCells",
             .module = "keras.layers",
             .size = sizeof(stacked_cells),
             .fields = stacked_fields},
    .infer_many = crn_rnn_cell_infer,
    .lower_many = crn_rnn_cell_lower_call,
    .build = stacked_build,
    .check = stacked_check,
    .takes_argument = crn_rnn_cell_takes_argument,
    .built_by_call = true,
};

/* ---- RNN ---- */

typedef struct rnn {
    crn_rnn_config rnn;
    const crn_object *cell;
} rnn;

static const crn_field rnn_fields[] = {
    CRN_PARAM(rnn, cell, OBJECT, NULL, NULL),
    CRN_RNN_FIELDS,
    CRN_PARAM(crn_rnn_config, unroll, BOOL, "False", NULL),
    CRN_PARAM(crn_rnn_config, zero_output_for_mask, BOOL, "False", NULL),
    CRN_LAYER_ARGUMENT(crn_rnn_config, time_major),
    CRN_LAYER_KEYWORD(crn_layer_config, activity_regularizer, OBJECT, "None"),
    CRN_LAYER_FIELDS,
    CRN_FIELDS_END,
};

/* A list of cells is a StackedRNNCells. */
static const crn_object *cell_record(const crn_layer *layer, const crn_object *cell)
{
    if (!crn_object_is(cell, CRN_OBJ_LIST) && !crn_object_is(cell, CRN_OBJ_TUPLE))
        return cell;
    crn_object *record = crn_object_new(layer->document, CRN_OBJ_DICT);
    crn_object *config = crn_object_new(layer->document, CRN_OBJ_DICT);
    const bool made = crn_object_set(layer->document, config, "cells", (crn_object *)cell) &&
                      crn_object_set(layer->document, record, "class_name",
                                     crn_object_str(layer->document, "StackedRNNCells")) &&
                      crn_object_set(layer->document, record, "config", config);
    return made ? record : NULL;
}

static crn_status rnn_check(crn_layer *layer, crn_error *err)
{
    const rnn *config = layer->config;
    crn_layer *cell;
    CRN_TRY(crn_rnn_check(layer, err));
    const crn_object *record = cell_record(layer, config->cell);
    if (record == NULL)
        return crn_arena_fail(layer->document->arena, err);
    CRN_TRY(read_cell(layer, record, &cell, err));
    return crn_layer_add_child(layer, "cell", cell, err);
}

static crn_status rnn_build(crn_layer *layer, const crn_type *in, int n_in, crn_error *err)
{
    crn_type step = in[0];
    (void)n_in;
    step.ndim = 1;
    step.shape[0] = in[0].shape[1];
    return crn_layer_build(layer->children[0].layer, &step, 1, err);
}

const crn_layer_type crn_layer_RNN = {
    .base = {.name = "RNN",
             .module = "keras.layers",
             .size = sizeof(rnn),
             .fields = rnn_fields},
    .infer_many = crn_rnn_infer,
    .lower_many = crn_rnn_lower,
    .build = rnn_build,
    .check = rnn_check,
    .takes_argument = crn_rnn_takes_argument,
    .built_by_call = true,
};
