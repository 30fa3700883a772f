/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving built objects: the bytes are those of pickle.dumps in CPython 3.11 of the same value
 * (with its strings not shared, where CPython would not share them). */
#include "pickle_golden.h"

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

static void check(int protocol, crn_object *root, const char *want, size_t size)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT, shown = CRN_TEXT_INIT;
    const crn_pickle_style style = {.level = -1, .protocol = protocol};
    assert_non_null(root);
    d->root = root;
    assert_ok(crn_pickle_write(d, &style, &out, &err));
    for (size_t i = 0; i < out.size; i++)
        crn_text_printf(&shown, "\\x%02x", (uint8_t)out.data[i]);
    if (out.size != size || memcmp(out.data, want, size) != 0)
        fail_msg("protocol %d gave %s", protocol, shown.data);
    crn_text_free(&shown);
    crn_text_free(&out);
}

#define SAVES(protocol, object, want) check(protocol, object, want, sizeof(want) - 1)

static crn_object *sequence(crn_object_kind kind, int count)
{
    crn_object *object = crn_object_new(d, kind);
    for (int i = 1; i <= count; i++)
        assert_true(crn_object_append(d, object, crn_object_int(d, i)));
    return object;
}

static void test_tuples(void **state)
{
    (void)state;
    SAVES(0, sequence(CRN_OBJ_TUPLE, 0), "(t.");
    SAVES(1, sequence(CRN_OBJ_TUPLE, 0), ").");
    SAVES(0, sequence(CRN_OBJ_TUPLE, 2), "(I1\nI2\ntp0\n.");
    SAVES(1, sequence(CRN_OBJ_TUPLE, 2), "(K\x01K\x02tq\0.");
    SAVES(2, sequence(CRN_OBJ_TUPLE, 1), "\x80\x02K\x01\x85q\0.");
    SAVES(2, sequence(CRN_OBJ_TUPLE, 3), "\x80\x02K\x01K\x02K\x03\x87q\0.");
    SAVES(4, sequence(CRN_OBJ_TUPLE, 4), "\x80\x04(K\x01K\x02K\x03K\x04t\x94.");
}

static void test_lists_and_dicts(void **state)
{
    (void)state;
    SAVES(0, sequence(CRN_OBJ_LIST, 2), "(lp0\nI1\naI2\na.");
    SAVES(1, sequence(CRN_OBJ_LIST, 0), "]q\0.");
    SAVES(2, sequence(CRN_OBJ_LIST, 1),
          "\x80\x02]q\0K\x01"
          "a.");
    SAVES(2, sequence(CRN_OBJ_LIST, 2),
          "\x80\x02]q\0(K\x01K\x02"
          "e.");
    crn_object *dict = crn_object_new(d, CRN_OBJ_DICT);
    assert_true(crn_object_set_pair(d, dict, crn_object_int(d, 1), crn_object_none(d)));
    SAVES(0, dict, "(dp0\nI1\nNs.");
    SAVES(2, dict, "\x80\x02}q\0K\x01Ns.");
    assert_true(crn_object_set_pair(d, dict, crn_object_int(d, 2), crn_object_bool(d, true)));
    SAVES(0, dict, "(dp0\nI1\nNsI2\nI01\ns.");
    SAVES(4, dict, "\x80\x04}\x94(K\x01NK\x02\x88u.");
}

static void test_sets(void **state)
{
    (void)state;
    SAVES(4, sequence(CRN_OBJ_SET, 2), "\x80\x04\x8f\x94(K\x01K\x02\x90.");
    SAVES(4, sequence(CRN_OBJ_FROZENSET, 1), "\x80\x04(K\x01\x91\x94.");
    SAVES(4, sequence(CRN_OBJ_SET, 0), "\x80\x04\x8f\x94.");
    SAVES(2, sequence(CRN_OBJ_SET, 1),
          "\x80\x02"
          "c__builtin__\nset\nq\0]q\x01K\x01"
          "a\x85q\x02Rq\x03.");
    SAVES(3, sequence(CRN_OBJ_FROZENSET, 1),
          "\x80\x03"
          "cbuiltins\nfrozenset\nq\0]q\x01K\x01"
          "a\x85q\x02Rq\x03.");
}

