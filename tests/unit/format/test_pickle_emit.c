/* SPDX-License-Identifier: BSD-3-Clause */
/* Single opcodes as both picklers of CPython 3.11 write them: pickle.dumps(value, protocol)
 * without its PROTO, MEMOIZE and STOP. */
#include "format/pickle_emit.h"

#include "test.h"

static crn_document *d;

static int set_up(void **state)
{
    (void)state;
    return crn_document_create(NULL, &d, NULL) == CRN_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    crn_document_release(d);
    return 0;
}

typedef void (*emit_fn)(crn_pickle_output *o, const crn_object *object);

static void check(emit_fn emit, int protocol, const crn_object *object, const char *want,
                  size_t size)
{
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_output o = {.out = &out, .protocol = protocol};
    emit(&o, object);
    assert_int_equal(crn_emit_status(&o, NULL), CRN_OK);
    assert_int_equal(out.size, size);
    assert_memory_equal(out.data, want, size);
    crn_text_free(&out);
}

#define EMITS(emit, protocol, object, want)                                                    \
    check(emit, protocol, object, want, sizeof(want) - 1)

static void test_ints(void **state)
{
    (void)state;
    EMITS(crn_emit_int, 0, crn_object_int(d, 5), "I5\n");
    EMITS(crn_emit_int, 0, crn_object_int(d, -5), "I-5\n");
    EMITS(crn_emit_int, 0, crn_object_int(d, INT64_C(1) << 31), "L2147483648L\n");
    EMITS(crn_emit_int, 1, crn_object_int(d, 0), "K\0");
    EMITS(crn_emit_int, 1, crn_object_int(d, 255), "K\xff");
    EMITS(crn_emit_int, 1, crn_object_int(d, 256), "M\0\x01");
    EMITS(crn_emit_int, 1, crn_object_int(d, 65536), "J\0\0\x01\0");
    EMITS(crn_emit_int, 1, crn_object_int(d, -1), "J\xff\xff\xff\xff");
    EMITS(crn_emit_int, 1, crn_object_int(d, INT64_C(1) << 31), "L2147483648L\n");
    EMITS(crn_emit_int, 2, crn_object_int(d, INT32_MIN), "J\0\0\0\x80");
    EMITS(crn_emit_int, 2, crn_object_int(d, INT64_C(1) << 31), "\x8a\x05\0\0\0\x80\0");
    EMITS(crn_emit_int, 2, crn_object_int(d, -(INT64_C(1) << 31) - 1),
          "\x8a\x05\xff\xff\xff\x7f\xff");
    EMITS(crn_emit_int, 4, crn_object_int(d, INT64_MIN), "\x8a\x08\0\0\0\0\0\0\0\x80");
    crn_object *large = crn_object_new(d, CRN_OBJ_LONG);
    large->as.bytes.at = "\0\0\0\0\0\0\0\0\x01";
    large->as.bytes.size = 9;
    EMITS(crn_emit_int, 0, large, "L18446744073709551616L\n");
    EMITS(crn_emit_int, 4, large, "\x8a\x09\0\0\0\0\0\0\0\0\x01");
    char many[256] = {[255] = 1};
    large->as.bytes.at = many;
    large->as.bytes.size = 256;
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_output o = {.out = &out, .protocol = 2};
    crn_emit_int(&o, large);
    assert_memory_equal(out.data, "\x8b\0\x01\0\0", 5);
    assert_int_equal(out.size, 5 + 256);
    crn_text_free(&out);
}

static void test_bools_and_floats(void **state)
{
    (void)state;
    EMITS(crn_emit_bool, 0, crn_object_bool(d, true), "I01\n");
    EMITS(crn_emit_bool, 1, crn_object_bool(d, false), "I00\n");
    EMITS(crn_emit_bool, 2, crn_object_bool(d, true), "\x88");
    EMITS(crn_emit_bool, 5, crn_object_bool(d, false), "\x89");
    EMITS(crn_emit_float, 0, crn_object_float(d, 0.1), "F0.1\n");
    EMITS(crn_emit_float, 0, crn_object_float(d, 1e-5), "F1e-05\n");
    EMITS(crn_emit_float, 0, crn_object_float(d, (double)INFINITY), "Finf\n");
    EMITS(crn_emit_float, 1, crn_object_float(d, 1.5), "G\x3f\xf8\0\0\0\0\0\0");
    EMITS(crn_emit_float, 4, crn_object_float(d, -0.0), "G\x80\0\0\0\0\0\0\0");
}

static crn_object *bytes(crn_object_kind kind, const char *at, size_t size)
{
    crn_object *object = crn_object_new(d, kind);
    object->as.bytes.at = at;
    object->as.bytes.size = size;
    return object;
}

static void test_strings(void **state)
{
    (void)state;
    EMITS(crn_emit_str, 0, crn_object_str(d, "a\n"), "Va\\u000a\n");
    EMITS(crn_emit_str, 1, crn_object_str(d, "a"), "X\x01\0\0\0a");
    EMITS(crn_emit_str, 3, crn_object_str(d, "\xc3\xa9"), "X\x02\0\0\0\xc3\xa9");
    EMITS(crn_emit_str, 4, crn_object_str(d, ""), "\x8c\0");
    static char long_text[257];
    memset(long_text, 'x', 256);
    crn_text want = CRN_TEXT_INIT;
    crn_text_add_bytes(&want, "X\0\x01\0\0", 5);
    crn_text_add_string(&want, long_text);
    check(crn_emit_str, 4, crn_object_str(d, long_text), want.data, want.size);
    crn_text_free(&want);
    EMITS(crn_emit_bytes, 3, bytes(CRN_OBJ_BYTES, "\0", 1), "C\x01\0");
    EMITS(crn_emit_bytes, 5, bytes(CRN_OBJ_BYTEARRAY, "ab", 2), "\x96\x02\0\0\0\0\0\0\0ab");
}

