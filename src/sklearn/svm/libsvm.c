/* SPDX-License-Identifier: BSD-3-Clause */
/* The shared parts of SVC, NuSVC, SVR, NuSVR and OneClassSVM (sklearn/svm/_base.py, 1.9), and
 * the files of versions back to 0.19. */
#include "sklearn/svm/libsvm.h"

#include <stdlib.h>
#include <string.h>

#include "format/scipy_sparse.h"
#include "sklearn/metrics/pairwise.h"

static bool is_precomputed(const crn_libsvm *self)
{
    return crn_object_is_str(self->kernel, "precomputed");
}

/* ---- what predicting relies on ---- */

static bool is_vector(const crn_array *array, int64_t n)
{
    return array->ndim == 1 && array->shape[0] == n && crn_dtype_is_number(array->dtype);
}

/* The training set's (rows, features). */
static crn_status read_shape_fit(const crn_libsvm *self, int64_t shape[2], crn_error *err)
{
    if (crn_object_length(self->shape_fit_) != 2 ||
        !crn_object_as_int(crn_object_item(self->shape_fit_, 0), &shape[0]) ||
        !crn_object_as_int(crn_object_item(self->shape_fit_, 1), &shape[1]) || shape[0] < 0 ||
        shape[1] < 0)
        return crn_fail(err, CRN_FORMAT, "shape_fit_ is not the shape of a matrix");
    return CRN_OK;
}

/* The support vectors: rows of numbers, or columns of a precomputed kernel. */
static crn_status check_vectors(crn_libsvm *self, int64_t vectors, crn_error *err)
{
    int64_t shape[2];
    CRN_TRY(read_shape_fit(self, shape, err));
    const int64_t width = is_precomputed(self) ? shape[0] : shape[1];
    if (self->base.n_features_in_ < 0)
        self->base.n_features_in_ = width;
    if (self->base.n_features_in_ != width)
        return crn_fail(err, CRN_FORMAT, "shape_fit_ does not agree with n_features_in_");
    if (!is_vector(&self->support_, vectors) || !crn_dtype_is_integer(self->support_.dtype))
        return crn_fail(err, CRN_FORMAT, "support_ does not hold %lld rows",
                        (long long)vectors);
    for (int64_t i = 0; is_precomputed(self) && i < vectors; i++) {
        const double row = crn_array_get(&self->support_, i);
        if (!(row >= 0 && row < (double)width))
            return crn_fail(err, CRN_FORMAT, "support_ holds a row that is not there");
    }
    const crn_array *at = &self->support_vectors_;
    if (!is_precomputed(self) && (at->ndim != 2 || at->shape[0] != vectors ||
                                  at->shape[1] != width || !crn_dtype_is_number(at->dtype)))
        return crn_fail(err, CRN_FORMAT, "support_vectors_ is not a (%lld, %lld) matrix",
                        (long long)vectors, (long long)width);
    return CRN_OK;
}

/* _n_support counts the support vectors of each class. */
static crn_status check_counts(const crn_libsvm *self, int64_t classes, int64_t vectors,
                               crn_error *err)
{
    if (!is_vector(&self->_n_support, classes))
        return crn_fail(err, CRN_FORMAT, "_n_support does not have %lld elements",
                        (long long)classes);
    int64_t left = vectors;
    for (int64_t i = 0; i < classes; i++) {
        const double count = crn_array_get(&self->_n_support, i);
        if (!(count >= 0 && count <= (double)left))
            return crn_fail(err, CRN_FORMAT, "_n_support does not count the support vectors");
        left -= (int64_t)count;
    }
    return left == 0
               ? CRN_OK
               : crn_fail(err, CRN_FORMAT, "_n_support does not count the support vectors");
}

static crn_status check_sigmoids(const crn_libsvm *self, int64_t pairs, crn_error *err)
{
    const bool none = self->_probA.ndim == 1 && self->_probA.shape[0] == 0 &&
                      self->_probB.ndim == 1 && self->_probB.shape[0] == 0;
    if (!none && (!is_vector(&self->_probA, pairs) || !is_vector(&self->_probB, pairs)))
        return crn_fail(err, CRN_FORMAT, "_probA and _probB do not have %lld elements",
                        (long long)pairs);
    return CRN_OK;
}

crn_status crn_libsvm_check(crn_libsvm *self, int64_t classes, crn_error *err)
{
    const crn_array *coef = &self->_dual_coef_;
    if (coef->ndim != 2 || !crn_dtype_is_number(coef->dtype) ||
        coef->shape[0] != (classes > 0 ? classes - 1 : 1))
        return crn_fail(err, CRN_FORMAT, "_dual_coef_ does not fit the classes");
    const int64_t vectors = coef->shape[1];
    /* Not more than coefficients squared: the intercepts must be in the file. */
    const int64_t pairs = classes > 0 ? classes * (classes - 1) / 2 : 1;
    if (!is_vector(&self->_intercept_, pairs))
        return crn_fail(err, CRN_FORMAT, "_intercept_ does not have %lld elements",
                        (long long)pairs);
    CRN_TRY(check_vectors(self, vectors, err));
    if (classes > 0) {
        CRN_TRY(check_counts(self, classes, vectors, err));
        CRN_TRY(check_sigmoids(self, pairs, err));
    }
    return CRN_OK;
}

