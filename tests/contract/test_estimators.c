/* SPDX-License-Identifier: BSD-3-Clause */
/* Every row of src/sklearn/estimators.def through the same checks: its table of fields is
 * sound, and its parameters, their order and their defaults are those of scikit-learn 1.9
 * (tests/golden/estimators, written by tools/make_golden.py). */
#include "test.h"

#include <stdlib.h>

#include "base/file.h"
#include "cornichon/cornichon.h"
#include "model/expression.h"
#include "model/field_constraint.h"
#include "sklearn/estimator.h"

static crn_error err;

/* One line of the golden table; the texts point into it. */
typedef struct parameter {
    const char *cls, *name, *dflt, *kind, *words;
} parameter;

static char *table;

static int read_table(void **state)
{
    (void)state;
    crn_buffer *file = NULL;
    if (crn_file_read(CRN_GOLDEN_DIR "/estimators/parameters.tsv", 0, &file, NULL) != CRN_OK)
        return -1;
    size_t size = crn_buffer_size(file);
    table = calloc(size + 1, 1);
    if (table != NULL)
        memcpy(table, crn_buffer_data(file), size);
    crn_buffer_release(file);
    return table != NULL ? 0 : -1;
}

static int free_table(void **state)
{
    (void)state;
    free(table);
    return 0;
}

/* The golden parameters of a class, in the order of the signature; returns their number. The
 * lines are cut in place, in a copy that the caller frees. */
static size_t parameters_of(const char *cls, char **copy, parameter *out, size_t most)
{
    size_t count = 0;
    char *line_end = NULL, *field_end = NULL;
    *copy = strdup(table);
    for (char *line = strtok_r(*copy, "\n", &line_end); line != NULL;
         line = strtok_r(NULL, "\n", &line_end)) {
        parameter p = {.cls = strtok_r(line, "\t", &field_end)};
        p.name = strtok_r(NULL, "\t", &field_end);
        p.dflt = strtok_r(NULL, "\t", &field_end);
        p.kind = strtok_r(NULL, "\t", &field_end);
        p.words = strtok_r(NULL, "\t", &field_end);
        assert_non_null(p.words);
        if (strcmp(p.cls, cls) == 0 && count < most)
            out[count++] = p;
    }
    return count;
}

static size_t size_of(crn_field_type type)
{
    static const size_t sizes[] = {
        [CRN_FIELD_BOOL] = sizeof(bool),           [CRN_FIELD_INT] = sizeof(int64_t),
        [CRN_FIELD_REAL] = sizeof(double),         [CRN_FIELD_STRING] = sizeof(char *),
        [CRN_FIELD_OBJECT] = sizeof(crn_object *), [CRN_FIELD_ARRAY] = sizeof(crn_array),
        [CRN_FIELD_MODEL] = sizeof(crn_model *),   [CRN_FIELD_MODELS] = sizeof(crn_model_list),
    };
    return sizes[type];
}

/* ---- the tables ---- */

static void check_field(const crn_estimator *estimator, const crn_field *field,
                        crn_document *document)
{
    const char *cls = estimator->name, *name = field->name;
    if (field->offset + size_of(field->type) > estimator->size)
        fail_msg("%s.%s lies outside the struct", cls, name);
    for (const crn_field *other = estimator->fields; other != field; other++) {
        if (strcmp(other->name, name) == 0)
            fail_msg("%s.%s stands twice in the table", cls, name);
        if (other->offset < field->offset + size_of(field->type) &&
            field->offset < other->offset + size_of(other->type))
            fail_msg("%s.%s and %s share their place", cls, name, other->name);
    }
    if (!(field->flags & (CRN_FIELD_PARAM | CRN_FIELD_FITTED)))
        fail_msg("%s.%s is neither a parameter nor fitted", cls, name);
    crn_alternative alternatives[CRN_MAX_ALTERNATIVES];
    if (crn_field_alternatives(field, alternatives) == 0)
        fail_msg("the constraint of %s.%s is malformed: %s", cls, name, field->constraint);
    crn_object *dflt = NULL;
    if (field->dflt != NULL)
        assert_ok(
            crn_expression_parse(document, field->dflt, strlen(field->dflt), &dflt, &err));
    if (field->since != NULL && field->until != NULL)
        assert_true(crn_version_compare(field->since, field->until) < 0);
}

static void test_tables_are_sound(void **state)
{
    (void)state;
    const crn_estimator *estimator;
    for (size_t i = 0; (estimator = crn_estimator_at(i)) != NULL; i++) {
        crn_document *document = NULL;
        assert_ok(crn_document_create(NULL, &document, &err));
        assert_ptr_equal(crn_estimator_find(estimator->name), estimator);
        assert_true(estimator->size >= sizeof(crn_estimator_base));
        assert_true(estimator->lower != NULL || estimator->lower_many != NULL ||
                    estimator->delegate != NULL);
        assert_true(strncmp(estimator->module, "sklearn.", 8) == 0);
        assert_non_null(estimator->modules);
        for (const crn_field *field = estimator->fields; field->name != NULL; field++)
            check_field(estimator, field, document);
        crn_document_release(document);
    }
}

/* ---- the parameters ---- */

