/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon predict and cornichon transform. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "models.h"
#include "report.h"

/* ---- names of the columns that are written ---- */

typedef struct column_names {
    char **at; /* [count] and NULL */
    int64_t count;
} column_names;

static void names_free(column_names *names)
{
    for (int64_t i = 0; names->at != NULL && i < names->count; i++)
        free(names->at[i]);
    free(names->at);
}

static char *print_name(const char *prefix, int64_t i)
{
    char buffer[256];
    snprintf(buffer, sizeof buffer, "%s%lld", prefix, (long long)i);
    return strdup(buffer);
}

/* The class in lower case, as get_feature_names_out prefixes ("pca0"). */
static void lower_class(const crn_model *model, char *out, size_t size)
{
    const int steps = crn_model_step_count(model);
    const crn_model *last = steps > 0 ? crn_model_step(model, steps - 1) : model;
    snprintf(out, size, "%s", last != NULL ? crn_model_class(last) : "");
    for (char *c = out; *c != '\0'; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
}

/* One name a column: class labels for probabilities, "pca0" for a transform, the method itself
 * for a vector. */
static bool name_columns(const crn_model *model, crn_method method, const crn_array *y,
                         column_names *names)
{
    char prefix[128];
    const bool of_classes = method == CRN_PREDICT_PROBA || method == CRN_PREDICT_LOG_PROBA ||
                            method == CRN_DECISION_FUNCTION;
    *names = (column_names){.count = y->ndim > 1 ? y->shape[1] : 1};
    names->at = calloc((size_t)names->count + 1, sizeof *names->at);
    if (names->at == NULL)
        return false;
    lower_class(model, prefix, sizeof prefix);
    for (int64_t i = 0; i < names->count; i++) {
        char *label = of_classes ? crn_model_class_label(model, i) : NULL;
        if (y->ndim < 2)
            names->at[i] = strdup(crn_method_name(method));
        else if (label != NULL)
            names->at[i] = strdup(label);
        else
            names->at[i] = print_name(method == CRN_TRANSFORM ? prefix : "", i);
        crn_string_free(label);
        if (names->at[i] == NULL)
            return false;
    }
    return true;
}

/* ---- the command ---- */

static int create_predictor(const options *o, const crn_model *model, crn_method method,
                            crn_pool *pool, const crn_array *x, crn_predictor **out)
{
    crn_error err = CRN_ERROR_INIT;
    crn_predictor_options settings = CRN_PREDICTOR_OPTIONS_INIT;
    settings.exact = o->exact;
    settings.pool = pool;
    settings.rows = x;
    settings.sparse = x != NULL && x[0].dtype == CRN_CSR;
    if (crn_predictor_create(model, method, &settings, out, &err) != CRN_OK)
        return fail(o->arguments.at[o->arguments.count - 1], &err);
    return EXIT_OK;
}

/* How many inputs the method has; 0 when the model does not have the method. */
static int inputs_of(const crn_model *model, crn_method method)
{
    int count = 0;
    while (count < MOST && crn_model_input(model, method, count).dtype != CRN_NO_DTYPE)
        count++;
    return count;
}

static int read_inputs(const options *o, const crn_model *model, crn_method method, int wanted,
                       rows *inputs, int *count)
{
    if (o->input.count == 0)
        return usage(o, "no data: name it with -i");
    if (o->input.count != wanted)
        return usage(o, "the model takes %d input%s, -i was given %d times", wanted,
                     wanted == 1 ? "" : "s", o->input.count);
    for (*count = 0; *count < wanted; ++*count) {
        const crn_array input = crn_model_input(model, method, *count);
        int code =
            rows_read(o, o->input.at[*count], model, &input, WITHOUT_TARGET, &inputs[*count]);
        if (code != EXIT_OK) {
            rows_free(&inputs[*count]);
            return code;
        }
    }
    return EXIT_OK;
}

static int write_outputs(const options *o, const crn_model *model, crn_method method,
                         const crn_array *outputs, int count)
{
    if (o->output.count > count)
        return usage(o, "the model gives %d output%s, -o was given %d times", count,
                     count == 1 ? "" : "s", o->output.count);
    int code = EXIT_OK;
    const int wanted = o->output.count > 0 ? o->output.count : 1;
    /* --return-std into one place: what was asked for, not the mean before it. */
    if (o->return_std && wanted == 1 && count == 2)
        outputs++;
    for (int i = 0; i < wanted && code == EXIT_OK; i++) {
        column_names names = {0};
        const char *path = o->output.count > 0 ? o->output.at[i] : "-";
        /* The columns of a sparse matrix are too many to be named. */
        if (outputs[i].dtype == CRN_CSR || name_columns(model, method, &outputs[i], &names))
            code = write_array(o, &outputs[i], (const char *const *)names.at, path);
        else
            code = complain(path, "out of memory");
        names_free(&names);
    }
    return code;
}

/* Rows in, predictions out. inputs and outputs have room for MOST. */
static int run(const options *o, const crn_model *model, crn_method method, crn_pool *pool)
{
    static rows inputs[MOST];
    crn_array x[MOST], outputs[MOST] = {CRN_ARRAY_INIT};
    crn_predictor *predictor = NULL;
    crn_error err = CRN_ERROR_INIT;
    int count = 0, given = 0;
    const int wanted = inputs_of(model, method);
    int code = wanted > 0 ? read_inputs(o, model, method, wanted, inputs, &given) : EXIT_OK;
    for (int i = 0; i < given; i++)
        x[i] = inputs[i].data.x;
    if (code == EXIT_OK)
        code = create_predictor(o, model, method, pool, given > 0 ? x : NULL, &predictor);
    if (code == EXIT_OK) {
        count = crn_predictor_outputs(predictor);
        if (crn_predict(predictor, x, outputs, &err) != CRN_OK)
            code = fail(o->input.at[0], &err);
    }
    if (code == EXIT_OK)
        code = write_outputs(o, model, method, outputs, count);
    for (int i = 0; i < count; i++)
        crn_array_free(&outputs[i]);
    for (int i = 0; i < given; i++)
        rows_free(&inputs[i]);
    crn_predictor_destroy(predictor);
    return code;
}

int cmd_predict(const options *o)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    crn_pool *pool = NULL;
    crn_method method;
    int code = load_models(o, o->command == COMMAND_TRANSFORM ? CRN_TRANSFORM : CRN_PREDICT,
                           &model, &method);
    if (code != EXIT_OK)
        return code;
    if (crn_pool_create((int)o->threads, &pool, &err) != CRN_OK)
        code = fail(NULL, &err);
    if (code == EXIT_OK)
        code = run(o, model, method, pool);
    crn_pool_destroy(pool);
    crn_model_destroy(model);
    return code;
}
