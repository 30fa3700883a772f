/* SPDX-License-Identifier: BSD-3-Clause */
/* A network from a constructor call or a model record: which class it is, and whose definitions
 * hold. A user's own class is refused by name. */
#include <string.h>

#include "keras/layers/core/input_layer.h"
#include "keras/models/functional.h"
#include "keras/models/sequential.h"

/* The class as we name it; NULL for others. Keras 2.3 calls a Functional model "Model". */
static const char *class_of(const char *name)
{
    if (strcmp(name, "Sequential") == 0)
        return "Sequential";
    return strcmp(name, "Functional") == 0 || strcmp(name, "Model") == 0 ? "Functional" : NULL;
}

static crn_status find_class(const crn_object *record, const char **out, crn_error *err)
{
    const char *name = crn_object_text(crn_object_get(record, "class_name"));
    const char *registered = crn_object_text(crn_object_get(record, "registered_name"));
    if (name == NULL)
        return crn_fail(err, CRN_FORMAT,
                        "not the config of a Keras model: it has no class_name");
    if (registered != NULL && strchr(registered, '>') != NULL)
        return crn_fail(err, CRN_UNSUPPORTED, "the model '%s' is a user's own class",
                        registered);
    *out = class_of(name);
    if (*out != NULL)
        return CRN_OK;
    return crn_fail(
        err, CRN_UNSUPPORTED,
        "the model '%s' is a user's own class; Sequential and Functional are supported", name);
}

static bool is_keras_2(const char *version)
{
    return version != NULL && (version[0] == '1' || version[0] == '2');
}

static crn_status read_record(const crn_object *record, crn_document *document,
                              const crn_network_source *source, crn_network **out,
                              crn_error *err)
{
    const crn_object *config = crn_object_get(record, "config");
    const char *class_name, *version = source != NULL ? source->keras_version : NULL;
    const char *name = crn_object_text(crn_object_get(config, "name"));
    CRN_TRY(find_class(record, &class_name, err));
    CRN_TRY(crn_network_create(document, class_name, name, out, err));
    crn_network *network = *out;
    if (version == NULL)
        version = crn_object_text(crn_object_get(record, "keras_version"));
    if (source != NULL && source->weight_bytes > 0)
        network->weight_bytes = source->weight_bytes;
    network->keras_version = version;
    network->keras = is_keras_2(version) ? 2 : 3;
    return crn_network_is_functional(network) ? crn_functional_read(network, config, err)
                                              : crn_sequential_read(network, config, err);
}

crn_status crn_network_read_unbuilt(const crn_object *record, crn_document *document,
                                    const crn_network_source *source, crn_network **out,
                                    crn_error *err)
{
    crn_network *network = NULL;
    crn_status status = read_record(record, document, source, &network, err);
    if (status != CRN_OK)
        crn_network_destroy(network);
    else
        *out = network;
    return status;
}

/* As far as the shape of the input is told. */
static crn_status build(crn_network *network, crn_error *err)
{
    const bool told = network->input_count > 0 ||
                      (network->layer_count > 0 && crn_layer_is_input(network->layers[0]));
    return told ? crn_network_build(network, NULL, err) : CRN_OK;
}

crn_status crn_network_read(const crn_object *object, crn_document *document,
                            const crn_network_source *source, crn_network **out, crn_error *err)
{
    crn_network *network = NULL;
    crn_status status = crn_object_is(object, CRN_OBJ_DICT)
                            ? read_record(object, document, source, &network, err)
                            : crn_sequential_read_call(object, document, &network, err);
    if (status == CRN_OK)
        status = build(network, err);
    if (status != CRN_OK)
        crn_network_destroy(network);
    else
        *out = network;
    return status;
}
