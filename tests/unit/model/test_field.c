/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields: from defaults, calls and states into a struct, and back to objects and repr. The
 * messages are those of scikit-learn 1.9.1 on the same mistakes. */
#include "test.h"

#include <stdlib.h>

#include "model/expression.h"
#include "model/field.h"
#include "model/model.h"

static crn_error err;

typedef struct thing {
    int64_t n_features_in_;
    double C;
    int64_t max_iter;
    bool fit_intercept;
    const char *solver;
    crn_object *n_components;
    crn_array priors;
    const char *multi_class;
    int64_t n_components_;
    crn_array components_; /* (n_components_, n_features_in_) */
    crn_array mean_;       /* (n_features_in_), or none */
    crn_array classes_;    /* (n_classes) */
    crn_array coef_;       /* (n_classes, n_features_in_) */
} thing;

static const crn_field fields[] = {
    CRN_PARAM(thing, C, REAL, "1.0", "(0, inf]"),
    CRN_PARAM(thing, max_iter, INT, "100", ">= 0"),
    {.name = "fit_intercept",
     .type = CRN_FIELD_BOOL,
     .flags = CRN_FIELD_PARAM | CRN_FIELD_KEYWORD,
     .offset = offsetof(thing, fit_intercept),
     .dflt = "True",
     .old_names = "intercept bias"},
    CRN_PARAM(thing, solver, STRING, "'lbfgs'", "'sag' | 'lbfgs' | 'liblinear'"),
    CRN_PARAM(thing, n_components, OBJECT, "None", "int >= 0 | float (0, 1) | 'mle' | None"),
    CRN_PARAM_SINCE(thing, priors, ARRAY, "None", NULL, "1.2", NULL),
    CRN_PARAM_SINCE(thing, multi_class, STRING, "'auto'", NULL, NULL, "1.8"),
    {.name = "n_features_in_",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(thing, n_features_in_),
     .dflt = "-1"},
    CRN_FITTED(thing, n_components_, INT),
    CRN_FITTED_ARRAY(thing, components_, "n_components_, n_features_in_"),
    CRN_FITTED_ARRAY_OR_NONE(thing, mean_, "n_features_in_"),
    CRN_FITTED_ARRAY(thing, classes_, "n_classes"),
    CRN_FITTED_ARRAY(thing, coef_, "n_classes, n_features_in_"),
    CRN_FIELDS_END,
};

/* A struct with defaults and the document it lives in. */
typedef struct fixture {
    crn_document *document;
    crn_field_context context;
    thing self;
} fixture;

static void begin(fixture *f)
{
    *f = (fixture){0};
    assert_ok(crn_document_create(NULL, &f->document, &err));
    f->context = (crn_field_context){.document = f->document, .class_name = "Thing"};
    assert_ok(crn_fields_default(fields, &f->self, &f->context, &err));
}

static void end(fixture *f)
{
    crn_fields_free(fields, &f->self, crn_model_destroy);
    crn_document_release(f->document);
}

static crn_object *object_of(fixture *f, const char *text)
{
    crn_object *object = NULL;
    assert_ok(crn_expression_parse(f->document, text, strlen(text), &object, &err));
    return object;
}

static crn_status call(fixture *f, const char *text)
{
    crn_object *object = object_of(f, text);
    err = (crn_error)CRN_ERROR_INIT;
    return crn_fields_from_call(fields, &f->self, object, &f->context, &err);
}

static void assert_refused(const char *text, crn_status code, uint64_t offset,
                           const char *message)
{
    fixture f;
    begin(&f);
    assert_int_equal(call(&f, text), code);
    assert_string_equal(err.message, message);
    assert_int_equal(err.offset, offset);
    end(&f);
}

static void test_defaults(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    assert_true(f.self.C == 1.0);
    assert_int_equal(f.self.max_iter, 100);
    assert_true(f.self.fit_intercept);
    assert_string_equal(f.self.solver, "lbfgs");
    assert_true(crn_object_is_none(f.self.n_components));
    assert_null(f.self.priors.data);
    assert_int_equal(f.self.n_features_in_, -1);
    end(&f);
}

