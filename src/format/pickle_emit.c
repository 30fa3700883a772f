/* SPDX-License-Identifier: BSD-3-Clause */
/* One pickle stream, opcode by opcode. The frame's header is reserved when its first byte comes
 * and filled in, or taken out again, when the frame ends. */
#include "format/pickle_emit.h"

#include <stdlib.h>
#include <string.h>

#include "format/pickle_text.h"
#include "format/python_int.h"

/* PEP 3154's sizes as CPython has them. */
enum { FRAME_HEADER = 9, FRAME_LEAST = 4, FRAME_TARGET = 64 * 1024 };

static void emit(crn_pickle_output *o, const void *bytes, size_t size)
{
    static const uint8_t header[FRAME_HEADER] = {CRN_OP_FRAME};
    if (o->framed && o->protocol >= 4 && !o->in_frame) {
        o->frame = o->out->size;
        o->in_frame = true;
        crn_text_add_bytes(o->out, header, sizeof header);
    }
    crn_text_add_bytes(o->out, bytes, size);
}

void crn_emit_opcode(crn_pickle_output *o, uint8_t opcode)
{
    emit(o, &opcode, 1);
}

void crn_emit_commit(crn_pickle_output *o, bool force)
{
    if (!o->in_frame || o->out->status != CRN_OK)
        return;
    size_t size = o->out->size - o->frame - FRAME_HEADER;
    if (!force && size < FRAME_TARGET)
        return;
    o->in_frame = false;
    char *header = o->out->data + o->frame;
    if (size < FRAME_LEAST) {
        memmove(header, header + FRAME_HEADER, size + 1);
        o->out->size -= FRAME_HEADER;
        return;
    }
    for (int i = 0; i < 8; i++)
        header[1 + i] = (char)((uint64_t)size >> (8 * i));
}

void crn_emit_raw(crn_pickle_output *o, const void *bytes, size_t size)
{
    crn_text_add_bytes(o->out, bytes, size);
}

void crn_emit_begin(crn_pickle_output *o)
{
    if (o->protocol >= 2) {
        const uint8_t proto[] = {CRN_OP_PROTO, (uint8_t)o->protocol};
        crn_text_add_bytes(o->out, proto, sizeof proto);
    }
}

void crn_emit_end(crn_pickle_output *o)
{
    crn_emit_opcode(o, CRN_OP_STOP);
    crn_emit_commit(o, true);
    free(o->memo);
    o->memo = NULL;
}

crn_status crn_emit_status(const crn_pickle_output *o, crn_error *err)
{
    if (o->status != CRN_OK)
        return crn_no_memory(err);
    return crn_text_status(o->out, err);
}

/* Emits a line and frees it. */
static void emit_text(crn_pickle_output *o, crn_text *line)
{
    if (line->status != CRN_OK)
        o->status = line->status;
    else
        emit(o, line->data, line->size);
    crn_text_free(line);
}

/* ---- values without parts ---- */

/* An opcode with a little-endian number of `size` bytes behind it. */
static void emit_number(crn_pickle_output *o, uint8_t opcode, uint64_t value, size_t size)
{
    uint8_t bytes[9] = {opcode};
    for (size_t i = 0; i < size; i++)
        bytes[1 + i] = (uint8_t)(value >> (8 * i));
    emit(o, bytes, 1 + size);
}

/* An opcode, a length of `length_size` bytes, and so many bytes. Those of 64 KiB or more stand
 * outside of frames. */
static void emit_counted(crn_pickle_output *o, uint8_t opcode, size_t length_size,
                         const void *bytes, size_t size)
{
    if (size < FRAME_TARGET || !o->framed || o->protocol < 4) {
        emit_number(o, opcode, size, length_size);
        emit(o, bytes, size);
        return;
    }
    crn_emit_commit(o, true);
    o->framed = false;
    emit_number(o, opcode, size, length_size);
    emit(o, bytes, size);
    o->framed = true;
}

