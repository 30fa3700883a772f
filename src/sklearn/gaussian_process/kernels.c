/* SPDX-License-Identifier: BSD-3-Clause */
/* sklearn/gaussian_process/kernels.py (1.9). The classes and their attributes are the same in
 * all versions since 0.18. */
#include "sklearn/gaussian_process/kernels.h"

#include <math.h>

#include "ops/elementwise.h"
#include "ops/matern.h"
#include "sklearn/metrics/pairwise.h"

typedef struct gp_kernel {
    crn_estimator_base base;
    crn_array length_scale; /* a number, or (features) */
    double value;           /* constant_value, noise_level or sigma_0 */
    double alpha, gamma, nu, periodicity;
    crn_array exponent;                      /* of Exponentiation: a number */
    const crn_object *bounds, *other_bounds; /* what fit may choose from; "fixed" */
    const crn_object *metric, *pairwise_kernels_kwargs;
    crn_model *k1, *k2; /* of Sum, Product, Exponentiation (k1) */
    int64_t size;       /* kernels in it */
} gp_kernel;

/* Most kernels that one is made of: a file may name one object many times. */
enum { MOST_KERNELS = 1024 };

/* clang-format off */
#define ROW(member, name_, kind, default_)                                                     \
    {.name = name_, .type = CRN_FIELD_##kind, .flags = CRN_FIELD_PARAM,                        \
     .offset = offsetof(gp_kernel, member), .dflt = default_}
#define BOUNDS(member, name_) ROW(member, name_, OBJECT, "(1e-05, 100000.0)")
#define LENGTH_SCALE ROW(length_scale, "length_scale", ARRAY, "1.0")
/* clang-format on */

static const crn_field constant_fields[] = {
    ROW(value, "constant_value", REAL, "1.0"),
    BOUNDS(bounds, "constant_value_bounds"),
    CRN_FIELDS_END,
};

static const crn_field white_fields[] = {
    ROW(value, "noise_level", REAL, "1.0"),
    BOUNDS(bounds, "noise_level_bounds"),
    CRN_FIELDS_END,
};

static const crn_field rbf_fields[] = {
    LENGTH_SCALE,
    BOUNDS(bounds, "length_scale_bounds"),
    CRN_FIELDS_END,
};

static const crn_field matern_fields[] = {
    LENGTH_SCALE,
    BOUNDS(bounds, "length_scale_bounds"),
    ROW(nu, "nu", REAL, "1.5"),
    CRN_FIELDS_END,
};

static const crn_field rational_quadratic_fields[] = {
    LENGTH_SCALE,
    ROW(alpha, "alpha", REAL, "1.0"),
    BOUNDS(bounds, "length_scale_bounds"),
    BOUNDS(other_bounds, "alpha_bounds"),
    CRN_FIELDS_END,
};

static const crn_field exp_sine_squared_fields[] = {
    LENGTH_SCALE,
    ROW(periodicity, "periodicity", REAL, "1.0"),
    BOUNDS(bounds, "length_scale_bounds"),
    BOUNDS(other_bounds, "periodicity_bounds"),
    CRN_FIELDS_END,
};

static const crn_field dot_product_fields[] = {
    ROW(value, "sigma_0", REAL, "1.0"),
    BOUNDS(bounds, "sigma_0_bounds"),
    CRN_FIELDS_END,
};

static const crn_field pairwise_fields[] = {
    ROW(gamma, "gamma", REAL, "1.0"),
    BOUNDS(bounds, "gamma_bounds"),
    ROW(metric, "metric", OBJECT, "'linear'"),
    ROW(pairwise_kernels_kwargs, "pairwise_kernels_kwargs", OBJECT, "None"),
    CRN_FIELDS_END,
};

static const crn_field exponentiation_fields[] = {
    ROW(k1, "kernel", MODEL, NULL),
    ROW(exponent, "exponent", ARRAY, NULL),
    CRN_FIELDS_END,
};

static const crn_field pair_fields[] = {
    ROW(k1, "k1", MODEL, NULL),
    ROW(k2, "k2", MODEL, NULL),
    CRN_FIELDS_END,
};

/* The struct of a kernel of ours; NULL: another class, or none. */
static const gp_kernel *kernel_of(const crn_model *model);

/* ---- checks ---- */

