/* SPDX-License-Identifier: BSD-3-Clause */
/* Chains of linear maps become one: scale into affine, affine into scale, scale into scale,
 * affine into affine, also through a cast from float64 to float32 (a scikit-learn transformer
 * before a Keras layer). Everything is composed in float64 and rounded once.
 *
 * What can go wrong is cancellation. (x - mean) / deviation gives numbers of about unit size
 * and loses nothing; x W' + b' with mean / deviation folded into b' subtracts numbers of size
 * |mean / deviation| and loses as many digits as that has. The offsets are therefore bounded:
 * SMALL where the sum is done in float32 (2 x 2^-24 is 1e-7, a rounding or two), LARGE where it
 * is done in float64 (1e4 x 2^-53 is 1e-12). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/affine.h"
#include "ops/elementwise.h"
#include "ops/infer.h"
#include "plan/fuse.h"

static const double SMALL = 2, LARGE = 1e4;

/* Larger matrices are left alone: there a scaling is a small part of the work, and a copy costs
 * memory. */
enum { MOST_WEIGHTS = 1024 * 1024, MOST_COMPOSING = 100 * 1000 * 1000 };

/* z = x * factor + offset, for each place of the last axis */
typedef struct scaling {
    int64_t n;
    double *factor, *offset;
    bool divides; /* made by dividing by a spread: the result has about unit size */
} scaling;

/* y = x w + b */
typedef struct map {
    int64_t n_in, n_out;
    double *w; /* (n_in, n_out) */
    double *b; /* (n_out) */
} map;

static void free_scaling(scaling *s)
{
    free(s->factor);
    free(s->offset);
}

static void free_map(map *m)
{
    free(m->w);
    free(m->b);
}

static bool out_of_memory(crn_graph *graph)
{
    crn_no_memory(&graph->error);
    return false;
}

/* ---- reading nodes ---- */

static bool is_constant(const crn_graph *graph, crn_value value)
{
    return value == CRN_NO_VALUE || graph->values[value].role == CRN_VALUE_CONSTANT;
}

static double element(const crn_array *array, int64_t i)
{
    return array->dtype == CRN_FLOAT32 ? (double)((const float *)array->data)[i]
                                       : ((const double *)array->data)[i];
}

static double optional_element(const crn_graph *graph, const crn_graph_node *node, int k,
                               int64_t i, double missing)
{
    crn_value value = k < node->n_in ? node->in[k] : CRN_NO_VALUE;
    return value == CRN_NO_VALUE ? missing : element(&graph->values[value].array, i);
}

static bool is_plain_scale(const crn_graph *graph, const crn_graph_node *node, bool may_clip)
{
    if (node == NULL || node->op != &crn_op_scale)
        return false;
    const crn_scale_attributes *a = node->attributes;
    return (may_clip || !a->clip) && (node->n_in < 2 || is_constant(graph, node->in[1])) &&
           (node->n_in < 3 || is_constant(graph, node->in[2]));
}

static bool is_plain_affine(const crn_graph *graph, const crn_graph_node *node,
                            bool may_activate)
{
    if (node == NULL || node->op != &crn_op_affine)
        return false;
    const crn_affine_attributes *a = node->attributes;
    return (may_activate || a->activation.kind == CRN_LINEAR) &&
           is_constant(graph, node->in[1]) &&
           (node->n_in < 3 || is_constant(graph, node->in[2])) &&
           crn_type_size(crn_graph_type(graph, node->in[1])) <= MOST_WEIGHTS;
}

