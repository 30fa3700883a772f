/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon diff: structure, parameters, weights, and what both predict. */
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "data.h"
#include "json.h"
#include "models.h"
#include "report.h"

/* ---- the models ---- */

static void print_text(const crn_difference *d)
{
    printf("%s: ", d->path[0] != '\0' ? d->path : "(the model)");
    if (d->left == NULL)
        printf("only in the second: %s\n", d->right);
    else if (d->right == NULL)
        printf("only in the first: %s\n", d->left);
    else if (d->elements > 0)
        printf("%s: %lld element%s differ, by %.3g at most\n", d->left, (long long)d->elements,
               d->elements == 1 ? "" : "s", d->largest);
    else
        printf("%s -> %s\n", d->left, d->right);
}

static void print_json(const crn_difference *d, size_t i)
{
    printf(i > 0 ? ", {\"path\": " : "{\"path\": ");
    json_string(stdout, d->path);
    printf(", \"left\": ");
    json_string(stdout, d->left);
    printf(", \"right\": ");
    json_string(stdout, d->right);
    printf(", \"elements\": %lld, \"largest\": ", (long long)d->elements);
    json_number(stdout, d->largest);
    printf("}");
}

/* ---- what they predict ---- */

static int predict(const options *o, int which, const crn_model *model, crn_method method,
                   crn_array *out)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_array input = crn_model_input(model, method, 0);
    rows r;
    int code = rows_read(o, o->input.at[0], model, &input, WITHOUT_TARGET, &r);
    if (code == EXIT_OK && crn_model_predict(model, method, &r.data.x, out, &err) != CRN_OK)
        code = fail(o->arguments.at[which], &err);
    rows_free(&r);
    return code;
}

static void print_predictions(const options *o, const distance *d)
{
    if (o->json) {
        printf(", \"predictions\": {\"same\": %s, \"elements\": %lld, \"beyond\": %lld, "
               "\"largest\": ",
               within(d) ? "true" : "false", (long long)d->elements, (long long)d->beyond);
        json_number(stdout, d->largest);
        printf(", \"largest_ulp\": ");
        json_number(stdout, d->largest_ulp);
        printf("}");
        return;
    }
    if (!d->same_shape)
        printf("predictions: of different shape or type\n");
    else if (d->worst < 0)
        printf("predictions: equal (%lld)\n", (long long)d->elements);
    else
        printf("predictions: %lld of %lld differ beyond the tolerance; the largest difference "
               "is %.3g (%.3g ulp), at %lld\n",
               (long long)d->beyond, (long long)d->elements, d->largest, d->largest_ulp,
               (long long)d->worst);
}

static int compare_predictions(const options *o, crn_model *const *models,
                               const crn_method *methods, bool *same)
{
    crn_array left = CRN_ARRAY_INIT, right = CRN_ARRAY_INIT;
    int code = predict(o, 0, models[0], methods[0], &left);
    if (code == EXIT_OK)
        code = predict(o, 1, models[1], methods[1], &right);
    if (code == EXIT_OK) {
        const distance d = compare_arrays(o, &right, &left);
        print_predictions(o, &d);
        *same = *same && within(&d);
    }
    crn_array_free(&left);
    crn_array_free(&right);
    return code;
}

/* ---- the command ---- */

static int report(const options *o, crn_model *const *models, const crn_method *methods)
{
    crn_error err = CRN_ERROR_INIT;
    crn_diff *diff = NULL;
    crn_difference d;
    if (crn_model_diff(models[0], models[1], &diff, &err) != CRN_OK)
        return fail(o->arguments.at[1], &err);
    bool same = !crn_diff_at(diff, 0, &d);
    if (o->json)
        printf("{\"differences\": [");
    for (size_t i = 0; crn_diff_at(diff, i, &d); i++) {
        if (o->json)
            print_json(&d, i);
        else
            print_text(&d);
    }
    if (o->json)
        printf("]");
    else if (same)
        printf("the models are the same\n");
    crn_diff_destroy(diff);
    int code = EXIT_OK;
    if (o->input.count > 0)
        code = compare_predictions(o, models, methods, &same);
    if (o->json)
        printf(", \"same\": %s}\n", same ? "true" : "false");
    return code != EXIT_OK ? code : same ? EXIT_OK : EXIT_NO;
}

int cmd_diff(const options *o)
{
    crn_model *models[2] = {NULL, NULL};
    crn_method methods[2];
    int code = EXIT_OK;
    if (o->input.count > 1)
        return usage(o, "one -i is enough: both models get the same rows");
    for (int i = 0; i < 2 && code == EXIT_OK; i++) {
        bool has_method;
        code = load_model(o, o->arguments.at[i], &models[i], &methods[i], &has_method);
        if (code == EXIT_OK && !has_method)
            methods[i] = main_method(models[i]);
        if (code == EXIT_OK && o->method != NULL && !crn_method_find(o->method, &methods[i]))
            code = usage(o, "there is no method '%s'", o->method);
    }
    if (code == EXIT_OK)
        code = report(o, models, methods);
    crn_model_destroy(models[0]);
    crn_model_destroy(models[1]);
    return code;
}
