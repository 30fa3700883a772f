/* SPDX-License-Identifier: BSD-3-Clause */
/* MDS and ClassicalMDS, as sklearn/manifold/_mds.py and _classical_mds.py (1.9): an embedding
 * of the samples that they were fitted on. */
#include "sklearn/no_method.h"

typedef struct mds {
    crn_estimator_base base;
    int64_t n_components;
    bool metric_mds;
    crn_object *n_init;
    const char *init;
    int64_t max_iter;
    crn_object *verbose;
    double eps;
    crn_object *n_jobs;
    crn_object *random_state;
    const char *dissimilarity;
    crn_object *metric;
    crn_object *metric_params;
    crn_object *normalized_stress;
    crn_array dissimilarity_matrix_;
    crn_array embedding_;
    crn_array stress_;
    int64_t n_iter_;
} mds;

static const crn_field mds_fields[] = {
    CRN_PARAM(mds, n_components, INT, "2", "int >= 1"),
    {.name = "metric_mds",
     .type = CRN_FIELD_BOOL,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(mds, metric_mds),
     .dflt = "True",
     .since = "1.8",
     .old_names = "metric"},
    CRN_PARAM(mds, n_init, OBJECT, "1", "int >= 1 | ~'warn'"),
    CRN_PARAM_SINCE(mds, init, STRING, "'warn'", "'classical_mds' | 'random' | ~'warn'", "1.8",
                    NULL),
    CRN_PARAM(mds, max_iter, INT, "300", "int >= 1"),
    CRN_PARAM(mds, verbose, OBJECT, "0", "verbose"),
    CRN_PARAM(mds, eps, REAL, "1e-06", "real >= 0.0"),
    CRN_PARAM(mds, n_jobs, OBJECT, "None", "None | int"),
    CRN_PARAM(mds, random_state, OBJECT, "None", "random_state"),
    CRN_PARAM(mds, dissimilarity, STRING, "'deprecated'",
              "'euclidean' | 'precomputed' | ~'deprecated'"),
    CRN_PARAM(mds, metric, OBJECT, "'euclidean'", "str | callable | ~bool"),
    CRN_PARAM_SINCE(mds, metric_params, OBJECT, "None", "dict | None", "1.8", NULL),
    CRN_PARAM_SINCE(mds, normalized_stress, OBJECT, "'auto'", "bool | 'auto'", "1.2", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY_OPTIONAL(mds, dissimilarity_matrix_, NULL),
    CRN_FITTED_ARRAY(mds, embedding_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(mds, stress_, NULL),
    CRN_FITTED_OPTIONAL(mds, n_iter_, INT),
    CRN_FIELDS_END,
};

typedef struct classical_mds {
    crn_estimator_base base;
    int64_t n_components;
    crn_object *metric;
    crn_object *metric_params;
    crn_array dissimilarity_matrix_;
    crn_array embedding_;
    crn_array eigenvalues_;
} classical_mds;

static const crn_field classical_fields[] = {
    CRN_PARAM(classical_mds, n_components, INT, "2", "int >= 1"),
    CRN_PARAM(classical_mds, metric, OBJECT, "'euclidean'", "str | callable"),
    CRN_PARAM(classical_mds, metric_params, OBJECT, "None", "dict | None"),
    CRN_BASE_FIELDS,
    CRN_FITTED_ARRAY_OPTIONAL(classical_mds, dissimilarity_matrix_, NULL),
    CRN_FITTED_ARRAY(classical_mds, embedding_, NULL),
    CRN_FITTED_ARRAY_OPTIONAL(classical_mds, eigenvalues_, NULL),
    CRN_FIELDS_END,
};

/* Before 1.8 `metric` was what is `metric_mds` since, and `dissimilarity` was what is `metric`.
 */
static crn_status write_mds(const void *self, crn_document *document, crn_object *state,
                            const char *sklearn, crn_error *err)
{
    const mds *model = self;
    bool flag, ok = true;
    const bool was_old = crn_object_as_bool(model->metric, &flag);
    const bool old = crn_version_compare(sklearn, "1.8") < 0;
    if (was_old == old)
        return CRN_OK;
    const char *distance = was_old ? model->dissimilarity : crn_object_text(model->metric);
    crn_object *text = crn_object_str(document, distance != NULL ? distance : "euclidean");
    if (old)
        ok = crn_object_set(document, state, "metric",
                            crn_object_bool(document, model->metric_mds)) &&
             crn_object_set(document, state, "dissimilarity", text);
    else
        ok = crn_object_set(document, state, "metric", text) &&
             crn_object_set(document, state, "dissimilarity",
                            crn_object_str(document, "deprecated"));
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_MDS = {
    .name = "MDS",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._mds sklearn.manifold.mds",
    .size = sizeof(mds),
    .fields = mds_fields,
    .lower = crn_no_method,
    .write = write_mds,
};

const crn_estimator crn_estimator_ClassicalMDS = {
    .name = "ClassicalMDS",
    .module = "sklearn.manifold",
    .modules = "sklearn.manifold._classical_mds",
    .size = sizeof(classical_mds),
    .fields = classical_fields,
    .lower = crn_no_method,
};