/* The i-th parameter that scikit-learn 1.9 has. */
static const crn_field *current_param(const crn_estimator *estimator, size_t i)
{
    for (const crn_field *field = estimator->fields; field->name != NULL; field++) {
        if (field->flags & CRN_FIELD_PARAM && crn_field_in_version(field, "1.9") && i-- == 0)
            return field;
    }
    return NULL;
}

/* Defaults are compared by value: 1 and 1.0 are the same REAL. */
static void check_default(const crn_estimator *estimator, const crn_field *field,
                          const parameter *golden, crn_document *document)
{
    crn_object *ours = NULL, *theirs = NULL;
    double a, b;
    if (field->dflt == NULL || strcmp(golden->dflt, "-") == 0) {
        assert_true(field->dflt == NULL && strcmp(golden->dflt, "-") == 0);
        return;
    }
    assert_ok(crn_expression_parse(document, field->dflt, strlen(field->dflt), &ours, &err));
    assert_ok(
        crn_expression_parse(document, golden->dflt, strlen(golden->dflt), &theirs, &err));
    if (field->type == CRN_FIELD_REAL && crn_object_as_double(ours, &a) &&
        crn_object_as_double(theirs, &b)) {
        assert_true(a == b || (isnan(a) && isnan(b)));
        return;
    }
    crn_text left = CRN_TEXT_INIT, right = CRN_TEXT_INIT;
    crn_object_repr(ours, 0, &left);
    crn_object_repr(theirs, 0, &right);
    if (strcmp(left.data, right.data) != 0)
        fail_msg("%s.%s has the default %s, scikit-learn %s", estimator->name, field->name,
                 left.data, right.data);
    crn_text_free(&left);
    crn_text_free(&right);
}

/* scikit-learn's words for what the value must be; "-": it does not check. */
static void check_constraint(const crn_estimator *estimator, const crn_field *field,
                             const parameter *golden)
{
    crn_text words = CRN_TEXT_INIT;
    crn_field_expectation(field, &words);
    if (strcmp(golden->words, "-") != 0 && strcmp(words.data, golden->words) != 0)
        fail_msg("%s.%s: scikit-learn wants %s, the table %s", estimator->name, field->name,
                 golden->words, words.data);
    crn_text_free(&words);
}

static void check_parameters(const crn_estimator *estimator, crn_document *document)
{
    if (estimator->flags & CRN_PRIVATE)
        return;
    parameter golden[64];
    char *copy;
    size_t count = parameters_of(estimator->name, &copy, golden, 64), row = 0;
    for (size_t i = 0; i < count; i++) {
        /* What an estimator parses by itself (the steps of a Pipeline) is no row. */
        if (crn_field_find(estimator->fields, golden[i].name) == NULL &&
            estimator->parse != NULL)
            continue;
        const crn_field *field = current_param(estimator, row++);
        if (field == NULL || strcmp(field->name, golden[i].name) != 0)
            fail_msg("%s: parameter %zu is %s in scikit-learn, %s here", estimator->name, i,
                     golden[i].name, field != NULL ? field->name : "missing");
        check_default(estimator, field, &golden[i], document);
        check_constraint(estimator, field, &golden[i]);
    }
    if (current_param(estimator, row) != NULL)
        fail_msg("%s: scikit-learn has no parameter %s", estimator->name,
                 current_param(estimator, row)->name);
    free(copy);
}

static void test_parameters_are_those_of_scikit_learn(void **state)
{
    (void)state;
    const crn_estimator *estimator;
    for (size_t i = 0; (estimator = crn_estimator_at(i)) != NULL; i++) {
        crn_document *document = NULL;
        assert_ok(crn_document_create(NULL, &document, &err));
        check_parameters(estimator, document);
        crn_document_release(document);
    }
}

/* ---- the models ---- */

static bool requires_arguments(const crn_estimator *estimator)
{
    for (const crn_field *field = estimator->fields; field->name != NULL; field++) {
        if (field->flags & CRN_FIELD_PARAM && field->dflt == NULL && field->until == NULL)
            return true;
    }
    return false;
}

/* Without arguments, an estimator can be made, shown and destroyed, and is not fitted. */
static void test_defaults_make_a_model(void **state)
{
    (void)state;
    const crn_estimator *estimator;
    for (size_t i = 0; (estimator = crn_estimator_at(i)) != NULL; i++) {
        char expression[128];
        crn_model *model = NULL;
        char *text = NULL;
        if (estimator->parse != NULL || estimator->flags & CRN_PRIVATE ||
            requires_arguments(estimator))
            continue;
        snprintf(expression, sizeof expression, "%s()", estimator->name);
        assert_ok(crn_model_parse(expression, &model, &err));
        assert_string_equal(crn_model_class(model), estimator->name);
        assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err));
        assert_memory_equal(text, expression,
                            strlen(expression)); /* nothing differs from the defaults */
        crn_string_free(text);
        crn_model_destroy(model);

        snprintf(expression, sizeof expression, "%s(no_such_parameter=1)", estimator->name);
        assert_status(CRN_NOT_FOUND, crn_model_parse(expression, &model, &err));
        assert_int_equal(err.offset, strlen(estimator->name) + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_sound),
        cmocka_unit_test(test_parameters_are_those_of_scikit_learn),
        cmocka_unit_test(test_defaults_make_a_model),
    };
    return cmocka_run_group_tests(tests, read_table, free_table);
}
