/* SPDX-License-Identifier: BSD-3-Clause */
/* Python values as data. One kind of tree serves all three vocabularies: what a pickle says
 * (recorded, never called), what a Keras config says (JSON), and what a constructor expression
 * on the command line says. Objects live in their document's arena and keep their identity: the
 * same pointer is the same Python object, so shared objects stay shared and cycles are
 * possible. Walk with a visited mark. */
#ifndef CRN_FORMAT_OBJECT_H
#define CRN_FORMAT_OBJECT_H

#include <stdatomic.h>

#include "base/dtype.h"
#include "base/memory.h"
#include "base/text.h"

typedef enum crn_object_kind {
    CRN_OBJ_NONE,
    CRN_OBJ_BOOL,
    CRN_OBJ_INT,  /* fits int64 */
    CRN_OBJ_LONG, /* does not: two's complement, little-endian, in `bytes` */
    CRN_OBJ_FLOAT,
    CRN_OBJ_STR,       /* UTF-8 (lone surrogates as pickle writes them), in `bytes` */
    CRN_OBJ_BYTES,     /* in `bytes` */
    CRN_OBJ_BYTEARRAY, /* in `bytes` */
    CRN_OBJ_TUPLE,     /* `items` */
    CRN_OBJ_LIST,      /* `items` */
    CRN_OBJ_SET,       /* `items` */
    CRN_OBJ_FROZENSET, /* `items` */
    CRN_OBJ_DICT,      /* `items`: key, value, key, value ... in insertion order */
    CRN_OBJ_GLOBAL,    /* `global`: a name that Python would import; never resolved here */
    CRN_OBJ_INSTANCE   /* `instance`: a recorded call or construction */
} crn_object_kind;

typedef struct crn_object crn_object;

typedef struct crn_object_items {
    crn_object **at;
    size_t count; /* for dicts: 2 x entries */
    size_t capacity;
} crn_object_items;

/* How an instance came to be. */
typedef enum crn_instance_how {
    CRN_BY_REDUCE,    /* callable(*args) */
    CRN_BY_NEWOBJ,    /* cls.__new__(cls, *args) */
    CRN_BY_NEWOBJ_EX, /* cls.__new__(cls, *args, **kwargs) */
    CRN_BY_INST,      /* protocol 0's INST and OBJ */
    CRN_BY_PERSID,    /* a persistent id: args[0] */
    CRN_BY_CALL       /* a constructor expression: Name(*args, **kwargs) */
} crn_instance_how;

/* The joblib wrapper's array, or a plain NumPy array found in a pickle. */
typedef struct crn_instance {
    crn_instance_how how;
    crn_object *callable;    /* usually CRN_OBJ_GLOBAL */
    crn_object *args;        /* CRN_OBJ_TUPLE; NULL: none */
    crn_object *kwargs;      /* CRN_OBJ_DICT; NULL: none (NEWOBJ_EX and calls) */
    crn_object_items append; /* APPEND(S) on the object (list subclass) */
    crn_object_items set;    /* SETITEM(S) on the object: key, value, ... (dict subclass) */
    crn_object *state;       /* BUILD's argument; NULL: none */
    crn_array
        *array; /* a joblib NumpyArrayWrapper's array, or what object_array() decoded; NULL:
                   none. Object arrays: dtype CRN_OBJECT, and `elements` holds them instead */
    crn_object
        *elements; /* CRN_OBJ_LIST of an object array's elements in C order; NULL: none */
    struct crn_stored_array *stored; /* how the pickle held the array, for writing the same
                                        bytes (pickle's own); NULL: built */
} crn_instance;

struct crn_object {
    crn_object_kind kind;
    uint32_t mark;   /* scratch for one walk; 0 between walks */
    uint64_t offset; /* of its first byte in the input; CRN_NO_OFFSET if built */
    uint8_t opcode;  /* with which a pickle spelled it, for writing the same bytes; 0: built */
    uint8_t memo;    /* a pickle's memo: 1 it was put there, 2 it was not; 0: built */
    bool is_open;    /* an estimator is being made of it: it must not hold itself */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct {
            const char *at; /* NUL behind it (STR only: BYTES may lie in the input) */
            size_t size;
        } bytes;
        crn_object_items items;
        struct {
            crn_object *module, *name; /* CRN_OBJ_STR each, identity kept */
        } global;
        crn_instance *instance;
    } as;
};

/* The owner of objects: drop it, and all of them are gone. Counted: models keep the document
 * that their parameters point into. */
typedef struct crn_document crn_document;

struct crn_document {
    crn_arena *arena;
    crn_object *root;
    crn_buffer *
        *buffers; /* memory that arrays of the document borrow from (map, inflated bytes) */
    size_t buffer_count, buffer_capacity;
    size_t instances; /* how many were made or read */
    size_t models;    /* estimators that were made of them: see crn_sklearn_read */
    void *container;  /* what the format needs to write the same bytes again (arena); see
                        pickle.h */
    atomic_size_t references;
};

