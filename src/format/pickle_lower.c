/* SPDX-License-Identifier: BSD-3-Clause */
/* Stand-ins, as CPython's pickler makes them for older protocols (save_bytes, save_bytearray,
 * save_set of Lib/pickle.py, copyreg.py) and as NumPy and joblib make them for arrays. */
#include "format/pickle_lower.h"

#include <string.h>

#include "format/joblib_array.h"
#include "format/pickle_text.h"

/* The names that stand-ins use. */
typedef enum lower_name {
    NAME_ENCODE,
    NAME_BYTES,
    NAME_BYTEARRAY,
    NAME_SET,
    NAME_FROZENSET,
    NAME_NEWOBJ,
    NAME_NDARRAY,
    NAME_DTYPE,
    NAME_RECONSTRUCT,
    NAME_WRAPPER,
    GLOBAL_NAMES, /* from here on: strings */
    TEXT_LATIN1 = GLOBAL_NAMES,
    TEXT_SUBCLASS,
    TEXT_SHAPE,
    TEXT_ORDER,
    TEXT_DTYPE,
    TEXT_ALLOW_MMAP,
    TEXT_ALIGNMENT,
    TEXT_C,
    TEXT_F,
    TEXT_LITTLE,
    TEXT_NONE,
    LOWER_NAMES
} lower_name;

static const struct {
    const char *module, *name;
} spelled[LOWER_NAMES] = {
    [NAME_ENCODE] = {"_codecs", "encode"},
    [NAME_BYTES] = {"builtins", "bytes"},
    [NAME_BYTEARRAY] = {"builtins", "bytearray"},
    [NAME_SET] = {"builtins", "set"},
    [NAME_FROZENSET] = {"builtins", "frozenset"},
    [NAME_NEWOBJ] = {"copyreg", "__newobj__"},
    [NAME_NDARRAY] = {"numpy", "ndarray"},
    [NAME_DTYPE] = {"numpy", "dtype"},
    /* NumPy 2 still takes NumPy 1's name. */
    [NAME_RECONSTRUCT] = {"numpy.core.multiarray", "_reconstruct"},
    [NAME_WRAPPER] = {"joblib.numpy_pickle", "NumpyArrayWrapper"},
    [TEXT_LATIN1] = {NULL, "latin1"},
    [TEXT_SUBCLASS] = {NULL, "subclass"},
    [TEXT_SHAPE] = {NULL, "shape"},
    [TEXT_ORDER] = {NULL, "order"},
    [TEXT_DTYPE] = {NULL, "dtype"},
    [TEXT_ALLOW_MMAP] = {NULL, "allow_mmap"},
    [TEXT_ALIGNMENT] = {NULL, "numpy_array_alignment_bytes"},
    [TEXT_C] = {NULL, "C"},
    [TEXT_F] = {NULL, "F"},
    [TEXT_LITTLE] = {NULL, "<"},
    [TEXT_NONE] = {NULL, "|"},
};

static crn_object *name_of(crn_pickle_lowering *l, lower_name name)
{
    if (l->names[name] == NULL)
        l->names[name] =
            name < GLOBAL_NAMES
                ? crn_object_global(l->scratch, spelled[name].module, spelled[name].name)
                : crn_object_str(l->scratch, spelled[name].name);
    return l->names[name];
}

/* Puts the arguments behind one another into a tuple or list; NULL when one of them is. */
static crn_object *sequence_of(crn_pickle_lowering *l, crn_object_kind kind, size_t count,
                               crn_object *const *items)
{
    crn_object *sequence = crn_object_new(l->scratch, kind);
    for (size_t i = 0; i < count; i++)
        if (!crn_object_append(l->scratch, sequence, items[i]))
            return NULL;
    return sequence;
}

#define TUPLE_OF(l, ...)                                                                       \
    sequence_of(l, CRN_OBJ_TUPLE,                                                              \
                sizeof((crn_object *[]){__VA_ARGS__}) / sizeof(crn_object *),                  \
                (crn_object *[]){__VA_ARGS__})

