/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing: the same bytes for what was read, and files that Python loads for what was built. */
#include <dirent.h>

#include "format/codec.h"
#include "pickle_golden.h"

/* ---- the same bytes ---- */

/* Compares a compressed file with another one by what is inside. */
static void check_same_inside(crn_codec codec, const crn_buffer *file, const crn_text *out,
                              const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *want = NULL, *got = NULL;
    assert_ok(crn_codec_inflate(codec, crn_buffer_data(file), crn_buffer_size(file), NULL,
                                &want, &err));
    assert_ok(
        crn_codec_inflate(codec, (const uint8_t *)out->data, out->size, NULL, &got, &err));
    if (crn_buffer_size(want) != crn_buffer_size(got) ||
        memcmp(crn_buffer_data(want), crn_buffer_data(got), crn_buffer_size(got)) != 0)
        fail_msg("%s is other inside", path);
    crn_buffer_release(want);
    crn_buffer_release(got);
}

static void check_resaved(const char *path, const crn_buffer *file,
                          const crn_document *document)
{
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_pickle_write(document, NULL, &out, &err));
    crn_codec codec = crn_document_pickle_style(document)->codec;
    if (codec != CRN_CODEC_NONE)
        check_same_inside(codec, file, &out, path);
    else if (out.size != crn_buffer_size(file) ||
             memcmp(out.data, crn_buffer_data(file), out.size) != 0)
        fail_msg("%s has other bytes", path);
    crn_text_free(&out);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), size = strlen(end);
    return length >= size && strcmp(name + length - size, end) == 0;
}

static int resave_folder(const char *folder)
{
    char path[1024];
    int count = 0;
    snprintf(path, sizeof path, "%s/joblib/%s", CRN_GOLDEN_DIR, folder);
    DIR *files = opendir(path);
    assert_non_null(files);
    for (struct dirent *entry = readdir(files); entry != NULL; entry = readdir(files)) {
        if (!ends_in(entry->d_name, ".joblib") && !ends_in(entry->d_name, ".pkl"))
            continue;
        assert_true(snprintf(path, sizeof path, "joblib/%s/%s", folder, entry->d_name) <
                    (int)sizeof path);
        crn_buffer *file = golden_file(path);
        crn_document *document = golden_document(path);
        check_resaved(path, file, document);
        crn_document_release(document);
        crn_buffer_release(file);
        count++;
    }
    closedir(files);
    return count;
}

static void test_joblib_files(void **state)
{
    (void)state;
    static const char *const folders[] = {"0.20.4", "0.22.2", "0.24.2", "1.0.2", "1.2.2",
                                          "1.5.2",  "1.7.2",  "1.9.1",  "legacy"};
    int count = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        count += resave_folder(folders[i]);
    assert_true(count > 180);
}

/* values.bin: records of name (1 byte of length), size (4 bytes), pickle. Written by both
 * picklers of CPython 3.11 in all protocols: numbers, strings, sets, batches around 1000 items,
 * recursive objects. */
static void test_values_of_python(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_buffer *all = golden_file("pickle/values.bin");
    const uint8_t *at = crn_buffer_data(all), *end = at + crn_buffer_size(all);
    int count = 0;
    while (at < end) {
        char name[256] = {0};
        uint32_t size;
        memcpy(name, at + 1, at[0]);
        at += 1 + at[0];
        memcpy(&size, at, sizeof size);
        at += sizeof size;
        crn_document *document = NULL;
        crn_buffer *file = copy_of(at, size);
        if (crn_pickle_read(file, NULL, NULL, &document, &err) != CRN_OK)
            fail_msg("%s: %s", name, err.message);
        check_resaved(name, file, document);
        crn_document_release(document);
        crn_buffer_release(file);
        at += size;
        count++;
    }
    assert_int_equal(count, 193);
    crn_buffer_release(all);
}

