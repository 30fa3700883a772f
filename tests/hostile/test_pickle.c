/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged pickles: cut at every byte, bytes changed at random (always the same way), opcodes
 * thrown together. Each must end in a document or an error, and a document must be usable:
 * everything in it is printed, converted to arrays and written again. The sanitizers watch. */
#include <stdlib.h>

#include "base/file.h"
#include "format/pickle.h"
#include "format/pickle_opcodes.h"
#include "test.h"

static const char *const files[] = {
    "1.9.1/StandardScaler-1.9.1.joblib",   "1.9.1/DecisionTreeClassifier-1.9.1.joblib",
    "1.9.1/zerod_scaler-1.9.1.joblib",     "1.9.1/bigendian_logreg-1.9.1.joblib",
    "1.9.1/OrdinalEncoder-1.9.1.joblib",   "1.9.1/joblib_lr_p0-1.9.1.joblib",
    "1.9.1/pickle_p0-1.9.1.pkl",           "1.9.1/pickle_p2-1.9.1.pkl",
    "1.9.1/pickle_p5-1.9.1.pkl",           "1.0.2/StandardScaler-1.0.2.joblib",
    "1.9.1/comp_true-1.9.1.joblib",        "1.9.1/comp_str_gzip-1.9.1.joblib",
    "1.9.1/comp_str_bz2-1.9.1.joblib",     "1.9.1/comp_str_xz-1.9.1.joblib",
    "1.9.1/comp_str_lzma-1.9.1.joblib",    "1.5.2/comp_str_lz4-1.5.2.joblib",
    "legacy/zf_scaler-joblib0.9.4.joblib", "legacy/multi_lr-joblib0.9.4.joblib",
};
enum { FILES = sizeof files / sizeof files[0] };

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static crn_buffer *open_golden(const char *name)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *file = NULL;
    char path[1024];
    snprintf(path, sizeof path, "%s/joblib/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_file_read(path, UINT64_C(1) << 30, &file, &err));
    return file;
}

/* Looks at everything that hangs on an instance's state or a dict. */
static void use_items(const crn_object_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        crn_array array;
        double number;
        if (crn_object_to_array(items->at[i], &array, NULL) == CRN_OK) {
            if (crn_array_size(&array) > 0)
                crn_array_get(&array, crn_array_size(&array) - 1);
            crn_array_free(&array);
        }
        if (crn_object_to_field(items->at[i], "threshold", &array, NULL) == CRN_OK) {
            if (crn_array_size(&array) > 0)
                crn_array_get(&array, crn_array_size(&array) - 1);
            crn_array_free(&array);
        }
        crn_object_as_double(items->at[i], &number);
    }
}

static void use_document(const crn_document *document)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(document->root, 2000, &text);
    crn_text_clear(&text);
    const crn_object *root = document->root;
    const crn_object *state =
        crn_object_is(root, CRN_OBJ_INSTANCE) ? root->as.instance->state : root;
    if (crn_object_is(state, CRN_OBJ_DICT) || crn_object_is(state, CRN_OBJ_LIST) ||
        crn_object_is(state, CRN_OBJ_TUPLE))
        use_items(&state->as.items);
    text.cap = 1 << 22;
    const crn_pickle_style plain = {.level = -1, .protocol = 3};
    if (crn_pickle_write(document, NULL, &text, NULL) != CRN_OK)
        crn_text_free(&text);
    crn_text_free(&text);
    text.cap = 1 << 22;
    if (crn_pickle_write(document, &plain, &text, NULL) != CRN_OK)
        crn_text_free(&text);
    crn_text_free(&text);
}

/* Reads a copy of exactly that size; true when it is a document. */
static bool try_bytes(const uint8_t *bytes, size_t size, bool use)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.inflated_bytes = 1 << 22;
    limits.memory_bytes = 1 << 24;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    crn_buffer *file = crn_buffer_wrap(copy, size, free, copy);
    crn_status status =
        crn_pickle_read(file, CRN_GOLDEN_DIR "/joblib/legacy", &limits, &document, &err);
    crn_buffer_release(file);
    if (status == CRN_OK && use)
        use_document(document);
    if (status != CRN_OK) {
        assert_null(document);
        assert_int_equal(err.code, status);
        assert_true(err.message[0] != '\0');
    }
    crn_document_release(document);
    return status == CRN_OK;
}

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        crn_buffer *file = open_golden(files[i]);
        const uint8_t *bytes = crn_buffer_data(file);
        size_t size = crn_buffer_size(file) < 2500 ? crn_buffer_size(file) : 2500;
        for (size_t cut = 0; cut < size; cut++) {
            bool whole = try_bytes(bytes, cut, false);
            /* Only a checksum may be missing behind the pickle: nothing reads so far. */
            if (whole && cut < crn_buffer_size(file))
                fail_msg("%s cut at %zu was read", files[i], cut);
        }
        crn_buffer_release(file);
    }
}