static crn_status check_length_scale(void *self, crn_error *err)
{
    gp_kernel *kernel = self;
    kernel->size = 1;
    if (kernel->length_scale.data == NULL || kernel->length_scale.ndim > 1 ||
        crn_array_size(&kernel->length_scale) < 1 ||
        !crn_dtype_is_number(kernel->length_scale.dtype))
        return crn_fail(err, CRN_FORMAT, "length_scale is neither a number nor a vector");
    return CRN_OK;
}

static crn_status check_matern(void *self, crn_error *err)
{
    const double nu = ((const gp_kernel *)self)->nu;
    if (!(nu > 0) || (nu > CRN_MATERN_MOST && !isinf(nu)))
        return crn_fail(err, CRN_UNSUPPORTED, "nu=%g is not supported", nu);
    return check_length_scale(self, err);
}

/* Kernels of one length scale for all features. */
static crn_status check_isotropic(void *self, crn_error *err)
{
    CRN_TRY(check_length_scale(self, err));
    return crn_array_size(&((const gp_kernel *)self)->length_scale) == 1
               ? CRN_OK
               : crn_fail(err, CRN_FORMAT, "length_scale is not a number");
}

static crn_status check_leaf(void *self, crn_error *err)
{
    (void)err;
    ((gp_kernel *)self)->size = 1;
    return CRN_OK;
}

static int64_t size_of(const crn_model *model)
{
    const gp_kernel *kernel = kernel_of(model);
    return kernel != NULL ? kernel->size : 1;
}

static crn_status check_size(gp_kernel *self, int64_t size, crn_error *err)
{
    self->size = size;
    return size <= MOST_KERNELS
               ? CRN_OK
               : crn_fail(err, CRN_LIMIT, "a kernel of more than %d kernels", MOST_KERNELS);
}

static crn_status check_pair(void *self, crn_error *err)
{
    gp_kernel *kernel = self;
    return check_size(kernel, size_of(kernel->k1) + size_of(kernel->k2) + 1, err);
}

static crn_status check_exponentiation(void *self, crn_error *err)
{
    gp_kernel *kernel = self;
    if (kernel->exponent.data == NULL || crn_array_size(&kernel->exponent) != 1 ||
        !crn_dtype_is_number(kernel->exponent.dtype))
        return crn_fail(err, CRN_FORMAT, "exponent is not a number");
    return check_size(kernel, size_of(kernel->k1) + 1, err);
}

/* ---- the classes ---- */

/* Matern with nu=inf came with 0.23; nu of every kernel that has none is 0. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)document, (void)state;
    return !isinf(((const gp_kernel *)self)->nu) || crn_version_compare(sklearn, "0.23") >= 0
               ? CRN_OK
               : crn_fail(err, CRN_UNSUPPORTED,
                          "scikit-learn %s takes no nu=inf, which came with 0.23", sklearn);
}

/* A kernel has no methods of its own: matrices are made with the points at hand. */
static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)x;
    return crn_graph_fail(graph, CRN_UNSUPPORTED, "%s has no %s",
                          ((const crn_estimator_base *)self)->type->name,
                          crn_method_name(method));
}

#define KERNEL_CLASS(class_, fields_, check_)                                                  \
    const crn_estimator crn_estimator_##class_ = {                                             \
        .name = #class_,                                                                       \
        .module = "sklearn.gaussian_process.kernels",                                          \
        .modules = "sklearn.gaussian_process.kernels",                                         \
        .size = sizeof(gp_kernel),                                                             \
        .fields = fields_,                                                                     \
        .flags = CRN_PRIVATE,                                                                  \
        .lower = lower,                                                                        \
        .check = check_,                                                                       \
        .write = write,                                                                        \
    };

KERNEL_CLASS(ConstantKernel, constant_fields, check_leaf)
KERNEL_CLASS(DotProduct, dot_product_fields, check_leaf)
KERNEL_CLASS(ExpSineSquared, exp_sine_squared_fields, check_isotropic)
KERNEL_CLASS(Exponentiation, exponentiation_fields, check_exponentiation)
KERNEL_CLASS(Matern, matern_fields, check_matern)
KERNEL_CLASS(PairwiseKernel, pairwise_fields, check_leaf)
KERNEL_CLASS(Product, pair_fields, check_pair)
KERNEL_CLASS(RBF, rbf_fields, check_length_scale)
KERNEL_CLASS(RationalQuadratic, rational_quadratic_fields, check_isotropic)
KERNEL_CLASS(Sum, pair_fields, check_pair)
KERNEL_CLASS(WhiteKernel, white_fields, check_leaf)

