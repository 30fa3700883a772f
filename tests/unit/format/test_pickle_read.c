/* SPDX-License-Identifier: BSD-3-Clause */
/* The pickle machine, opcode by opcode, and what it refuses. */
#include "pickle_golden.h"

#define PICKLE(literal) literal, sizeof(literal) - 1

static void check_repr(const crn_object *object, const char *want)
{
    crn_text text = CRN_TEXT_INIT;
    crn_object_repr(object, 0, &text);
    assert_string_equal(text.data, want);
    crn_text_free(&text);
}

/* The values are those that pickle.loads of CPython 3.11 gives. */
static const struct {
    const char *bytes;
    size_t size;
    const char *repr;
} values[] = {
    {PICKLE("N."), "None"},
    {PICKLE("I01\n."), "True"},
    {PICKLE("I00\n."), "False"},
    {PICKLE("I-12\n."), "-12"},
    {PICKLE("I1\n."), "1"},
    {PICKLE("L-7L\n."), "-7"},
    {PICKLE("L36893488147419103232L\n."), "36893488147419103232"},
    {PICKLE("L12\n."), "12"},
    {PICKLE("F0.5\n."), "0.5"},
    {PICKLE("F-inf\n."), "-inf"},
    {PICKLE("Vcaf\xe9\\u20ac\\U0001f600\n."), "'caf\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'"},
    {PICKLE("Va\\\\u0041\n."), "'a\\\\\\\\u0041'"},
    {PICKLE("S'it\\'s\\n\\x41\\101\\q'\n."), "\"it's\\nAA\\\\q\""},
    {PICKLE("S\"a\"\n."), "'a'"},
    {PICKLE("U\x03"
            "abc."),
     "'abc'"},
    {PICKLE("T\x03\0\0\0abc."), "'abc'"},
    {PICKLE("T\x01\0\0\0\xff."), "b'\\xff'"},
    {PICKLE("(t."), "()"},
    {PICKLE("(I1\nI2\nt."), "(1, 2)"},
    {PICKLE("(I1\nI2\nl."), "[1, 2]"},
    {PICKLE("(I1\nI2\nd."), "{1: 2}"},
    {PICKLE("(lI1\naI2\na."), "[1, 2]"},
    {PICKLE("(dI1\nI2\ns."), "{1: 2}"},
    {PICKLE("I1\n2\x86."), "(1, 1)"},
    {PICKLE("I1\nI2\n0."), "1"},
    {PICKLE("I1\n(I2\nI3\n1."), "1"},
    {PICKLE("I1\n(0."), "1"},
    {PICKLE("(lp5\ng5\na."), "[[...]]"},
    {PICKLE("\x80\x02K\xff."), "255"},
    {PICKLE("\x80\x02M\x01\x02."), "513"},
    {PICKLE("\x80\x02J\xfe\xff\xff\xff."), "-2"},
    {PICKLE("\x80\x02\x8a\x00."), "0"},
    {PICKLE("\x80\x02\x8a\x02\x00\xff."), "-256"},
    {PICKLE("\x80\x02\x8b\x01\0\0\0\x80."), "-128"},
    {PICKLE("\x80\x02\x88\x89\x86."), "(True, False)"},
    {PICKLE("\x80\x02G\x3f\xf0\0\0\0\0\0\0."), "1.0"},
    {PICKLE("\x80\x02X\x02\0\0\0\xc3\xa9."), "'\xc3\xa9'"},
    {PICKLE("\x80\x02X\x03\0\0\0\xed\xa0\x80."), "'\\ud800'"},
    {PICKLE("\x80\x03"
            "B\x02\0\0\0a\0."),
     "b'a\\x00'"},
    {PICKLE("\x80\x03"
            "C\x01z."),
     "b'z'"},
    {PICKLE("\x80\x04\x8c\x01z."), "'z'"},
    {PICKLE("\x80\x04\x8d\x01\0\0\0\0\0\0\0z."), "'z'"},
    {PICKLE("\x80\x04\x8e\x01\0\0\0\0\0\0\0z."), "b'z'"},
    {PICKLE("\x80\x05\x96\x01\0\0\0\0\0\0\0z."), "bytearray(b'z')"},
    {PICKLE("\x80\x04\x8f(K\x01K\x02\x90."), "{1, 2}"},
    {PICKLE("\x80\x04(K\x01\x91."), "frozenset({1})"},
    {PICKLE("\x80\x02]q\0(K\x01K\x02"
            "e."),
     "[1, 2]"},
    {PICKLE("\x80\x02}(K\x01K\x02u."), "{1: 2}"},
    {PICKLE("\x80\x02K\x01K\x02K\x03\x87."), "(1, 2, 3)"},
    {PICKLE("\x80\x02)\x85."), "((),)"},
    {PICKLE("\x80\x02X\x01\0\0\0aq\0h\0\x86."), "('a', 'a')"},
    {PICKLE("\x80\x02X\x01\0\0\0ar\x05\0\0\0j\x05\0\0\0\x86."), "('a', 'a')"},
    {PICKLE("\x80\x04\x95\x05\0\0\0\0\0\0\0\x8c\x01z\x94.trailing"), "'z'"},
    {PICKLE("cnumpy\nfloat64\n."), "numpy.float64"},
    {PICKLE("\x80\x04\x8c\x05numpy\x8c\x05int64\x93."), "numpy.int64"},
    {PICKLE("cm\nf\n(I1\ntR."), "f(1)"},
    {PICKLE("\x80\x02"
            "cm\nC\n)\x81}b."),
     "C()"},
    {PICKLE("\x80\x04"
            "cm\nC\nK\x01\x85}\x8c\x01kK\x02s\x92."),
     "C(1, k=2)"},
    {PICKLE("(I1\nim\nC\n."), "C(1)"},
    {PICKLE("(cm\nC\nI1\no."), "C(1)"},
    {PICKLE("Pname\n."), "object('name')"},
    {PICKLE("I7\nQ."), "object(7)"},
};

