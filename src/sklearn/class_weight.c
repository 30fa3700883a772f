/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/class_weight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/sum.h"

crn_status crn_check_classification_targets(const crn_array *y, crn_error *err)
{
    if (!crn_dtype_is_float(y->dtype))
        return CRN_OK;
    bool whole = true, infinite = false;
    for (int64_t i = 0; i < crn_array_size(y); i++) {
        const double value = crn_array_get(y, i);
        if (isnan(value))
            return crn_fail(err, CRN_ARGUMENT, "Input y contains NaN.");
        infinite |= isinf(value) != 0;
        whole &= value == floor(value);
    }
    if (infinite)
        return crn_fail(err, CRN_ARGUMENT,
                        "Input y contains infinity or a value too large for dtype('%s').",
                        crn_dtype_name(y->dtype));
    if (!whole)
        return crn_fail(
            err, CRN_ARGUMENT,
            "Unknown label type: continuous. Maybe you are trying to fit a classifier, "
            "which expects discrete classes on a regression target with continuous "
            "values.");
    return CRN_OK;
}

static void balanced(const int32_t *codes, int64_t rows, const double *sample_weight,
                     int64_t classes, double *out)
{
    memset(out, 0, (size_t)classes * sizeof *out);
    for (int64_t i = 0; i < rows; i++)
        out[codes[i]] += sample_weight != NULL ? sample_weight[i] : 1.0;
    const double total = crn_sum(out, classes);
    for (int64_t k = 0; k < classes; k++)
        out[k] = total / ((double)classes * out[k]);
}

/* ---- a dict ---- */

/* A class as the dict's keys are compared with it: int(class) where Python can, else
 * str(class). */
typedef struct class_key {
    bool is_int;
    double number;
    crn_text text;
} class_key;

static class_key key_of_class(const crn_array *classes, int64_t k)
{
    class_key key = {.is_int = true, .text = CRN_TEXT_INIT};
    int64_t integer;
    if (classes->dtype != CRN_STRING && classes->dtype != CRN_BYTES) {
        key.number = crn_array_get(classes, k);
        return key;
    }
    crn_label_text(classes, k, &key.text);
    key.is_int = key.text.size > 0 && crn_parse_int(key.text.data, key.text.size, &integer);
    key.number = key.is_int ? (double)integer : 0.0;
    return key;
}

static bool is_same_key(const class_key *key, const crn_object *given)
{
    double number;
    if (key->is_int)
        return crn_object_as_double(given, &number) && number == key->number;
    return crn_object_is_str(given, key->text.data != NULL ? key->text.data : "");
}

/* "The classes, ['b', 'c'], are not in class_weight" */
static crn_status unweighted(const crn_array *classes, const bool *found, crn_error *err)
{
    bool all_int = true;
    crn_text list = CRN_TEXT_INIT;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t k = 0; k < classes->shape[0]; k++) {
            if (found[k])
                continue;
            class_key key = key_of_class(classes, k);
            all_int &= key.is_int;
            if (pass == 1 && list.size > 0)
                crn_text_add_string(&list, ", ");
            if (pass == 1 && all_int)
                crn_text_printf(&list, "%.0f", key.number);
            else if (pass == 1)
                crn_label_repr(classes, k, &list);
            crn_text_free(&key.text);
        }
    }
    crn_fail(err, CRN_ARGUMENT, "The classes, [%s], are not in class_weight",
             list.data != NULL ? list.data : "");
    crn_text_free(&list);
    return CRN_ARGUMENT;
}

/* The weight of one class. */
static crn_status weight_of_class(const crn_object *dict, const crn_array *classes, int64_t k,
                                  bool *found, double *out, crn_error *err)
{
    crn_status status = CRN_OK;
    class_key key = key_of_class(classes, k);
    for (size_t i = 0; i + 1 < dict->as.items.count && status == CRN_OK; i += 2) {
        if (!is_same_key(&key, dict->as.items.at[i]))
            continue;
        *found = true;
        if (!crn_object_as_double(dict->as.items.at[i + 1], out))
            status = crn_fail(err, CRN_ARGUMENT, "a weight in class_weight is not a number");
    }
    crn_text_free(&key.text);
    return status;
}

static crn_status from_dict(const crn_object *dict, const crn_array *classes, double *out,
                            crn_error *err)
{
    const int64_t count = classes->shape[0];
    size_t weighted = 0;
    bool *found = crn_calloc((size_t)count, sizeof *found);
    if (found == NULL)
        return crn_no_memory(err);
    crn_status status = CRN_OK;
    for (int64_t k = 0; k < count && status == CRN_OK; k++) {
        status = weight_of_class(dict, classes, k, &found[k], &out[k], err);
        weighted += found[k];
    }
    const bool unknown_keys = weighted < (size_t)count && weighted != crn_object_length(dict);
    if (status == CRN_OK && unknown_keys && crn_object_length(dict) > 0)
        status = unweighted(classes, found, err);
    free(found);
    return status;
}

crn_status crn_class_weight(const crn_object *class_weight, const crn_array *classes,
                            const int32_t *codes, int64_t rows, const double *sample_weight,
                            double *out, crn_error *err)
{
    const int64_t count = classes->shape[0];
    for (int64_t k = 0; k < count; k++)
        out[k] = 1.0;
    if (crn_object_is_none(class_weight))
        return CRN_OK;
    if (crn_object_is_str(class_weight, "balanced")) {
        balanced(codes, rows, sample_weight, count, out);
        return CRN_OK;
    }
    if (crn_object_is(class_weight, CRN_OBJ_DICT))
        return from_dict(class_weight, classes, out, err);
    return crn_fail(err, CRN_ARGUMENT,
                    "The 'class_weight' parameter must be a dict, 'balanced' or None.");
}