static const gp_kernel *kernel_of(const crn_model *model)
{
    const crn_estimator_base *base = model != NULL ? crn_model_estimator(model) : NULL;
    return base != NULL && base->type->lower == lower ? (const gp_kernel *)base : NULL;
}

/* ---- values ---- */

/* A matrix or a diagonal; while all its elements are the same number, no operation is spent. */
typedef struct values {
    crn_value at; /* CRN_NO_VALUE: `constant` everywhere */
    double constant;
} values;

static values constant(double value)
{
    return (values){.at = CRN_NO_VALUE, .constant = value};
}

static bool is_constant(const values *v)
{
    return v->at == CRN_NO_VALUE;
}

static values combine(crn_graph *graph, values a, values b, crn_binary_kind kind)
{
    if (is_constant(&a) && is_constant(&b))
        return constant(kind == CRN_BINARY_ADD ? a.constant + b.constant
                                               : a.constant * b.constant);
    const values *single = is_constant(&a) ? &a : &b;
    crn_value other = is_constant(&a) ? b.at : a.at;
    if (!is_constant(single))
        return (values){.at = crn_binary(graph, a.at, b.at, kind)};
    return (values){
        .at = crn_binary(graph, other, crn_graph_scalar(graph, single->constant), kind)};
}

static values to_the_power(crn_graph *graph, values v, double exponent)
{
    if (is_constant(&v))
        return constant(pow(v.constant, exponent));
    return (values){.at = crn_power(graph, v.at, exponent)};
}

/* What is asked of a kernel: its matrix with points, or (NULL) its diagonal. */
typedef struct question {
    crn_graph *graph;
    crn_value x;
    const crn_array *points;
} question;

static values ask(const question *q, const crn_model *model);

static values ask_formula(const question *q, const crn_kernel *kernel, crn_value x,
                          const crn_array *points)
{
    return (values){.at = points != NULL ? crn_kernel_matrix(q->graph, x, kernel, points)
                                         : crn_kernel_diagonal(q->graph, x, kernel)};
}

/* points / length_scale, as float64. */
static crn_status scale_points(const crn_array *points, const double *scale, crn_array *out,
                               crn_error *err)
{
    CRN_TRY(crn_array_astype(points, CRN_FLOAT64, out, err));
    double *at = out->data;
    for (int64_t i = 0; i < crn_array_size(out); i++)
        at[i] /= scale[i % out->shape[1]];
    return CRN_OK;
}

/* A stationary kernel of rows and points that are both divided by the length scale, which is 1
 * at distance 0. */
static values ask_scaled(const question *q, const gp_kernel *self, const crn_kernel *kernel)
{
    if (q->points == NULL)
        return constant(1.0);
    const int64_t features = q->points->shape[1], scales = crn_array_size(&self->length_scale);
    crn_array scale = CRN_ARRAY_INIT, points = CRN_ARRAY_INIT;
    values made = {.at = CRN_NO_VALUE};
    if (scales != 1 && scales != features) {
        crn_graph_fail(q->graph, CRN_SHAPE,
                       "Anisotropic kernel must have the same number of dimensions as data "
                       "(%lld!=%lld)",
                       (long long)scales, (long long)features);
        return made;
    }
    if (crn_array_create(CRN_FLOAT64, 0, 1, &features, &scale, &q->graph->error) == CRN_OK) {
        double *at = scale.data;
        for (int64_t j = 0; j < features; j++)
            at[j] = crn_array_get(&self->length_scale, scales == 1 ? 0 : j);
        if (scale_points(q->points, at, &points, &q->graph->error) == CRN_OK) {
            crn_value x = crn_scale(q->graph, q->x, CRN_SCALE_DIVIDE_ADD,
                                    crn_graph_constant(q->graph, &scale), CRN_NO_VALUE);
            made = ask_formula(q, kernel, x, &points);
        }
    }
    crn_array_free(&scale);
    crn_array_free(&points);
    return made;
}

static values ask_rational_quadratic(const question *q, const gp_kernel *self)
{
    const double length = crn_array_get(&self->length_scale, 0);
    const crn_kernel kernel = {.kind = CRN_KERNEL_RATIONAL_QUADRATIC,
                               .gamma = 1.0 / (2.0 * self->alpha * length * length),
                               .degree = self->alpha};
    return q->points != NULL ? ask_formula(q, &kernel, q->x, q->points) : constant(1.0);
}