static crn_object *bytes(crn_object_kind kind, const char *at, size_t size)
{
    crn_object *object = crn_object_new(d, kind);
    object->as.bytes.at = at;
    object->as.bytes.size = size;
    return object;
}

static void test_bytes(void **state)
{
    (void)state;
    SAVES(3, bytes(CRN_OBJ_BYTES, "a\xff", 2),
          "\x80\x03"
          "C\x02"
          "a\xffq\0.");
    SAVES(2, bytes(CRN_OBJ_BYTES, "a\xff", 2),
          "\x80\x02"
          "c_codecs\nencode\nq\0X\x03\0\0\0a\xc3\xbfq\x01"
          "X\x06\0\0\0latin1q\x02\x86q\x03Rq\x04.");
    SAVES(2, bytes(CRN_OBJ_BYTES, "", 0),
          "\x80\x02"
          "c__builtin__\nbytes\nq\0)Rq\x01.");
    SAVES(4, bytes(CRN_OBJ_BYTEARRAY, "a", 1),
          "\x80\x04\x8c\x08"
          "builtins\x94\x8c\x09"
          "bytearray\x94\x93\x94"
          "C\x01"
          "a\x94\x85\x94R\x94.");
    SAVES(4, bytes(CRN_OBJ_BYTEARRAY, "", 0),
          "\x80\x04\x8c\x08"
          "builtins\x94\x8c\x09"
          "bytearray\x94\x93\x94)R\x94.");
    SAVES(5, bytes(CRN_OBJ_BYTEARRAY, "a", 1), "\x80\x05\x96\x01\0\0\0\0\0\0\0a\x94.");
}

static void test_globals(void **state)
{
    (void)state;
    SAVES(0, crn_object_global(d, "numpy", "float64"), "cnumpy\nfloat64\np0\n.");
    SAVES(2, crn_object_global(d, "builtins", "int"),
          "\x80\x02"
          "c__builtin__\nint\nq\0.");
    SAVES(3, crn_object_global(d, "builtins", "int"),
          "\x80\x03"
          "cbuiltins\nint\nq\0.");
    SAVES(3, crn_object_global(d, "__builtin__", "int"),
          "\x80\x03"
          "cbuiltins\nint\nq\0.");
    SAVES(4, crn_object_global(d, "copy_reg", "x"),
          "\x80\x04\x8c\x07"
          "copyreg\x94\x8c\x01x\x94\x93\x94.");
}

static void test_instances(void **state)
{
    (void)state;
    crn_object *object = crn_object_instance(d, CRN_BY_NEWOBJ, crn_object_global(d, "m", "C"));
    SAVES(2, object,
          "\x80\x02"
          "cm\nC\nq\0)\x81q\x01.");
    SAVES(1, object, "ccopy_reg\n__newobj__\nq\0(cm\nC\nq\x01tq\x02Rq\x03.");
    object->as.instance->state = crn_object_new(d, CRN_OBJ_DICT);
    SAVES(2, object,
          "\x80\x02"
          "cm\nC\nq\0)\x81q\x01}q\x02"
          "b.");
    crn_object *one = crn_object_int(d, 1);
    crn_object *const pair[] = {one, one};
    assert_true(crn_object_items_extend(d, &object->as.instance->append, pair, 1) &&
                crn_object_items_extend(d, &object->as.instance->set, pair, 2));
    SAVES(2, object,
          "\x80\x02"
          "cm\nC\nq\0)\x81q\x01K\x01"
          "aK\x01K\x01s}q\x02"
          "b.");
    object = crn_object_instance(d, CRN_BY_NEWOBJ_EX, crn_object_global(d, "m", "C"));
    object->as.instance->kwargs = crn_object_new(d, CRN_OBJ_DICT);
    SAVES(4, object,
          "\x80\x04\x8c\x01m\x94\x8c\x01"
          "C\x94\x93\x94)}\x94\x92\x94.");
    object = crn_object_instance(d, CRN_BY_PERSID, NULL);
    assert_true(crn_object_append(d, object->as.instance->args, crn_object_int(d, 7)));
    SAVES(2, object, "\x80\x02K\x07Q.");
    object = crn_object_instance(d, CRN_BY_INST, crn_object_global(d, "m", "C"));
    assert_true(crn_object_append(d, object->as.instance->args, crn_object_int(d, 7)));
    SAVES(2, object, "\x80\x02(cm\nC\nq\0K\x07oq\x01.");
}