/* The opcode that the object was read with, or else the usual one. */
static uint8_t opcode_of(const crn_pickle_output *o, const crn_object *object, uint8_t usual)
{
    return o->exact && object->opcode != 0 ? object->opcode : usual;
}

void crn_emit_bool(crn_pickle_output *o, const crn_object *object)
{
    bool value = object->as.boolean;
    if (o->protocol >= 2 && opcode_of(o, object, CRN_OP_NEWTRUE) != CRN_OP_INT)
        crn_emit_opcode(o, value ? CRN_OP_NEWTRUE : CRN_OP_NEWFALSE);
    else
        emit(o, value ? "I01\n" : "I00\n", 4);
}

/* What the picklers take for an int of this size. */
static uint8_t usual_int(int protocol, int64_t value)
{
    bool fits_32_bits = value >= INT32_MIN && value <= INT32_MAX;
    if (protocol >= 1 && fits_32_bits)
        return value < 0 || value > UINT16_MAX ? CRN_OP_BININT
               : value > UINT8_MAX             ? CRN_OP_BININT2
                                               : CRN_OP_BININT1;
    if (protocol >= 2)
        return CRN_OP_LONG1;
    return fits_32_bits ? CRN_OP_INT : CRN_OP_LONG;
}

static bool int_fits(uint8_t opcode, int64_t value)
{
    switch (opcode) {
    case CRN_OP_BININT1:
        return value >= 0 && value <= UINT8_MAX;
    case CRN_OP_BININT2:
        return value >= 0 && value <= UINT16_MAX;
    case CRN_OP_BININT:
        return value >= INT32_MIN && value <= INT32_MAX;
    case CRN_OP_INT:
    case CRN_OP_LONG:
    case CRN_OP_LONG1:
    case CRN_OP_LONG4:
        return true;
    default:
        return false;
    }
}

static void emit_twos_complement(crn_pickle_output *o, uint8_t opcode, const uint8_t *bytes,
                                 size_t size)
{
    if (opcode == CRN_OP_INT || opcode == CRN_OP_LONG) {
        crn_text line = CRN_TEXT_INIT;
        crn_text_add_char(&line, (char)opcode);
        if (!crn_int_add_decimal(&line, bytes, size) && line.status == CRN_OK)
            o->status = CRN_NO_MEMORY;
        crn_text_add_string(&line, opcode == CRN_OP_LONG ? "L\n" : "\n");
        emit_text(o, &line);
    } else if (opcode == CRN_OP_LONG1 && size <= UINT8_MAX) {
        emit_counted(o, CRN_OP_LONG1, 1, bytes, size);
    } else {
        emit_counted(o, CRN_OP_LONG4, 4, bytes, size);
    }
}

void crn_emit_int(crn_pickle_output *o, const crn_object *object)
{
    if (object->kind == CRN_OBJ_LONG) {
        uint8_t usual = o->protocol >= 2 ? CRN_OP_LONG1 : CRN_OP_LONG;
        emit_twos_complement(o, opcode_of(o, object, usual),
                             (const uint8_t *)object->as.bytes.at, object->as.bytes.size);
        return;
    }
    int64_t value = object->as.integer;
    uint8_t opcode = opcode_of(o, object, usual_int(o->protocol, value));
    if (!int_fits(opcode, value))
        opcode = usual_int(o->protocol, value);
    switch (opcode) {
    case CRN_OP_BININT1:
        emit_number(o, opcode, (uint64_t)value, 1);
        return;
    case CRN_OP_BININT2:
        emit_number(o, opcode, (uint64_t)value, 2);
        return;
    case CRN_OP_BININT:
        emit_number(o, opcode, (uint64_t)value, 4);
        return;
    default: {
        uint8_t bytes[8];
        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
        emit_twos_complement(o, opcode, bytes, crn_int_minimal_size(bytes, sizeof bytes));
    }
    }
}

