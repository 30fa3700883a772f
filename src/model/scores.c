/* SPDX-License-Identifier: BSD-3-Clause */
/* Named numbers that judge predictions, with the definitions of sklearn.metrics (1.9):
 * classification_report, confusion_matrix, r2_score, mean_squared_error, mean_absolute_error.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

enum { MOST_CLASSES = 10000 };

typedef struct named_score {
    char *name;
    double value;
} named_score;

struct crn_scores {
    named_score *scores;
    size_t count, capacity;
    int64_t classes;
    char **class_names; /* (classes) */
    int64_t *confusion; /* (classes, classes): rows are the true ones */
};

crn_status crn_scores_create(crn_scores **out, crn_error *err)
{
    crn_scores *scores = crn_calloc(1, sizeof *scores);
    if (scores == NULL)
        return crn_no_memory(err);
    *out = scores;
    return CRN_OK;
}

static crn_status add_owned(crn_scores *scores, char *name, double value, crn_error *err)
{
    void *grown = scores->scores;
    crn_status status = name == NULL ? crn_no_memory(err)
                                     : crn_grow(&grown, &scores->capacity, scores->count,
                                                sizeof *scores->scores, err);
    scores->scores = grown;
    if (status != CRN_OK) {
        free(name);
        return status;
    }
    scores->scores[scores->count++] = (named_score){.name = name, .value = value};
    return CRN_OK;
}

/* The score "row column": "setosa precision", as the report's table has it. */
static crn_status add_cell(crn_scores *scores, const char *row, const char *column,
                           double value, crn_error *err)
{
    crn_text name = CRN_TEXT_INIT;
    crn_text_printf(&name, "%s %s", row, column);
    char *text = crn_text_take(&name, err);
    if (text == NULL)
        crn_text_free(&name);
    return add_owned(scores, text, value, err);
}

crn_status crn_scores_add(crn_scores *scores, const char *name, double value, crn_error *err)
{
    size_t size = strlen(name) + 1;
    char *copy = crn_calloc(size, 1);
    if (copy != NULL)
        memcpy(copy, name, size);
    return add_owned(scores, copy, value, err);
}

int crn_scores_count(const crn_scores *scores)
{
    return (int)scores->count;
}

const char *crn_scores_name(const crn_scores *scores, int i)
{
    return i >= 0 && (size_t)i < scores->count ? scores->scores[i].name : NULL;
}

double crn_scores_value(const crn_scores *scores, int i)
{
    return i >= 0 && (size_t)i < scores->count ? scores->scores[i].value : (double)NAN;
}

int crn_scores_classes(const crn_scores *scores)
{
    return (int)scores->classes;
}

const char *crn_scores_class(const crn_scores *scores, int i)
{
    return i >= 0 && i < scores->classes ? scores->class_names[i] : NULL;
}

int64_t crn_scores_confusion(const crn_scores *scores, int actual, int predicted)
{
    bool inside = actual >= 0 && actual < scores->classes && predicted >= 0 &&
                  predicted < scores->classes;
    return inside ? scores->confusion[actual * scores->classes + predicted] : 0;
}

void crn_scores_destroy(crn_scores *scores)
{
    if (scores == NULL)
        return;
    for (size_t i = 0; i < scores->count; i++)
        free(scores->scores[i].name);
    for (int64_t i = 0; scores->class_names != NULL && i < scores->classes; i++)
        free(scores->class_names[i]);
    free(scores->scores);
    free(scores->class_names);
    free(scores->confusion);
    free(scores);
}

/* ---- classification ---- */

static bool is_text(const crn_array *labels)
{
    return labels->dtype == CRN_STRING || labels->dtype == CRN_BYTES;
}

/* The type in which labels of both kinds can be compared. */
static crn_dtype common_dtype(const crn_array *a, const crn_array *b)
{
    if (a->dtype == b->dtype)
        return a->dtype;
    return crn_dtype_is_float(a->dtype) || crn_dtype_is_float(b->dtype) ? CRN_FLOAT64
                                                                        : CRN_INT64;
}

static crn_status check_labels(const crn_array *truth, const crn_array *predicted,
                               crn_error *err)
{
    if (truth->ndim != 1 || predicted->ndim != 1)
        return crn_fail(err, CRN_SHAPE, "classes must be a 1d array, got one of %d axes",
                        truth->ndim != 1 ? truth->ndim : predicted->ndim);
    if (truth->shape[0] != predicted->shape[0])
        return crn_fail(
            err, CRN_SHAPE,
            "Found input variables with inconsistent numbers of samples: [%lld, %lld]",
            (long long)truth->shape[0], (long long)predicted->shape[0]);
    bool same_kind = is_text(truth) ? truth->dtype == predicted->dtype : !is_text(predicted);
    if (!same_kind)
        return crn_fail(err, CRN_DTYPE,
                        "Labels in y_true and y_pred should be of the same type. Got %s and %s",
                        crn_dtype_name(truth->dtype), crn_dtype_name(predicted->dtype));
    return CRN_OK;
}

