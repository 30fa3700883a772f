/* SPDX-License-Identifier: BSD-3-Clause */
/* Datatype and dataspace messages. The bytes are those of files that h5py wrote, and the same
 * bent. */
#include "h5_scene.h"

typedef struct type_case {
    const char *bytes;
    size_t size;
    crn_status status;
    const char *message; /* of a failure */
    crn_h5_kind kind;
    crn_dtype dtype;
    bool swapped, utf8;
    uint8_t padding;
} type_case;

#define BYTES(literal) (literal), sizeof(literal) - 1
#define F32_PARTS      "\x17\x08\x00\x17\x7f\x00\x00\x00"

static const type_case type_cases[] = {
    /* int8, little-endian int32, big-endian uint16 */
    {BYTES("\x10\x08\0\0\1\0\0\0\0\0\x08\0"), .dtype = CRN_INT8},
    {BYTES("\x10\x08\0\0\4\0\0\0\0\0\x20\0"), .dtype = CRN_INT32},
    {BYTES("\x10\x01\0\0\2\0\0\0\0\0\x10\0"), .dtype = CRN_UINT16, .swapped = true},
    {BYTES("\x10\0\0\0\x08\0\0\0\0\0\x40\0"), .dtype = CRN_UINT64},
    /* 3 bytes; 5 of 8 bits; 16 bytes; a bit offset */
    {BYTES("\x10\0\0\0\3\0\0\0\0\0\x18\0"), .status = CRN_UNSUPPORTED,
     .message = "integers of 24 bits in 3 bytes"},
    {BYTES("\x10\0\0\0\1\0\0\0\0\0\5\0"), .status = CRN_UNSUPPORTED,
     .message = "integers of 5 bits in 1 bytes"},
    {BYTES("\x10\0\0\0\x10\0\0\0\0\0\x80\0"), .status = CRN_UNSUPPORTED,
     .message = "integers of 128 bits"},
    {BYTES("\x10\0\0\0\1\0\0\0\1\0\x08\0"), .status = CRN_UNSUPPORTED,
     .message = "integers of 8 bits in 1 bytes"},
    /* float32 little- and big-endian, float16, bfloat16, float64 */
    {BYTES("\x11\x20\x1f\0\4\0\0\0\0\0\x20\0" F32_PARTS), .dtype = CRN_FLOAT32},
    {BYTES("\x11\x21\x1f\0\4\0\0\0\0\0\x20\0" F32_PARTS), .dtype = CRN_FLOAT32,
     .swapped = true},
    {BYTES("\x11\x20\x0f\0\2\0\0\0\0\0\x10\0\x0a\5\0\x0a\x0f\0\0\0"), .dtype = CRN_FLOAT16},
    {BYTES("\x11\x20\x0f\0\2\0\0\0\0\0\x10\0\7\x08\0\7\x7f\0\0\0"), .dtype = CRN_BFLOAT16},
    {BYTES("\x11\x20\x3f\0\x08\0\0\0\0\0\x40\0\x34\x0b\0\x34\xff\3\0\0"), .dtype = CRN_FLOAT64},
    /* VAX order; no implied one; another bias; the sign elsewhere; 8-bit float; x87 */
    {BYTES("\x11\x61\x1f\0\4\0\0\0\0\0\x20\0" F32_PARTS), .status = CRN_UNSUPPORTED,
     .message = "floating-point"},
    {BYTES("\x11\0\x1f\0\4\0\0\0\0\0\x20\0" F32_PARTS), .status = CRN_UNSUPPORTED,
     .message = "floating-point"},
    {BYTES("\x11\x20\x1f\0\4\0\0\0\0\0\x20\0\x17\x08\0\x17\x80\0\0\0"),
     .status = CRN_UNSUPPORTED, .message = "of 32 bits"},
    {BYTES("\x11\x20\x1e\0\4\0\0\0\0\0\x20\0" F32_PARTS), .status = CRN_UNSUPPORTED,
     .message = "floating-point"},
    {BYTES("\x11\x20\7\0\1\0\0\0\0\0\x08\0\3\4\0\3\7\0\0\0"), .status = CRN_UNSUPPORTED,
     .message = "exponent 4, mantissa 3"},
    {BYTES("\x11\0\x4f\0\x10\0\0\0\0\0\x50\0\x40\x0f\0\x40\xff\x3f\0\0"),
     .status = CRN_UNSUPPORTED, .message = "of 80 bits"},
    /* strings: the three paddings, two character sets, a padding that does not exist */
    {BYTES("\x13\0\0\0\5\0\0\0"), .kind = CRN_H5_FIXED_TEXT},
    {BYTES("\x13\x11\0\0\5\0\0\0"), .kind = CRN_H5_FIXED_TEXT, .utf8 = true, .padding = 1},
    {BYTES("\x13\x02\0\0\5\0\0\0"), .kind = CRN_H5_FIXED_TEXT, .padding = 2},
    {BYTES("\x13\x03\0\0\5\0\0\0"), .status = CRN_UNSUPPORTED, .message = "padding 3"},
    {BYTES("\x19\x01\0\0\x10\0\0\0\x10\0\0\0\1\0\0\0"), .kind = CRN_H5_VARIABLE_TEXT},
    {BYTES("\x19\x01\1\0\x10\0\0\0\x10\0\0\0\1\0\0\0"), .kind = CRN_H5_VARIABLE_TEXT,
     .utf8 = true},
    {BYTES("\x19\0\0\0\x10\0\0\0\x10\0\0\0\1\0\0\0"), .status = CRN_UNSUPPORTED,
     .message = "variable-length sequences"},
    /* bool in both spellings, and enumerations that are like it */
    {BYTES("\x18\2\0\0\1\0\0\0\x10\x08\0\0\1\0\0\0\0\0\x08\0FALSE\0\0\0TRUE\0\0\0\0\0\1"),
     .dtype = CRN_BOOL},
    {BYTES("\x38\2\0\0\1\0\0\0\x10\x08\0\0\1\0\0\0\0\0\x08\0FALSE\0TRUE\0\0\1"),
     .dtype = CRN_BOOL},
    {BYTES("\x38\2\0\0\1\0\0\0\x10\x08\0\0\1\0\0\0\0\0\x08\0FALSE\0TRUE\0\1\0"),
     .status = CRN_UNSUPPORTED, .message = "enumerations"},
    {BYTES("\x38\2\0\0\1\0\0\0\x10\x08\0\0\1\0\0\0\0\0\x08\0A\0B\0\0\1"),
     .status = CRN_UNSUPPORTED, .message = "enumerations"},
    {BYTES("\x38\3\0\0\1\0\0\0\x10\x08\0\0\1\0\0\0\0\0\x08\0FALSE\0TRUE\0\0\1"),
     .status = CRN_UNSUPPORTED, .message = "enumerations"},
    {BYTES("\x38\2\0\0\2\0\0\0\x10\x08\0\0\2\0\0\0\0\0\x10\0FALSE\0TRUE\0\0\0\1\0"),
     .status = CRN_UNSUPPORTED, .message = "enumerations"},
    /* opaque of two bytes and of three, other classes, a class that does not exist, damage */
    {BYTES("\x15\0\0\0\2\0\0\0"), .kind = CRN_H5_OPAQUE2},
    {BYTES("\x15\0\0\0\3\0\0\0"), .status = CRN_UNSUPPORTED, .message = "opaque (3 bytes)"},
    {BYTES("\x16\2\0\0\x10\0\0\0"), .status = CRN_UNSUPPORTED,
     .message = "compound (16 bytes)"},
    {BYTES("\x17\0\0\0\x08\0\0\0"), .status = CRN_UNSUPPORTED, .message = "reference"},
    {BYTES("\x12\0\0\0\4\0\0\0"), .status = CRN_UNSUPPORTED, .message = "time"},
    {BYTES("\x14\0\0\0\1\0\0\0"), .status = CRN_UNSUPPORTED, .message = "bitfield"},
    {BYTES("\x2a\0\0\0\4\0\0\0"), .status = CRN_UNSUPPORTED, .message = "array"},
    {BYTES("\x5b\0\0\0\x08\0\0\0"), .status = CRN_UNSUPPORTED, .message = "complex"},
    {BYTES("\x1c\0\0\0\4\0\0\0"), .status = CRN_FORMAT, .message = "class 12 does not exist"},
    {BYTES("\x00\0\0\0\4\0\0\0\0\0\x20\0"), .status = CRN_UNSUPPORTED,
     .message = "version 0 of the HDF5 datatype"},
    {BYTES("\x60\0\0\0\4\0\0\0\0\0\x20\0"), .status = CRN_UNSUPPORTED,
     .message = "version 6 of the HDF5 datatype"},
    {BYTES("\x10\0\0\0\0\0\0\0\0\0\0\0"), .status = CRN_FORMAT, .message = "size 0"},
    {BYTES("\x10\0\0\0\4\0\0\0\0\0\x20"), .status = CRN_FORMAT, .message = "ends early"},
    {BYTES("\x11\x20\x1f\0\4\0\0\0\0\0\x20\0\x17\x08\0"), .status = CRN_FORMAT,
     .message = "ends early"},
    {BYTES("\x10\0\0\0\4\0\0"), .status = CRN_FORMAT, .message = "ends early"},
};