static void test_a_call_sets_by_place_and_by_name(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    assert_int_equal(call(&f, "Thing(2, 7, 'sag', solver='liblinear')"), CRN_ARGUMENT);
    end(&f);
    begin(&f);
    assert_int_equal(call(&f, "Thing(2, 7, bias=False, solver='sag', n_components=0.5, "
                              "priors=[0.25, 0.75])"),
                     CRN_OK);
    assert_true(f.self.C == 2.0);
    assert_int_equal(f.self.max_iter, 7);
    assert_false(f.self.fit_intercept);
    assert_string_equal(f.self.solver, "sag");
    assert_true(f.self.n_components->as.real == 0.5);
    assert_int_equal(f.self.priors.shape[0], 2);
    assert_close((double *)f.self.priors.data, ((double[]){0.25, 0.75}), 2, 0, 0);
    end(&f);
}

static void test_values_outside_their_constraint(void **state)
{
    (void)state;
    assert_refused(
        "Thing(C=-1.0)", CRN_ARGUMENT, 8,
        "The 'C' parameter of Thing must be a float in the range (0.0, inf]. Got -1.0 "
        "instead.");
    assert_refused(
        "Thing(C='a')", CRN_ARGUMENT, 8,
        "The 'C' parameter of Thing must be a float in the range (0.0, inf]. Got 'a' "
        "instead.");
    assert_refused(
        "Thing(C=nan)", CRN_ARGUMENT, 8,
        "The 'C' parameter of Thing must be a float in the range (0.0, inf]. Got nan "
        "instead.");
    assert_refused(
        "Thing(max_iter=1.5)", CRN_ARGUMENT, 15,
        "The 'max_iter' parameter of Thing must be an int in the range [0, inf). Got 1.5 "
        "instead.");
    assert_refused(
        "Thing(max_iter=True)", CRN_ARGUMENT, 15,
        "The 'max_iter' parameter of Thing must be an int in the range [0, inf). Got True "
        "instead.");
    assert_refused("Thing(fit_intercept=3)", CRN_ARGUMENT, 20,
                   "The 'fit_intercept' parameter of Thing must be an instance of 'bool' or an "
                   "instance of 'numpy.bool'. Got 3 instead.");
    assert_refused("Thing(solver='foo')", CRN_ARGUMENT, 13,
                   "The 'solver' parameter of Thing must be a str among {'lbfgs', 'liblinear', "
                   "'sag'}. Got 'foo' instead.");
    assert_refused(
        "Thing(n_components=-2)", CRN_ARGUMENT, 19,
        "The 'n_components' parameter of Thing must be an int in the range [0, inf), a "
        "float in the range (0.0, 1.0), a str among {'mle'} or None. Got -2 instead.");
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    assert_refused("Thing(c=1)", CRN_NOT_FOUND, 6,
                   "Thing has no parameter 'c'; did you mean 'C'?");
    assert_refused("Thing(whatever=1)", CRN_NOT_FOUND, 6, "Thing has no parameter 'whatever'");
    assert_refused("Thing(coef_=[1])", CRN_NOT_FOUND, 6, "Thing has no parameter 'coef_'");
    assert_refused("Thing(multi_class='ovr')", CRN_NOT_FOUND, 6,
                   "Thing has no parameter 'multi_class'"); /* gone: only old files have it */
    assert_refused("Thing(1, 2, 'sag', None, None, 6)", CRN_ARGUMENT, 31,
                   "Thing takes 5 positional arguments but 6 were given");
    assert_refused("Thing(1, C=2)", CRN_ARGUMENT, 11,
                   "Thing() got multiple values for argument 'C'");
}