void crn_emit_float(crn_pickle_output *o, const crn_object *object)
{
    uint8_t opcode = opcode_of(o, object, o->protocol >= 1 ? CRN_OP_BINFLOAT : CRN_OP_FLOAT);
    if (opcode == CRN_OP_FLOAT) {
        crn_text line = CRN_TEXT_INIT;
        crn_text_add_double(&line, object->as.real);
        crn_text_add_char(&line, '\n');
        crn_emit_opcode(o, CRN_OP_FLOAT);
        emit_text(o, &line);
        return;
    }
    uint64_t bits;
    uint8_t bytes[9] = {CRN_OP_BINFLOAT};
    memcpy(&bits, &object->as.real, sizeof bits);
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (uint8_t)(bits >> (56 - 8 * i));
    emit(o, bytes, sizeof bytes);
}

/* ---- strings and bytes ---- */

/* Behind STRING: the literal that Python 2's repr makes of bytes. */
static void emit_literal(crn_pickle_output *o, const crn_object *object)
{
    crn_text literal = CRN_TEXT_INIT;
    crn_object bytes = *object;
    bytes.kind = CRN_OBJ_BYTES;
    crn_object_repr(&bytes, 0, &literal);
    crn_text_add_char(&literal, '\n');
    if (literal.status != CRN_OK)
        o->status = literal.status;
    else /* without the b */
        emit(o, literal.data + 1, literal.size - 1);
    crn_text_free(&literal);
}

/* A string of Python 2, which is only ever written as it was read. */
static bool emit_python2_string(crn_pickle_output *o, const crn_object *object)
{
    const char *bytes = object->as.bytes.at;
    size_t size = object->as.bytes.size;
    switch (opcode_of(o, object, 0)) {
    case CRN_OP_STRING:
        crn_emit_opcode(o, CRN_OP_STRING);
        emit_literal(o, object);
        return true;
    case CRN_OP_BINSTRING:
        emit_counted(o, CRN_OP_BINSTRING, 4, bytes, size);
        return true;
    case CRN_OP_SHORT_BINSTRING:
        if (size > UINT8_MAX)
            return false;
        emit_counted(o, CRN_OP_SHORT_BINSTRING, 1, bytes, size);
        return true;
    default:
        return false;
    }
}

void crn_emit_str(crn_pickle_output *o, const crn_object *object)
{
    const char *utf8 = object->as.bytes.at;
    size_t size = object->as.bytes.size;
    if (emit_python2_string(o, object))
        return;
    uint8_t usual = o->protocol == 0                        ? CRN_OP_UNICODE
                    : o->protocol >= 4 && size <= UINT8_MAX ? CRN_OP_SHORT_BINUNICODE
                    : o->protocol >= 4 && size > UINT32_MAX ? CRN_OP_BINUNICODE8
                                                            : CRN_OP_BINUNICODE;
    uint8_t opcode = opcode_of(o, object, usual);
    if (opcode == CRN_OP_UNICODE) {
        crn_text line = CRN_TEXT_INIT;
        crn_pickle_encode_unicode(utf8, size, o->raw_controls, &line);
        crn_text_add_char(&line, '\n');
        crn_emit_opcode(o, CRN_OP_UNICODE);
        emit_text(o, &line);
    } else if (opcode == CRN_OP_SHORT_BINUNICODE && size <= UINT8_MAX) {
        emit_counted(o, opcode, 1, utf8, size);
    } else if (opcode == CRN_OP_BINUNICODE8) {
        emit_counted(o, opcode, 8, utf8, size);
    } else {
        emit_counted(o, CRN_OP_BINUNICODE, 4, utf8, size);
    }
}

