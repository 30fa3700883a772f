/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking an HDF5 tree, what it refuses, and the limits on reading. */
#include "base/file.h"
#include "format/hdf5.h"
#include "test.h"

#include <stdlib.h>

static crn_error err;

static crn_buffer *golden(const char *name)
{
    crn_text path = CRN_TEXT_INIT;
    crn_buffer *file;
    crn_text_printf(&path, "%s/hdf5/%s.h5", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path.data, 1 << 30, &file, &err));
    crn_text_free(&path);
    return file;
}

static crn_h5 *read_golden(const char *name)
{
    crn_buffer *file = golden(name);
    crn_h5 *h5;
    assert_ok(crn_h5_read(file, NULL, &h5, &err));
    crn_buffer_release(file);
    return h5;
}

static void test_sniff(void **state)
{
    (void)state;
    uint8_t bytes[2048] = {0};
    static const uint8_t signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    static const size_t places[] = {0, 512, 1024};
    for (size_t i = 0; i < 3; i++) {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes + places[i], signature, 8);
        assert_true(crn_h5_sniff(bytes, sizeof bytes));
        assert_true(crn_h5_sniff(bytes, places[i] + 8));
        assert_false(crn_h5_sniff(bytes, places[i] + 7));
    }
    memmove(bytes + 256, bytes + 1024, 8);
    memset(bytes + 1024, 0, 8);
    assert_false(crn_h5_sniff(bytes, sizeof bytes));
    assert_false(crn_h5_sniff(bytes, 0));
}

static void test_find_and_path(void **state)
{
    (void)state;
    crn_h5 *h5 = read_golden("many_earliest");
    crn_h5_node *root = crn_h5_root(h5);
    crn_h5_node *deep = crn_h5_find(root, "a/b/c/d");
    crn_text path = CRN_TEXT_INIT;
    assert_non_null(deep);
    assert_string_equal(deep->name, "d");
    assert_ptr_equal(crn_h5_find(root, "/a//b/c/d/"), deep);
    assert_ptr_equal(crn_h5_find(crn_h5_find(root, "a/b"), "c/d"), deep);
    assert_ptr_equal(crn_h5_find(root, ""), root);
    assert_null(crn_h5_find(root, "a/b/x"));
    assert_null(crn_h5_find(root, "numbers/x"));
    assert_null(crn_h5_find(root, "member"));
    assert_null(crn_h5_find(root, "membersx"));
    crn_h5_path(deep, &path);
    assert_string_equal(path.data, "a/b/c/d");
    crn_text_clear(&path);
    crn_h5_path(root, &path);
    assert_string_equal(path.data, "/");
    crn_text_free(&path);
    crn_h5_destroy(h5);
}

static void test_attributes(void **state)
{
    (void)state;
    crn_h5 *h5 = read_golden("types_earliest");
    const crn_h5_node *root = crn_h5_root(h5);
    assert_string_equal(crn_h5_attribute_text(root, "text"), "caf\xc3\xa9");
    assert_string_equal(crn_h5_attribute_text(root, "bytes"), "abc");
    assert_null(crn_h5_attribute_text(root, "names")); /* two of them */
    assert_null(crn_h5_attribute_text(root, "float"));
    assert_null(crn_h5_attribute_text(root, "missing"));
    assert_null(crn_h5_attribute_find(root, "missing"));
    const crn_h5_attribute *none = crn_h5_attribute_find(root, "none");
    assert_false(none->is_text);
    assert_int_equal(none->array.shape[0], 0);
    assert_non_null(strstr(crn_h5_attribute_find(root, "null")->refused, "empty"));
    assert_non_null(strstr(crn_h5_attribute_find(root, "complex")->refused, "compound"));
    const crn_h5_attribute *matrix =
        crn_h5_attribute_find(root, "matrix"); /* big-endian in the file */
    assert_true(((const float *)matrix->array.data)[3] == 1.0f);
    crn_h5_destroy(h5);
}