/* ---- operations ---- */

static crn_value sums_of_classes(const crn_libsvm *self, int64_t classes,
                                 const crn_kernel *kernel, const crn_array *points,
                                 crn_graph *graph, crn_value x)
{
    int64_t *starts = crn_calloc((size_t)classes + 1, sizeof *starts);
    if (starts == NULL)
        return crn_graph_fail(graph, CRN_NO_MEMORY, "out of memory");
    for (int64_t i = 0; i < classes; i++)
        starts[i + 1] = starts[i] + (int64_t)crn_array_get(&self->_n_support, i);
    crn_value sums =
        crn_kernel_sums(graph, x, kernel, points, &self->_dual_coef_, starts, classes);
    free(starts);
    return sums;
}

crn_value crn_libsvm_sums(const crn_libsvm *self, int64_t classes, crn_graph *graph,
                          crn_value x)
{
    crn_kernel kernel = {
        .gamma = self->_gamma, .coef0 = self->coef0, .degree = (double)self->degree};
    if (!crn_kernel_find(self->kernel, &kernel.kind, graph))
        return CRN_NO_VALUE;
    const crn_array *points = is_precomputed(self) ? &self->support_ : &self->support_vectors_;
    if (classes > 2)
        return sums_of_classes(self, classes, &kernel, points, graph, x);
    return crn_kernel_sums(graph, x, &kernel, points, &self->_dual_coef_, NULL, 0);
}

int64_t crn_libsvm_width(const void *self, crn_method method)
{
    (void)method;
    return ((const crn_libsvm *)self)->base.n_features_in_;
}

/* ---- writing ---- */

static bool set_number(crn_document *document, crn_object *state, const char *name)
{
    return crn_object_get(state, name) != NULL ||
           crn_object_set(document, state, name, crn_object_float(document, 0.0));
}

static bool set_none(crn_document *document, crn_object *state, const char *name)
{
    return crn_object_get(state, name) != NULL ||
           crn_object_set(document, state, name, crn_object_none(document));
}

/* The constructor of the base class sets the parameters of all five. */
static bool set_parameters_of_others(crn_document *document, crn_object *state)
{
    return set_number(document, state, "C") && set_number(document, state, "nu") &&
           set_number(document, state, "epsilon") &&
           set_none(document, state, "class_weight") &&
           set_none(document, state, "random_state");
}

/* probability is 'deprecated' by default from 1.9 on, where what holds is in
 * _effective_probability; False before. */
static bool set_probability(const crn_libsvm *self, crn_document *document, crn_object *state,
                            bool since_1_9)
{
    bool on = false;
    if (!crn_object_as_bool(self->probability, &on))
        on = false;
    const bool classifies = self->classes_.data != NULL;
    crn_object *value = on || !since_1_9 || !classifies
                            ? crn_object_bool(document, on)
                            : crn_object_str(document, "deprecated");
    return crn_object_set(document, state, "probability", value) &&
           (!since_1_9 || !self->base.fitted ||
            crn_object_set(document, state, "_effective_probability",
                           crn_object_bool(document, on)));
}

/* 1.1 and older pass class_weight_ on in regression, too, where it is empty. */
static bool set_class_weight(const crn_libsvm *self, crn_document *document, crn_object *state)
{
    const double none = 0.0;
    const crn_array empty = crn_array_view_1d(&none, CRN_FLOAT64, 0);
    return !self->base.fitted || crn_object_get(state, "class_weight_") != NULL ||
           crn_object_set(document, state, "class_weight_", crn_object_array(document, &empty));
}

/* Versions before 0.22 and 0.23 have these names. */
static bool set_old_names(const crn_libsvm *self, crn_document *document, crn_object *state)
{
    return !self->base.fitted ||
           (crn_object_set(document, state, "n_support_",
                           crn_object_array(document, &self->_n_support)) &&
            crn_object_set(document, state, "probA_",
                           crn_object_array(document, &self->_probA)) &&
            crn_object_set(document, state, "probB_",
                           crn_object_array(document, &self->_probB)));
}

crn_status crn_libsvm_write(const void *self, crn_document *document, crn_object *state,
                            const char *sklearn, crn_error *err)
{
    const crn_libsvm *model = self;
    const bool since_1_9 = crn_version_compare(sklearn, "1.9") >= 0;
    bool ok = set_parameters_of_others(document, state) &&
              set_probability(model, document, state, since_1_9) &&
              set_class_weight(model, document, state);
    if (ok && crn_version_compare(sklearn, "0.23") < 0)
        ok = set_old_names(model, document, state);
    /* 0.20 and 0.21 say so until gamma is given; what it stands for is 'auto'. */
    if (ok && crn_object_is_str(model->gamma, "auto_deprecated") &&
        crn_version_compare(sklearn, "0.22") >= 0)
        ok = crn_object_set(document, state, "gamma", crn_object_str(document, "auto"));
    /* What was sparse is written so when the file is converted, dense when it is made anew. */
    if (ok && model->base.fitted) {
        const bool sparse = crn_object_is_sparse(crn_object_get(state, "support_vectors_"));
        ok = crn_object_set(document, state, "_sparse", crn_object_bool(document, sparse));
    }
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}
