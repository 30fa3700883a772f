/* SPDX-License-Identifier: BSD-3-Clause */
/* The HDF5 reader on damaged files: cut at every byte, and with bytes changed by a seeded
 * generator. Each must give an error or a tree that can be walked to its end, within the
 * limits. The sanitizers judge the rest. */
#include "base/file.h"
#include "h5_listing.h"
#include "test.h"

/* Stands in for the library's (hdf5_checksum.c) and never objects: mutants reach what lies
 * behind checksums. */
bool crn_h5_checksum_holds(const uint8_t *bytes, size_t size);
bool crn_h5_checksum_holds(const uint8_t *bytes, size_t size)
{
    return bytes != NULL && size >= 4;
}

/* AddressSanitizer stops at any single request over this many MiB. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_allocation_size_mb=256";
}

static crn_error err;
static const crn_limits limits = {.struct_size = sizeof(crn_limits),
                                  .inflated_bytes = 32 << 20,
                                  .inflate_ratio = 100,
                                  .memory_bytes = 64 << 20,
                                  .objects = 20000,
                                  .nesting = 50};

static crn_buffer *golden(const char *name)
{
    crn_text path = CRN_TEXT_INIT;
    crn_buffer *file;
    crn_text_printf(&path, "%s/hdf5/%s.h5", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path.data, 1 << 30, &file, &err));
    crn_text_free(&path);
    return file;
}

/* Reads a heap copy of exactly these bytes and, if they are taken for a file, all of the tree.
 */
static crn_status try_bytes(const uint8_t *bytes, size_t size)
{
    crn_h5 *h5 = NULL;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    crn_buffer *buffer = crn_buffer_wrap(copy, size, free, copy);
    assert_non_null(buffer);
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_h5_read(buffer, &limits, &h5, &err);
    crn_buffer_release(buffer);
    if (status == CRN_OK) {
        crn_text listing = CRN_TEXT_INIT;
        list_node(&listing, crn_h5_root(h5));
        assert_int_equal(listing.status, CRN_OK);
        crn_text_free(&listing);
        crn_h5_destroy(h5);
    } else {
        assert_null(h5);
        assert_int_equal(err.code, status);
        assert_int_not_equal(status, CRN_INTERNAL);
        assert_true(err.message[0] != '\0');
    }
    return status;
}

static void test_cut_files(void **state)
{
    (void)state;
    crn_buffer *file = golden("strings");
    const uint8_t *bytes = crn_buffer_data(file);
    for (size_t size = 0; size < crn_buffer_size(file); size++)
        assert_int_equal(try_bytes(bytes, size), CRN_FORMAT);
    assert_int_equal(try_bytes(bytes, crn_buffer_size(file)), CRN_OK);
    crn_buffer_release(file);
}

/* The superblock says that the file ends where it was cut, so that the reader goes on to what
 * is missing. */
static void cut_where_the_end_is_told(const char *name, size_t end_at, size_t step)
{
    crn_buffer *file = golden(name);
    uint8_t *bytes = malloc(crn_buffer_size(file));
    assert_non_null(bytes);
    memcpy(bytes, crn_buffer_data(file), crn_buffer_size(file));
    for (size_t size = end_at + 8; size < crn_buffer_size(file); size += step) {
        for (unsigned i = 0; i < 8; i++)
            bytes[end_at + i] = (uint8_t)(size >> (8 * i));
        try_bytes(bytes, size);
    }
    free(bytes);
    crn_buffer_release(file);
}

static void test_cut_files_that_hide_it(void **state)
{
    (void)state;
    cut_where_the_end_is_told("strings", 40, 1);
    cut_where_the_end_is_told("types_earliest", 40, 7);
    cut_where_the_end_is_told("types_latest", 28, 7);
    cut_where_the_end_is_told("layouts_latest", 28, 53);
}

/* xorshift64*: the same mutants on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Changes one to eight places: a byte, a byte by one, eight bytes to an extreme, or eight
 * copied from elsewhere. Half of the places are sought where there is something: most of a file
 * is zeros. */
static void mutate(uint8_t *bytes, size_t size, uint64_t *random)
{
    static const uint64_t extremes[] = {
        0, UINT64_MAX, 1, UINT64_C(1) << 63, UINT32_MAX, UINT32_MAX, 0xffff, 8, 96, 1 << 20};
    for (uint64_t n = 1 + next_random(random) % 8; n > 0; n--) {
        size_t at = next_random(random) % (size - 8);
        if (next_random(random) % 2 != 0)
            while (at < size - 9 && bytes[at] == 0)
                at++;
        uint64_t value = next_random(random);
        switch (value >> 60 & 3) {
        case 0:
            bytes[at] = (uint8_t)value;
            break;
        case 1:
            bytes[at] = (uint8_t)(bytes[at] + ((value & 1) != 0 ? 1 : -1));
            break;
        case 2:
            memcpy(bytes + at, &extremes[value % (sizeof extremes / sizeof extremes[0])],
                   (value >> 32 & 1) != 0 ? 8 : 4);
            break;
        default:
            memmove(bytes + at, bytes + value % (size - 8), 8);
            break;
        }
    }
}

static void run_mutants(const char *name, size_t count)
{
    crn_buffer *file = golden(name);
    const size_t size = crn_buffer_size(file);
    uint8_t *bytes = malloc(size);
    uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
    size_t accepted = 0;
    assert_non_null(bytes);
    for (size_t i = 0; i < count; i++) {
        memcpy(bytes, crn_buffer_data(file), size);
        mutate(bytes, size, &random);
        accepted += try_bytes(bytes, size) == CRN_OK;
    }
    /* Neither everything nor nothing: the mutants reach the reader's depths. */
    assert_in_range(accepted, 1, count - 1);
    free(bytes);
    crn_buffer_release(file);
}

static void test_mutants(void **state)
{
    (void)state;
    run_mutants("types_earliest", 5000);
    run_mutants("types_latest", 5000);
    run_mutants("strings", 5000);
    run_mutants("sizes_4_8_latest", 3000);
    run_mutants("sizes_2_2", 2000);
    run_mutants("superblock_1", 2000);
    run_mutants("layouts_earliest", 1000);
    run_mutants("layouts_latest", 1000);
    run_mutants("many_ordered", 300);
    run_mutants("many_latest", 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_files),
        cmocka_unit_test(test_cut_files_that_hide_it),
        cmocka_unit_test(test_mutants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
