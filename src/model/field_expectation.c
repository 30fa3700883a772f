/* SPDX-License-Identifier: BSD-3-Clause */
/* Constraints in scikit-learn's words. */
#include <math.h>
#include <string.h>

#include "model/field_constraint.h"

/* sklearn.metrics.get_scorer_names(). */
const char *crn_scorer_name(size_t i)
{
    static const char *const scorers[] = {"accuracy",
                                          "adjusted_mutual_info_score",
                                          "adjusted_rand_score",
                                          "average_precision",
                                          "balanced_accuracy",
                                          "completeness_score",
                                          "d2_absolute_error_score",
                                          "d2_brier_score",
                                          "d2_log_loss_score",
                                          "explained_variance",
                                          "f1",
                                          "f1_macro",
                                          "f1_micro",
                                          "f1_samples",
                                          "f1_weighted",
                                          "fowlkes_mallows_score",
                                          "homogeneity_score",
                                          "jaccard",
                                          "jaccard_macro",
                                          "jaccard_micro",
                                          "jaccard_samples",
                                          "jaccard_weighted",
                                          "matthews_corrcoef",
                                          "mutual_info_score",
                                          "neg_brier_score",
                                          "neg_log_loss",
                                          "neg_max_error",
                                          "neg_mean_absolute_error",
                                          "neg_mean_absolute_percentage_error",
                                          "neg_mean_gamma_deviance",
                                          "neg_mean_poisson_deviance",
                                          "neg_mean_squared_error",
                                          "neg_mean_squared_log_error",
                                          "neg_median_absolute_error",
                                          "neg_negative_likelihood_ratio",
                                          "neg_root_mean_squared_error",
                                          "neg_root_mean_squared_log_error",
                                          "normalized_mutual_info_score",
                                          "positive_likelihood_ratio",
                                          "precision",
                                          "precision_macro",
                                          "precision_micro",
                                          "precision_samples",
                                          "precision_weighted",
                                          "r2",
                                          "rand_score",
                                          "recall",
                                          "recall_macro",
                                          "recall_micro",
                                          "recall_samples",
                                          "recall_weighted",
                                          "roc_auc",
                                          "roc_auc_ovo",
                                          "roc_auc_ovo_weighted",
                                          "roc_auc_ovr",
                                          "roc_auc_ovr_weighted",
                                          "top_k_accuracy",
                                          "v_measure_score"};
    return i < sizeof scorers / sizeof *scorers ? scorers[i] : NULL;
}

static void say_bound(const crn_alternative *range, double bound, crn_text *out)
{
    if (range->kind == CRN_ALLOWS_INT && isfinite(bound))
        crn_text_printf(out, "%.0f", bound);
    else
        crn_text_add_double(out, bound);
}

static void say_number(const crn_alternative *range, crn_text *out)
{
    bool is_int = range->kind == CRN_ALLOWS_INT;
    if (!range->bounded) {
        crn_text_add_string(out, is_int ? "an instance of 'int'" : "an instance of 'float'");
        return;
    }
    crn_text_printf(out, "%s in the range %c", is_int ? "an int" : "a float",
                    range->low_closed ? '[' : '(');
    say_bound(range, range->low, out);
    crn_text_add_string(out, ", ");
    say_bound(range, range->high, out);
    crn_text_add_char(out, range->high_closed ? ']' : ')');
}

static int compare_options(const crn_alternative *a, const crn_alternative *b)
{
    size_t common = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->text, b->text, common);
    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

/* The next option (or type) in order behind `last`; NULL past the end. */
static const crn_alternative *next_option(crn_alternative_kind kind, const crn_alternative *all,
                                          size_t count, const crn_alternative *last)
{
    const crn_alternative *next = NULL;
    for (size_t i = 0; i < count; i++) {
        if (all[i].kind != kind || all[i].hidden ||
            (last != NULL && compare_options(&all[i], last) <= 0))
            continue;
        if (next == NULL || compare_options(&all[i], next) < 0)
            next = &all[i];
    }
    return next;
}

static void say_options(crn_alternative_kind kind, const crn_alternative *all, size_t count,
                        crn_text *out)
{
    const bool is_type = kind == CRN_ALLOWS_TYPE;
    const char *joint = is_type ? "a type among {" : "a str among {";
    const char *quote = is_type ? "" : "'";
    const crn_alternative *option = NULL;
    while ((option = next_option(kind, all, count, option)) != NULL) {
        crn_text_printf(out, "%s%s%.*s%s", joint, quote, (int)option->size, option->text,
                        quote);
        joint = ", ";
    }
    crn_text_add_char(out, '}');
}

