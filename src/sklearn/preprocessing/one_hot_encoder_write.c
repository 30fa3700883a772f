/* SPDX-License-Identifier: BSD-3-Clause */
/* A OneHotEncoder for another version (sklearn/preprocessing/_encoders.py of 0.22 to 1.9):
 * names of parameters, attributes that only some versions look at, and what a version cannot
 * say. */
#include "sklearn/preprocessing/one_hot_encoder.h"

/* What unknown values do in a version that does not have the word. */
static const char *older_word(const crn_one_hot_encoder *self, const char *sklearn)
{
    const bool grouped =
        !crn_object_is_none(self->min_frequency) || !crn_object_is_none(self->max_categories);
    if (crn_one_hot_handles(self, "warn") && crn_version_compare(sklearn, "1.6") < 0)
        return crn_version_compare(sklearn, "1.1") < 0 ? "ignore" : "infrequent_if_exist";
    if (crn_one_hot_handles(self, "infrequent_if_exist") && !grouped &&
        crn_version_compare(sklearn, "1.1") < 0)
        return "ignore";
    return NULL;
}

static bool set_outs(const crn_one_hot_encoder *self, crn_document *document, crn_object *state)
{
    crn_object *outs = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t i = 0; i < self->known.features; i++) {
        if (!crn_object_append(document, outs,
                               crn_object_int(document, self->starts[i + 1] - self->starts[i])))
            return false;
    }
    return crn_object_set(document, state, "_n_features_outs", outs);
}

static bool set_fitted(const crn_one_hot_encoder *self, crn_document *document,
                       crn_object *state, const char *sklearn)
{
    bool made = true;
    if (crn_version_compare(sklearn, "1.1") < 0)
        return true;
    if (crn_object_get(state, "_infrequent_enabled") == NULL)
        made = crn_object_set(document, state, "_infrequent_enabled",
                              crn_object_bool(document, false));
    if (crn_version_compare(sklearn, "1.2") >= 0 &&
        crn_object_is_none(self->_drop_idx_after_grouping))
        made = made && crn_object_set(document, state, "_drop_idx_after_grouping",
                                      crn_object_get(state, "drop_idx_"));
    else if (crn_version_compare(sklearn, "1.2") < 0 &&
             crn_object_get(state, "_drop_idx_after_grouping") != NULL)
        made = made && crn_object_set(document, state, "drop_idx_",
                                      crn_object_get(state, "_drop_idx_after_grouping"));
    return made && (crn_object_get(state, "_n_features_outs") != NULL ||
                    set_outs(self, document, state));
}

static bool has_missing(const crn_categories *known)
{
    bool has = false;
    for (int64_t k = 0; known->starts != NULL && k < known->starts[known->features]; k++)
        has = has || crn_cell_is_nan(&known->values[k]);
    return has;
}

/* What a version refuses in fit, or cannot undo. */
static crn_status check_sayable(const crn_one_hot_encoder *self, const char *sklearn,
                                crn_error *err)
{
    const char *what = NULL, *since = NULL;
    if (crn_version_compare(sklearn, "0.24") < 0 && has_missing(&self->known)) {
        what = "missing values";
        since = "0.24";
    }
    if (crn_version_compare(sklearn, "0.23") < 0 &&
        crn_object_is_str(self->drop, "if_binary")) {
        what = "drop='if_binary'";
        since = "0.23";
    }
    if (crn_version_compare(sklearn, "1.0") < 0 && !crn_object_is_none(self->drop) &&
        !crn_one_hot_handles(self, "error")) {
        what = "drop together with unknown categories";
        since = "1.0";
    }
    if (what == NULL)
        return CRN_OK;
    return crn_fail(err, CRN_UNSUPPORTED,
                    "scikit-learn %s has no %s of OneHotEncoder, which came with %s", sklearn,
                    what, since);
}

crn_status crn_one_hot_write(const void *self, crn_document *document, crn_object *state,
                             const char *sklearn, crn_error *err)
{
    const crn_one_hot_encoder *encoder = self;
    const char *word = older_word(encoder, sklearn);
    const bool has_sparse =
        crn_version_compare(sklearn, "1.2") >= 0 && crn_version_compare(sklearn, "1.4") < 0;
    bool made = true;
    if (encoder->legacy)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no legacy mode of OneHotEncoder", sklearn);
    if (crn_one_hot_handles(encoder, "infrequent_if_exist") && word == NULL &&
        crn_version_compare(sklearn, "1.1") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no handle_unknown='infrequent_if_exist' of "
                        "OneHotEncoder, which came with 1.1",
                        sklearn);
    CRN_TRY(check_sayable(encoder, sklearn, err));
    if (word != NULL)
        made =
            crn_object_set(document, state, "handle_unknown", crn_object_str(document, word));
    if (crn_object_is_none(encoder->categories))
        made = made &&
               crn_object_set(document, state, "categories", crn_object_str(document, "auto"));
    if (has_sparse)
        made = made && crn_object_set(document, state, "sparse",
                                      crn_object_str(document, "deprecated"));
    if (encoder->base.fitted)
        made = made && set_fitted(encoder, document, state, sklearn);
    return made ? CRN_OK : crn_arena_fail(document->arena, err);
}