/* What was read is spelled as it was, as long as the value still fits. */
static void test_spelling_is_kept(void **state)
{
    (void)state;
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_output o = {.out = &out, .protocol = 2, .exact = true};
    crn_object *number = crn_object_int(d, 5);
    number->opcode = CRN_OP_BININT;
    crn_emit_int(&o, number);
    number->as.integer = INT64_C(1) << 40; /* changed since */
    crn_emit_int(&o, number);
    crn_object *string = crn_object_str(d, "a");
    string->opcode = CRN_OP_SHORT_BINSTRING;
    crn_emit_str(&o, string);
    o.exact = false;
    crn_emit_str(&o, string);
    static const char want[] = "J\x05\0\0\0"
                               "\x8a\x06\0\0\0\0\0\x01"
                               "U\x01"
                               "aX\x01\0\0\0a";
    assert_int_equal(out.size, sizeof want - 1);
    assert_memory_equal(out.data, want, sizeof want - 1);
    crn_text_free(&out);
}

static void test_frames(void **state)
{
    (void)state;
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_output o = {.out = &out, .protocol = 4, .framed = true};
    crn_emit_begin(&o);
    for (int i = 0; i < 4; i++)
        crn_emit_opcode(&o, CRN_OP_NONE);
    crn_emit_commit(&o, false); /* not yet */
    assert_true(o.in_frame);
    crn_emit_commit(&o, true);
    assert_memory_equal(out.data, "\x80\x04\x95\x04\0\0\0\0\0\0\0NNNN", 15);
    crn_emit_commit(&o, true); /* nothing in it: nothing is written */
    assert_int_equal(out.size, 15);
    /* Under four bytes a frame is not worth its header. */
    crn_emit_opcode(&o, CRN_OP_NONE);
    crn_emit_end(&o);
    assert_int_equal(out.size, 17);
    assert_memory_equal(out.data + 15, "N.", 2);
    crn_text_free(&out);
}

static void test_large_values_stand_outside_of_frames(void **state)
{
    (void)state;
    enum { LARGE = 65536 };
    static char data[LARGE];
    for (int size = LARGE - 1; size <= LARGE; size++) {
        crn_text out = CRN_TEXT_INIT;
        crn_pickle_output o = {.out = &out, .protocol = 4, .framed = true};
        crn_emit_begin(&o);
        crn_emit_bytes(&o, bytes(CRN_OBJ_BYTES, data, (size_t)size));
        crn_emit_end(&o);
        bool framed = size < LARGE;
        assert_int_equal((uint8_t)out.data[2], framed ? CRN_OP_FRAME : CRN_OP_BINBYTES);
        assert_int_equal(out.size, 2 + (framed ? 9 : 0) + 5 + size + 1);
        crn_text_free(&out);
    }
}

static void test_memo(void **state)
{
    (void)state;
    enum { OBJECTS = 300 };
    crn_object *objects[OBJECTS];
    for (int protocol = 0; protocol <= 4; protocol += 2) {
        crn_text out = CRN_TEXT_INIT;
        crn_pickle_output o = {.out = &out, .protocol = protocol};
        for (int i = 0; i < OBJECTS; i++) {
            objects[i] = crn_object_none(d);
            assert_false(crn_emit_get(&o, objects[i]));
            crn_emit_memoize(&o, objects[i], i != 7);
        }
        assert_false(crn_emit_has(&o, objects[7])); /* it took an index all the same */
        size_t size = out.size;
        assert_true(crn_emit_get(&o, objects[3]) && crn_emit_get(&o, objects[299]));
        const char *want = protocol == 0 ? "g3\ng299\n" : "h\x03j\x2b\x01\0\0";
        size_t want_size = protocol == 0 ? 8 : 7;
        assert_int_equal(out.size - size, want_size);
        assert_memory_equal(out.data + size, want, want_size);
        static const char *const first[] = {"p0\n", "", "q\0", "", "\x94"};
        assert_memory_equal(out.data, first[protocol],
                            protocol == 0   ? 3
                            : protocol == 2 ? 2
                                            : 1);
        crn_emit_end(&o);
        crn_text_free(&out);
    }
}

/* An object that was read and never put into the memo is not put there now. */
static void test_memo_is_kept(void **state)
{
    (void)state;
    crn_text out = CRN_TEXT_INIT;
    crn_pickle_output o = {.out = &out, .protocol = 4, .exact = true};
    crn_object *not_put = crn_object_none(d), *was_put = crn_object_none(d);
    not_put->memo = 2;
    was_put->memo = 1;
    crn_emit_memoize(&o, not_put, true);
    crn_emit_memoize(&o, was_put, true);
    assert_false(crn_emit_has(&o, not_put));
    assert_true(crn_emit_has(&o, was_put));
    assert_int_equal(out.size, 1);
    crn_emit_end(&o);
    crn_text_free(&out);
}

static void test_full_text_is_reported(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text out = {.cap = 8};
    crn_pickle_output o = {.out = &out, .protocol = 4, .framed = true};
    crn_emit_begin(&o);
    crn_emit_str(&o, crn_object_str(d, "more than eight bytes"));
    crn_emit_end(&o);
    assert_true(crn_emit_status(&o, &err) != CRN_OK);
    crn_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ints),
        cmocka_unit_test(test_bools_and_floats),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_spelling_is_kept),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_large_values_stand_outside_of_frames),
        cmocka_unit_test(test_memo),
        cmocka_unit_test(test_memo_is_kept),
        cmocka_unit_test(test_full_text_is_reported),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
