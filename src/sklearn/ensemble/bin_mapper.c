/* SPDX-License-Identifier: BSD-3-Clause */
/* _BinMapper of sklearn/ensemble/_hist_gradient_boosting/binning.py (1.9), which knows the
 * categories that were there in fit. */
#include "sklearn/ensemble/hist_gradient_boosting.h"

typedef struct bin_mapper {
    crn_estimator_base base;
    const crn_object *n_bins, *subsample, *is_categorical, *known_categories, *random_state;
    const crn_object *n_threads;
    crn_array is_categorical_;
    const crn_object *missing_values_bin_idx_, *bin_thresholds_, *n_bins_non_missing_;
} bin_mapper;

/* Parameters of later versions, which matter to fit alone. */
#define LATER(member, since_)                                                                  \
    {                                                                                          \
        .name = #member, .type = CRN_FIELD_OBJECT,                                             \
        .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL, .dflt = "None",                        \
        .offset = offsetof(bin_mapper, member), .since = since_                                \
    }

static const crn_field fields[] = {
    CRN_PARAM(bin_mapper, n_bins, OBJECT, "256", NULL),
    CRN_PARAM(bin_mapper, subsample, OBJECT, "200000", NULL),
    CRN_PARAM(bin_mapper, random_state, OBJECT, "None", NULL),
    LATER(is_categorical, "0.24"),
    LATER(known_categories, "0.24"),
    LATER(n_threads, "1.0"),
    CRN_FITTED_ARRAY_OPTIONAL(bin_mapper, is_categorical_, NULL),
    CRN_FITTED(bin_mapper, missing_values_bin_idx_, OBJECT),
    CRN_FITTED(bin_mapper, bin_thresholds_, OBJECT),
    CRN_FITTED(bin_mapper, n_bins_non_missing_, OBJECT),
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    const crn_array *categorical = &((const bin_mapper *)self)->is_categorical_;
    if (categorical->data != NULL &&
        (categorical->ndim != 1 || !crn_dtype_is_number(categorical->dtype)))
        return crn_fail(err, CRN_FORMAT, "is_categorical_ is not a vector of flags");
    return CRN_OK;
}

bool crn_bin_mapper_categories(const crn_model *mapper, const crn_array **is_categorical,
                               const crn_object **values)
{
    const crn_estimator_base *base = mapper != NULL ? crn_model_estimator(mapper) : NULL;
    if (base == NULL || base->type != &crn_estimator__BinMapper || !base->fitted)
        return false;
    *is_categorical = &((const bin_mapper *)base)->is_categorical_;
    *values = ((const bin_mapper *)base)->bin_thresholds_;
    return true;
}

/* Versions from 0.24 on ask which features are categories. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const bin_mapper *mapper = self;
    const int64_t features = (int64_t)crn_object_length(mapper->bin_thresholds_);
    crn_array none = CRN_ARRAY_INIT;
    if (mapper->is_categorical_.data != NULL || crn_version_compare(sklearn, "0.24") < 0)
        return CRN_OK;
    CRN_TRY(crn_array_create(CRN_UINT8, 0, 1, &features, &none, err));
    const bool ok =
        crn_object_set(document, state, "is_categorical_", crn_object_array(document, &none));
    crn_array_free(&none);
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

/* Trees compare raw values, so nobody has to bin rows. */
static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)self, (void)x;
    return crn_graph_fail(graph, CRN_UNSUPPORTED, "_BinMapper.%s is not supported",
                          crn_method_name(method));
}

const crn_estimator crn_estimator__BinMapper = {
    .name = "_BinMapper",
    .module = "sklearn.ensemble._hist_gradient_boosting.binning",
    .modules = "sklearn.ensemble._hist_gradient_boosting.binning",
    .size = sizeof(bin_mapper),
    .fields = fields,
    .flags = CRN_PRIVATE,
    .lower = lower,
    .check = check,
    .write = write,
};