static void test_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof type_cases / sizeof type_cases[0]; i++) {
        const type_case *want = &type_cases[i];
        crn_bytes in = crn_bytes_of(want->bytes, want->size);
        crn_h5_type type;
        err = (crn_error)CRN_ERROR_INIT;
        crn_status status = crn_h5_type_read(&in, &type, &err);
        if (status != want->status)
            fail_msg("case %zu: %s, %s", i, crn_status_name(status), err.message);
        if (status != CRN_OK) {
            assert_says(want->message);
            continue;
        }
        assert_int_equal(type.kind, want->kind);
        assert_int_equal(type.dtype, want->dtype);
        assert_int_equal(type.swapped, want->swapped);
        assert_int_equal(type.utf8, want->utf8);
        assert_int_equal(type.padding, want->padding);
        assert_int_equal(type.size, (uint8_t)want->bytes[4]);
    }
}

/* What the writer puts is what the reader takes. */
static void test_types_written(void **state)
{
    (void)state;
    for (int dtype = CRN_BOOL; dtype <= CRN_FLOAT64; dtype++) {
        crn_text bytes = CRN_TEXT_INIT;
        crn_h5_type type;
        crn_h5_put_array_type(&bytes, (crn_dtype)dtype);
        crn_bytes in = crn_bytes_of(bytes.data, bytes.size);
        assert_ok(crn_h5_type_read(&in, &type, &err));
        if (dtype == CRN_BFLOAT16)
            assert_int_equal(type.kind, CRN_H5_OPAQUE2);
        else
            assert_int_equal(type.dtype, dtype);
        assert_int_equal(type.size, crn_dtype_size((crn_dtype)dtype));
        crn_text_free(&bytes);
    }
}

