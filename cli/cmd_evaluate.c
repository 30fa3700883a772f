/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon evaluate. */
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "json.h"
#include "models.h"
#include "report.h"

static const char *class_name(const crn_scores *scores, const rows *r, int i)
{
    const char *name =
        r->dataset != NULL ? crn_dataset_target_name(r->dataset, (size_t)i) : NULL;
    return name != NULL ? name : crn_scores_class(scores, i);
}

/* Columns as sklearn.metrics.classification_report prints them. */
static void print_report(const crn_scores *scores, const rows *r)
{
    const int n = crn_scores_classes(scores);
    printf("\n%16s  precision  recall  f1-score  support\n", "");
    for (int k = 0; k < n; k++) {
        int64_t predicted = 0, support = 0;
        const int64_t hits = crn_scores_confusion(scores, k, k);
        for (int j = 0; j < n; j++) {
            predicted += crn_scores_confusion(scores, j, k);
            support += crn_scores_confusion(scores, k, j);
        }
        const double precision = predicted > 0 ? (double)hits / (double)predicted : 0.0;
        const double recall = support > 0 ? (double)hits / (double)support : 0.0;
        const double f1 = hits > 0 ? 2.0 * precision * recall / (precision + recall) : 0.0;
        printf("%16.40s  %9.2f  %6.2f  %8.2f  %7lld\n", class_name(scores, r, k), precision,
               recall, f1, (long long)support);
    }
    printf("\nconfusion matrix (rows: truth, columns: predicted)\n");
    for (int k = 0; k < n; k++) {
        printf("%16.40s ", class_name(scores, r, k));
        for (int j = 0; j < n; j++)
            printf(" %6lld", (long long)crn_scores_confusion(scores, k, j));
        printf("\n");
    }
}

static void print_json(const crn_scores *scores, const rows *r)
{
    const int n = crn_scores_classes(scores);
    printf("{\"rows\": %lld", (long long)r->data.x.shape[0]);
    for (int i = 0; i < crn_scores_count(scores); i++) {
        printf(", ");
        json_string(stdout, crn_scores_name(scores, i));
        printf(": ");
        json_number(stdout, crn_scores_value(scores, i));
    }
    if (n > 0) {
        printf(", \"classes\": [");
        for (int k = 0; k < n; k++) {
            printf(k > 0 ? ", " : "");
            json_string(stdout, class_name(scores, r, k));
        }
        printf("], \"confusion\": [");
        for (int k = 0; k < n; k++) {
            printf(k > 0 ? ", [" : "[");
            for (int j = 0; j < n; j++)
                printf(j > 0 ? ", %lld" : "%lld",
                       (long long)crn_scores_confusion(scores, k, j));
            printf("]");
        }
        printf("]");
    }
    printf("}\n");
}

static void print_text(const crn_scores *scores, const rows *r)
{
    for (int i = 0; i < crn_scores_count(scores); i++) {
        /* The scores of single classes, "setosa recall", are the report's below. */
        if (crn_scores_classes(scores) == 0 || strchr(crn_scores_name(scores, i), ' ') == NULL)
            printf("%s: %.4f\n", crn_scores_name(scores, i), crn_scores_value(scores, i));
    }
    if (crn_scores_classes(scores) > 0)
        print_report(scores, r);
}

static int judge(const options *o, const crn_model *model, crn_pool *pool, rows *r)
{
    crn_error err = CRN_ERROR_INIT;
    crn_scores *scores = NULL;
    if (crn_model_evaluate(model, &r->data, (int)o->batch_size, pool, &scores, &err) != CRN_OK)
        return fail(o->input.at[0], &err);
    if (o->json)
        print_json(scores, r);
    else
        print_text(scores, r);
    crn_scores_destroy(scores);
    return EXIT_OK;
}

int cmd_evaluate(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_pool *pool = NULL;
    crn_method method;
    rows r = {0};
    if (o->input.count != 1)
        return usage(o, o->input.count == 0 ? "no data: name it with -i"
                                            : "evaluate takes one -i");
    int code = load_models(o, CRN_PREDICT, &model, &method);
    if (code == EXIT_OK) {
        const crn_array input = crn_model_input(model, method, 0);
        code = rows_read(o, o->input.at[0], model, &input, WITH_TARGET, &r);
    }
    if (code == EXIT_OK)
        code = rows_need_target(o, &r);
    if (code == EXIT_OK && crn_pool_create((int)o->threads, &pool, &err) != CRN_OK)
        code = fail(NULL, &err);
    if (code == EXIT_OK)
        code = judge(o, model, pool, &r);
    crn_pool_destroy(pool);
    rows_free(&r);
    crn_model_destroy(model);
    return code;
}