/* Both vectors behind each other: (2 rows). */
static crn_status join_labels(const crn_array *truth, const crn_array *predicted,
                              crn_array *out, crn_error *err)
{
    crn_dtype dtype = common_dtype(truth, predicted);
    int64_t width =
        truth->itemsize > predicted->itemsize ? truth->itemsize : predicted->itemsize;
    int64_t rows = 2 * truth->shape[0];
    CRN_TRY(crn_array_create(dtype, width, 1, &rows, out, err));
    CRN_TRY(crn_array_copy_to(truth, dtype, out->itemsize, out->data, err));
    return crn_array_copy_to(predicted, dtype, out->itemsize,
                             (char *)out->data + truth->shape[0] * out->itemsize, err);
}

static crn_status refuse_continuous(const crn_array *labels, crn_error *err)
{
    for (int64_t i = 0; crn_dtype_is_float(labels->dtype) && i < labels->shape[0]; i++) {
        double value = crn_array_get(labels, i);
        if (isfinite(value) && value != floor(value))
            return crn_fail(err, CRN_ARGUMENT,
                            "Classification metrics can't handle continuous targets such as %g",
                            value);
    }
    return CRN_OK;
}

static crn_status name_classes(crn_scores *scores, const crn_array *classes, crn_error *err)
{
    size_t count = (size_t)classes->shape[0], cells;
    if (count > MOST_CLASSES)
        return crn_fail(err, CRN_LIMIT, "%zu classes: a confusion matrix has at most %d", count,
                        MOST_CLASSES);
    scores->class_names = crn_calloc(count, sizeof *scores->class_names);
    scores->confusion = crn_mul_size(count, count, &cells)
                            ? crn_calloc(cells, sizeof *scores->confusion)
                            : NULL;
    if (scores->class_names == NULL || scores->confusion == NULL)
        return crn_no_memory(err);
    scores->classes = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        crn_text text = CRN_TEXT_INIT;
        crn_label_text(classes, (int64_t)i, &text);
        scores->class_names[i] = crn_text_take(&text, err);
        if (scores->class_names[i] == NULL) {
            crn_text_free(&text);
            return crn_no_memory(err);
        }
    }
    return CRN_OK;
}

/* Precision, recall and f1 of one class, and how many rows are of it. */
typedef struct class_report {
    double precision, recall, f1, support;
} class_report;

/* zero_division="warn": 0 where nothing was predicted, or nothing is true. */
static double divide(double a, double b)
{
    return b != 0.0 ? a / b : 0.0;
}

static class_report report_class(const crn_scores *scores, int64_t class)
{
    double predicted = 0, support = 0;
    const int64_t n = scores->classes;
    double hit = (double)scores->confusion[class * n + class];
    for (int64_t i = 0; i < n; i++) {
        predicted += (double)scores->confusion[i * n + class];
        support += (double)scores->confusion[class * n + i];
    }
    return (class_report){.precision = divide(hit, predicted),
                          .recall = divide(hit, support),
                          .f1 = divide(2 * hit, predicted + support),
                          .support = support};
}

static crn_status add_report(crn_scores *scores, const char *row, const class_report *report,
                             crn_error *err)
{
    CRN_TRY(add_cell(scores, row, "precision", report->precision, err));
    CRN_TRY(add_cell(scores, row, "recall", report->recall, err));
    CRN_TRY(add_cell(scores, row, "f1-score", report->f1, err));
    return add_cell(scores, row, "support", report->support, err);
}

/* Adds `weight` parts of b. */
static void add_weighted(class_report *sum, const class_report *b, double weight)
{
    sum->precision += b->precision * weight;
    sum->recall += b->recall * weight;
    sum->f1 += b->f1 * weight;
}

static crn_status add_reports(crn_scores *scores, int64_t rows, crn_error *err)
{
    class_report macro = {.support = (double)rows}, weighted = macro;
    for (int64_t i = 0; i < scores->classes; i++) {
        class_report report = report_class(scores, i);
        CRN_TRY(add_report(scores, scores->class_names[i], &report, err));
        add_weighted(&macro, &report, 1.0 / (double)scores->classes);
        add_weighted(&weighted, &report, divide(report.support, (double)rows));
    }
    CRN_TRY(add_report(scores, "macro avg", &macro, err));
    return add_report(scores, "weighted avg", &weighted, err);
}