static void test_values(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        crn_document *document = NULL;
        assert_ok(read_bytes(values[i].bytes, values[i].size, NULL, &document, &err));
        check_repr(document->root, values[i].repr);
        crn_document_release(document);
    }
}

static const struct {
    const char *bytes;
    size_t size;
    crn_status status;
    uint64_t offset;
    const char *message;
} errors[] = {
    {PICKLE(""), CRN_FORMAT, 0, "ends early"},
    {PICKLE("N"), CRN_FORMAT, 1, "ends early"},
    {PICKLE("N\xff"), CRN_FORMAT, 1, "0xff is not a pickle opcode"},
    {PICKLE("."), CRN_FORMAT, 0, "STOP: the stack holds too little"},
    {PICKLE("(."), CRN_FORMAT, 1, "STOP: the stack holds too little"},
    {PICKLE("0."), CRN_FORMAT, 0, "POP: the stack holds too little"},
    {PICKLE("N(R."), CRN_FORMAT, 2, "REDUCE: the stack holds too little"},
    {PICKLE("t."), CRN_FORMAT, 0, "TUPLE: no MARK on the stack"},
    {PICKLE("1."), CRN_FORMAT, 0, "POP_MARK: no MARK on the stack"},
    {PICKLE("(I1\nd."), CRN_FORMAT, 4, "DICT: a key has no value"},
    {PICKLE("}(N"
            "u."),
     CRN_FORMAT, 3, "SETITEMS: a key has no value"},
    {PICKLE("NNa."), CRN_FORMAT, 2, "APPEND: a NoneType takes no such items"},
    {PICKLE("](NNu."), CRN_FORMAT, 4, "SETITEMS: a list takes no such items"},
    {PICKLE("](N\x90."), CRN_FORMAT, 3, "ADDITEMS: a list takes no such items"},
    {PICKLE("h\x01."), CRN_FORMAT, 0, "BINGET: nothing was put at memo index 1"},
    {PICKLE("Nr\xff\xff\xff\xff."), CRN_FORMAT, 1,
     "LONG_BINPUT: memo index 4294967295 comes too early"},
    {PICKLE("Np-1\n."), CRN_FORMAT, 1, "PUT: the line is not a memo index"},
    {PICKLE("gx\n."), CRN_FORMAT, 0, "GET: the line is not a memo index"},
    {PICKLE("I1x\n."), CRN_FORMAT, 0, "INT: an integer holds the byte 0x78"},
    {PICKLE("L\n."), CRN_FORMAT, 0, "LONG: an integer has no digits"},
    {PICKLE("Fone\n."), CRN_FORMAT, 0, "FLOAT: the line is not a number"},
    {PICKLE("V\\u12\n."), CRN_FORMAT, 0,
     "UNICODE: the line is not a string with valid escapes"},
    {PICKLE("V\\U00110000\n."), CRN_FORMAT, 0, "UNICODE: the line is not a string"},
    {PICKLE("Sabc\n."), CRN_FORMAT, 0, "STRING: the line is not a string with valid escapes"},
    {PICKLE("S'a\n."), CRN_FORMAT, 0, "STRING: the line is not a string with valid escapes"},
    {PICKLE("X\x01\0\0\0\xff."), CRN_FORMAT, 0, "BINUNICODE: a string is not UTF-8"},
    {PICKLE("X\xff\xff\xff\x7f."), CRN_FORMAT, 5, "ends early"},
    {PICKLE("\x8d\xff\xff\xff\xff\xff\xff\xff\xff."), CRN_FORMAT, 9, "ends early"},
    {PICKLE("\x8b\xff\xff\xff\xff."), CRN_FORMAT, 5, "ends early"},
    {PICKLE("\x95\xff\0\0\0\0\0\0\0."), CRN_FORMAT, 0, "FRAME: ends early"},
    {PICKLE("\x80\x06."), CRN_UNSUPPORTED, 0, "pickle protocol 6; at most 5 is known"},
    {PICKLE("NN\x93."), CRN_FORMAT, 2, "STACK_GLOBAL: module and name must be strings"},
    {PICKLE("cm\nf."), CRN_FORMAT, 3, "ends early: a line has no end"},
    {PICKLE("cm\nf\nNR."), CRN_FORMAT, 6, "REDUCE: the arguments must be a tuple"},
    {PICKLE("cm\nf\n)N\x92."), CRN_FORMAT, 7,
     "NEWOBJ_EX: the keyword arguments must be a dict"},
    {PICKLE("(o."), CRN_FORMAT, 1, "OBJ: no class on the stack"},
    {PICKLE("N}b."), CRN_UNSUPPORTED, 2, "BUILD: sets the state of a NoneType"},
    {PICKLE("cm\nf\n)R}b}b."), CRN_UNSUPPORTED, 10, "BUILD: sets the state of an object twice"},
    {PICKLE("cm\nf\n)Rcm\ng\n\x8c\x01"
            "aK\x01\x86R0."),
     CRN_OK, 0, NULL},
    {PICKLE("cm\nf\n)R\x94"
            "cm\ng\nh\0N\x86R0."),
     CRN_UNSUPPORTED, 18, "POP: state set by a function"},
    {PICKLE("\x82\x01."), CRN_UNSUPPORTED, 0, "EXT1: names of copyreg's extension registry"},
    {PICKLE("\x83\x01\0."), CRN_UNSUPPORTED, 0, "EXT2"},
    {PICKLE("\x84\x01\0\0\0."), CRN_UNSUPPORTED, 0, "EXT4"},
    {PICKLE("\x97."), CRN_UNSUPPORTED, 0, "NEXT_BUFFER: data outside the file"},
    {PICKLE("N\x98."), CRN_UNSUPPORTED, 1, "READONLY_BUFFER: data outside the file"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_document *document = NULL;
        crn_status status = read_bytes(errors[i].bytes, errors[i].size, NULL, &document, &err);
        if (status != errors[i].status)
            fail_msg("error %zu gave %s: %s", i, crn_status_name(status), err.message);
        if (status == CRN_OK) {
            crn_document_release(document);
            continue;
        }
        assert_null(document);
        if (err.offset != errors[i].offset || strstr(err.message, errors[i].message) == NULL)
            fail_msg("error %zu: \"%s\" at %llu, not \"%s\" at %llu", i, err.message,
                     (unsigned long long)err.offset, errors[i].message,
                     (unsigned long long)errors[i].offset);
    }
}

