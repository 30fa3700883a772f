/* SPDX-License-Identifier: BSD-3-Clause */
/* How kernels print (sklearn/gaussian_process/kernels.py 1.9, the same since 0.18): operators
 * as Python writes them, without brackets, and numbers in three digits. */
#include "sklearn/gaussian_process/kernel_repr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "format/pickle.h"
#include "model/expression.h"
#include "sklearn/estimator.h"

/* A sum that holds one kernel twice, as both of its parts, again and again, has no end. */
enum { LONGEST = 1 << 16, DEEPEST = 100 };

static void add_number(double value, crn_text *out)
{
    char text[32];
    snprintf(text, sizeof text, "%.3g", value);
    char *comma = strchr(text, ','); /* of the locale */
    if (comma != NULL)
        *comma = '.';
    crn_text_add_string(out, text);
}

static const crn_object *parameter(const crn_object *kernel, const char *name)
{
    const crn_instance *instance = kernel->as.instance;
    return crn_object_get(instance->how == CRN_BY_CALL ? instance->kwargs : instance->state,
                          name);
}

static bool add_parameter(const crn_object *kernel, const char *name, crn_text *out)
{
    /* defaults, where a call leaves it out */
    double value = strcmp(name, "nu") == 0 ? 1.5 : 1.0;
    const crn_object *object = parameter(kernel, name);
    if (object != NULL && !crn_object_as_double(object, &value))
        return false;
    add_number(value, out);
    return true;
}

/* One length for all features, or a list. */
static bool add_length_scale(const crn_object *kernel, crn_text *out)
{
    crn_array lengths = CRN_ARRAY_INIT;
    const crn_object *object = parameter(kernel, "length_scale");
    if (object == NULL || crn_object_to_array(object, &lengths, NULL) != CRN_OK ||
        lengths.ndim != 1) {
        crn_array_free(&lengths);
        return add_parameter(kernel, "length_scale", out);
    }
    const int64_t n = lengths.shape[0];
    crn_text_add_string(out, n > 1 ? "[" : "");
    for (int64_t i = 0; i < n && out->size < LONGEST; i++) {
        crn_text_add_string(out, i > 0 ? ", " : "");
        add_number(crn_array_get(&lengths, i), out);
    }
    crn_text_add_string(out, n > 1 ? "]" : "");
    crn_array_free(&lengths);
    return n > 0;
}

/* str() of a parameter, as of the string it usually is. */
static void add_plain(const crn_object *kernel, const char *name, const char *usual,
                      crn_text *out)
{
    const crn_object *object = parameter(kernel, name);
    double number;
    if (object == NULL)
        crn_text_add_string(out, usual);
    else if (crn_object_text(object) != NULL)
        crn_text_add_string(out, crn_object_text(object));
    else if (object->kind == CRN_OBJ_INSTANCE && crn_object_as_double(object, &number))
        crn_text_add_double(out, number);
    else
        crn_object_repr(object, LONGEST, out);
}

/* The named kernels: their parameters in the order in which they print. */
static bool add_leaf(const char *name, const crn_object *kernel, crn_text *out)
{
    static const struct {
        const char *name, *parameters[2];
    } rows[] = {
        {"DotProduct", {"sigma_0", NULL}},
        {"ExpSineSquared", {"length_scale", "periodicity"}},
        {"Matern", {"length_scale", "nu"}},
        {"RBF", {"length_scale", NULL}},
        {"RationalQuadratic", {"alpha", "length_scale"}},
        {"WhiteKernel", {"noise_level", NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        crn_text_printf(out, "%s(", name);
        for (size_t j = 0; j < 2 && rows[i].parameters[j] != NULL; j++) {
            const char *parameter_name = rows[i].parameters[j];
            const bool listed = strcmp(parameter_name, "length_scale") == 0;
            crn_text_printf(out, j > 0 ? ", %s=" : "%s=", parameter_name);
            if (listed ? !add_length_scale(kernel, out)
                       : !add_parameter(kernel, parameter_name, out))
                return false;
        }
        crn_text_add_char(out, ')');
        return true;
    }
    return false;
}

static bool add_constant(const crn_object *kernel, crn_text *out)
{
    double value = 1.0;
    const crn_object *object = parameter(kernel, "constant_value");
    if (object != NULL && !crn_object_as_double(object, &value))
        return false;
    add_number(sqrt(value), out);
    crn_text_add_string(out, "**2");
    return true;
}

/* The class of a recorded kernel, or the name of a call. */
static const char *name_of(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    if (object->as.instance->how == CRN_BY_CALL)
        return crn_expression_name(object);
    const crn_object *cls = crn_object_class(object);
    const bool is_kernel = cls != NULL && crn_object_is_str(cls->as.global.module,
                                                            "sklearn.gaussian_process.kernels");
    return is_kernel ? crn_object_text(cls->as.global.name) : NULL;
}

static bool add_kernel(const crn_object *object, int depth, crn_text *out)
{
    const char *name = name_of(object);
    if (name == NULL || depth > DEEPEST || out->size > LONGEST)
        return false;
    if (strcmp(name, "Sum") == 0 || strcmp(name, "Product") == 0) {
        if (!add_kernel(parameter(object, "k1"), depth + 1, out))
            return false;
        crn_text_add_string(out, *name == 'S' ? " + " : " * ");
        return add_kernel(parameter(object, "k2"), depth + 1, out);
    }
    if (strcmp(name, "Exponentiation") == 0) {
        if (!add_kernel(parameter(object, "kernel"), depth + 1, out))
            return false;
        crn_text_add_string(out, " ** ");
        add_plain(object, "exponent", "", out);
        return true;
    }
    if (strcmp(name, "PairwiseKernel") == 0) {
        crn_text_add_string(out, "PairwiseKernel(gamma=");
        add_plain(object, "gamma", "1.0", out);
        crn_text_add_string(out, ", metric=");
        add_plain(object, "metric", "linear", out);
        crn_text_add_char(out, ')');
        return true;
    }
    return strcmp(name, "ConstantKernel") == 0 ? add_constant(object, out)
                                               : add_leaf(name, object, out);
}

bool crn_kernel_repr(const crn_object *object, crn_text *out)
{
    const size_t begin = out->size;
    const bool done = add_kernel(object, 0, out);
    if (!done && out->size > begin) {
        out->size = begin;
        out->data[begin] = '\0';
    }
    return done;
}
