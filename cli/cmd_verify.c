/* SPDX-License-Identifier: BSD-3-Clause */
/* cornichon verify: golden rows through the model, and how far each step is from what it should
 * give. */
#include <stdio.h>

#include "compare.h"
#include "data.h"
#include "json.h"
#include "models.h"
#include "report.h"

/* What is asked of a model and its steps. */
typedef struct verification {
    const options *o;
    const crn_model *model;
    crn_method method;
    int first_wrong; /* -1: none yet */
} verification;

/* The step that stands for the i-th expected file; the whole model when there is but one. */
static const crn_model *step_of(const verification *v, int i, crn_method *method)
{
    const int count = v->o->expected.count;
    *method = v->method;
    if (count == 1)
        return v->model;
    const crn_model *step = crn_model_step(v->model, i);
    if (i < count - 1 && step != NULL)
        *method = step_method(step);
    return step;
}

static void print_json(int i, const crn_model *step, crn_method method, const distance *d)
{
    printf(i > 0 ? ", {\"step\": %d, \"class\": " : "{\"step\": %d, \"class\": ", i);
    json_string(stdout, step != NULL ? crn_model_class(step) : "passthrough");
    printf(", \"method\": ");
    json_string(stdout, crn_method_name(method));
    printf(", \"elements\": %lld, \"beyond\": %lld, \"largest\": ", (long long)d->elements,
           (long long)d->beyond);
    json_number(stdout, d->largest);
    printf(", \"largest_ulp\": ");
    json_number(stdout, d->largest_ulp);
    printf(", \"verified\": %s}", within(d) ? "true" : "false");
}

static void print_text(const verification *v, int i, const crn_model *step, crn_method method,
                       const distance *d)
{
    printf("%s: step %d %s.%s: ", v->o->expected.at[i], i,
           step != NULL ? crn_model_class(step) : "passthrough", crn_method_name(method));
    if (!d->same_shape)
        printf("of another shape or type\n");
    else if (d->labels)
        printf("%lld of %lld labels differ\n", (long long)d->beyond, (long long)d->elements);
    else
        printf("%lld values, largest error %.3g (%.3g ulp), %lld beyond rtol=%g atol=%g\n",
               (long long)d->elements, d->largest, d->largest_ulp, (long long)d->beyond,
               d->rtol, d->atol);
}

static int compare_step(verification *v, int i, const crn_model *step, crn_method method,
                        const crn_array *got)
{
    rows expected;
    int code = rows_read(v->o, v->o->expected.at[i], NULL, NULL, WITHOUT_TARGET, &expected);
    if (code == EXIT_OK) {
        const distance d = compare_arrays(v->o, got, &expected.data.x);
        if (v->o->json)
            print_json(i, step, method, &d);
        else
            print_text(v, i, step, method, &d);
        if (!within(&d) && v->first_wrong < 0)
            v->first_wrong = i;
    }
    rows_free(&expected);
    return code;
}

/* Each step gets what the one before gave. */
static int run_steps(verification *v, const crn_array *x)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array current = *x, made = CRN_ARRAY_INIT;
    int code = EXIT_OK;
    for (int i = 0; i < v->o->expected.count && code == EXIT_OK; i++) {
        crn_method method;
        const crn_model *step = step_of(v, i, &method);
        crn_array next = CRN_ARRAY_INIT;
        if (step != NULL && crn_model_predict(step, method, &current, &next, &err) != CRN_OK)
            code = fail(v->o->arguments.at[v->o->arguments.count - 1], &err);
        if (code == EXIT_OK)
            code = compare_step(v, i, step, method, step != NULL ? &next : &current);
        if (step != NULL) {
            crn_array_free(&made);
            made = next;
            current = next;
        }
    }
    crn_array_free(&made);
    return code;
}

static int verify(verification *v)
{
    const options *o = v->o;
    const int steps = crn_model_step_count(v->model);
    rows r;
    if (o->input.count != 1 || o->expected.count == 0)
        return usage(o, "verify takes one -i and at least one -e");
    if (o->expected.count > 1 && o->expected.count != steps)
        return usage(o, "the model has %d steps, -e was given %d times", steps,
                     o->expected.count);
    const crn_array input = crn_model_input(v->model, v->method, 0);
    int code = rows_read(o, o->input.at[0], v->model, &input, WITHOUT_TARGET, &r);
    if (o->json)
        printf("{\"steps\": [");
    if (code == EXIT_OK)
        code = run_steps(v, &r.data.x);
    rows_free(&r);
    const bool verified = code == EXIT_OK && v->first_wrong < 0;
    if (o->json) {
        printf("], \"verified\": %s, \"first_wrong\": ", verified ? "true" : "false");
        printf(v->first_wrong < 0 ? "null}\n" : "%d}\n", v->first_wrong);
    } else if (code == EXIT_OK) {
        printf(verified ? "verified\n" : "not verified: step %d is the first that differs\n",
               v->first_wrong);
    }
    return code != EXIT_OK ? code : verified ? EXIT_OK : EXIT_NO;
}

int cmd_verify(const options *o)
{
    crn_model *model = NULL;
    verification v = {.o = o, .first_wrong = -1};
    int code = load_models(o, CRN_METHOD_COUNT, &model, &v.method);
    if (code != EXIT_OK)
        return code;
    if (v.method == CRN_METHOD_COUNT)
        v.method = main_method(model);
    v.model = model;
    code = verify(&v);
    crn_model_destroy(model);
    return code;
}
