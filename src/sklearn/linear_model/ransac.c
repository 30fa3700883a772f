/* SPDX-License-Identifier: BSD-3-Clause */
/* RANSACRegressor, as sklearn/linear_model/_ransac.py (1.9), and files back to 0.20: it
 * predicts as the estimator that was fitted on the inliers. */
#include "sklearn/estimator.h"

typedef struct ransac_regressor {
    crn_estimator_base base;
    crn_model *estimator; /* base_estimator until 1.0 */
    const crn_object *min_samples, *residual_threshold, *is_data_valid, *is_model_valid,
        *max_trials, *max_skips, *stop_n_inliers, *stop_score, *stop_probability, *loss,
        *random_state;
    crn_model *estimator_;
} ransac_regressor;

static const crn_field fields[] = {
    CRN_PARAM_RENAMED(ransac_regressor, estimator, MODEL, "None",
                      "has fit, score and predict | None", "1.1", "base_estimator"),
    CRN_PARAM(ransac_regressor, min_samples, OBJECT, "None", "int >= 1 | float [0, 1] | None"),
    CRN_PARAM(ransac_regressor, residual_threshold, OBJECT, "None", "real >= 0 | None"),
    CRN_PARAM(ransac_regressor, is_data_valid, OBJECT, "None", "callable | None"),
    CRN_PARAM(ransac_regressor, is_model_valid, OBJECT, "None", "callable | None"),
    CRN_PARAM(ransac_regressor, max_trials, OBJECT, "100", "int >= 0 | inf"),
    CRN_PARAM(ransac_regressor, max_skips, OBJECT, "inf", "int >= 0 | inf"),
    CRN_PARAM(ransac_regressor, stop_n_inliers, OBJECT, "inf", "int >= 0 | inf"),
    CRN_PARAM(ransac_regressor, stop_score, OBJECT, "inf", "real [-inf, inf]"),
    CRN_PARAM(ransac_regressor, stop_probability, OBJECT, "0.99", "real [0, 1]"),
    CRN_PARAM(ransac_regressor, loss, OBJECT, "'absolute_error'",
              "'absolute_error' | 'squared_error' | callable"),
    CRN_PARAM(ransac_regressor, random_state, OBJECT, "None", "random_state"),
    CRN_BASE_FIELDS,
    CRN_FITTED(ransac_regressor, estimator_, MODEL),
    CRN_FIELDS_END,
};

static int ports_of(const ransac_regressor *self, crn_port *port)
{
    const crn_model *model = self->estimator_;
    return model->type->has_method(model, CRN_PREDICT)
               ? model->type->inputs(model, CRN_PREDICT, port)
               : 0;
}

static crn_status check(void *self, crn_error *err)
{
    ransac_regressor *model = self;
    crn_port port[CRN_MAX_PORTS];
    if (model->estimator_ == NULL)
        return crn_fail(err, CRN_FORMAT, "estimator_ is None");
    if (model->base.n_features_in_ < 0 && ports_of(model, port) == 1 && port[0].type.ndim == 1)
        model->base.n_features_in_ = port[0].type.shape[0];
    return CRN_OK;
}

static bool has_method(const void *self, crn_method method)
{
    const crn_model *model = ((const ransac_regressor *)self)->estimator_;
    return model->type->has_method(model, method);
}

/* predict leaves the checks to the estimator. */
static crn_admitted admits(const void *self, crn_method method)
{
    crn_port port[CRN_MAX_PORTS];
    (void)method;
    return ports_of(self, port) == 1 ? port[0].admits : CRN_ADMITS_FINITE;
}

static crn_type input_type(const void *self, crn_method method)
{
    crn_port port[CRN_MAX_PORTS];
    (void)method;
    return ports_of(self, port) == 1
               ? port[0].type
               : crn_type_vector(CRN_FLOAT64,
                                 ((const crn_estimator_base *)self)->n_features_in_);
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    return crn_sklearn_lower(((const ransac_regressor *)self)->estimator_, method, graph, x);
}

static bool set_str(crn_document *document, crn_object *state, const char *key,
                    const char *value)
{
    return crn_object_set(document, state, key, crn_object_str(document, value));
}

/* The losses had other names until 0.24; 1.1 and 1.2 had both names of the estimator. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    static const char *const losses[][2] = {{"absolute_error", "absolute_loss"},
                                            {"squared_error", "squared_loss"}};
    const crn_object *loss = crn_object_get(state, "loss");
    const bool old = crn_version_compare(sklearn, "1.0") < 0;
    bool ok = true;
    for (size_t i = 0; i < 2; i++) {
        if (crn_object_is_str(loss, losses[i][!old]))
            ok = ok && set_str(document, state, "loss", losses[i][old]);
    }
    if (crn_version_compare(sklearn, "1.1") >= 0 && crn_version_compare(sklearn, "1.3") < 0)
        ok = ok && set_str(document, state, "base_estimator", "deprecated");
    return ok ? CRN_OK : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_RANSACRegressor = {
    .name = "RANSACRegressor",
    .module = "sklearn.linear_model",
    .modules = "sklearn.linear_model._ransac sklearn.linear_model.ransac",
    .size = sizeof(ransac_regressor),
    .fields = fields,
    .methods = 1u << CRN_PREDICT,
    .flags = CRN_NEEDS_Y | CRN_TAKES_WEIGHT,
    .lower = lower,
    .check = check,
    .has_method = has_method,
    .admits = admits,
    .input_type = input_type,
    .write = write,
};
