/* SPDX-License-Identifier: BSD-3-Clause */
/* clahe: contrast limited adaptive histogram equalization (K. Zuiderveld, Graphics Gems IV,
 * 1994), as keras/src/layers/preprocessing/image_preprocessing/clahe.py (3.15): each tile of the
 * image gets the distribution of its own values, and a pixel is mapped between those of the four
 * tiles around it. All in float32. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/image.h"
#include "ops/infer.h"

enum { LEVELS = 256, MOST_TILES = 1 << 14 };

/* One channel of one image, its places `step` apart, and its tiles. */
typedef struct channel {
    const crn_clahe_attributes *a;
    int64_t height, width, step;
    int64_t tile_height, tile_width;
    const float *x;
    float *y;
    float
        *maps; /* (grid_height, grid_width, LEVELS): histograms, then what each level becomes */
} channel;

static int64_t tile_length(int64_t n, int64_t tiles)
{
    return (n + tiles - 1) / tiles;
}

/* An axis is filled up to whole tiles by its own mirror image, which cannot be longer. */
static bool mirrors(int64_t n, int64_t tiles)
{
    return n > 0 && tiles > 0 && tiles <= 2 * n && tile_length(n, tiles) <= 2 * n / tiles;
}

static crn_status clahe_infer(const void *attributes, const crn_type *in, int n_in,
                              crn_type *out, crn_error *err)
{
    const crn_clahe_attributes *a = attributes;
    CRN_TRY(crn_infer_count("clahe", n_in, 1, 1, err));
    if (in[0].dtype != CRN_FLOAT32)
        return crn_fail(err, CRN_DTYPE, "clahe: takes float32, not %s",
                        crn_dtype_name(in[0].dtype));
    if (!in[0].rows || in[0].sparse || in[0].ndim != 3 || a->axis < 0 || a->axis > 1 ||
        !mirrors(in[0].shape[a->axis], a->grid_height) ||
        !mirrors(in[0].shape[a->axis + 1], a->grid_width))
        return crn_fail(err, CRN_SHAPE,
                        "clahe: takes images that %lld x %lld tiles can cover without filling "
                        "more than there is",
                        (long long)a->grid_height, (long long)a->grid_width);
    if (a->grid_height > MOST_TILES / a->grid_width)
        return crn_fail(err, CRN_LIMIT, "clahe: %lld x %lld tiles are more than %d",
                        (long long)a->grid_height, (long long)a->grid_width, MOST_TILES);
    out[0] = in[0];
    return CRN_OK;
}

static int64_t mirrored(int64_t i, int64_t n)
{
    return i < n ? i : 2 * n - 1 - i;
}

static int level_of(float byte)
{
    return byte > 0.0f ? byte < 255.0f ? (int)byte : 255 : 0; /* a NaN is 0 */
}

static int level_at(const channel *c, int64_t i, int64_t j)
{
    const int64_t at = mirrored(i, c->height) * c->width + mirrored(j, c->width);
    return level_of(crn_to_bytes(c->x[at * c->step], c->a->range));
}

static void count_levels(const channel *c)
{
    const int64_t tiles = c->a->grid_height * c->a->grid_width;
    memset(c->maps, 0, (size_t)tiles * LEVELS * sizeof(float));
    for (int64_t i = 0; i < c->tile_height * c->a->grid_height; i++) {
        float *row = c->maps + i / c->tile_height * c->a->grid_width * LEVELS;
        for (int64_t j = 0; j < c->tile_width * c->a->grid_width; j++)
            row[j / c->tile_width * LEVELS + level_at(c, i, j)] += 1.0f;
    }
}

/* What is above the limit is shared out over all levels. */
static void limit_contrast(float limit, float *histogram)
{
    float excess = 0.0f;
    for (int k = 0; k < LEVELS; k++) {
        const float kept = histogram[k] > limit ? limit : histogram[k];
        excess += histogram[k] - kept;
        histogram[k] = kept;
    }
    for (int k = 0; k < LEVELS; k++)
        histogram[k] += excess / 256.0f;
}

/* From a histogram to its scaled cumulative distribution. */
static void accumulate(float pixels, float *histogram)
{
    for (int k = 1; k < LEVELS; k++)
        histogram[k] += histogram[k - 1];
    const float least = histogram[0];
    const float rest = pixels - least == 0.0f ? 1.0f : pixels - least;
    for (int k = 0; k < LEVELS; k++) {
        const float level = (histogram[k] - least) * 255.0f / rest;
        histogram[k] = level < 0.0f ? 0.0f : level > 255.0f ? 255.0f : level;
    }
}