/* callable(*args); NULL when one of them is. */
static crn_object *call_of(crn_pickle_lowering *l, crn_object *callable, crn_object *args)
{
    if (callable == NULL || args == NULL)
        return NULL;
    crn_object *call = crn_object_instance(l->scratch, CRN_BY_REDUCE, callable);
    if (call != NULL)
        call->as.instance->args = args;
    return call;
}

/* ---- containers and bytes in older protocols ---- */

static crn_object *lower_bytes(crn_pickle_lowering *l, const crn_object *object)
{
    const uint8_t *bytes = (const uint8_t *)object->as.bytes.at;
    if (object->as.bytes.size == 0)
        return call_of(l, name_of(l, NAME_BYTES), sequence_of(l, CRN_OBJ_TUPLE, 0, NULL));
    crn_text latin1 = CRN_TEXT_INIT;
    for (size_t i = 0; i < object->as.bytes.size; i++)
        crn_text_add_code_point(&latin1, bytes[i]);
    crn_object *text =
        latin1.status == CRN_OK ? crn_object_str_n(l->scratch, latin1.data, latin1.size) : NULL;
    crn_text_free(&latin1);
    return call_of(l, name_of(l, NAME_ENCODE), TUPLE_OF(l, text, name_of(l, TEXT_LATIN1)));
}

static crn_object *lower_bytearray(crn_pickle_lowering *l, const crn_object *object)
{
    if (object->as.bytes.size == 0)
        return call_of(l, name_of(l, NAME_BYTEARRAY), sequence_of(l, CRN_OBJ_TUPLE, 0, NULL));
    crn_object *bytes = crn_object_new(l->scratch, CRN_OBJ_BYTES);
    if (bytes == NULL)
        return NULL;
    bytes->as.bytes = object->as.bytes;
    return call_of(l, name_of(l, NAME_BYTEARRAY), TUPLE_OF(l, bytes));
}

static crn_object *lower_set(crn_pickle_lowering *l, const crn_object *object)
{
    crn_object *list = crn_object_new(l->scratch, CRN_OBJ_LIST);
    if (list == NULL)
        return NULL;
    list->as.items = object->as.items;
    lower_name name = object->kind == CRN_OBJ_SET ? NAME_SET : NAME_FROZENSET;
    return call_of(l, name_of(l, name), TUPLE_OF(l, list));
}

/* An instance made by __new__, for protocols that have no NEWOBJ: copyreg.__newobj__(cls,
 * *args). Python itself would write copyreg._reconstructor with the base class's own state,
 * which is not known here. */
static crn_object *lower_newobj(crn_pickle_lowering *l, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    crn_object *callable = name_of(l, NAME_NEWOBJ);
    crn_object *args = TUPLE_OF(l, instance->callable);
    for (size_t i = 0; i < crn_object_length(instance->args); i++)
        if (!crn_object_append(l->scratch, args, crn_object_item(instance->args, i)))
            return NULL;
    crn_object *call = call_of(l, callable, args);
    if (call == NULL)
        return NULL;
    *call->as.instance = *instance;
    call->as.instance->how = CRN_BY_REDUCE;
    call->as.instance->callable = callable;
    call->as.instance->args = args;
    return call;
}

/* NumPy 2 moved numpy.core to numpy._core. */
static const crn_object *numpy_module(crn_pickle_lowering *l, const crn_object *module)
{
    static const char *const heads[] = {"numpy.core.", "numpy._core."};
    if (l->style.numpy == 0)
        return module;
    const char *from = heads[l->style.numpy == 1], *to = heads[l->style.numpy != 1];
    const char *text = crn_object_text(module);
    const size_t size = strlen(from);
    if (text == NULL || strncmp(text, from, size) != 0)
        return module;
    crn_text moved = CRN_TEXT_INIT;
    crn_text_printf(&moved, "%s%s", to, text + size);
    crn_object *lowered =
        moved.status == CRN_OK ? crn_object_str(l->scratch, moved.data) : NULL;
    crn_text_free(&moved);
    return lowered;
}