static void test_dataset_arrays(void **state)
{
    (void)state;
    crn_h5 *h5 = read_golden("types_earliest");
    crn_h5_node *root = crn_h5_root(h5);
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_h5_dataset_array(crn_h5_find(root, "numbers/be_f8"), &array, &err));
    assert_status(CRN_FORMAT, crn_h5_dataset_array(crn_h5_find(root, "numbers"), &array, &err));
    assert_status(CRN_DTYPE,
                  crn_h5_dataset_array(crn_h5_find(root, "text/list"), &array, &err));
    assert_string_equal(err.where, "text/list");
    assert_status(CRN_UNSUPPORTED,
                  crn_h5_dataset_array(crn_h5_find(root, "other/compound"), &array, &err));
    assert_string_equal(err.where, "other/compound");
    assert_non_null(strstr(err.message, "compound"));
    crn_h5_destroy(h5); /* the array holds its memory */
    assert_true(((const double *)array.data)[5] == 5.0);
    crn_array_free(&array);
}

/* The same bytes, `shift` bytes off their alignment. */
static crn_h5 *read_shifted(const crn_buffer *file, size_t shift, const uint8_t **bytes)
{
    size_t size = crn_buffer_size(file);
    uint8_t *memory = malloc(size + shift);
    crn_h5 *h5;
    assert_non_null(memory);
    memcpy(memory + shift, crn_buffer_data(file), size);
    crn_buffer *buffer = crn_buffer_wrap(memory + shift, size, free, memory);
    assert_non_null(buffer);
    assert_ok(crn_h5_read(buffer, NULL, &h5, &err));
    crn_buffer_release(buffer);
    *bytes = memory + shift;
    return h5;
}

static void test_contiguous_data_stays_in_place(void **state)
{
    (void)state;
    crn_buffer *file = golden("written");
    for (size_t shift = 0; shift < 2; shift++) {
        const uint8_t *bytes;
        crn_h5 *h5 = read_shifted(file, shift, &bytes);
        crn_array *array = &crn_h5_find(crn_h5_root(h5), "numbers/float64")->array;
        const uint8_t *data = array->data;
        bool in_place = data >= bytes && data < bytes + crn_buffer_size(file);
        assert_int_equal(in_place, shift == 0);
        assert_int_equal((uintptr_t)data % sizeof(double), 0);
        assert_true(((const double *)array->data)[5] == 5.0);
        crn_h5_destroy(h5);
    }
    crn_buffer_release(file);
}

