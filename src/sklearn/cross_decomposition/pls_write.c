/* SPDX-License-Identifier: BSD-3-Clause */
/* Partial least squares for other versions: three forms of coef_. */
#include "sklearn/cross_decomposition/pls.h"

static bool before(const char *sklearn, const char *version)
{
    return crn_version_compare(sklearn, version) < 0;
}

/* What an element of coef_ is multiplied by so that it is for rows that are divided by _x_std,
 * or are not. */
static double factor(const crn_pls *self, int64_t feature, bool scaled)
{
    if (scaled == crn_pls_coef_is_scaled(self))
        return 1.0;
    const double std = crn_array_get(&self->_x_std, feature);
    return scaled ? std : 1.0 / std;
}

static crn_status coef_for(const crn_pls *self, bool transposed, bool scaled, crn_array *out,
                           crn_error *err)
{
    const crn_array *coef = crn_pls_coef(self);
    const bool was_transposed = crn_pls_coef_is_transposed(self);
    const int64_t features = self->base.n_features_in_, targets = self->_y_mean.shape[0];
    const int64_t shape[] = {transposed ? targets : features, transposed ? features : targets};
    crn_array dense = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_astype(coef, CRN_FLOAT64, &dense, err));
    crn_status status = crn_array_create(CRN_FLOAT64, 0, 2, shape, out, err);
    for (int64_t i = 0; status == CRN_OK && i < features; i++) {
        for (int64_t k = 0; k < targets; k++) {
            const double value =
                crn_array_get(&dense, was_transposed ? k * features + i : i * targets + k);
            ((double *)out->data)[transposed ? k * features + i : i * targets + k] =
                value * factor(self, i, scaled);
        }
    }
    crn_array_free(&dense);
    return status;
}

static crn_status write_coef(const crn_pls *self, crn_document *document, crn_object *state,
                             const char *sklearn, crn_error *err)
{
    const bool underscored = !before(sklearn, "1.1") && before(sklearn, "1.3");
    crn_array coef = CRN_ARRAY_INIT;
    CRN_TRY(coef_for(self, !before(sklearn, "1.1"), before(sklearn, "1.5"), &coef, err));
    crn_object *array = crn_object_array(document, &coef);
    crn_array_free(&coef);
    return crn_object_set(document, state, underscored ? "_coef_" : "coef_", array)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

static bool write_rest(const crn_pls *self, crn_document *document, crn_object *state,
                       const char *sklearn)
{
    const int64_t components = self->x_rotations_.shape[1];
    bool ok = true;
    if (!before(sklearn, "1.1"))
        ok = crn_object_set(document, state, "intercept_",
                            crn_object_array(document, &self->_y_mean)) &&
             crn_object_set(document, state, "_n_features_out",
                            crn_object_int(document, components));
    if (ok && !before(sklearn, "1.3"))
        ok = crn_object_set(document, state, "_predict_1d",
                            crn_object_bool(document, self->_predict_1d));
    return ok;
}

crn_status crn_pls_write(const void *self, crn_document *document, crn_object *state,
                         const char *sklearn, crn_error *err)
{
    const crn_pls *model = self;
    if (!model->base.fitted || model->base.type == &crn_estimator_PLSSVD)
        return CRN_OK;
    if (!write_rest(model, document, state, sklearn))
        return crn_arena_fail(document->arena, err);
    return write_coef(model, document, state, sklearn, err);
}