/* False, and nothing to free, when memory is out or a number is not finite. */
static bool read_scale(crn_graph *graph, const crn_graph_node *node, scaling *s)
{
    const crn_scale_attributes *at = node->attributes;
    *s = (scaling){.n = crn_type_last(crn_graph_type(graph, node->out[0]))};
    s->factor = crn_calloc((size_t)s->n, sizeof *s->factor);
    s->offset = crn_calloc((size_t)s->n, sizeof *s->offset);
    bool finite = s->factor != NULL && s->offset != NULL;
    if (!finite)
        out_of_memory(graph);
    bool subtracts = at->form == CRN_SCALE_SUBTRACT_DIVIDE;
    s->divides = !subtracts || (node->n_in > 2 && node->in[2] != CRN_NO_VALUE);
    for (int64_t i = 0; finite && i < s->n; i++) {
        double a = optional_element(graph, node, 1, i, subtracts ? 0 : 1);
        double b = optional_element(graph, node, 2, i, subtracts ? 1 : 0);
        s->factor[i] = at->form == CRN_SCALE_MULTIPLY_ADD ? a : subtracts ? 1 / b : 1 / a;
        s->offset[i] = subtracts ? -a / b : b;
        finite = isfinite(s->factor[i]) && isfinite(s->offset[i]);
    }
    if (!finite)
        free_scaling(s);
    return finite;
}

static bool read_affine(crn_graph *graph, const crn_graph_node *node, map *m)
{
    bool transposed = ((const crn_affine_attributes *)node->attributes)->transposed;
    const crn_array *weights = &graph->values[node->in[1]].array;
    *m = (map){.n_in = weights->shape[transposed ? 1 : 0],
               .n_out = weights->shape[transposed ? 0 : 1]};
    m->w = crn_calloc((size_t)(m->n_in * m->n_out), sizeof *m->w);
    m->b = crn_calloc((size_t)m->n_out, sizeof *m->b);
    if (m->w == NULL || m->b == NULL) {
        free_map(m);
        return out_of_memory(graph);
    }
    for (int64_t i = 0; i < m->n_in; i++) {
        for (int64_t j = 0; j < m->n_out; j++)
            m->w[i * m->n_out + j] =
                element(weights, transposed ? j * m->n_in + i : i * m->n_out + j);
    }
    for (int64_t j = 0; j < m->n_out; j++)
        m->b[j] = optional_element(graph, node, 2, j, 0);
    return true;
}

static bool offsets_within(const scaling *s, double bound)
{
    for (int64_t i = 0; i < s->n; i++) {
        if (fabs(s->offset[i]) > bound)
            return false;
    }
    return true;
}

/* ---- writing nodes ---- */

/* Makes `node` an affine of `m`, keeping its first input and its output; `activation` may be
 * NULL. */
static bool write_affine(crn_graph *graph, crn_graph_node *node, const map *m,
                         const crn_activation *activation)
{
    crn_affine_attributes *attributes = crn_arena_alloc(graph->arena, 1, sizeof *attributes);
    crn_value *in = crn_arena_alloc(graph->arena, 3, sizeof *in);
    if (attributes == NULL || in == NULL)
        return out_of_memory(graph);
    if (activation != NULL)
        attributes->activation = *activation;
    crn_dtype dtype = crn_graph_type(graph, node->out[0])->dtype;
    in[0] = node->in[0];
    in[1] = crn_graph_numbers(graph, dtype, m->w, m->n_in * m->n_out, m->n_out);
    in[2] = crn_graph_numbers(graph, dtype, m->b, m->n_out, 0);
    if (in[1] == CRN_NO_VALUE || in[2] == CRN_NO_VALUE)
        return false;
    node->op = &crn_op_affine;
    node->attributes = attributes;
    node->n_in = 3;
    node->in = in;
    return true;
}

/* The linear map before `node`, and the cast between the two if there is one. */
typedef struct predecessor {
    crn_graph_node *maker;
    crn_graph_node *cast; /* NULL: none */
} predecessor;