static void test_identity_and_offsets(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    assert_ok(read_bytes(PICKLE("\x80\x04]\x94(]\x94h\x01K\x07h\x00"
                                "e."),
                         NULL, &document, &err));
    const crn_object *root = document->root;
    assert_int_equal(crn_object_length(root), 4);
    assert_ptr_equal(crn_object_item(root, 0), crn_object_item(root, 1));
    assert_ptr_equal(crn_object_item(root, 3), root);
    assert_int_equal(root->offset, 2);
    assert_int_equal(crn_object_item(root, 0)->offset, 5);
    assert_int_equal(crn_object_item(root, 2)->offset, 9);
    assert_int_equal(root->mark, 0);
    crn_document_release(document);
}

static void test_instances_are_recorded(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    /* A list subclass with items, pairs and a state. */
    assert_ok(read_bytes(PICKLE("\x80\x02"
                                "cm\nC\n)\x81K\x01"
                                "aK\x02K\x03sX\x01\0\0\0xb."),
                         NULL, &document, &err));
    const crn_instance *instance = document->root->as.instance;
    assert_int_equal(instance->how, CRN_BY_NEWOBJ);
    assert_true(crn_object_is_global(instance->callable, "m", "C"));
    assert_int_equal(instance->append.count, 1);
    assert_int_equal(instance->set.count, 2);
    assert_true(crn_object_is_str(instance->state, "x"));
    assert_null(instance->array);
    crn_document_release(document);
}