/* Opcodes that no pickler writes, or not in such places. */
static void test_unusual_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
#define SPELLED(literal) {literal, sizeof(literal) - 1}
        SPELLED("\x80\x02J\x01\0\0\0."),
        SPELLED("\x80\x02\x8a\x01\x05."),
        SPELLED("\x80\x02\x8b\x01\0\0\0\x05."),
        SPELLED("\x80\x02(K\x01t."),
        SPELLED("\x80\x02(t."),
        SPELLED("\x80\x02(l."),
        SPELLED("\x80\x02(d."),
        SPELLED("\x80\x02I01\n."),
        SPELLED("\x80\x02"
                "F0.5\n."),
        SPELLED("\x80\x04X\x01\0\0\0a."),
        SPELLED("\x80\x04\x8d\x01\0\0\0\0\0\0\0a."),
        SPELLED("\x80\x04\x8e\x01\0\0\0\0\0\0\0a."),
        SPELLED("\x80\x04"
                "B\x01\0\0\0a."),
        SPELLED("\x80\x04"
                "cnumpy\nndarray\n."),
        SPELLED("\x80\x02U\x01"
                "a."),
        SPELLED("\x80\x02U\x01\xff."),
        SPELLED("\x80\x02T\x01\0\0\0a."),
        SPELLED("S'it\\'s \"\\n\\xff'\n."),
        SPELLED("(I1\nim\nC\np0\n(dp1\nb."),
        SPELLED("(cm\nC\nI1\noq\0."),
        SPELLED("Pname\n."),
        SPELLED("K\x01Q."),
        SPELLED("\x80\x02X\x01\0\0\0aq\0X\x01\0\0\0bh\0\x87."),
        SPELLED("\x80\x04\x8c\x01"
                "a\x8c\x01"
                "b\x86."),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crn_error err = CRN_ERROR_INIT;
        crn_document *document = NULL;
        crn_buffer *file = copy_of(cases[i].bytes, cases[i].size);
        char name[32];
        snprintf(name, sizeof name, "case %zu", i);
        assert_ok(crn_pickle_read(file, NULL, NULL, &document, &err));
        check_resaved(name, file, document);
        crn_document_release(document);
        crn_buffer_release(file);
    }
}

/* ---- built documents ---- */

static crn_object *strs(crn_document *d, int n, const char *const *at)
{
    crn_object *list = crn_object_new(d, CRN_OBJ_LIST);
    for (int i = 0; i < n; i++)
        assert_true(crn_object_append(d, list, crn_object_str(d, at[i])));
    return list;
}

static crn_object *bytes(crn_document *d, crn_object_kind kind, const char *at, size_t size)
{
    crn_object *object = crn_object_new(d, kind);
    object->as.bytes.at = at;
    object->as.bytes.size = size;
    return object;
}

static void set_array(crn_document *d, crn_object *dict, const char *key, crn_array array)
{
    assert_true(crn_object_set(d, dict, key, crn_object_array(d, &array)));
}

/* Arrays of every type that can be written. */
static void set_arrays(crn_document *d, crn_object *dict)
{
    static const double f8[2][3] = {{1, 2, 3}, {4, 5, 6.5}};
    static const float f4[3] = {0.5f, -1, 3};
    static const int64_t i8[4] = {-1, 0, 1, INT64_MAX};
    static const int32_t i4[1] = {7};
    static const uint8_t flags[3] = {1, 0, 1};
    static const uint32_t names[2][3] = {{'a', 'b', 0}, {0x20ac, 0x1f600, 'c'}};
    crn_array fortran = CRN_ARRAY_INIT; /* owned: a borrowed one is copied into C order */
    assert_int_equal(crn_array_create(CRN_FLOAT64, 0, 2, (int64_t[]){3, 2}, &fortran, NULL),
                     CRN_OK);
    memcpy(fortran.data, f8, sizeof f8);
    fortran.strides[0] = 8;
    fortran.strides[1] = 24;
    crn_array strided = crn_array_view_1d(i8, CRN_INT64, 2);
    strided.strides[0] = 16;
    crn_array scalar = {
        .data = (void *)(uintptr_t)&f8[1][2], .dtype = CRN_FLOAT64, .itemsize = 8};
    crn_array text = {.data = (void *)(uintptr_t)names,
                      .dtype = CRN_STRING,
                      .itemsize = 12,
                      .ndim = 1,
                      .shape = {2},
                      .strides = {12}};
    crn_array ascii = {.data = (void *)(uintptr_t) "abcd",
                       .dtype = CRN_BYTES,
                       .itemsize = 2,
                       .ndim = 1,
                       .shape = {2},
                       .strides = {2}};
    set_array(d, dict, "f8", crn_array_view_2d(f8, CRN_FLOAT64, 2, 3));
    set_array(d, dict, "fortran", fortran);
    crn_array_free(&fortran);
    set_array(d, dict, "strided", strided);
    set_array(d, dict, "scalar", scalar);
    set_array(d, dict, "empty", crn_array_view_2d(f8, CRN_FLOAT64, 0, 3));
    set_array(d, dict, "f4", crn_array_view_1d(f4, CRN_FLOAT32, 3));
    set_array(d, dict, "i8", crn_array_view_1d(i8, CRN_INT64, 4));
    set_array(d, dict, "i4", crn_array_view_1d(i4, CRN_INT32, 1));
    set_array(d, dict, "flags", crn_array_view_1d(flags, CRN_BOOL, 3));
    set_array(d, dict, "text", text);
    set_array(d, dict, "ascii", ascii);
    crn_object *names_in = strs(d, 2, (const char *const[]){"sepal length", "petal"});
    crn_object *objects = crn_object_array_of_objects(d, 1, (int64_t[]){2}, names_in);
    assert_true(crn_object_set(d, dict, "objects", objects));
    /* The same array under two names is written twice: joblib cannot share it. */
    assert_true(crn_object_set(d, dict, "again", crn_object_get(dict, "f8")));
}

