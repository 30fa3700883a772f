/* SPDX-License-Identifier: BSD-3-Clause */
/* image_patches: sklearn.feature_extraction.image.extract_patches_2d (1.9) without a limit, for
 * each row an image. Input: x (rows, h, w[, channels]) float64. */
#include <stdio.h>
#include <string.h>

#include "ops/features.h"
#include "ops/infer.h"

typedef struct crn_image_patches_attributes {
    int64_t height, width;
} crn_image_patches_attributes;

static crn_status image_patches_infer(const void *attributes, const crn_type *in, int n_in,
                                      crn_type *out, crn_error *err)
{
    const crn_image_patches_attributes *a = attributes;
    CRN_TRY(crn_infer_count("image_patches", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT64 || (in[0].ndim != 2 && in[0].ndim != 3))
        return crn_fail(err, CRN_DTYPE, "image_patches: images of float64 are needed");
    if (a->height < 1 || a->height > in[0].shape[0])
        return crn_fail(err, CRN_ARGUMENT,
                        "Height of the patch should be less than the height "
                        "of the image.");
    if (a->width < 1 || a->width > in[0].shape[1])
        return crn_fail(err, CRN_ARGUMENT,
                        "Width of the patch should be less than the width of "
                        "the image.");
    const int64_t patches = (in[0].shape[0] - a->height + 1) * (in[0].shape[1] - a->width + 1);
    const int64_t shape[4] = {patches, a->height, a->width, in[0].shape[2]};
    out[0] = in[0];
    out[0].ndim = in[0].ndim + 1;
    memcpy(out[0].shape, shape, (size_t)out[0].ndim * sizeof *shape);
    return CRN_OK;
}

static void image_patches_forward(const crn_call *call)
{
    const crn_image_patches_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t height = type->shape[0], width = type->shape[1];
    const int64_t channels = type->ndim == 3 ? type->shape[2] : 1;
    const size_t line = (size_t)(a->width * channels);
    const double *x = call->in[0];
    double *out = call->out[0];
    for (int64_t row = 0; row < call->rows; row++, x += height * width * channels) {
        for (int64_t i = 0; i + a->height <= height; i++) {
            for (int64_t j = 0; j + a->width <= width; j++) {
                for (int64_t k = 0; k < a->height; k++, out += line)
                    memcpy(out, x + ((i + k) * width + j) * channels, line * sizeof *out);
            }
        }
    }
}

static void image_patches_cost(const void *attributes, const crn_type *in, const crn_type *out,
                               crn_cost *cost)
{
    (void)attributes, (void)in;
    cost->multiply_adds = (double)crn_type_size(&out[0]);
}

static void image_patches_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_image_patches_attributes *a = attributes;
    snprintf(buffer, size, "(%lld, %lld)", (long long)a->height, (long long)a->width);
}

const crn_op crn_op_image_patches = {
    .name = "image_patches",
    .attributes_size = sizeof(crn_image_patches_attributes),
    .n_out = 1,
    .infer = image_patches_infer,
    .forward = image_patches_forward,
    .cost = image_patches_cost,
    .describe = image_patches_describe,
};

crn_value crn_image_patches(crn_graph *graph, crn_value x, int64_t height, int64_t width)
{
    const crn_image_patches_attributes attributes = {.height = height, .width = width};
    return crn_graph_add(graph, &crn_op_image_patches, &attributes, &x, 1);
}