static predecessor find_predecessor(const crn_fusion *fusion, const crn_graph_node *node)
{
    predecessor p = {.maker = crn_fusion_maker(fusion, node)};
    if (p.maker == NULL || p.maker->op != &crn_op_cast)
        return p;
    p.cast = p.maker;
    p.maker = crn_fusion_maker(fusion, p.cast);
    if (p.maker != NULL &&
        (crn_graph_type(fusion->graph, p.cast->in[0])->dtype != CRN_FLOAT64 ||
         crn_graph_type(fusion->graph, p.cast->out[0])->dtype != CRN_FLOAT32))
        p.maker = NULL;
    return p;
}

/* Lets the maker's input pass it by. A cast between now takes that input, so its output has
 * another length. */
static void bypass(crn_graph *graph, crn_graph_node *node, predecessor p)
{
    crn_value input = p.maker->in[0];
    if (p.cast == NULL) {
        node->in[0] = input;
        return;
    }
    crn_type *made = &graph->values[p.cast->out[0]].type;
    const crn_type *taken = crn_graph_type(graph, input);
    made->shape[made->ndim - 1] = taken->shape[taken->ndim - 1];
    p.cast->in[0] = input;
}

/* ---- rules ---- */

/* (x * f + o) w + b = x (f w) + (o w + b) */
static void prepend_scaling(const scaling *s, map *m)
{
    for (int64_t i = 0; i < m->n_in; i++) {
        for (int64_t j = 0; j < m->n_out; j++) {
            m->b[j] += s->offset[i] * m->w[i * m->n_out + j];
            m->w[i * m->n_out + j] *= s->factor[i];
        }
    }
}

bool crn_fuse_scale_into_affine(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    predecessor p = find_predecessor(fusion, node);
    if (!is_plain_affine(graph, node, true) || !is_plain_scale(graph, p.maker, false))
        return false;
    scaling s;
    map m;
    bool done = false;
    if (!read_scale(graph, p.maker, &s))
        return false;
    bool unit = s.divides && offsets_within(&s, SMALL);
    bool single = crn_graph_type(graph, node->out[0])->dtype == CRN_FLOAT32;
    if ((single ? unit : offsets_within(&s, LARGE)) && read_affine(graph, node, &m)) {
        crn_activation activation = ((crn_affine_attributes *)node->attributes)->activation;
        prepend_scaling(&s, &m);
        done = write_affine(graph, node, &m, &activation);
        if (done) {
            fusion->unit_fed[node - graph->nodes] = unit;
            bypass(graph, node, p);
        }
        free_map(&m);
    }
    free_scaling(&s);
    return done;
}

/* (x w + b) * f + o = x (w f) + (b f + o) */
static void append_scaling(map *m, const scaling *s)
{
    for (int64_t i = 0; i < m->n_in; i++) {
        for (int64_t j = 0; j < m->n_out; j++)
            m->w[i * m->n_out + j] *= s->factor[j];
    }
    for (int64_t j = 0; j < m->n_out; j++)
        m->b[j] = m->b[j] * s->factor[j] + s->offset[j];
}

bool crn_fuse_affine_into_scale(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (!is_plain_scale(graph, node, false) || !is_plain_affine(graph, maker, false))
        return false;
    scaling s;
    map m;
    bool done = false;
    if (!read_scale(graph, node, &s))
        return false;
    if (read_affine(graph, maker, &m)) {
        append_scaling(&m, &s);
        done = write_affine(graph, node, &m, NULL);
        if (done)
            bypass(graph, node, (predecessor){.maker = maker});
        free_map(&m);
    }
    free_scaling(&s);
    return done;
}

/* Makes `node` multiply and add; its clipping stays. */
static bool write_scale(crn_graph *graph, crn_graph_node *node, const scaling *s)
{
    crn_dtype dtype = crn_graph_type(graph, node->out[0])->dtype;
    crn_value *in = crn_arena_alloc(graph->arena, 3, sizeof *in);
    if (in == NULL)
        return out_of_memory(graph);
    in[0] = node->in[0];
    in[1] = crn_graph_numbers(graph, dtype, s->factor, s->n, 0);
    in[2] = crn_graph_numbers(graph, dtype, s->offset, s->n, 0);
    if (in[1] == CRN_NO_VALUE || in[2] == CRN_NO_VALUE)
        return false;
    ((crn_scale_attributes *)node->attributes)->form = CRN_SCALE_MULTIPLY_ADD;
    node->n_in = 3;
    node->in = in;
    return true;
}

