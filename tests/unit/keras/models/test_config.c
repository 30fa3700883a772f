/* SPDX-License-Identifier: BSD-3-Clause */
/* Configs against what Keras 3.15 and Keras 2.15 write of the same models
 * (tools/make_keras_configs.py). */
#include "json_equal.h"

#include "cornichon/cornichon.h"
#include "keras/models/network.h"

static const char *const names[] = {"iris", "layers", "images", "sequences", "unbuilt"};
enum { NAMES = sizeof names / sizeof *names };

static crn_model *build(const char *name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_model *model = NULL;
    char *expression = golden_text(name, ".txt");
    assert_ok(crn_model_parse(expression, &model, &err));
    free(expression);
    return model;
}

static crn_object *config(const crn_network *network, crn_document *document,
                          crn_keras_dialect dialect)
{
    crn_error err = CRN_ERROR_INIT;
    crn_object *object = crn_network_config(network, document, dialect, 0, &err);
    if (object == NULL)
        fail_msg("%s", err.message);
    return object;
}

/* model.to_json() of Keras 3.15, but for the compile_config. */
static void test_newest(void **state)
{
    (void)state;
    for (int i = 0; i < NAMES; i++) {
        crn_model *model = build(names[i]);
        crn_object *ours = config(crn_model_network(model), model->document, CRN_KERAS_NEWEST);
        crn_object *theirs = golden_json(model->document, names[i], ".json");
        crn_object *compiled = crn_object_get(theirs, "compile_config");
        assert_int_equal(crn_object_length(compiled), 0);
        assert_true(crn_object_set(model->document, ours, "compile_config", compiled));
        if (!json_equal(ours, theirs))
            fail_msg("%s differs", names[i]);
        crn_model_destroy(model);
    }
}

static crn_network *reread(crn_document *document, const crn_object *record,
                           const char *version)
{
    crn_error err = CRN_ERROR_INIT;
    crn_network *network = NULL;
    assert_ok(crn_network_read(
        record, document, &(crn_network_source){.keras_version = version}, &network, &err));
    return network;
}

static void assert_same_network(const crn_network *a, const crn_network *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->layer_count, b->layer_count);
    assert_int_equal(a->weight_count, b->weight_count);
    assert_int_equal(a->built, b->built);
    for (size_t i = 0; i < a->layer_count; i++) {
        assert_ptr_equal(a->layers[i]->type, b->layers[i]->type);
        assert_int_equal(a->layers[i]->trainable, b->layers[i]->trainable);
        assert_true(crn_type_equal(&a->layers[i]->output, &b->layers[i]->output));
        if (strcmp(a->layers[i]->type->base.name, "InputLayer") != 0)
            assert_string_equal(a->layers[i]->name, b->layers[i]->name);
    }
    for (size_t i = 0; i < a->weight_count; i++) {
        const crn_layer_weight *left = crn_network_weight(a, i, NULL);
        const crn_layer_weight *right = crn_network_weight(b, i, NULL);
        assert_string_equal(left->name, right->name);
        assert_ptr_equal(left->initializer.cls, right->initializer.cls);
        assert_ptr_equal(left->regularizer.cls, right->regularizer.cls);
        assert_ptr_equal(left->constraint.cls, right->constraint.cls);
    }
}

/* Each dialect is read back as the same network. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char *const versions[] = {"2.15.0", "3.0.5", "3.15.1"};
    for (int i = 0; i < NAMES * 3; i++) {
        crn_keras_dialect dialect = (crn_keras_dialect)(i % 3);
        crn_model *model = build(names[i / 3]);
        const crn_network *network = crn_model_network(model);
        crn_object *record = config(network, model->document, dialect);
        crn_network *again = reread(model->document, record, versions[dialect]);
        assert_int_equal(again->keras, dialect == CRN_KERAS_2 ? 2 : 3);
        assert_same_network(network, again);
        crn_network_destroy(again);
        crn_model_destroy(model);
    }
}

/* What Keras 2.15 and 3.15 wrote of one model are one network. */
static void test_read_what_keras_wrote(void **state)
{
    (void)state;
    for (int i = 0; i < NAMES; i++) {
        crn_model *model = build(names[i]);
        crn_document *document = model->document;
        crn_network *two =
            reread(document, golden_json(document, names[i], ".keras2.json"), NULL);
        crn_network *three = reread(document, golden_json(document, names[i], ".json"), NULL);
        assert_int_equal(two->keras, 2);
        assert_string_equal(two->keras_version, "2.15.0");
        assert_int_equal(three->keras, 3);
        assert_same_network(crn_model_network(model), three);
        assert_same_network(three, two);
        crn_network_destroy(two);
        crn_network_destroy(three);
        crn_model_destroy(model);
    }
}

/* Every key of our dialect 2 is one that Keras 2.15 writes, but for nested records' modules,
 * which the older ones do not have, and BatchNormalization's axis. */
static void test_keras_2_keys(void **state)
{
    (void)state;
    crn_model *model = build("layers");
    crn_document *document = model->document;
    crn_object *ours =
        crn_object_get(config(crn_model_network(model), document, CRN_KERAS_2), "config");
    crn_object *theirs =
        crn_object_get(golden_json(document, "layers", ".keras2.json"), "config");
    crn_object *layers = crn_object_get(ours, "layers");
    assert_int_equal(crn_object_length(ours), 2);
    for (size_t i = 0; i < crn_object_length(layers); i++) {
        crn_object *mine = crn_object_item(layers, i);
        crn_object *golden = crn_object_item(crn_object_get(theirs, "layers"), i);
        assert_int_equal(crn_object_length(mine), 2); /* class_name and config */
        assert_true(json_equal(crn_object_get(mine, "class_name"),
                               crn_object_get(golden, "class_name")));
        mine = crn_object_get(mine, "config");
        golden = crn_object_get(golden, "config");
        for (size_t k = 0; k < crn_object_length(mine); k++) {
            const char *key = crn_object_text(mine->as.items.at[2 * k]);
            crn_object *value = mine->as.items.at[2 * k + 1],
                       *other = crn_object_get(golden, key);
            if (other == NULL)
                fail_msg("Keras 2 does not write '%s' of layer %zu", key, i);
            bool named_otherwise =
                (i == 0 && strcmp(key, "name") == 0) || strcmp(key, "axis") == 0;
            if (!named_otherwise &&
                !(crn_object_is(value, CRN_OBJ_DICT) ? json_within(value, other)
                                                     : json_equal(value, other)))
                fail_msg("'%s' of layer %zu differs", key, i);
        }
    }
    crn_model_destroy(model);
}

static void test_hard_sigmoid_stays_with_its_version(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    (void)state;
    crn_model *model = NULL;
    assert_ok(crn_model_parse("Sequential([Input((2,)), Dense(1, activation='hard_sigmoid')])",
                              &model, &err));
    crn_object *record = config(crn_model_network(model), model->document, CRN_KERAS_2);
    crn_network *old = reread(model->document, record, "2.10.0");
    assert_non_null(crn_network_config(old, model->document, CRN_KERAS_2, 0, &err));
    assert_null(crn_network_config(old, model->document, CRN_KERAS_3, 0, &err));
    assert_int_equal(err.code, CRN_UNSUPPORTED);
    assert_string_equal(err.where, "layers[dense]");
    crn_network_destroy(old);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newest),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_read_what_keras_wrote),
        cmocka_unit_test(test_keras_2_keys),
        cmocka_unit_test(test_hard_sigmoid_stays_with_its_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