static void check_refused(const char *name, const char *where, const char *message)
{
    crn_buffer *file = golden(name);
    crn_h5 *h5 = NULL;
    assert_status(CRN_UNSUPPORTED, crn_h5_read(file, NULL, &h5, &err));
    assert_null(h5);
    assert_string_equal(err.where, where);
    if (strstr(err.message, message) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", name, err.message, message);
    crn_buffer_release(file);
}

static void test_links_and_storage_elsewhere(void **state)
{
    (void)state;
    check_refused("refused_soft", "group/link", "soft links");
    check_refused("refused_external_link", "group/link", "external links");
    check_refused("refused_external_storage", "group/link", "external storage");
    check_refused("refused_virtual", "group/link", "virtual");
    check_refused("refused_cycle", "group/link", "several HDF5 links to one group");
    check_refused("refused_soft_latest", "group/link", "soft links");
    check_refused("refused_external_link_latest", "group/link", "external links");
    check_refused("refused_virtual_latest", "group/link", "virtual");
    check_refused("refused_cycle_latest", "group/link", "several HDF5 links to one group");
}

static void check_limit(const char *name, const crn_limits *limits, const char *field)
{
    crn_buffer *file = golden(name);
    crn_h5 *h5 = NULL;
    assert_status(CRN_LIMIT, crn_h5_read(file, limits, &h5, &err));
    if (strstr(err.message, field) == NULL)
        fail_msg("\"%s\" does not name %s", err.message, field);
    crn_buffer_release(file);
}

static void test_limits(void **state)
{
    (void)state;
    const crn_limits file_bytes = {.struct_size = sizeof(crn_limits), .file_bytes = 20000},
                     objects = {.struct_size = sizeof(crn_limits), .objects = 500},
                     nesting = {.struct_size = sizeof(crn_limits), .nesting = 19},
                     deep = {.struct_size = sizeof(crn_limits), .nesting = 20},
                     text = {.struct_size = sizeof(crn_limits), .text_bytes = 4999},
                     memory = {.struct_size = sizeof(crn_limits), .memory_bytes = 4096},
                     inflated = {.struct_size = sizeof(crn_limits), .inflated_bytes = 5000};
    check_limit("many_latest", &file_bytes, "file_bytes = 20000");
    check_limit("many_latest", &objects, "objects = 500");
    check_limit("many_latest", &nesting, "nesting = 19");
    check_limit("strings", &text, "text_bytes = 4999");
    check_limit("strings", &memory, "memory_bytes = 4096");
    check_limit("layouts_latest", &inflated, "inflated_bytes = 5000");
    crn_buffer *file = golden("many_latest");
    crn_h5 *h5;
    assert_ok(crn_h5_read(file, &deep, &h5, &err));
    crn_h5_destroy(h5);
    crn_buffer_release(file);
}

/* 8 MiB of zeros in a file of a few KiB: fine by default, over a strict ratio. */
static void test_inflate_ratio(void **state)
{
    (void)state;
    const crn_limits strict = {.struct_size = sizeof(crn_limits), .inflate_ratio = 100};
    crn_buffer *file = golden("zeros");
    crn_h5 *h5;
    assert_ok(crn_h5_read(file, NULL, &h5, &err));
    assert_int_equal(crn_h5_find(crn_h5_root(h5), "zeros")->array.shape[0], 8 << 20);
    crn_h5_destroy(h5);
    crn_buffer_release(file);
    check_limit("zeros", &strict, "inflate_ratio = 100");
    check_limit("never_written", NULL, "inflate_ratio = 2000");
}

static void test_damage_is_named(void **state)
{
    (void)state;
    crn_buffer *file = golden("types_latest");
    const size_t size = crn_buffer_size(file);
    uint8_t *bytes = malloc(size);
    crn_h5 *h5 = NULL;
    assert_non_null(bytes);
    memcpy(bytes, crn_buffer_data(file), size);
    bytes[12] ^= 1; /* in the superblock */
    crn_buffer *buffer = crn_buffer_wrap(bytes, size, NULL, NULL);
    assert_status(CRN_FORMAT, crn_h5_read(buffer, NULL, &h5, &err));
    assert_non_null(strstr(err.message, "checksum"));
    bytes[12] ^= 1;
    bytes[8] = 4;
    assert_status(CRN_UNSUPPORTED, crn_h5_read(buffer, NULL, &h5, &err));
    assert_non_null(strstr(err.message, "superblock"));
    bytes[8] = 3;
    bytes[48 + 10] ^= 1; /* in the root's object header */
    assert_status(CRN_FORMAT, crn_h5_read(buffer, NULL, &h5, &err));
    assert_string_equal(err.where, "/");
    crn_buffer_release(buffer);
    buffer = crn_buffer_wrap(bytes, size - 1, NULL, NULL);
    bytes[48 + 10] ^= 1;
    assert_status(CRN_FORMAT, crn_h5_read(buffer, NULL, &h5, &err));
    assert_non_null(strstr(err.message, "truncated file"));
    crn_buffer_release(buffer);
    crn_buffer_release(file);
    free(bytes);
}

static void test_other_files(void **state)
{
    (void)state;
    crn_h5 *h5 = NULL;
    crn_buffer *zeros = crn_buffer_create(5000), *file = golden("strings");
    assert_non_null(zeros);
    assert_status(CRN_FORMAT, crn_h5_read(zeros, NULL, &h5, &err));
    assert_non_null(strstr(err.message, "not an HDF5 file"));
    uint8_t *bytes = crn_buffer_data(zeros);
    memcpy(bytes, crn_buffer_data(file), 96);
    bytes[13] = 3;
    assert_status(CRN_UNSUPPORTED, crn_h5_read(zeros, NULL, &h5, &err));
    assert_non_null(strstr(err.message, "addresses of 3"));
    assert_null(h5);
    crn_buffer_release(zeros);
    crn_buffer_release(file);
    crn_h5_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),
        cmocka_unit_test(test_find_and_path),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_dataset_arrays),
        cmocka_unit_test(test_contiguous_data_stays_in_place),
        cmocka_unit_test(test_links_and_storage_elsewhere),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_inflate_ratio),
        cmocka_unit_test(test_damage_is_named),
        cmocka_unit_test(test_other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
