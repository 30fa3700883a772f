/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/feature_selection/selector.h"

#include <math.h>
#include <stdlib.h>

#include "ops/rows.h"

crn_status crn_selector_create(crn_selector *self, int64_t n, crn_error *err)
{
    if (n < 1)
        return crn_fail(err, CRN_FORMAT, "no features to select from");
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = n;
    if (self->base.n_features_in_ != n)
        return crn_fail(err, CRN_FORMAT, "scores of %lld features, expected %lld", (long long)n,
                        (long long)self->base.n_features_in_);
    self->support = crn_calloc((size_t)n, sizeof *self->support);
    return self->support != NULL ? CRN_OK : crn_no_memory(err);
}

void crn_selector_count(crn_selector *self)
{
    self->selected = 0;
    for (int64_t j = 0; j < self->base.n_features_in_; j++)
        self->selected += self->support[j];
}

crn_status crn_selector_take(crn_selector *self, const crn_array *support, crn_error *err)
{
    if (support->ndim != 1 || support->dtype != CRN_BOOL)
        return crn_fail(err, CRN_FORMAT, "support_ is not a mask of the features");
    CRN_TRY(crn_selector_create(self, support->shape[0], err));
    for (int64_t j = 0; j < support->shape[0]; j++)
        self->support[j] = crn_array_get(support, j) != 0.0;
    crn_selector_count(self);
    return CRN_OK;
}

/* The kept features in order; NULL with the graph's error set. */
static int64_t *kept(const crn_selector *self, crn_graph *graph)
{
    int64_t *index = crn_arena_alloc(graph->arena, (size_t)self->selected + 1, sizeof *index);
    if (index == NULL) {
        crn_no_memory(&graph->error);
        return NULL;
    }
    int64_t k = 0;
    for (int64_t j = 0; j < self->base.n_features_in_; j++) {
        if (self->support[j])
            index[k++] = j;
    }
    return index;
}

crn_value crn_selector_keep(const crn_selector *self, crn_graph *graph, crn_value x)
{
    const int64_t *index = kept(self, graph);
    return index != NULL ? crn_columns(graph, x, index, self->selected) : CRN_NO_VALUE;
}

crn_value crn_selector_lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    const crn_selector *selector = self;
    if (method == CRN_TRANSFORM)
        return crn_selector_keep(selector, graph, x);
    const int64_t *index = kept(selector, graph);
    return index != NULL ? crn_scatter(graph, x, index, selector->selected,
                                       selector->base.n_features_in_, 0.0)
                         : CRN_NO_VALUE;
}

int64_t crn_selector_input_width(const void *self, crn_method method)
{
    const crn_selector *selector = self;
    return method == CRN_INVERSE_TRANSFORM ? selector->selected : selector->base.n_features_in_;
}

void crn_selector_release(void *self)
{
    free(((crn_selector *)self)->support);
}

/* ---- sorting ---- */

/* Should b stand before a, which comes first? */
static bool is_after(double a, double b)
{
    return a > b || (isnan(a) && !isnan(b));
}

static void merge(const double *numbers, const int64_t *from, int64_t *to, int64_t begin,
                  int64_t middle, int64_t end)
{
    int64_t left = begin, right = middle;
    for (int64_t k = begin; k < end; k++) {
        const bool take_right =
            left == middle ||
            (right < end && is_after(numbers[from[left]], numbers[from[right]]));
        to[k] = take_right ? from[right++] : from[left++];
    }
}

crn_status crn_stable_argsort(const double *numbers, int64_t n, int64_t *order, crn_error *err)
{
    int64_t *other = crn_calloc((size_t)n, sizeof *other);
    if (other == NULL)
        return crn_no_memory(err);
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    for (int64_t width = 1; width < n; width *= 2) {
        for (int64_t begin = 0; begin < n; begin += 2 * width) {
            const int64_t middle = begin + width < n ? begin + width : n;
            const int64_t end = begin + 2 * width < n ? begin + 2 * width : n;
            merge(numbers, order, other, begin, middle, end);
        }
        for (int64_t i = 0; i < n; i++)
            order[i] = other[i];
    }
    free(other);
    return CRN_OK;
}
