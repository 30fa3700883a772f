/* SPDX-License-Identifier: BSD-3-Clause */
/* What OneHotEncoder, OrdinalEncoder and TargetEncoder have in common: the attribute
 * categories_, and how its rare values are grouped (sklearn/preprocessing/_encoders.py,
 * _BaseEncoder). */
#ifndef CRN_SKLEARN_CATEGORIES_H
#define CRN_SKLEARN_CATEGORIES_H

#include "base/cell.h"
#include "sklearn/estimator.h"

typedef struct crn_categories {
    int64_t features;
    int64_t *starts;  /* [features + 1]: those of feature i are [starts[i], starts[i + 1]) */
    crn_cell *values; /* [starts[features]], feature after feature, as in the file */
    bool are_numbers; /* all of them, exactly as float64: then rows are float64, too */
    crn_dtype common; /* of the arrays: what inverse_transform gives; CRN_OBJECT: mixed */
    int64_t *group;   /* [starts[features]]: the code among its feature's codes when rare
                          categories share the last; a missing one that is not grouped keeps its */
    int64_t *groups;  /* [features]: the number of codes */
    bool *has_rare;   /* [features] */
} crn_categories;

/* From the attribute, a list of arrays. Memory is the arena's. Every category is alone in its
 * group. */
crn_status crn_categories_read(crn_categories *self, const crn_object *list, crn_arena *arena,
                               crn_error *err);
/* Groups the rare ones as _default_to_infrequent_mappings says, if state has it and
 * _infrequent_enabled is not False. */
crn_status crn_categories_group(crn_categories *self, const crn_object *state, crn_error *err);

/* The rows that transform takes. */
crn_type crn_categories_type(const crn_categories *self);
/* The slots (ops/category.h) of the values of x. */
crn_value crn_categories_slots(const crn_categories *self, crn_graph *graph, crn_value x,
                               bool refuse_unknown);
/* The categories of each feature in the order of crn_cell_compare(), as numbers or as cells, and
 * the slot of each. */
void crn_categories_sorted(const crn_categories *self, crn_graph *graph, crn_dtype dtype,
                           crn_value *keys, crn_value *slots);
/* A table of categories: copies, as numbers of `dtype` or as CRN_OBJECT. */
crn_value crn_categories_table(crn_graph *graph, const crn_cell *const *cells, int64_t count,
                               crn_dtype dtype);
/* All categories as cells, in the order of the columns. */
crn_value crn_categories_names(const crn_categories *self, crn_graph *graph);
/* A constant of int64. */
crn_value crn_graph_integers(crn_graph *graph, const int64_t *numbers, int64_t count);

/* What stands for all rare categories in inverse_transform: 'infrequent_sklearn'. */
extern const crn_cell crn_infrequent_category;

#endif