static void test_a_state_is_read(void **state)
{
    (void)state;
    fixture f;
    bool fitted = false;
    begin(&f);
    assert_ok(crn_fields_read(
        fields, &f.self,
        object_of(&f, "{'C': 3, 'max_iter': 5, 'bias': 0, 'solver': 'newton', 'unknown': 1, "
                      "'multi_class': 'ovr',"
                      " 'n_components_': 1, 'n_features_in_': 2, 'components_': [[1.0, 2.0]],"
                      " 'mean_': None, 'classes_': ['a', 'b'], 'coef_': [[1, 2], [3, 4]]}"),
        &f.context, &fitted, &err));
    assert_true(fitted);
    assert_true(f.self.C == 3.0);
    assert_false(f.self.fit_intercept);
    assert_string_equal(f.self.solver, "newton"); /* constraints are not for files */
    assert_string_equal(f.self.multi_class, "ovr");
    assert_int_equal(f.self.components_.ndim, 2);
    assert_null(f.self.mean_.data);
    assert_int_equal(f.self.classes_.dtype, CRN_STRING);
    end(&f);
}

static void test_a_state_without_fitted_attributes(void **state)
{
    (void)state;
    fixture f;
    bool fitted = true;
    begin(&f);
    assert_ok(crn_fields_read(fields, &f.self, object_of(&f, "{'C': 3.0}"), &f.context, &fitted,
                              &err));
    assert_false(fitted);
    assert_int_equal(f.self.max_iter, 100);
    end(&f);
}

static void assert_unreadable(const char *text, crn_status code, const char *where,
                              const char *message)
{
    fixture f;
    bool fitted = false;
    begin(&f);
    crn_object *object = object_of(&f, text);
    assert_status(code, crn_fields_read(fields, &f.self, object, &f.context, &fitted, &err));
    assert_string_equal(err.where, where);
    assert_string_equal(err.message, message);
    end(&f);
}

static void test_states_that_are_wrong(void **state)
{
    (void)state;
    assert_unreadable("{'n_components_': 1}", CRN_FORMAT, "components_",
                      "Thing has no attribute 'components_'");
    assert_unreadable("{'C': 'x'}", CRN_FORMAT, "C", "expected a float, got 'x'");
    assert_unreadable("{'max_iter': 1.5}", CRN_FORMAT, "max_iter", "expected an int, got 1.5");
    assert_unreadable("{'fit_intercept': 2}", CRN_FORMAT, "fit_intercept",
                      "expected a bool, got 2");
    assert_unreadable("{'solver': 4}", CRN_FORMAT, "solver", "expected a str, got 4");
    assert_unreadable("[1]", CRN_FORMAT, "", "the state of Thing is list, not a dict");
}

#define FITTED_STATE(components, coef)                                                         \
    "{'n_components_': 2, 'n_features_in_': 4, 'components_': " components                     \
    ", 'mean_': None, 'classes_': [0, 1, 2], 'coef_': " coef "}"

static void test_shapes_must_agree(void **state)
{
    (void)state;
    assert_unreadable(
        FITTED_STATE("[[1,2,3,4,5],[1,2,3,4,5]]", "[[1,2,3,4]]"), CRN_SHAPE, "components_",
        "components_ has shape (2, 5), expected (n_components_=2, n_features_in_=4)");
    assert_unreadable(
        FITTED_STATE("[1,2,3]", "[[1,2,3,4]]"), CRN_SHAPE, "components_",
        "components_ has shape (3,), expected (n_components_=2, n_features_in_=4)");
    /* n_classes is bound by classes_. */
    assert_unreadable(FITTED_STATE("[[1,2,3,4],[1,2,3,4]]", "[[1,2,3,4]]"), CRN_SHAPE, "coef_",
                      "coef_ has shape (1, 4), expected (n_classes=3, n_features_in_=4)");
}

static void assert_repr(const char *text, const char *expected)
{
    fixture f;
    crn_text out = CRN_TEXT_INIT;
    begin(&f);
    assert_int_equal(call(&f, text), CRN_OK);
    crn_fields_repr(fields, &f.self, "Thing", f.document, &out);
    assert_string_equal(out.data, expected);
    crn_text_free(&out);
    end(&f);
}