bool crn_fuse_scale_into_scale(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    crn_graph_node *maker = crn_fusion_maker(fusion, node);
    if (!is_plain_scale(graph, node, true) || !is_plain_scale(graph, maker, false))
        return false;
    scaling first, second;
    bool done = false;
    if (!read_scale(graph, maker, &first))
        return false;
    bool single = crn_graph_type(graph, node->out[0])->dtype == CRN_FLOAT32;
    bool fits =
        single ? first.divides && offsets_within(&first, SMALL) : offsets_within(&first, LARGE);
    if (fits && read_scale(graph, node, &second)) {
        for (int64_t i = 0; i < second.n; i++) {
            second.offset[i] += first.offset[i] * second.factor[i];
            second.factor[i] *= first.factor[i];
        }
        done = write_scale(graph, node, &second);
        if (done)
            bypass(graph, node, (predecessor){.maker = maker});
        free_scaling(&second);
    }
    free_scaling(&first);
    return done;
}

/* (x w1 + b1) w2 + b2 = x (w1 w2) + (b1 w2 + b2) */
static bool compose(crn_graph *graph, const map *first, const map *second, map *out)
{
    const crn_kernels *k = crn_kernels_best();
    *out = (map){.n_in = first->n_in, .n_out = second->n_out};
    out->w = crn_calloc((size_t)(out->n_in * out->n_out), sizeof *out->w);
    out->b = crn_calloc((size_t)out->n_out, sizeof *out->b);
    if (out->w == NULL || out->b == NULL) {
        free_map(out);
        return out_of_memory(graph);
    }
    k->affine_f64(first->n_in, second->n_in, second->n_out, first->w, second->w, 0, NULL,
                  out->w, NULL);
    k->affine_f64(1, second->n_in, second->n_out, first->b, second->w, 0, second->b, out->b,
                  NULL);
    return true;
}

/* One product instead of two must not be more work, and not much work to make. */
static bool is_worth_composing(const crn_graph *graph, const crn_graph_node *first,
                               const crn_graph_node *second)
{
    int64_t n_in = crn_type_last(crn_graph_type(graph, first->in[0]));
    int64_t between = crn_type_last(crn_graph_type(graph, first->out[0]));
    int64_t n_out = crn_type_last(crn_graph_type(graph, second->out[0]));
    return n_in * n_out <= n_in * between + between * n_out && n_in * n_out <= MOST_WEIGHTS &&
           (double)n_in * (double)between * (double)n_out <= MOST_COMPOSING;
}

bool crn_fuse_affine_into_affine(crn_fusion *fusion, crn_graph_node *node)
{
    crn_graph *graph = fusion->graph;
    predecessor p = find_predecessor(fusion, node);
    if (!is_plain_affine(graph, node, true) || !is_plain_affine(graph, p.maker, false) ||
        !is_worth_composing(graph, p.maker, node))
        return false;
    bool unit_fed = fusion->unit_fed[p.maker - graph->nodes];
    if (p.cast != NULL && !unit_fed)
        return false;
    map first, second, both;
    bool done = false;
    if (!read_affine(graph, p.maker, &first))
        return false;
    if (read_affine(graph, node, &second)) {
        crn_activation activation = ((crn_affine_attributes *)node->attributes)->activation;
        if (compose(graph, &first, &second, &both)) {
            done = write_affine(graph, node, &both, &activation);
            if (done) {
                fusion->unit_fed[node - graph->nodes] = unit_fed;
                bypass(graph, node, p);
            }
            free_map(&both);
        }
        free_map(&second);
    }
    free_map(&first);
    return done;
}
