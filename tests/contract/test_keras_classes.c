/* SPDX-License-Identifier: BSD-3-Clause */
/* Every class of every kind of small Keras object through the same checks: found by each of its
 * names, read from a call and from a record, written as Keras 3 writes it, read again the same,
 * through JSON. */
#include "test.h"

#include <stdlib.h>

#include "keras/constraints/constraint.h"
#include "keras/initializers/initializer.h"
#include "keras/losses/loss.h"
#include "keras/metrics/metric.h"
#include "keras/optimizers/optimizer.h"
#include "keras/regularizers/regularizer.h"
#include "unit/keras/golden_keras.h"

static const crn_keras_kind *const kinds[] = {&crn_optimizers,   &crn_losses,
                                              &crn_metrics,      &crn_initializers,
                                              &crn_regularizers, &crn_constraints};

enum { KINDS = sizeof kinds / sizeof *kinds };

typedef void (*check_fn)(const crn_keras_kind *kind, const crn_keras_class *cls,
                         crn_document *document);

static void for_every_class(check_fn check)
{
    for (int k = 0; k < KINDS; k++) {
        for (size_t i = 0; i < kinds[k]->count; i++) {
            crn_document *document = new_document();
            check(kinds[k], kinds[k]->classes[i], document);
            crn_document_release(document);
        }
    }
}

/* The object is of this class; its record as JSON text goes to `text`. */
static void describe(const crn_keras_kind *kind, const crn_keras_class *cls,
                     crn_document *document, const crn_object *object, crn_text *text)
{
    crn_error err = CRN_ERROR_INIT;
    const crn_keras_class *found = NULL;
    void *config = NULL;
    assert_ok(crn_keras_class_read(kind, object, document, &found, &config, &err));
    assert_ptr_equal(found, cls);
    crn_object *record = crn_keras_class_write(cls, config, document);
    assert_non_null(record);
    assert_ok(crn_json_write(record, CRN_JSON_PYTHON, text, &err));
    free(config);
}

/* ---- names ---- */

static void check_names(const crn_keras_kind *kind, const crn_keras_class *cls,
                        crn_document *document)
{
    const char *names = cls->other_names;
    crn_text first = CRN_TEXT_INIT, text = CRN_TEXT_INIT;
    assert_non_null(names); /* every one has a name in snake case too */
    describe(kind, cls, document, crn_object_str(document, cls->name), &first);
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        assert_true(length > 0);
        crn_text_clear(&text);
        describe(kind, cls, document, crn_object_str_n(document, names, length), &text);
        assert_string_equal(text.data, first.data);
        names += length + (names[length] == ' ');
    }
    crn_text_free(&first);
    crn_text_free(&text);
}

static void test_every_name_gives_the_class(void **state)
{
    (void)state;
    for_every_class(check_names);
}

static bool shares_a_name(const crn_keras_class *a, const crn_keras_class *b)
{
    crn_keras_kind alone = {.noun = "class", .classes = &b, .count = 1};
    char names[256];
    snprintf(names, sizeof names, "%s %s", a->name, a->other_names);
    char *rest = names;
    for (char *name = strtok_r(names, " ", &rest); name != NULL;
         name = strtok_r(NULL, " ", &rest)) {
        if (crn_keras_class_find(&alone, name) != NULL)
            return true;
    }
    return false;
}

static void test_no_name_means_two_classes(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        for (size_t i = 0; i < kinds[k]->count; i++) {
            for (size_t j = 0; j < i; j++) {
                if (shares_a_name(kinds[k]->classes[i], kinds[k]->classes[j]))
                    fail_msg("%s and %s share a name", kinds[k]->classes[i]->name,
                             kinds[k]->classes[j]->name);
            }
        }
    }
}

/* ---- calls and records ---- */

static void check_call(const crn_keras_kind *kind, const crn_keras_class *cls,
                       crn_document *document)
{
    char call[64];
    crn_text by_name = CRN_TEXT_INIT, by_call = CRN_TEXT_INIT;
    snprintf(call, sizeof call, "%s()", cls->name);
    describe(kind, cls, document, crn_object_str(document, cls->name), &by_name);
    describe(kind, cls, document, parse(document, call), &by_call);
    assert_string_equal(by_name.data, by_call.data);
    crn_text_free(&by_name);
    crn_text_free(&by_call);
}

static void test_a_call_without_arguments_is_the_name(void **state)
{
    (void)state;
    for_every_class(check_call);
}