crn_status crn_pickle_lower_module(crn_pickle_lowering *l, const crn_object *module,
                                   const crn_object **lowered, crn_error *err)
{
    static const char *const names[][2] = {{"builtins", "__builtin__"},
                                           {"copyreg", "copy_reg"}};
    int from = l->style.protocol <= 2 ? 0 : 1;
    *lowered = numpy_module(l, module);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (crn_object_is_str(module, names[i][from]))
            *lowered = crn_object_str(l->scratch, names[i][!from]);
    return *lowered == NULL ? crn_arena_fail(l->scratch->arena, err) : CRN_OK;
}

/* ---- arrays ---- */

bool crn_array_is_fortran(const crn_array *array)
{
    int64_t stride = array->itemsize;
    if (array->ndim < 2 || crn_array_is_contiguous(array))
        return false;
    for (int32_t i = 0; i < array->ndim; i++) {
        if (array->shape[i] != 1 && array->strides[i] != stride)
            return false;
        stride *= array->shape[i];
    }
    return true;
}

/* numpy.dtype(code, False, True) with its state (3, byteorder, None, None, None, itemsize,
 * alignment, flags), as NumPy writes it. */
static crn_object *make_dtype(crn_pickle_lowering *l, crn_dtype dtype, int64_t itemsize)
{
    crn_document *d = l->scratch;
    char kind = crn_dtype_kind(dtype);
    bool is_text = dtype == CRN_STRING || dtype == CRN_BYTES;
    bool has_order = (itemsize > 1 || dtype == CRN_STRING) && kind != 'S' && kind != 'O';
    crn_text code = CRN_TEXT_INIT;
    crn_text_printf(&code, "%c%lld", kind, (long long)(kind == 'U' ? itemsize / 4 : itemsize));
    crn_object *name = code.status == CRN_OK ? crn_object_str(d, code.data) : NULL;
    crn_text_free(&code);
    crn_object *none = crn_object_none(d);
    crn_object *object =
        call_of(l, name_of(l, NAME_DTYPE),
                TUPLE_OF(l, name, crn_object_bool(d, false), crn_object_bool(d, true)));
    crn_object *state =
        TUPLE_OF(l, crn_object_int(d, 3), name_of(l, has_order ? TEXT_LITTLE : TEXT_NONE), none,
                 none, none, crn_object_int(d, is_text ? itemsize : -1),
                 crn_object_int(d, kind == 'U'   ? 4
                                   : kind == 'S' ? 1
                                                 : -1),
                 crn_object_int(d, kind == 'O'   ? 63
                                   : kind == 'U' ? 8
                                                 : 0));
    if (object == NULL || state == NULL)
        return NULL;
    object->as.instance->state = state;
    return object;
}

/* The dtype of a built array, made once for each type. */
static crn_object *dtype_of(crn_pickle_lowering *l, const crn_array *array)
{
    for (size_t i = 0; i < l->dtype_count; i++)
        if (l->dtypes[i].dtype == array->dtype && l->dtypes[i].itemsize == array->itemsize)
            return l->dtypes[i].object;
    crn_object *object = make_dtype(l, array->dtype, array->itemsize);
    if (object != NULL && l->dtype_count < CRN_LOWER_DTYPES) {
        l->dtypes[l->dtype_count].dtype = array->dtype;
        l->dtypes[l->dtype_count].itemsize = array->itemsize;
        l->dtypes[l->dtype_count++].object = object;
    }
    return object;
}

static crn_object *shape_of(crn_pickle_lowering *l, const crn_array *array)
{
    crn_object *shape = crn_object_new(l->scratch, CRN_OBJ_TUPLE);
    for (int32_t i = 0; i < array->ndim; i++)
        if (!crn_object_append(l->scratch, shape, crn_object_int(l->scratch, array->shape[i])))
            return NULL;
    return shape;
}

/* joblib's wrapper: {subclass, shape, order, dtype, allow_mmap[, numpy_array_alignment_bytes]}.
 */