static void make_maps(const channel *c)
{
    const double pixels = (double)(c->tile_height * c->tile_width);
    count_levels(c);
    for (int64_t t = 0; t < c->a->grid_height * c->a->grid_width; t++) {
        if (c->a->clip_limit > 0.0)
            limit_contrast((float)(c->a->clip_limit * pixels / 256.0), c->maps + t * LEVELS);
        accumulate((float)pixels, c->maps + t * LEVELS);
    }
}

/* Between the middles of which tiles a place lies, and how far; edges have one tile. */
static float between(int64_t i, int64_t tile, int64_t tiles, int64_t *before, int64_t *after)
{
    const float at = ((float)i - (float)tile / 2.0f) / (float)tile + 1.0f, below = floorf(at);
    const int64_t last = tiles - 1;
    *before = (int64_t)below - 1;
    *after = *before + 1;
    *before = *before < 0 ? 0 : *before > last ? last : *before;
    *after = *after < 0 ? 0 : *after > last ? last : *after;
    return at - below;
}

static void blend_maps(const channel *c)
{
    int64_t north, south, west, east;
    for (int64_t i = 0; i < c->height; i++) {
        const float down = between(i, c->tile_height, c->a->grid_height, &north, &south);
        const float *upper = c->maps + north * c->a->grid_width * LEVELS;
        const float *lower = c->maps + south * c->a->grid_width * LEVELS;
        for (int64_t j = 0; j < c->width; j++) {
            const float right = between(j, c->tile_width, c->a->grid_width, &west, &east);
            const int level = level_at(c, i, j);
            const float top = upper[west * LEVELS + level] * (1.0f - right) +
                              upper[east * LEVELS + level] * right;
            const float bottom = lower[west * LEVELS + level] * (1.0f - right) +
                                 lower[east * LEVELS + level] * right;
            c->y[(i * c->width + j) * c->step] =
                crn_from_bytes(top * (1.0f - down) + bottom * down, c->a->range);
        }
    }
}

static void clahe_forward(const crn_call *call)
{
    const crn_clahe_attributes *a = call->attributes;
    const crn_type *type = &call->in_types[0];
    const int64_t size = crn_type_size(type), channels = type->shape[a->axis == 0 ? 2 : 0];
    channel c = {.a = a, .height = type->shape[a->axis], .width = type->shape[a->axis + 1]};
    c.maps = call->scratch;
    c.step = a->axis == 0 ? channels : 1;
    c.tile_height = tile_length(c.height, a->grid_height);
    c.tile_width = tile_length(c.width, a->grid_width);
    for (int64_t row = 0; row < call->rows; row++) {
        for (int64_t k = 0; k < channels; k++) {
            const int64_t at = row * size + (a->axis == 0 ? k : k * c.height * c.width);
            c.x = (const float *)call->in[0] + at;
            c.y = (float *)call->out[0] + at;
            make_maps(&c);
            blend_maps(&c);
        }
    }
}

static size_t clahe_scratch(const void *attributes, const crn_type *in, int n_in, int64_t rows)
{
    const crn_clahe_attributes *a = attributes;
    (void)in, (void)n_in, (void)rows;
    return (size_t)(a->grid_height * a->grid_width) * LEVELS * sizeof(float);
}

static void clahe_cost(const void *attributes, const crn_type *in, const crn_type *out,
                       crn_cost *cost)
{
    const crn_clahe_attributes *a = attributes;
    (void)in;
    cost->multiply_adds = 12.0 * (double)crn_type_size(&out[0]) +
                          4.0 * LEVELS * (double)(a->grid_height * a->grid_width);
}

static void clahe_describe(const void *attributes, char *buffer, size_t size)
{
    const crn_clahe_attributes *a = attributes;
    snprintf(buffer, size, "tiles=%lldx%lld", (long long)a->grid_height,
             (long long)a->grid_width);
}

const crn_op crn_op_clahe = {
    .name = "clahe",
    .attributes_size = sizeof(crn_clahe_attributes),
    .n_out = 1,
    .infer = clahe_infer,
    .forward = clahe_forward,
    .scratch = clahe_scratch,
    .cost = clahe_cost,
    .describe = clahe_describe,
};

crn_value crn_clahe(crn_graph *graph, crn_value x, const crn_clahe_attributes *attributes)
{
    return crn_graph_add(graph, &crn_op_clahe, attributes, &x, 1);
}
