/* SPDX-License-Identifier: BSD-3-Clause */
/* SelfTrainingClassifier, as sklearn/semi_supervised/_self_training.py (1.9), and the files of
 * versions back to 0.24. */
#include "sklearn/children.h"

typedef struct self_training_classifier {
    crn_estimator_base base;
    crn_model *estimator;
    double threshold;
    const char *criterion;
    int64_t k_best;
    const crn_object *max_iter, *verbose;
    crn_model *estimator_;
    crn_array classes_; /* (n_classes) */
} self_training_classifier;

/* clang-format off */
static const crn_field fields[] = {
    {.name = "estimator", .type = CRN_FIELD_MODEL,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_OPTIONAL,
     .offset = offsetof(self_training_classifier, estimator), .dflt = "None",
     .constraint = "has fit", .since = "1.6", .old_names = "base_estimator"},
    CRN_PARAM(self_training_classifier, threshold, REAL, "0.75", "[0.0, 1.0)"),
    CRN_PARAM(self_training_classifier, criterion, STRING, "'threshold'",
              "'k_best' | 'threshold'"),
    CRN_PARAM(self_training_classifier, k_best, INT, "10", "int >= 1"),
    CRN_PARAM(self_training_classifier, max_iter, OBJECT, "10", "int >= 0 | None"),
    CRN_PARAM(self_training_classifier, verbose, OBJECT, "False", "verbose"),
    CRN_BASE_FIELDS,
    {.name = "estimator_", .type = CRN_FIELD_MODEL, .flags = CRN_FIELD_FITTED,
     .offset = offsetof(self_training_classifier, estimator_), .since = "1.6",
     .old_names = "base_estimator_"},
    CRN_FITTED_ARRAY(self_training_classifier, classes_, NULL),
    CRN_FIELDS_END,
};
/* clang-format on */

static const crn_model *inside(const void *self)
{
    return ((const self_training_classifier *)self)->estimator_;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)self;
    return crn_write_deprecated(document, state, sklearn, "base_estimator", "1.6", "1.8", err);
}

const crn_estimator crn_estimator_SelfTrainingClassifier = {
    .name = "SelfTrainingClassifier",
    .module = "sklearn.semi_supervised",
    .modules = "sklearn.semi_supervised._self_training",
    .size = sizeof(self_training_classifier),
    .fields = fields,
    .methods = 1u << CRN_PREDICT | 1u << CRN_PREDICT_PROBA | 1u << CRN_PREDICT_LOG_PROBA |
               1u << CRN_DECISION_FUNCTION,
    .delegate = inside,
    .write = write,
};
