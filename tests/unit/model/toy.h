/* SPDX-License-Identifier: BSD-3-Clause */
/* A family made for tests: a model with any number of inputs, whose methods and shapes the test
 * chooses. transform gives each input doubled; predict gives the sum of all inputs. */
#ifndef CRN_TESTS_MODEL_TOY_H
#define CRN_TESTS_MODEL_TOY_H

#include "test.h"

#include <stdlib.h>

#include "model/model.h"
#include "ops/elementwise.h"

typedef struct toy {
    unsigned methods; /* bits 1 << method; 0: not fitted */
    int inputs;
    int64_t width; /* of each input; -1: open */
    crn_dtype dtype;
} toy;

static inline void toy_destroy(crn_model *model)
{
    free(model->self);
}

static inline const char *toy_class(const crn_model *model)
{
    (void)model;
    return "Toy";
}

static inline bool toy_has_method(const crn_model *model, crn_method method)
{
    return ((const toy *)model->self)->methods & 1u << method;
}

static inline int toy_inputs(const crn_model *model, crn_method method, crn_port *out)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    const toy *self = model->self;
    (void)method;
    for (int i = 0; i < self->inputs; i++)
        out[i] =
            (crn_port){.name = names[i], .type = crn_type_vector(self->dtype, self->width)};
    return self->inputs;
}

static inline int toy_lower(const crn_model *model, crn_method method, crn_graph *graph,
                            const crn_value *in, crn_value *out)
{
    const toy *self = model->self;
    if (method == CRN_TRANSFORM) {
        for (int i = 0; i < self->inputs; i++)
            out[i] = crn_binary(graph, in[i], in[i], CRN_BINARY_ADD);
        return self->inputs;
    }
    out[0] = in[0];
    for (int i = 1; i < self->inputs; i++)
        out[0] = crn_binary(graph, out[0], in[i], CRN_BINARY_ADD);
    return 1;
}

static inline crn_status toy_inspect(const crn_model *model, crn_inspection what, crn_text *out,
                                     crn_error *err)
{
    (void)model;
    (void)what;
    (void)err;
    crn_text_add_string(out, "a toy\n");
    return CRN_OK;
}

static const crn_model_type toy_type = {
    .family = "toys",
    .destroy = toy_destroy,
    .class_name = toy_class,
    .has_method = toy_has_method,
    .inputs = toy_inputs,
    .lower = toy_lower,
    .inspect = toy_inspect,
};

static inline crn_model *make_toy(unsigned methods, int inputs, int64_t width, crn_dtype dtype)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    toy *self = calloc(1, sizeof *self);
    assert_non_null(self);
    *self = (toy){.methods = methods, .inputs = inputs, .width = width, .dtype = dtype};
    assert_ok(crn_model_create(&toy_type, self, NULL, &model, &err));
    return model;
}

#endif