crn_status crn_scores_classification(crn_scores *scores, const crn_array *truth,
                                     const crn_array *predicted, crn_error *err)
{
    CRN_TRY(check_labels(truth, predicted, err));
    crn_array joined = CRN_ARRAY_INIT, classes = CRN_ARRAY_INIT, codes = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    int64_t rows = truth->shape[0];
    CRN_TRY_OR_DONE(join_labels(truth, predicted, &joined, err));
    CRN_TRY_OR_DONE(refuse_continuous(&joined, err));
    CRN_TRY_OR_DONE(crn_labels_encode(&joined, &classes, &codes, err));
    CRN_TRY_OR_DONE(name_classes(scores, &classes, err));
    const int64_t *code = codes.data; /* (2 rows) */
    double hits = 0;
    for (int64_t i = 0; i < rows; i++) {
        scores->confusion[code[i] * scores->classes + code[rows + i]]++;
        hits += code[i] == code[rows + i];
    }
    CRN_TRY_OR_DONE(crn_scores_add(scores, "accuracy", divide(hits, (double)rows), err));
    CRN_TRY_OR_DONE(add_reports(scores, rows, err));
done:
    crn_array_free(&joined);
    crn_array_free(&classes);
    crn_array_free(&codes);
    return status;
}

/* ---- regression ---- */

/* Sums over the rows of one output. */
typedef struct output_errors {
    double squares, absolutes, spread; /* spread: of the truth about its mean */
} output_errors;

static output_errors errors_of(const double *truth, const double *predicted, int64_t rows,
                               int64_t outputs)
{
    output_errors sums = {0};
    double mean = 0;
    for (int64_t i = 0; i < rows; i++)
        mean += truth[i * outputs] / (double)rows;
    for (int64_t i = 0; i < rows; i++) {
        double error = truth[i * outputs] - predicted[i * outputs];
        double distance = truth[i * outputs] - mean;
        sums.squares += error * error;
        sums.absolutes += fabs(error);
        sums.spread += distance * distance;
    }
    return sums;
}

/* r2_score of one output; a constant truth gives 1 when it was met and 0 otherwise. */
static double r2_of(const output_errors *sums, int64_t rows)
{
    if (rows < 2)
        return (double)NAN;
    if (sums->spread == 0.0)
        return sums->squares == 0.0 ? 1.0 : 0.0;
    return 1.0 - sums->squares / sums->spread;
}

static bool is_column(const crn_array *array)
{
    return array->ndim == 1 || (array->ndim == 2 && array->shape[1] == 1);
}

static crn_status check_targets(const crn_array *truth, const crn_array *predicted,
                                crn_error *err)
{
    if (truth->ndim < 1 || truth->ndim > 2 || predicted->ndim < 1 || predicted->ndim > 2)
        return crn_fail(err, CRN_SHAPE, "targets must have one axis or two");
    if (truth->shape[0] != predicted->shape[0])
        return crn_fail(
            err, CRN_SHAPE,
            "Found input variables with inconsistent numbers of samples: [%lld, %lld]",
            (long long)truth->shape[0], (long long)predicted->shape[0]);
    int64_t a = truth->ndim == 2 ? truth->shape[1] : 1,
            b = predicted->ndim == 2 ? predicted->shape[1] : 1;
    if (a != b && !(is_column(truth) && is_column(predicted)))
        return crn_fail(err, CRN_SHAPE,
                        "y_true and y_pred have different number of output (%lld!=%lld)",
                        (long long)a, (long long)b);
    return CRN_OK;
}

crn_status crn_scores_regression(crn_scores *scores, const crn_array *truth,
                                 const crn_array *predicted, crn_error *err)
{
    CRN_TRY(check_targets(truth, predicted, err));
    crn_array true_numbers = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    int64_t rows = truth->shape[0], outputs = truth->ndim == 2 ? truth->shape[1] : 1;
    double r2 = 0, mse = 0, mae = 0;
    CRN_TRY_OR_DONE(crn_as_float64(truth, &true_numbers, err));
    CRN_TRY_OR_DONE(crn_as_float64(predicted, &numbers, err));
    for (int64_t j = 0; j < outputs; j++) { /* multioutput="uniform_average" */
        output_errors sums = errors_of((const double *)true_numbers.data + j,
                                       (const double *)numbers.data + j, rows, outputs);
        r2 += r2_of(&sums, rows) / (double)outputs;
        mse += sums.squares / (double)rows / (double)outputs;
        mae += sums.absolutes / (double)rows / (double)outputs;
    }
    CRN_TRY_OR_DONE(crn_scores_add(scores, "r2", r2, err));
    CRN_TRY_OR_DONE(crn_scores_add(scores, "mse", mse, err));
    CRN_TRY_OR_DONE(crn_scores_add(scores, "mae", mae, err));
done:
    crn_array_free(&true_numbers);
    crn_array_free(&numbers);
    return status;
}