static void test_style_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        crn_codec codec;
        int protocol;
        bool joblib;
        int alignment;
        bool framed;
    } files[] = {
        {"joblib/1.9.1/StandardScaler-1.9.1.joblib", CRN_CODEC_NONE, 4, true, 16, true},
        {"joblib/1.0.2/StandardScaler-1.0.2.joblib", CRN_CODEC_NONE, 4, true, 0, true},
        {"joblib/0.22.2/StandardScaler-0.22.2.joblib", CRN_CODEC_NONE, 3, true, 0, false},
        {"joblib/1.9.1/joblib_lr_p0-1.9.1.joblib", CRN_CODEC_NONE, 0, true, 16, false},
        {"joblib/1.9.1/joblib_lr_p1-1.9.1.joblib", CRN_CODEC_NONE, 1, true, 16, false},
        {"joblib/1.9.1/pickle_p0-1.9.1.pkl", CRN_CODEC_NONE, 0, false, 16, false},
        {"joblib/1.9.1/pickle_p5-1.9.1.pkl", CRN_CODEC_NONE, 5, false, 16, true},
        {"joblib/1.9.1/comp_true-1.9.1.joblib", CRN_CODEC_ZLIB, 4, true, 16, true},
        {"joblib/1.9.1/comp_str_gzip-1.9.1.joblib", CRN_CODEC_GZIP, 4, true, 16, true},
        {"joblib/1.9.1/comp_str_bz2-1.9.1.joblib", CRN_CODEC_BZ2, 4, true, 16, true},
        {"joblib/1.9.1/comp_str_xz-1.9.1.joblib", CRN_CODEC_XZ, 4, true, 16, true},
        {"joblib/1.9.1/comp_str_lzma-1.9.1.joblib", CRN_CODEC_LZMA, 4, true, 16, true},
        {"joblib/1.5.2/comp_str_lz4-1.5.2.joblib", CRN_CODEC_LZ4, 4, true, 16, true},
        {"joblib/legacy/zf_lr-joblib0.9.4.joblib", CRN_CODEC_ZFILE, 3, false, 16, false},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        crn_document *document = golden_document(files[i].path);
        const crn_pickle_style *style = crn_document_pickle_style(document);
        if (style->codec != files[i].codec || style->protocol != files[i].protocol ||
            style->joblib != files[i].joblib || style->alignment != files[i].alignment ||
            style->framed != files[i].framed)
            fail_msg("%s: %s protocol %d joblib %d alignment %d framed %d", files[i].path,
                     crn_codec_name(style->codec), style->protocol, style->joblib,
                     style->alignment, style->framed);
        crn_document_release(document);
    }
    crn_document *built = NULL;
    assert_int_equal(crn_document_create(NULL, &built, NULL), CRN_OK);
    assert_null(crn_document_pickle_style(built));
    crn_document_release(built);
}