static values ask_exp_sine_squared(const question *q, const gp_kernel *self)
{
    const crn_kernel kernel = {.kind = CRN_KERNEL_EXP_SINE_SQUARED,
                               .gamma = 3.14159265358979323846 / self->periodicity,
                               .coef0 = crn_array_get(&self->length_scale, 0)};
    return q->points != NULL ? ask_formula(q, &kernel, q->x, q->points) : constant(1.0);
}

/* x . y + sigma_0^2 */
static values ask_dot_product(const question *q, const gp_kernel *self)
{
    const crn_kernel kernel = {.kind = CRN_KERNEL_POLYNOMIAL,
                               .gamma = 1.0,
                               .coef0 = self->value * self->value,
                               .degree = 1.0};
    return ask_formula(q, &kernel, q->x, q->points);
}

static values ask_pairwise(const question *q, const gp_kernel *self)
{
    const crn_object *given = self->pairwise_kernels_kwargs;
    const crn_pairwise pairwise = {
        .kernel = self->metric,
        .gamma = self->gamma,
        .degree = crn_pairwise_number(crn_object_get(given, "degree")),
        .coef0 = crn_pairwise_number(crn_object_get(given, "coef0"))};
    return (values){.at = q->points != NULL
                              ? crn_pairwise_kernel(&pairwise, q->graph, q->x, q->points, NULL)
                              : crn_pairwise_diagonal(&pairwise, q->graph, q->x)};
}

static values ask_pair(const question *q, const gp_kernel *self)
{
    const bool sum = self->base.type == &crn_estimator_Sum;
    const values a = ask(q, self->k1), b = ask(q, self->k2);
    return combine(q->graph, a, b, sum ? CRN_BINARY_ADD : CRN_BINARY_MULTIPLY);
}

/* White noise is in the diagonal alone: rows that are asked are none of the training set. */
static values ask_stationary(const question *q, const gp_kernel *self)
{
    const crn_estimator *type = self->base.type;
    const crn_kernel rbf = {.kind = CRN_KERNEL_RBF, .gamma = 0.5};
    const crn_kernel matern = {.kind = CRN_KERNEL_MATERN, .degree = self->nu};
    if (type == &crn_estimator_ConstantKernel)
        return constant(self->value);
    if (type == &crn_estimator_WhiteKernel)
        return constant(q->points != NULL ? 0.0 : self->value);
    if (type == &crn_estimator_RBF)
        return ask_scaled(q, self, &rbf);
    if (type == &crn_estimator_Matern)
        return ask_scaled(q, self, &matern);
    if (type == &crn_estimator_RationalQuadratic)
        return ask_rational_quadratic(q, self);
    return ask_exp_sine_squared(q, self);
}

/* As deep as kernels are nested, which reading has limited. */
static values ask(const question *q, const crn_model *model)
{
    const gp_kernel *self = kernel_of(model);
    if (self == NULL) {
        crn_graph_fail(q->graph, CRN_UNSUPPORTED, "kernel=%s is not supported",
                       model != NULL ? model->type->class_name(model) : "None");
        return constant(0.0);
    }
    const crn_estimator *type = self->base.type;
    if (type == &crn_estimator_Sum || type == &crn_estimator_Product)
        return ask_pair(q, self);
    if (type == &crn_estimator_Exponentiation)
        return to_the_power(q->graph, ask(q, self->k1), crn_array_get(&self->exponent, 0));
    if (type == &crn_estimator_DotProduct)
        return ask_dot_product(q, self);
    if (type == &crn_estimator_PairwiseKernel)
        return ask_pairwise(q, self);
    return ask_stationary(q, self);
}

/* The same number for each row and point: 0 times their product, plus it. */
static crn_value spread(const question *q, double value)
{
    const crn_kernel kernel = {
        .kind = CRN_KERNEL_POLYNOMIAL, .gamma = 0.0, .coef0 = value, .degree = 1.0};
    return ask_formula(q, &kernel, q->x, q->points).at;
}

static crn_value answer(const question *q, const crn_model *model)
{
    const values made = ask(q, model);
    if (q->graph->error.code != CRN_OK)
        return CRN_NO_VALUE;
    return is_constant(&made) ? spread(q, made.constant) : made.at;
}

crn_value crn_gp_kernel_matrix(const crn_model *kernel, crn_graph *graph, crn_value x,
                               const crn_array *points)
{
    const question q = {.graph = graph, .x = x, .points = points};
    return answer(&q, kernel);
}

crn_value crn_gp_kernel_diagonal(const crn_model *kernel, crn_graph *graph, crn_value x)
{
    const question q = {.graph = graph, .x = x, .points = NULL};
    return answer(&q, kernel);
}
