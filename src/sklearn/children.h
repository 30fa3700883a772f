/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking the estimators that an estimator holds: what they can do, what they take, which
 * classes they know, and their answers as indices into the classes of the whole. */
#ifndef CRN_SKLEARN_CHILDREN_H
#define CRN_SKLEARN_CHILDREN_H

#include "model/model_list.h"
#include "sklearn/estimator.h"

/* ---- one child; NULL can do nothing ---- */

bool crn_child_has(const crn_model *child, crn_method method);
/* What the child takes where its parent hands on X; a child without inputs takes anything. */
crn_type crn_child_input_type(const crn_model *child, crn_method method);
crn_admitted crn_child_admits(const crn_model *child, crn_method method);
/* Its classes_, borrowed; false: no classifier, or one with several targets. */
bool crn_child_classes(const crn_model *child, crn_array *out);
/* Is it an estimator, of a known class or not, and not 'drop', 'passthrough' or None? */
bool crn_child_is_estimator(const crn_model *child);

/* A parent whose n_features_in_ and feature names are those of a child takes them over where
 * its file does not say them. */
void crn_child_lend_features(const crn_model *child, crn_estimator_base *parent);

/* CRN_FORMAT unless the child can answer the method; `name` is the attribute that holds it. */
crn_status crn_child_require(const crn_model *child, crn_method method, const char *name,
                             crn_error *err);

/* ---- all children of an estimator ---- */

/* Where a child stands: "estimators_[2]", or `name` among named ones. */
typedef struct crn_child_place {
    const crn_field *field;
    int64_t i;        /* in a MODELS row */
    const char *name; /* NULL: it has none */
    const crn_model *model;
} crn_child_place;

/* The next child of any MODEL or MODELS row; begin with a zeroed place. False at the end. */
bool crn_children_next(const crn_estimator_base *self, crn_child_place *place);

/* ---- all children of a list ---- */

/* Has each of at least one child the method? */
bool crn_children_have(const crn_model_list *list, crn_method method);
/* What X has to be for all of them: cells where one takes cells. */
crn_type crn_children_input_type(const crn_model_list *list);
/* The narrowest. */
crn_admitted crn_children_admit(const crn_model_list *list);
/* The first child that knows its features lends them. */
void crn_children_lend_features(const crn_model_list *list, crn_estimator_base *parent);

/* One method of child i, of one output; a failure names the child. */
crn_value crn_children_lower(const crn_model_list *list, int64_t i, crn_method method,
                             crn_graph *graph, crn_value x);

/* One method of each child; NULL with the graph's error set. The answers are in the graph's
 * arena. */
crn_value *crn_children_answers(const crn_model_list *list, crn_method method, crn_graph *graph,
                                crn_value x);

/* ---- values ---- */

/* The sum of values in their order, as Python's sum(). */
crn_value crn_sum_in_order(crn_graph *graph, const crn_value *values, int64_t count);
/* x * factor, x / divisor. */
crn_value crn_times(crn_graph *graph, crn_value x, double factor);
crn_value crn_divided_by(crn_graph *graph, crn_value x, double divisor);
/* Values of the type (rows, ...) as the last axis of one: numpy.stack(axis=-1). */
crn_value crn_stack(crn_graph *graph, const crn_value *values, int64_t count);
/* (rows) or (rows, 1) as (rows, 1), and the other way round. */
crn_value crn_as_column(crn_graph *graph, crn_value x);
crn_value crn_as_vector(crn_graph *graph, crn_value x);
/* Column k of (rows, n) as (rows). */
crn_value crn_one_column(crn_graph *graph, crn_value x, int64_t k);

/* The same numbers for each row of x: (rows, count). */
crn_value crn_constant_rows(crn_graph *graph, crn_value x, const double *numbers,
                            int64_t count);

/* What tells the second class from the first, (rows): the decision, else the probability of the
 * second, else what a regressor predicts (_predict_binary of sklearn/multiclass.py). */
crn_value crn_child_binary_score(const crn_model *child, crn_graph *graph, crn_value x);
bool crn_child_has_binary_score(const crn_model *child);
/* Above it, the second class is meant (_threshold_for_binary_predict). */
double crn_child_binary_threshold(const crn_model *child);

/* ---- classes ---- */

/* Labels (rows) of several targets as (rows, targets): numbers of different types become
 * float64 or int64, strings as wide as the widest. */
crn_value crn_stack_labels(crn_graph *graph, crn_value *values, int64_t count);

/* Labels of a child (rows) as int64 indices into `classes`, which are sorted. A label that is
 * not among them fails the run. */
crn_value crn_class_indices(crn_graph *graph, crn_value labels, const crn_array *classes);
/* The same where the classes are 0, 1 ... n - 1. */
crn_value crn_class_codes(crn_graph *graph, crn_value labels, int64_t n);

/* places[i]: where some[i] stands in the sorted `all`; both vectors of one kind. CRN_FORMAT
 * when it is not there. */
crn_status crn_classes_find(const crn_array *some, const crn_array *all, int64_t *places,
                            crn_error *err);
/* CRN_OK for a vector of at least `least` labels that are sorted and differ. */
crn_status crn_classes_check(const crn_array *classes, int64_t least, crn_error *err);

/* ---- writing ---- */

/* Where scikit-learn renamed a parameter, it kept the old name with the value 'deprecated' from
 * version `since` to before `until`, and reads it there. */
crn_status crn_write_deprecated(crn_document *document, crn_object *state, const char *sklearn,
                                const char *name, const char *since, const char *until,
                                crn_error *err);

/* named_estimators_, the Bunch of what `state` has as estimators_ by the names of `estimators`;
 * one that was dropped stands there as it was given. */
crn_status crn_write_named_estimators(crn_document *document, crn_object *state,
                                      const crn_model_list *estimators, crn_error *err);

#endif