static void test_limits(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    crn_limits limits = CRN_LIMITS_INIT;
    limits.objects = 2;
    assert_ok(read_bytes(PICKLE("]K\x01"
                                "a."),
                         &limits, &document, &err));
    crn_document_release(document);
    assert_status(CRN_LIMIT, read_bytes(PICKLE("]K\x01"
                                               "aK\x02"
                                               "a."),
                                        &limits, &document, &err));
    assert_int_equal(err.offset, 4);

    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.text_bytes = 3;
    assert_status(CRN_LIMIT, read_bytes(PICKLE("\x8c\x04"
                                               "abcd."),
                                        &limits, &document, &err));
    assert_string_equal(
        err.message,
        "SHORT_BINUNICODE: a string of 4 bytes, more than the limit text_bytes = 3");

    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.memory_bytes = 1000;
    char many[2000];
    memset(many, ']', sizeof many);
    assert_status(CRN_LIMIT, read_bytes(many, sizeof many, &limits, &document, &err));
    assert_non_null(strstr(err.message, "memory_bytes"));

    limits = (crn_limits)CRN_LIMITS_INIT;
    limits.inflated_bytes = 100;
    crn_buffer *file = golden_file("joblib/1.9.1/comp_true-1.9.1.joblib");
    assert_status(CRN_LIMIT, crn_pickle_read(file, NULL, &limits, &document, &err));
    crn_buffer_release(file);
}

/* 200 000 lists in one another: refused by default, and no matter for the stack when allowed.
 */
static void test_nesting(void **state)
{
    (void)state;
    enum { DEPTH = 200000 };
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = NULL;
    char *bytes = malloc(2 * DEPTH);
    assert_non_null(bytes);
    memset(bytes, ']', DEPTH);
    memset(bytes + DEPTH, 'a', DEPTH - 1);
    bytes[2 * DEPTH - 1] = '.';
    assert_status(CRN_LIMIT, read_bytes(bytes, 2 * DEPTH, NULL, &document, &err));
    assert_string_equal(err.message, "objects are nested deeper than the limit nesting = 1000");
    assert_int_equal(err.offset, 1000);

    crn_limits limits = CRN_LIMITS_INIT;
    limits.nesting = DEPTH;
    assert_ok(read_bytes(bytes, 2 * DEPTH, &limits, &document, &err));
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_pickle_write(document, NULL, &out, &err));
    assert_int_equal(out.size, 2 * DEPTH);
    assert_memory_equal(out.data, bytes, out.size);
    crn_text_free(&out);
    crn_document_release(document);
    free(bytes);
}

static void test_sniff(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        bool is_pickle;
    } cases[] = {
        {PICKLE("\x80\x04N."), true},  {PICKLE("\x80\x06N."), false},
        {PICKLE("cm\nf\n."), true},    {PICKLE("{\"a\": 1}"), false},
        {PICKLE("a,b\n1,2\n"), false}, {PICKLE("x\x9c\x03\0"), true},
        {PICKLE("ZF0x10"), true},      {PICKLE("\x89HDF\r\n"), false},
        {PICKLE("PK\x03\x04"), false}, {PICKLE(""), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(crn_pickle_sniff((const uint8_t *)cases[i].bytes, cases[i].size),
                         cases[i].is_pickle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_identity_and_offsets),
        cmocka_unit_test(test_instances_are_recorded),
        cmocka_unit_test(test_style_is_found),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_sniff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
