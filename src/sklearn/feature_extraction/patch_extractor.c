/* SPDX-License-Identifier: BSD-3-Clause */
/* PatchExtractor, as sklearn/feature_extraction/image.py (1.9), of all patches: with
 * max_patches it draws them at random. An image's patches stay together here: (images, patches,
 * ...) where Python joins the two axes. */
#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct patch_extractor {
    crn_estimator_base base;
    const crn_object *patch_size; /* (height, width); None: a tenth of the image */
    const crn_object *max_patches, *random_state;
} patch_extractor;

static const crn_field fields[] = {
    CRN_PARAM(patch_extractor, patch_size, OBJECT, "None", "tuple | None"),
    CRN_PARAM(patch_extractor, max_patches, OBJECT, "None", "None | float (0, 1) | int >= 1"),
    CRN_PARAM(patch_extractor, random_state, OBJECT, "None", "random_state"),
    CRN_FIELDS_END,
};

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const patch_extractor *model = self;
    const crn_type *type = crn_graph_type(graph, x);
    int64_t height = type->shape[0] / 10, width = type->shape[1] / 10;
    if (!crn_object_is_none(model->max_patches))
        return crn_graph_fail(graph, CRN_UNSUPPORTED,
                              "max_patches draws patches at random, which is not supported");
    if (!crn_object_is_none(model->patch_size) &&
        (crn_object_length(model->patch_size) != 2 ||
         !crn_object_as_int(crn_object_item(model->patch_size, 0), &height) ||
         !crn_object_as_int(crn_object_item(model->patch_size, 1), &width)))
        return crn_graph_fail(graph, CRN_ARGUMENT,
                              "patch_size must be a tuple of two integers");
    return crn_image_patches(graph, x, height, width);
}

/* Images of any size, without channels: colours come as images of their own. */
static crn_type input_type(const void *self, crn_method method)
{
    (void)self, (void)method;
    return crn_type_rows(CRN_FLOAT64, 2, (const int64_t[]){-1, -1});
}

const crn_estimator crn_estimator_PatchExtractor = {
    .name = "PatchExtractor",
    .module = "sklearn.feature_extraction.image",
    .modules = "sklearn.feature_extraction.image",
    .size = sizeof(patch_extractor),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .input_type = input_type,
};