static void test_sharing(void **state)
{
    (void)state;
    crn_object *list = crn_object_new(d, CRN_OBJ_LIST), *text = crn_object_str(d, "a");
    assert_true(crn_object_append(d, list, text) && crn_object_append(d, list, text));
    SAVES(2, list,
          "\x80\x02]q\0(X\x01\0\0\0aq\x01h\x01"
          "e.");
    crn_object *again = crn_object_str(d, "a"); /* equal, but another object */
    assert_true(crn_object_append(d, list, again));
    SAVES(4, list,
          "\x80\x04]\x94(\x8c\x01"
          "a\x94h\x01\x8c\x01"
          "a\x94"
          "e.");
}

static void test_recursion(void **state)
{
    (void)state;
    crn_object *list = crn_object_new(d, CRN_OBJ_LIST),
               *tuple = crn_object_new(d, CRN_OBJ_TUPLE);
    assert_true(crn_object_append(d, list, list));
    SAVES(2, list, "\x80\x02]q\0h\0a.");
    /* t = ([],); t[0].append(t) */
    list = crn_object_new(d, CRN_OBJ_LIST);
    assert_true(crn_object_append(d, tuple, list) && crn_object_append(d, list, tuple));
    SAVES(2, tuple,
          "\x80\x02]q\0h\0\x85q\x01"
          "a0h\x01.");
    SAVES(1, tuple,
          "(]q\0(h\0tq\x01"
          "a1h\x01.");
    SAVES(0, tuple, "((lp0\n(g0\ntp1\na00g1\n.");
    /* An object among its own arguments. */
    crn_object *object = crn_object_instance(d, CRN_BY_REDUCE, crn_object_global(d, "m", "f"));
    list = crn_object_new(d, CRN_OBJ_LIST);
    assert_true(crn_object_append(d, list, object) &&
                crn_object_append(d, object->as.instance->args, list));
    SAVES(2, object,
          "\x80\x02"
          "cm\nf\nq\0]q\x01h\0h\x01\x85q\x02Rq\x03"
          "a0h\x02R0h\x03.");
}

/* Lists and dicts come in batches of 1000; the two picklers treat what is left over
 * differently. */
static void test_batches(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    static const struct {
        int count;
        bool joblib; /* the Python pickler */
        const char *end;
    } cases[] = {
        {1000, true, "Ke."},
        {1001, true, "eNa."},
        {1001, false, "e(Ne."},
        {1002, true, "e(NNe."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_object *list = crn_object_new(d, CRN_OBJ_LIST), *none = crn_object_none(d);
        for (int k = 0; k < cases[i].count; k++)
            assert_true(crn_object_append(d, list, none));
        const crn_pickle_style style = {.level = -1, .protocol = 2, .joblib = cases[i].joblib};
        crn_text out = CRN_TEXT_INIT;
        d->root = list;
        assert_ok(crn_pickle_write(d, &style, &out, &err));
        size_t size = strlen(cases[i].end);
        if (cases[i].count > 1000)
            assert_memory_equal(out.data + out.size - size, cases[i].end, size);
        else
            assert_int_equal(out.size, 2 + 3 + 1 + 1000 + 1 + 1);
        crn_text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tuples),  cmocka_unit_test(test_lists_and_dicts),
        cmocka_unit_test(test_sets),    cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_globals), cmocka_unit_test(test_instances),
        cmocka_unit_test(test_sharing), cmocka_unit_test(test_recursion),
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