static crn_object *make_wrapper(crn_pickle_lowering *l, crn_object *shape, bool fortran,
                                crn_object *dtype, bool allow_mmap)
{
    crn_document *d = l->scratch;
    crn_object *state = crn_object_new(d, CRN_OBJ_DICT);
    bool made =
        crn_object_set_pair(d, state, name_of(l, TEXT_SUBCLASS), name_of(l, NAME_NDARRAY)) &&
        crn_object_set_pair(d, state, name_of(l, TEXT_SHAPE), shape) &&
        crn_object_set_pair(d, state, name_of(l, TEXT_ORDER),
                            name_of(l, fortran ? TEXT_F : TEXT_C)) &&
        crn_object_set_pair(d, state, name_of(l, TEXT_DTYPE), dtype) &&
        crn_object_set_pair(d, state, name_of(l, TEXT_ALLOW_MMAP),
                            crn_object_bool(d, allow_mmap)) &&
        (l->style.alignment == 0 || crn_object_set_pair(d, state, name_of(l, TEXT_ALIGNMENT),
                                                        crn_object_int(d, l->style.alignment)));
    crn_object *cls = name_of(l, NAME_WRAPPER);
    crn_object *wrapper =
        made && cls != NULL ? crn_object_instance(d, CRN_BY_NEWOBJ, cls) : NULL;
    if (wrapper != NULL)
        wrapper->as.instance->state = state;
    return wrapper != NULL && l->style.protocol < 2 ? lower_newobj(l, wrapper) : wrapper;
}

/* numpy's own: _reconstruct(ndarray, (0,), b'b') with (1, shape, dtype, is_fortran, data). */
static crn_object *make_reconstruct(crn_pickle_lowering *l, crn_object *shape, bool fortran,
                                    crn_object *dtype, crn_object *data)
{
    crn_document *d = l->scratch;
    crn_object *code = crn_object_new(d, CRN_OBJ_BYTES);
    crn_object *empty = TUPLE_OF(l, crn_object_int(d, 0));
    crn_object *state =
        TUPLE_OF(l, crn_object_int(d, 1), shape, dtype, crn_object_bool(d, fortran), data);
    if (code == NULL || state == NULL)
        return NULL;
    code->as.bytes.at = "b";
    code->as.bytes.size = 1;
    crn_object *call = call_of(l, name_of(l, NAME_RECONSTRUCT),
                               TUPLE_OF(l, name_of(l, NAME_NDARRAY), empty, code));
    if (call != NULL)
        call->as.instance->state = state;
    return call;
}

/* The array's bytes as an object: those of the file, or the memory in C or Fortran order. */
static crn_object *bytes_of(crn_pickle_lowering *l, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    const crn_array *array = instance->array;
    crn_object *bytes = crn_object_new(l->scratch, CRN_OBJ_BYTES);
    size_t size;
    if (bytes == NULL ||
        crn_shape_bytes(array->itemsize, array->ndim, array->shape, &size, NULL) != CRN_OK)
        return NULL;
    bytes->as.bytes.size = size;
    if (instance->stored != NULL) {
        bytes->as.bytes.at = instance->stored->bytes;
    } else if (crn_array_is_contiguous(array) || crn_array_is_fortran(array)) {
        bytes->as.bytes.at = array->data;
    } else {
        void *dense = crn_arena_alloc(l->scratch->arena, size, 1);
        if (dense == NULL ||
            crn_array_copy_to(array, array->dtype, array->itemsize, dense, NULL) != CRN_OK)
            return NULL;
        bytes->as.bytes.at = dense;
    }
    return bytes;
}

/* The wrapper's own dtype when the array was read, which knows byte order and fields. */
static crn_object *written_dtype(crn_pickle_lowering *l, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    if (instance->stored == NULL)
        return dtype_of(l, instance->array);
    crn_object *read = crn_object_get(instance->state, "dtype");
    return instance->stored->dtype != NULL ? instance->stored->dtype : read;
}

static bool is_stored_in_fortran_order(const crn_instance *instance)
{
    const crn_object *order = crn_object_get(instance->state, "order");
    return order != NULL ? crn_object_is_str(order, "F")
                         : crn_array_is_fortran(instance->array);
}

static crn_object *lower_array(crn_pickle_lowering *l, const crn_object *object)
{
    const crn_instance *instance = object->as.instance;
    const crn_array *array = instance->array;
    bool is_object = array->dtype == CRN_OBJECT;
    bool fortran = instance->stored != NULL ? is_stored_in_fortran_order(instance)
                                            : !is_object && crn_array_is_fortran(array);
    crn_object *shape = shape_of(l, array), *dtype = written_dtype(l, object);
    if (shape == NULL || dtype == NULL)
        return NULL;
    if (l->style.joblib)
        return make_wrapper(l, shape, fortran, dtype, !is_object);
    return make_reconstruct(l, shape, fortran && !is_object, dtype,
                            is_object ? instance->elements : bytes_of(l, object));
}