void crn_emit_bytes(crn_pickle_output *o, const crn_object *object)
{
    const char *bytes = object->as.bytes.at;
    size_t size = object->as.bytes.size;
    if (object->kind == CRN_OBJ_BYTEARRAY) {
        emit_counted(o, CRN_OP_BYTEARRAY8, 8, bytes, size);
        return;
    }
    if (emit_python2_string(o, object))
        return;
    uint8_t usual = size <= UINT8_MAX    ? CRN_OP_SHORT_BINBYTES
                    : size <= UINT32_MAX ? CRN_OP_BINBYTES
                                         : CRN_OP_BINBYTES8;
    uint8_t opcode = opcode_of(o, object, usual);
    if (opcode == CRN_OP_SHORT_BINBYTES && size <= UINT8_MAX)
        emit_counted(o, opcode, 1, bytes, size);
    else if (opcode == CRN_OP_BINBYTES8)
        emit_counted(o, opcode, 8, bytes, size);
    else
        emit_counted(o, CRN_OP_BINBYTES, 4, bytes, size);
}

void crn_emit_line(crn_pickle_output *o, uint8_t opcode, const crn_object *text)
{
    if (opcode != 0)
        crn_emit_opcode(o, opcode);
    emit(o, text->as.bytes.at, text->as.bytes.size);
    crn_emit_opcode(o, '\n');
}

/* ---- the memo ---- */

/* The object's slot, or the free one where it would go. */
static crn_memo_slot *find_slot(const crn_pickle_output *o, const crn_object *object)
{
    uint64_t hash = ((uint64_t)(uintptr_t)object >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(hash >> 32) & (o->memo_slots - 1);
    while (o->memo[i].object != NULL && o->memo[i].object != object)
        i = (i + 1) & (o->memo_slots - 1);
    return &o->memo[i];
}

static bool grow_memo(crn_pickle_output *o)
{
    crn_pickle_output grown = *o;
    grown.memo_slots = o->memo_slots > 0 ? 2 * o->memo_slots : 64;
    grown.memo = crn_calloc(grown.memo_slots, sizeof *grown.memo);
    if (grown.memo == NULL)
        return false;
    for (size_t i = 0; i < o->memo_slots; i++)
        if (o->memo[i].object != NULL)
            *find_slot(&grown, o->memo[i].object) = o->memo[i];
    free(o->memo);
    *o = grown;
    return true;
}

bool crn_emit_has(const crn_pickle_output *o, const crn_object *object)
{
    return o->memo_slots > 0 && find_slot(o, object)->object != NULL;
}

static void remember(crn_pickle_output *o, const crn_object *object)
{
    if (2 * (o->memo_keys + 1) > o->memo_slots && !grow_memo(o)) {
        o->status = CRN_NO_MEMORY;
        return;
    }
    crn_memo_slot *slot = find_slot(o, object);
    o->memo_keys += slot->object == NULL;
    *slot = (crn_memo_slot){object, o->memo_count};
}

static void emit_index(crn_pickle_output *o, uint8_t text, uint8_t byte, uint8_t four_bytes,
                       size_t index)
{
    if (o->protocol == 0) {
        crn_text line = CRN_TEXT_INIT;
        crn_text_printf(&line, "%c%zu\n", text, index);
        emit_text(o, &line);
    } else {
        emit_number(o, index <= UINT8_MAX ? byte : four_bytes, index,
                    index <= UINT8_MAX ? 1 : 4);
    }
}

void crn_emit_memoize(crn_pickle_output *o, const crn_object *object, bool shared)
{
    if (o->exact && object->memo == 2)
        return;
    if (o->protocol >= 4)
        crn_emit_opcode(o, CRN_OP_MEMOIZE);
    else
        emit_index(o, CRN_OP_PUT, CRN_OP_BINPUT, CRN_OP_LONG_BINPUT, o->memo_count);
    if (shared)
        remember(o, object);
    o->memo_count++;
}

bool crn_emit_get(crn_pickle_output *o, const crn_object *object)
{
    if (!crn_emit_has(o, object))
        return false;
    emit_index(o, CRN_OP_GET, CRN_OP_BINGET, CRN_OP_LONG_BINGET, find_slot(o, object)->index);
    return true;
}