static void test_spaces(void **state)
{
    (void)state;
    const crn_h5_reader reader = {.offset_size = 8, .length_size = 2};
    crn_h5_space space;
    crn_bytes scalar = LITERAL("\1\0\0\0\0\0\0\0"), scalar2 = LITERAL("\2\0\0\0"),
              null = LITERAL("\2\0\0\2"), matrix = LITERAL("\1\2\0\0\0\0\0\0\3\0\4\0"),
              grows = LITERAL("\2\2\1\1\3\0\4\0\xff\xff\4\0"),
              empty = LITERAL("\2\2\0\1\0\0\xff\xff");
    assert_ok(crn_h5_space_read(&reader, &scalar, &space, &err));
    assert_int_equal(space.ndim, 0);
    assert_int_equal(space.count, 1);
    assert_ok(crn_h5_space_read(&reader, &scalar2, &space, &err));
    assert_int_equal(space.count, 1);
    assert_false(space.is_null);
    assert_ok(crn_h5_space_read(&reader, &null, &space, &err));
    assert_true(space.is_null);
    assert_ok(crn_h5_space_read(&reader, &matrix, &space, &err));
    assert_int_equal(space.ndim, 2);
    assert_int_equal(space.shape[0], 3);
    assert_int_equal(space.shape[1], 4);
    assert_int_equal(space.most[1], 4);
    assert_int_equal(space.count, 12);
    assert_ok(crn_h5_space_read(&reader, &grows, &space, &err));
    assert_true(space.most[0] == CRN_H5_UNDEFINED);
    assert_int_equal(space.most[1], 4);
    assert_ok(crn_h5_space_read(&reader, &empty, &space, &err));
    assert_int_equal(space.count, 0);
}