/* "'fit', 'score' and 'predict'", of words that "," and "and" join. */
static void say_methods(const crn_alternative *methods, crn_text *out)
{
    const char *joint = "an object implementing", *at = methods->text;
    for (size_t left = methods->size; left > 0;) {
        size_t size = 0;
        while (size < left && at[size] != ' ' && at[size] != ',')
            size++;
        crn_text_printf(out, "%s '%.*s'", joint, (int)size, at);
        joint = size < left && at[size] == ',' ? "," : " and";
        const size_t gap = strlen(joint) + 1; /* and the blank behind it */
        const size_t skip = left - size > gap ? size + gap : left;
        at += skip;
        left -= skip;
    }
}

static void say_scorers(crn_text *out)
{
    const char *name;
    for (size_t i = 0; (name = crn_scorer_name(i)) != NULL; i++)
        crn_text_printf(out, "%s'%s'", i == 0 ? "a str among {" : ", ", name);
    crn_text_add_char(out, '}');
}

static void say(const crn_alternative *all, size_t count, size_t i, crn_text *out)
{
    switch (all[i].kind) {
    case CRN_ALLOWS_OPTION:
    case CRN_ALLOWS_TYPE:
        say_options(all[i].kind, all, count, out);
        break;
    case CRN_ALLOWS_INT:
    case CRN_ALLOWS_REAL:
    case CRN_ALLOWS_FLOAT:
        say_number(&all[i], out);
        break;
    case CRN_ALLOWS_NONE:
        crn_text_add_string(out, "None");
        break;
    case CRN_ALLOWS_BOOL:
        crn_text_add_string(out, "an instance of 'bool' or an instance of 'numpy.bool'");
        break;
    case CRN_ALLOWS_INSTANCE:
    case CRN_ALLOWS_CLASS:
        crn_text_printf(out, "an instance of '%.*s'", (int)all[i].size, all[i].text);
        break;
    case CRN_ALLOWS_METHOD:
        say_methods(&all[i], out);
        break;
    case CRN_ALLOWS_CALLABLE:
        crn_text_add_string(out, "a callable");
        break;
    case CRN_ALLOWS_ARRAY:
        crn_text_add_string(out, "an array-like");
        break;
    case CRN_ALLOWS_SPARSE:
        crn_text_add_string(out, "a sparse array or matrix");
        break;
    case CRN_ALLOWS_ESTIMATOR:
        crn_text_add_string(out, "an estimator");
        break;
    case CRN_ALLOWS_RANDOM_STATE:
        crn_text_add_string(out, "an int in the range [0, 4294967295], an instance of "
                                 "'numpy.random.mtrand.RandomState' or None");
        break;
    case CRN_ALLOWS_VERBOSE:
        crn_text_add_string(out, "an int in the range [0, inf), an instance of 'bool' or an "
                                 "instance of 'numpy.bool'");
        break;
    case CRN_ALLOWS_CV:
        crn_text_add_string(out, "an int in the range [2, inf), an object implementing 'split' "
                                 "and 'get_n_splits', an iterable or None");
        break;
    case CRN_ALLOWS_MISSING:
        crn_text_add_string(out, "an instance of 'int', a float in the range [-inf, inf], "
                                 "numpy.nan, pandas.NA, an instance of 'str' or None");
        break;
    case CRN_ALLOWS_SCORER:
        say_scorers(out);
        break;
    case CRN_ALLOWS_INFINITE:
        crn_text_add_string(out, "a float among {-inf, inf}");
        break;
    case CRN_ALLOWS_FALSE:
        crn_text_add_string(out, "a bool among {False}");
        break;
    case CRN_ALLOWS_INF:
        crn_text_add_string(out, "a float among {inf}");
        break;
    case CRN_ALLOWS_ANYTHING:
        crn_text_add_string(out, "any value");
        break;
    }
}

void crn_field_expectation(const crn_field *field, crn_text *out)
{
    crn_alternative all[CRN_MAX_ALTERNATIVES];
    size_t count = crn_field_alternatives(field, all), said[CRN_MAX_ALTERNATIVES], total = 0;
    bool options = false, types = false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].hidden)
            continue;
        bool *before = all[i].kind == CRN_ALLOWS_OPTION ? &options
                       : all[i].kind == CRN_ALLOWS_TYPE ? &types
                                                        : NULL;
        if (before == NULL || !*before)
            said[total++] = i;
        if (before != NULL)
            *before = true;
    }
    for (size_t i = 0; i < total; i++) {
        if (i > 0)
            crn_text_add_string(out, i + 1 == total ? " or " : ", ");
        say(all, count, said[i], out);
    }
}
