/* SPDX-License-Identifier: BSD-3-Clause */
/* Who owns what, and how much. */
#include "format/object.h"

#include "test.h"

static void test_memory_limit(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.memory_bytes = 4096;
    crn_document *small = NULL;
    assert_ok(crn_document_create(&limits, &small, &err));
    crn_object *list = crn_object_new(small, CRN_OBJ_LIST);
    bool made = true;
    for (int i = 0; i < 1000 && made; i++)
        made = crn_object_append(small, list, crn_object_int(small, i));
    assert_false(made);
    assert_null(crn_object_str_n(small, "", SIZE_MAX));
    assert_status(CRN_LIMIT, crn_arena_fail(small->arena, &err));
    crn_document_release(small);
}

static void test_references(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *counted = NULL;
    assert_ok(crn_document_create(NULL, &counted, &err));
    assert_ptr_equal(crn_document_retain(counted), counted);
    crn_buffer *buffer = crn_buffer_create(64);
    assert_ok(crn_document_keep(counted, crn_buffer_retain(buffer), &err));
    crn_document_release(counted);
    crn_document_release(counted);
    crn_document_release(NULL);
    memset(crn_buffer_data(buffer), 1, 64); /* our own reference is still good */
    crn_buffer_release(buffer);
}

static void test_many_buffers(void **state)
{
    (void)state;
    enum { BUFFERS = 100 };
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_buffer *shared = crn_buffer_create(8);
    for (int i = 0; i < BUFFERS; i++)
        assert_ok(crn_document_keep(document, crn_buffer_retain(shared), &err));
    assert_int_equal(document->buffer_count, BUFFERS);
    assert_null(document->root);
    assert_null(document->container);
    crn_buffer_release(shared);
    crn_document_release(document);
}

/* An array that was given to a document lives as long as the document. */
static void test_arrays_are_kept(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_array_create(CRN_FLOAT64, 0, 1, (int64_t[]){3}, &array, &err));
    ((double *)array.data)[2] = 7;
    const crn_object *object = crn_object_array(document, &array);
    crn_array_free(&array);
    assert_true(crn_array_get(crn_object_as_array(object), 2) == 7);
    array = crn_array_share(crn_object_as_array(object));
    crn_document_release(document);
    assert_true(crn_array_get(&array, 2) == 7);
    crn_array_free(&array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_many_buffers),
        cmocka_unit_test(test_arrays_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