/* A document with every kind of value. */
static crn_document *build(void)
{
    crn_document *d = NULL;
    assert_int_equal(crn_document_create(NULL, &d, NULL), CRN_OK);
    crn_object *dict = crn_object_new(d, CRN_OBJ_DICT);
    d->root = dict;
    crn_object *shared = strs(d, 2, (const char *const[]){"l1", "l2"});
    crn_object *set = crn_object_new(d, CRN_OBJ_SET),
               *frozen = crn_object_new(d, CRN_OBJ_FROZENSET);
    crn_object *tuple = crn_object_new(d, CRN_OBJ_TUPLE),
               *numbers = crn_object_new(d, CRN_OBJ_LIST);
    assert_true(crn_object_append(d, set, crn_object_int(d, 1)));
    assert_true(crn_object_append(d, frozen, crn_object_str(d, "x")));
    assert_true(crn_object_append(d, tuple, shared) && crn_object_append(d, tuple, shared));
    for (int64_t i = -3; i < 70000; i += 70)
        assert_true(crn_object_append(d, numbers, crn_object_int(d, i * i * i)));
    crn_object *cls = crn_object_global(d, "sklearn.preprocessing", "StandardScaler");
    crn_object *scaler = crn_object_instance(d, CRN_BY_NEWOBJ, cls);
    scaler->as.instance->state = crn_object_new(d, CRN_OBJ_DICT);
    assert_true(
        crn_object_set(d, scaler->as.instance->state, "with_mean", crn_object_bool(d, true)));
    static const double mean[2] = {0.25, -4};
    set_array(d, scaler->as.instance->state, "mean_", crn_array_view_1d(mean, CRN_FLOAT64, 2));

    assert_true(crn_object_set(d, dict, "none", crn_object_none(d)));
    assert_true(crn_object_set(d, dict, "bool", crn_object_bool(d, false)));
    assert_true(crn_object_set(d, dict, "float", crn_object_float(d, 0.1)));
    assert_true(crn_object_set(d, dict, "str", crn_object_str(d, "\xe2\x82\xac\n\\")));
    assert_true(crn_object_set(d, dict, "bytes", bytes(d, CRN_OBJ_BYTES, "\0\xff z", 4)));
    assert_true(crn_object_set(d, dict, "no bytes", bytes(d, CRN_OBJ_BYTES, "", 0)));
    assert_true(crn_object_set(d, dict, "bytearray", bytes(d, CRN_OBJ_BYTEARRAY, "ab", 2)));
    assert_true(
        crn_object_set(d, dict, "long", bytes(d, CRN_OBJ_LONG, "\0\0\0\0\0\0\0\0\1", 9)));
    assert_true(crn_object_set(d, dict, "set", set));
    assert_true(crn_object_set(d, dict, "frozenset", frozen));
    assert_true(crn_object_set(d, dict, "tuple", tuple));
    assert_true(crn_object_set(d, dict, "numbers", numbers));
    assert_true(crn_object_set(d, dict, "type", crn_object_global(d, "numpy", "float64")));
    assert_true(
        crn_object_set(d, dict, "dict class", crn_object_global(d, "builtins", "dict")));
    assert_true(crn_object_set(d, dict, "scaler", scaler));
    set_arrays(d, dict);
    return d;
}

/* What build() made, as the reader sees it. */
static const char *const expected[][2] = {
    {"none", "None"},
    {"bool", "False"},
    {"float", "0.1"},
    {"str", "'\xe2\x82\xac\\n\\\\'"},
    {"long", "18446744073709551616"},
    {"tuple", "(['l1', 'l2'], ['l1', 'l2'])"},
    {"type", "numpy.float64"},
    {"scaler", "StandardScaler()"},
};

static void check_number(const crn_object *dict, const char *name, int64_t i, double want)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array;
    assert_ok(crn_object_to_array(crn_object_get(dict, name), &array, &err));
    assert_true(crn_array_get(&array, i) == want);
    crn_array_free(&array);
}

