/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of saved layers, as _save_container_state() of keras/src/saving/saving_lib.py
 * (3.15). */
#include "keras/saving/names.h"

#include <stdlib.h>
#include <string.h>

#include "keras/naming.h"

crn_layer *crn_saved_layer_next(const crn_network *network, size_t *i)
{
    const bool sequential = strcmp(network->class_name, "Sequential") == 0;
    while (*i < network->layer_count) {
        crn_layer *layer = network->layers[(*i)++];
        if (!sequential || layer->type != &crn_layer_InputLayer)
            return layer;
    }
    return NULL;
}

crn_status crn_layer_names_create(crn_document *document, crn_layer_names *out, crn_error *err)
{
    *out = (crn_layer_names){.document = document};
    out->used = crn_calloc(crn_layers.count, sizeof *out->used);
    return out->used != NULL ? CRN_OK : crn_no_memory(err);
}

void crn_layer_names_free(crn_layer_names *names)
{
    free(names->used);
}

static size_t class_index(const crn_layer *layer)
{
    size_t i = 0;
    while (i + 1 < crn_layers.count && crn_layers.classes[i] != &layer->type->base)
        i++;
    return i;
}

const char *crn_layer_names_next(crn_layer_names *names, const crn_layer *layer)
{
    const size_t before = names->used[class_index(layer)]++;
    const char *base = crn_snake_case(names->document, layer->type->base.name);
    return base != NULL ? crn_numbered_name(names->document, base, before) : NULL;
}