crn_status crn_document_create(const crn_limits *limits, crn_document **out, crn_error *err);
crn_document *crn_document_retain(crn_document *document);
void crn_document_release(crn_document *document); /* NULL is fine */
/* Keeps a buffer alive as long as the document; takes the caller's reference, also on failure.
 */
crn_status crn_document_keep(crn_document *document, crn_buffer *buffer, crn_error *err);

/* ---- making objects: NULL when the arena is used up (then crn_arena_fail() says why) ---- */

crn_object *crn_object_new(crn_document *document, crn_object_kind kind);
crn_object *crn_object_none(crn_document *document);
crn_object *crn_object_bool(crn_document *document, bool value);
crn_object *crn_object_int(crn_document *document, int64_t value);
crn_object *crn_object_float(crn_document *document, double value);
crn_object *crn_object_str(crn_document *document, const char *utf8);
crn_object *crn_object_str_n(crn_document *document, const char *utf8, size_t size);
crn_object *crn_object_global(crn_document *document, const char *module, const char *name);
/* An instance with empty args. */
crn_object *crn_object_instance(crn_document *document, crn_instance_how how,
                                crn_object *callable);
/* An INSTANCE standing for a NumPy array (see pickle.h for how it is written); shares `array`'s
 * owner through the document (an array without an owner is copied). */
crn_object *crn_object_array(crn_document *document, const crn_array *array);
/* The same for an array of dtype object: `elements` is a LIST of its elements in C order. */
crn_object *crn_object_array_of_objects(crn_document *document, int32_t ndim,
                                        const int64_t *shape, crn_object *elements);

/* Appends to a tuple, list or set / sets a key of a dict (the last entry of that name is
 * replaced) / appends an entry to a dict that, as the caller knows, has no such key yet. Any
 * NULL argument gives false, so that calls chain; false otherwise means out of memory. */
bool crn_object_append(crn_document *document, crn_object *container, crn_object *item);
bool crn_object_set(crn_document *document, crn_object *dict, const char *key,
                    crn_object *value);
bool crn_object_set_pair(crn_document *document, crn_object *dict, crn_object *key,
                         crn_object *value);
/* Takes an entry out of a dict, if it is there. */
void crn_object_unset(crn_object *dict, const char *key);
/* Appends many at once to the items of a container or an instance. */
bool crn_object_items_extend(crn_document *document, crn_object_items *items,
                             crn_object *const *more, size_t count);

/* ---- asking objects: NULL objects are fine and are nothing ---- */

const char *
crn_object_kind_name(const crn_object *object); /* Python's: "int", "str", "NoneType" ... */
bool crn_object_is(const crn_object *object, crn_object_kind kind);
bool crn_object_is_none(const crn_object *object); /* NULL is not None */
bool crn_object_is_str(const crn_object *object, const char *text);
const char *crn_object_text(const crn_object *object); /* of a STR, else NULL */
/* An int, bool, float, or NumPy scalar / 0-d array instance as a number. */
bool crn_object_as_double(const crn_object *object, double *out);
bool crn_object_as_int(const crn_object *object,
                       int64_t *out); /* exact integers only (also 3.0? no) */
bool crn_object_as_bool(const crn_object *object, bool *out);
/* The value of a dict's key, or NULL. */
crn_object *crn_object_get(const crn_object *dict, const char *key);
size_t crn_object_length(const crn_object *container); /* items, or entries of a dict */
crn_object *crn_object_item(const crn_object *sequence,
                            size_t i); /* of a tuple, list, set; NULL outside */
/* True when the object is that global ("sklearn.decomposition._pca", "PCA"). Python 2's module
 * names, which protocols 0-2 write, count as Python 3's: give "builtins", "copyreg". */
bool crn_object_is_global(const crn_object *object, const char *module, const char *name);
/* The GLOBAL whose instance the object is (through copyreg's _reconstructor too), else its
 * callable when that is a GLOBAL, else NULL. */
const crn_object *crn_object_class(const crn_object *object);
/* The array of an instance, or NULL. */
const crn_array *crn_object_as_array(const crn_object *object);

/* CRN_LIMIT when the objects below `root` are nested deeper than `most`, following every object
 * once. Readers call it on what they built, so that a walk of a document may recurse. */
crn_status crn_object_check_nesting(crn_object *root, uint64_t most, crn_error *err);

/* repr() as Python prints it, shortened to `most` bytes with "..." (0: whole). Safe on cycles.
 */
void crn_object_repr(const crn_object *object, size_t most, crn_text *out);

#endif