static void test_repr_shows_what_changed_in_alphabetical_order(void **state)
{
    (void)state;
    assert_repr("Thing()", "Thing()");
    assert_repr("Thing(1.0, 100)", "Thing()");
    assert_repr("Thing(solver='sag', C=0.5, max_iter=5)",
                "Thing(C=0.5, max_iter=5, solver='sag')");
    assert_repr("Thing(n_components='mle')", "Thing(n_components='mle')");
    assert_repr("Thing(C=float('inf'), fit_intercept=False)",
                "Thing(C=inf, fit_intercept=False)");
}

static void test_values_become_objects_again(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    assert_int_equal(call(&f, "Thing(C=2.5, n_components=3)"), CRN_OK);
    assert_true(crn_field_value(crn_field_find(fields, "C"), &f.self, f.document)->as.real ==
                2.5);
    assert_int_equal(
        crn_field_value(crn_field_find(fields, "n_components"), &f.self, f.document)
            ->as.integer,
        3);
    assert_true(crn_object_is_none(
        crn_field_value(crn_field_find(fields, "mean_"), &f.self, f.document)));
    assert_ok(crn_array_create(CRN_INT64, 0, 0, NULL, &f.self.mean_, &err));
    *(int64_t *)f.self.mean_.data = 150;
    crn_object *count = crn_field_value(crn_field_find(fields, "mean_"), &f.self, f.document);
    assert_true(crn_object_is(count, CRN_OBJ_INT));
    assert_int_equal(count->as.integer, 150);
    end(&f);
}

static void test_copies_share_arrays(void **state)
{
    (void)state;
    fixture f, copy;
    begin(&f);
    begin(&copy);
    assert_int_equal(call(&f, "Thing(C=4, priors=[1, 2, 3])"), CRN_OK);
    f.self.n_components_ = 9;
    crn_fields_copy_params(fields, &f.self, &copy.self);
    assert_true(copy.self.C == 4.0);
    assert_ptr_equal(copy.self.priors.data, f.self.priors.data);
    assert_int_equal(copy.self.n_components_, 0); /* what fit sets is not copied */
    end(&copy);
    end(&f);
}

static void test_rows_are_found_by_any_name(void **state)
{
    (void)state;
    assert_string_equal(crn_field_find(fields, "bias")->name, "fit_intercept");
    assert_string_equal(crn_field_find(fields, "coef_")->name, "coef_");
    assert_null(crn_field_find(fields, "inter"));
    assert_null(crn_field_find(fields, ""));
}

static void test_versions(void **state)
{
    (void)state;
    assert_true(crn_version_compare("1.10.2", "1.9") > 0);
    assert_true(crn_version_compare("1.2", "1.2.0") == 0);
    assert_true(crn_version_compare("0.24.2", "1.0") < 0);
    assert_true(crn_version_compare("1.2.dev0", "1.2") == 0);
    const crn_field *priors = crn_field_find(fields, "priors");
    assert_false(crn_field_in_version(priors, "1.1.3"));
    assert_true(crn_field_in_version(priors, "1.2"));
    const crn_field *multi_class = crn_field_find(fields, "multi_class");
    assert_true(crn_field_in_version(multi_class, "1.7.2"));
    assert_false(crn_field_in_version(multi_class, "1.8.0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_a_call_sets_by_place_and_by_name),
        cmocka_unit_test(test_values_outside_their_constraint),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_a_state_is_read),
        cmocka_unit_test(test_a_state_without_fitted_attributes),
        cmocka_unit_test(test_states_that_are_wrong),
        cmocka_unit_test(test_shapes_must_agree),
        cmocka_unit_test(test_repr_shows_what_changed_in_alphabetical_order),
        cmocka_unit_test(test_values_become_objects_again),
        cmocka_unit_test(test_copies_share_arrays),
        cmocka_unit_test(test_rows_are_found_by_any_name),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
