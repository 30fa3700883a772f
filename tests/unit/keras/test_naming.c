/* SPDX-License-Identifier: BSD-3-Clause */
/* Names made from class names, as to_snake_case() of keras/src/utils/naming.py (3.15) makes
 * them. */
#include "test.h"

#include "keras/naming.h"

static void test_snake_case(void **state)
{
    static const char *const names[][2] = {{"Dense", "dense"},
                                           {"Conv2D", "conv2d"},
                                           {"Conv2DTranspose", "conv2d_transpose"},
                                           {"LSTM", "lstm"},
                                           {"LSTMCell", "lstm_cell"},
                                           {"GRU", "gru"},
                                           {"PReLU", "p_re_lu"},
                                           {"LeakyReLU", "leaky_re_lu"},
                                           {"ELU", "elu"},
                                           {"RMSprop", "rm_sprop"},
                                           {"AdamW", "adam_w"},
                                           {"BatchNormalization", "batch_normalization"},
                                           {"MultiHeadAttention", "multi_head_attention"},
                                           {"InputLayer", "input_layer"},
                                           {"my Layer-X", "my_layer_x"},
                                           {"", ""}};
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    (void)state;
    assert_ok(crn_document_create(NULL, &document, &err));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(crn_snake_case(document, names[i][0]), names[i][1]);
    crn_document_release(document);
}

static void test_numbers(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    (void)state;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_string_equal(crn_numbered_name(document, "dense", 0), "dense");
    assert_string_equal(crn_numbered_name(document, "dense", 1), "dense_1");
    assert_string_equal(crn_numbered_name(document, "dense", 12), "dense_12");
    crn_document_release(document);
}

/* An arena that is used up gives no name. */
static void test_no_memory(void **state)
{
    crn_error err = CRN_ERROR_INIT;
    crn_limits limits = CRN_LIMITS_INIT;
    crn_document *document = NULL;
    (void)state;
    limits.memory_bytes = 256;
    assert_ok(crn_document_create(&limits, &document, &err));
    const char *name = "";
    for (int i = 0; i < 1000 && name != NULL; i++)
        name = crn_numbered_name(document, "a_rather_long_name_for_a_layer", (size_t)i);
    assert_null(name);
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snake_case),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