static void check_round_trip(const crn_keras_kind *kind, const crn_keras_class *cls,
                             crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text first = CRN_TEXT_INIT, second = CRN_TEXT_INIT;
    crn_object *record = NULL;
    describe(kind, cls, document, crn_object_str(document, cls->name), &first);
    assert_ok(crn_json_read(document, first.data, first.size, NULL, &record, &err));
    assert_true(crn_object_is_str(crn_object_get(record, "class_name"), cls->name));
    assert_true(crn_object_is_str(crn_object_get(record, "module"), cls->module));
    describe(kind, cls, document, record, &second);
    assert_string_equal(first.data, second.data);
    crn_text_free(&first);
    crn_text_free(&second);
}

static void test_records_survive_json(void **state)
{
    (void)state;
    for_every_class(check_round_trip);
}

/* Older files have fewer keys, newer ones more: what is missing takes its default, what is
 * unknown is left. */
static void check_lenient(const crn_keras_kind *kind, const crn_keras_class *cls,
                          crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    char json[160];
    crn_text by_name = CRN_TEXT_INIT, by_record = CRN_TEXT_INIT;
    crn_object *record = NULL;
    snprintf(json, sizeof json,
             "{\"class_name\": \"%s\", \"config\": {\"key_of_another_version\": [1]}, "
             "\"package\": 0}",
             cls->name);
    assert_ok(crn_json_read(document, json, strlen(json), NULL, &record, &err));
    describe(kind, cls, document, crn_object_str(document, cls->name), &by_name);
    describe(kind, cls, document, record, &by_record);
    assert_string_equal(by_name.data, by_record.data);
    crn_text_free(&by_name);
    crn_text_free(&by_record);
}

static void test_records_of_other_versions(void **state)
{
    (void)state;
    for_every_class(check_lenient);
}

/* ---- refusals ---- */

static void test_malformed_records(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        crn_status status;
        const char *says;
    } records[] = {
        {"{\"config\": {}}", CRN_FORMAT, "has no class_name"},
        {"{\"class_name\": 3}", CRN_FORMAT, "has no class_name"},
        {"{\"class_name\": \"Nothing\", \"config\": {}}", CRN_NOT_FOUND, "Unknown"},
        {"{\"class_name\": \"mine>Thing\", \"config\": {}}", CRN_UNSUPPORTED,
         "user's own class"},
        {"{\"class_name\": \"function\", \"config\": \"nothing\"}", CRN_NOT_FOUND, "'nothing'"},
        {"[1, 2]", CRN_ARGUMENT, "Could not interpret"},
        {"true", CRN_ARGUMENT, "Could not interpret"},
    };
    crn_error err = CRN_ERROR_INIT;
    for (int k = 0; k < KINDS; k++) {
        crn_document *document = new_document();
        const crn_keras_class *cls = NULL;
        void *config = NULL;
        for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
            crn_object *object = NULL;
            assert_ok(crn_json_read(document, records[i].json, strlen(records[i].json), NULL,
                                    &object, &err));
            assert_status(records[i].status, crn_keras_class_read(kinds[k], object, document,
                                                                  &cls, &config, &err));
            assert_says(records[i].says);
            assert_null(config);
        }
        crn_document_release(document);
    }
}

static void check_config_must_be_a_dict(const crn_keras_kind *kind, const crn_keras_class *cls,
                                        crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    char json[96];
    crn_object *record = NULL;
    const crn_keras_class *found = NULL;
    void *config = NULL;
    snprintf(json, sizeof json, "{\"class_name\": \"%s\", \"config\": [1]}", cls->name);
    assert_ok(crn_json_read(document, json, strlen(json), NULL, &record, &err));
    assert_status(CRN_FORMAT,
                  crn_keras_class_read(kind, record, document, &found, &config, &err));
    assert_says("is not a dict");
}

static void test_a_config_must_be_a_dict(void **state)
{
    (void)state;
    for_every_class(check_config_must_be_a_dict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_gives_the_class),
        cmocka_unit_test(test_no_name_means_two_classes),
        cmocka_unit_test(test_a_call_without_arguments_is_the_name),
        cmocka_unit_test(test_records_survive_json),
        cmocka_unit_test(test_records_of_other_versions),
        cmocka_unit_test(test_malformed_records),
        cmocka_unit_test(test_a_config_must_be_a_dict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