static void check_text(const crn_object *dict, const char *name, crn_dtype dtype,
                       int64_t itemsize)
{
    crn_error err = CRN_ERROR_INIT;
    crn_array array;
    assert_ok(crn_object_to_array(crn_object_get(dict, name), &array, &err));
    assert_int_equal(array.dtype, dtype);
    assert_int_equal(array.itemsize, itemsize);
    assert_int_equal(array.shape[0], 2);
    crn_array_free(&array);
}

static void check_built(const crn_object *dict)
{
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        crn_text text = CRN_TEXT_INIT;
        crn_object_repr(crn_object_get(dict, expected[i][0]), 0, &text);
        if (crn_object_is(crn_object_get(dict, expected[i][0]), CRN_OBJ_INSTANCE))
            assert_string_equal(crn_object_kind_name(crn_object_get(dict, expected[i][0])),
                                "StandardScaler");
        else
            assert_string_equal(text.data, expected[i][1]);
        crn_text_free(&text);
    }
    const crn_object *pair = crn_object_get(dict, "tuple");
    assert_ptr_equal(crn_object_item(pair, 0), crn_object_item(pair, 1));
    assert_int_equal(crn_object_length(crn_object_get(dict, "numbers")), 1001);
    assert_true(crn_object_is_global(crn_object_get(dict, "dict class"), "builtins", "dict"));
    check_number(dict, "f8", 5, 6.5);
    check_number(dict, "again", 5, 6.5);
    check_number(dict, "fortran", 1, 4);
    check_number(dict, "strided", 1, 1);
    check_number(dict, "scalar", 0, 6.5);
    check_number(dict, "f4", 1, -1);
    check_number(dict, "i8", 0, -1);
    check_number(dict, "i4", 0, 7);
    check_number(dict, "flags", 1, 0);
    check_text(dict, "text", CRN_STRING, 12);
    check_text(dict, "ascii", CRN_BYTES, 2);
    check_text(dict, "objects", CRN_STRING, 48);
}

/* Every protocol, with joblib's arrays old and new and with NumPy's own; then the file is
 * stable. */
static void test_built_documents(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (int i = 0; i < 6 * 3 * 2; i++) {
        crn_pickle_style style = {.codec = i % 2 == 0 ? CRN_CODEC_NONE : CRN_CODEC_GZIP,
                                  .level = -1,
                                  .protocol = i / 6,
                                  .joblib = i % 3 > 0,
                                  .alignment = i % 3 == 2 ? 16 : 0,
                                  .framed = i % 2 == 0};
        crn_document *built = build(), *read = NULL;
        crn_text out = CRN_TEXT_INIT;
        assert_ok(crn_pickle_write(built, &style, &out, &err));
        crn_document_release(built);
        crn_buffer *file = copy_of(out.data, out.size);
        assert_ok(crn_pickle_read(file, NULL, NULL, &read, &err));
        assert_int_equal(crn_document_pickle_style(read)->protocol, style.protocol);
        assert_int_equal(crn_document_pickle_style(read)->joblib, style.joblib);
        if (style.joblib)
            assert_int_equal(crn_document_pickle_style(read)->alignment, style.alignment);
        check_built(read->root);
        check_resaved("a built document", file, read);
        crn_document_release(read);
        crn_buffer_release(file);
        crn_text_free(&out);
    }
}

/* Wherever the array comes to lie: one byte that counts 1 to 16 bytes 0xff, then a multiple
 * of 16. */
static void test_padding(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    for (size_t name = 1; name < 40; name++) {
        char key[40] = {0};
        memset(key, 'k', name);
        crn_document *d = NULL;
        const double value = 1.5;
        crn_array view = crn_array_view_1d(&value, CRN_FLOAT64, 1);
        assert_ok(crn_document_create(NULL, &d, &err));
        d->root = crn_object_new(d, CRN_OBJ_DICT);
        assert_true(crn_object_set(d, d->root, key, crn_object_array(d, &view)));
        crn_text out = CRN_TEXT_INIT;
        assert_ok(crn_pickle_write(d, NULL, &out, &err));
        crn_document_release(d);
        /* ... padding, 8 bytes of data, SETITEM, STOP. */
        size_t at = out.size - 10;
        assert_memory_equal(out.data + at, &value, 8);
        assert_int_equal(at % 16, 0);
        size_t padding = 0;
        while ((uint8_t)out.data[at - 1 - padding] == 0xff)
            padding++;
        assert_in_range(padding, 1, 16);
        assert_int_equal((uint8_t)out.data[at - 1 - padding], padding);
        crn_text_free(&out);
    }
}

/* ---- other styles ---- */