static void test_changed_bytes(void **state)
{
    (void)state;
    enum { TRIES = 300 };
    uint64_t random = 1;
    int documents = 0;
    for (size_t i = 0; i < FILES; i++) {
        crn_buffer *file = open_golden(files[i]);
        size_t size = crn_buffer_size(file);
        uint8_t *bytes = malloc(size);
        assert_non_null(bytes);
        for (int k = 0; k < TRIES; k++) {
            memcpy(bytes, crn_buffer_data(file), size);
            for (uint32_t n = 1 + next_random(&random) % 4; n > 0; n--)
                bytes[next_random(&random) % size] = (uint8_t)next_random(&random);
            documents += try_bytes(bytes, size, true);
        }
        free(bytes);
        crn_buffer_release(file);
    }
    assert_true(documents > 100); /* else nothing was tried out */
}

/* Parts of files behind one another, and single bits. */
static void test_flipped_and_spliced(void **state)
{
    (void)state;
    enum { TRIES = 150 };
    uint64_t random = 2;
    for (size_t i = 0; i < 10; i++) {
        crn_buffer *one = open_golden(files[i]), *two = open_golden(files[(i + 1) % 10]);
        size_t size = crn_buffer_size(one), other = crn_buffer_size(two);
        uint8_t *bytes = malloc(size + other);
        assert_non_null(bytes);
        for (int k = 0; k < TRIES; k++) {
            memcpy(bytes, crn_buffer_data(one), size);
            bytes[next_random(&random) % size] ^= (uint8_t)(1u << next_random(&random) % 8);
            try_bytes(bytes, size, true);
            size_t head = next_random(&random) % size, tail = next_random(&random) % other;
            memcpy(bytes, crn_buffer_data(one), head);
            memcpy(bytes + head, (uint8_t *)crn_buffer_data(two) + tail, other - tail);
            try_bytes(bytes, head + other - tail, true);
        }
        free(bytes);
        crn_buffer_release(one);
        crn_buffer_release(two);
    }
}

/* Programs of opcodes at random, with small arguments: most of what they build is nonsense,
 * with cycles. */
static void test_random_programs(void **state)
{
    (void)state;
    static const uint8_t opcodes[] = {
#define OPCODE_BYTE(name, byte, protocol) byte,
        CRN_PICKLE_OPCODE_MAP(OPCODE_BYTE)
#undef OPCODE_BYTE
    };
    static const char *const pieces[] = {
        "]",
        "}",
        ")",
        "(",
        "N",
        "K\x01",
        "q",
        "h",
        "cnumpy\ndtype\n",
        "cm\nC\n",
        "\x8f",
        "\x85",
        "\x86",
        "R",
        "b",
        "a",
        "e",
        "u",
        "s",
        "t",
        "2",
        "X\x01\0\0\0a",
        "\x94",
        "\x81",
    };
    static const size_t sizes[] = {1, 1, 1, 1, 1, 2, 1, 1, 13, 5, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1,  6, 1, 1};
    uint64_t random = 3;
    int documents = 0;
    for (int k = 0; k < 4000; k++) {
        uint8_t program[512];
        size_t size = 0;
        for (uint32_t n = 4 + next_random(&random) % 40; n > 0; n--) {
            uint32_t i = next_random(&random) % (sizeof sizes / sizeof sizes[0] + 2);
            if (i >= sizeof sizes / sizeof sizes[0]) {
                program[size++] = opcodes[next_random(&random) % sizeof opcodes];
                continue;
            }
            memcpy(program + size, pieces[i], sizes[i]);
            size += sizes[i];
            if (program[size - 1] == 'q' || program[size - 1] == 'h')
                program[size++] = (uint8_t)(next_random(&random) % 4);
        }
        program[size++] = CRN_OP_STOP;
        documents += try_bytes(program, size, true);
    }
    assert_true(documents > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_changed_bytes),
        cmocka_unit_test(test_flipped_and_spliced),
        cmocka_unit_test(test_random_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