static void test_spaces_refused(void **state)
{
    (void)state;
    const crn_h5_reader reader = {.offset_size = 8, .length_size = 8};
    crn_h5_space space;
    crn_h5_type type = {.size = UINT32_MAX};
    uint64_t size;
    crn_bytes version = LITERAL("\3\0\0\0"), axes = LITERAL("\2\x09\0\1"),
              cut = LITERAL("\2\1\0\1\1"),
              large = LITERAL("\2\2\0\1\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40"),
              shrinks = LITERAL("\2\1\1\1\3\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"),
              long_one = LITERAL("\2\1\0\1\0\0\0\0\0\0\0\1");
    assert_status(CRN_UNSUPPORTED, crn_h5_space_read(&reader, &version, &space, &err));
    assert_status(CRN_UNSUPPORTED, crn_h5_space_read(&reader, &axes, &space, &err));
    assert_says("arrays of 9 axes are not supported (at most 8)");
    assert_status(CRN_FORMAT, crn_h5_space_read(&reader, &cut, &space, &err));
    assert_status(CRN_FORMAT, crn_h5_space_read(&reader, &large, &space, &err));
    assert_says("too large");
    assert_status(CRN_FORMAT, crn_h5_space_read(&reader, &shrinks, &space, &err));
    assert_says("larger than its maximum");
    assert_ok(crn_h5_space_read(&reader, &long_one, &space, &err));
    assert_status(CRN_FORMAT, crn_h5_value_size(&type, &space, &size, &err));
}

/* A named datatype: the message only says where the object with the type is. */
static void test_named_types(void **state)
{
    (void)state;
    scene it = {.bytes = CRN_TEXT_INIT};
    crn_h5_type type;
    crn_bytes v1 = LITERAL("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
              v3 = LITERAL("\3\2\0\0\0\0\0\0\0\0"), in_heap = LITERAL("\3\1\0\0\0\0\0\0\0\0"),
              no_type = LITERAL("\2\0\x28\0\0\0\0\0\0\0");
    PUT(&it.bytes, "\1\0\1\0\1\0\0\0\x18\0\0\0\0\0\0\0" /* header with one message */
                   "\3\0\x10\0\0\0\0\0\x10\x08\0\0\4\0\0\0\0\0\x20\0\0\0\0\0" /* int32 */
                   "\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0"); /* header without messages */
    crn_h5_reader *reader = scene_open(&it);
    assert_ok(crn_h5_type_read_message(reader, &v1, true, &type, &err));
    assert_int_equal(type.dtype, CRN_INT32);
    assert_ok(crn_h5_type_read_message(reader, &v3, true, &type, &err));
    assert_status(CRN_UNSUPPORTED,
                  crn_h5_type_read_message(reader, &in_heap, true, &type, &err));
    assert_says("shared through a heap");
    assert_status(CRN_FORMAT, crn_h5_type_read_message(reader, &no_type, true, &type, &err));
    assert_says("no datatype message");
    scene_close(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),       cmocka_unit_test(test_types_written),
        cmocka_unit_test(test_spaces),      cmocka_unit_test(test_spaces_refused),
        cmocka_unit_test(test_named_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