crn_status crn_pickle_lower_elements(crn_pickle_lowering *l, const crn_object *object,
                                     const crn_object **root, crn_error *err)
{
    const crn_instance *instance = object->as.instance;
    crn_object *shape = shape_of(l, instance->array), *dtype = dtype_of(l, instance->array);
    *root = shape != NULL && dtype != NULL
                ? make_reconstruct(l, shape, false, dtype, instance->elements)
                : NULL;
    return *root == NULL ? crn_arena_fail(l->scratch->arena, err) : CRN_OK;
}

/* True for arrays whose wrapper and bytes can be written as they were read. */
static bool is_kept(const crn_pickle_lowering *l, const crn_object *object)
{
    if (object->as.instance->callable == NULL || !l->style.joblib)
        return false;
    if (l->keeps_arrays)
        return true;
    int64_t alignment = 0;
    const crn_object *state = object->as.instance->state;
    crn_object_as_int(crn_object_get(state, "numpy_array_alignment_bytes"), &alignment);
    return object->as.instance->stored != NULL && alignment == l->style.alignment;
}

static crn_status check_array(const crn_object *object, crn_error *err)
{
    const crn_array *array = object->as.instance->array;
    bool has_dtype = object->as.instance->stored != NULL;
    if (!has_dtype && (array->dtype == CRN_RECORD || array->dtype == CRN_BFLOAT16 ||
                       array->dtype == CRN_DATETIME || array->dtype == CRN_NO_DTYPE))
        return crn_fail(err, CRN_DTYPE, "an array of dtype %s cannot be written to a pickle",
                        crn_dtype_name(array->dtype));
    if (array->dtype == CRN_OBJECT &&
        !crn_object_is(object->as.instance->elements, CRN_OBJ_LIST))
        return crn_fail(err, CRN_ARGUMENT, "an array of objects has no list of them");
    return CRN_OK;
}

static crn_status lower_instance(crn_pickle_lowering *l, const crn_object *object,
                                 const crn_object **body, crn_error *err)
{
    const crn_instance *instance = object->as.instance;
    if (instance->how == CRN_BY_CALL)
        return crn_fail(err, CRN_ARGUMENT,
                        "a constructor expression (%s) cannot be written to a pickle",
                        crn_object_kind_name(object));
    if (instance->how == CRN_BY_NEWOBJ_EX && l->style.protocol < 4)
        return crn_fail_at(err, CRN_UNSUPPORTED, object->offset,
                           "%s is made with keyword arguments, which protocol %d cannot say",
                           crn_object_kind_name(object), l->style.protocol);
    if (instance->array != NULL && !is_kept(l, object)) {
        CRN_TRY(check_array(object, err));
        *body = lower_array(l, object);
    } else if (instance->how == CRN_BY_NEWOBJ && l->style.protocol < 2) {
        *body = lower_newobj(l, object);
    }
    return CRN_OK;
}

crn_status crn_pickle_lower(crn_pickle_lowering *l, const crn_object *object,
                            const crn_object **body, crn_error *err)
{
    int protocol = l->style.protocol;
    bool as_read = l->exact && object->opcode != 0;
    *body = object;
    if (object->kind == CRN_OBJ_INSTANCE)
        CRN_TRY(lower_instance(l, object, body, err));
    else if (as_read)
        return CRN_OK;
    else if (object->kind == CRN_OBJ_BYTES && protocol < 3)
        *body = lower_bytes(l, object);
    else if (object->kind == CRN_OBJ_BYTEARRAY && protocol < 5)
        *body = lower_bytearray(l, object);
    else if ((object->kind == CRN_OBJ_SET || object->kind == CRN_OBJ_FROZENSET) && protocol < 4)
        *body = lower_set(l, object);
    return *body == NULL ? crn_arena_fail(l->scratch->arena, err) : CRN_OK;
}