static void check_converted(const char *path, const crn_pickle_style *style, const char *name,
                            double first)
{
    crn_error err = CRN_ERROR_INIT;
    crn_document *document = golden_document(path), *read = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_pickle_write(document, style, &out, &err));
    crn_document_release(document);
    assert_ok(read_bytes(out.data, out.size, NULL, &read, &err));
    crn_array array;
    assert_ok(crn_object_to_array(attribute(read, name), &array, &err));
    assert_true(fabs(crn_array_get(&array, 0) - first) < 1e-9);
    crn_array_free(&array);
    const crn_pickle_style *found = crn_document_pickle_style(read);
    assert_int_equal(found->protocol, style->protocol);
    assert_int_equal(found->joblib, style->joblib);
    crn_document_release(read);
    crn_text_free(&out);
}

static void test_conversions(void **state)
{
    (void)state;
    static const crn_pickle_style styles[] = {
        {CRN_CODEC_NONE, -1, 2, true, 0, false, 0},
        {CRN_CODEC_NONE, -1, 4, true, 16, true, 0},
        {CRN_CODEC_XZ, 3, 5, true, 16, true, 0},
        {CRN_CODEC_NONE, -1, 4, false, 0, true, 0},
        {CRN_CODEC_NONE, -1, 0, false, 0, false, 0},
        {CRN_CODEC_NONE, -1, 1, true, 16, false, 0},
    };
    static const char *const paths[] = {"joblib/1.9.1/StandardScaler-1.9.1.joblib",
                                        "joblib/1.0.2/StandardScaler-1.0.2.joblib",
                                        "joblib/0.22.2/StandardScaler-0.22.2.joblib",
                                        "joblib/legacy/zf_scaler-joblib0.9.4.joblib"};
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++)
            check_converted(paths[k], &styles[i], "mean_", 0.24641071428571423);
        /* Arrays in big-endian order, and records, keep their dtype. */
        check_converted("joblib/1.9.1/bigendian_logreg-1.9.1.joblib", &styles[i], "coef_",
                        1.0260031905331928);
    }
}

static void test_refused(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text out = CRN_TEXT_INIT;
    crn_document *d = NULL;
    assert_ok(crn_document_create(NULL, &d, &err));
    assert_status(CRN_ARGUMENT, crn_pickle_write(d, NULL, &out, &err));
    assert_string_equal(err.message, "the document has an object without a value");
    crn_text_clear(&out);
    crn_pickle_style style = {.protocol = 6};
    assert_status(CRN_ARGUMENT, crn_pickle_write(d, &style, &out, &err));
    assert_string_equal(err.message, "the pickle protocol must be from 0 to 5. Got 6 instead.");
    style = (crn_pickle_style){.protocol = 4, .alignment = 256};
    assert_status(CRN_ARGUMENT, crn_pickle_write(d, &style, &out, &err));

    crn_object *cls = crn_object_global(d, "m", "C");
    d->root = crn_object_instance(d, CRN_BY_CALL, cls);
    assert_status(CRN_ARGUMENT, crn_pickle_write(d, NULL, &out, &err));
    assert_string_equal(err.message,
                        "a constructor expression (C) cannot be written to a pickle");
    d->root = crn_object_instance(d, CRN_BY_NEWOBJ_EX, cls);
    d->root->as.instance->kwargs = crn_object_new(d, CRN_OBJ_DICT);
    style = (crn_pickle_style){.protocol = 2};
    assert_status(CRN_UNSUPPORTED, crn_pickle_write(d, &style, &out, &err));
    d->root = crn_object_global(d, "m\nos", "system");
    assert_status(CRN_UNSUPPORTED, crn_pickle_write(d, &style, &out, &err));
    const uint16_t half = 0;
    crn_array bfloat = crn_array_view_1d(&half, CRN_BFLOAT16, 1);
    d->root = crn_object_array(d, &bfloat);
    assert_status(CRN_DTYPE, crn_pickle_write(d, NULL, &out, &err));
    crn_text_free(&out);

    /* A cycle that no memo breaks ends in an error, not in an endless file. */
    crn_document_release(d);
    assert_ok(read_bytes("\x80\x02)\x85.", 5, NULL, &d, &err));
    d->root->as.items.at[0] = d->root;
    assert_status(CRN_LIMIT, crn_pickle_write(d, NULL, &out, &err));
    crn_text_free(&out);
    crn_document_release(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joblib_files),      cmocka_unit_test(test_values_of_python),
        cmocka_unit_test(test_unusual_spellings), cmocka_unit_test(test_built_documents),
        cmocka_unit_test(test_padding),           cmocka_unit_test(test_conversions),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
