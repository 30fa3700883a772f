/* SPDX-License-Identifier: BSD-3-Clause */
/* The pickle machine's loop: which opcode is whose (Lib/pickle.py of CPython 3.13 says what
 * each does). */
#include "format/pickle_machine.h"

#include <stdlib.h>

#include "format/pickle_vm.h"

static int opcode_protocol(uint8_t opcode)
{
    switch (opcode) {
#define CRN_PICKLE_OPCODE_PROTOCOL(name, byte, protocol)                                       \
    case byte:                                                                                 \
        return protocol;
        CRN_PICKLE_OPCODE_MAP(CRN_PICKLE_OPCODE_PROTOCOL)
#undef CRN_PICKLE_OPCODE_PROTOCOL
    default:
        return 0;
    }
}

/* ---- the stream's own opcodes ---- */

static crn_status run_proto(crn_vm *m, crn_error *err)
{
    uint8_t protocol;
    CRN_TRY(crn_bytes_u8(m->in, &protocol, err));
    if (protocol > CRN_PICKLE_NEWEST)
        return crn_fail_at(err, CRN_UNSUPPORTED, m->offset,
                           "pickle protocol %u; at most %d is known", protocol,
                           CRN_PICKLE_NEWEST);
    m->stream->protocol = protocol;
    m->has_proto = true;
    return CRN_OK;
}

static crn_status run_frame(crn_vm *m, crn_error *err)
{
    uint64_t size;
    CRN_TRY(crn_bytes_u64(m->in, &size, err));
    if (size > crn_bytes_left(m->in))
        return crn_fail_at(err, CRN_FORMAT, m->offset,
                           "FRAME: ends early: %llu bytes wanted, %zu are left",
                           (unsigned long long)size, crn_bytes_left(m->in));
    m->stream->framed = true;
    return CRN_OK;
}

static crn_status run_stop(crn_vm *m, crn_error *err)
{
    CRN_TRY(crn_vm_need(m, 1, err));
    m->stream->root = crn_vm_top(m, 0);
    m->stopped = true;
    return CRN_OK;
}

static crn_status run_empty(crn_vm *m, crn_object_kind kind, crn_error *err)
{
    crn_object *object;
    return crn_vm_push_new(m, kind, &object, err);
}

static crn_status run_opcode(crn_vm *m, crn_error *err)
{
    switch ((crn_pickle_opcode)m->opcode) {
    case CRN_OP_PROTO:
        return run_proto(m, err);
    case CRN_OP_FRAME:
        return run_frame(m, err);
    case CRN_OP_STOP:
        return run_stop(m, err);
    case CRN_OP_MARK:
        return crn_vm_run_mark(m, err);
    case CRN_OP_POP:
        return crn_vm_run_pop(m, err);
    case CRN_OP_POP_MARK:
        return crn_vm_run_pop_mark(m, err);
    case CRN_OP_DUP:
        return crn_vm_run_dup(m, err);
    case CRN_OP_PUT:
    case CRN_OP_GET:
        return crn_vm_run_memo(m, 0, err);
    case CRN_OP_BINPUT:
    case CRN_OP_BINGET:
        return crn_vm_run_memo(m, 1, err);
    case CRN_OP_LONG_BINPUT:
    case CRN_OP_LONG_BINGET:
        return crn_vm_run_memo(m, 4, err);
    case CRN_OP_MEMOIZE:
        return crn_vm_memoize(m, m->memo_count, err);

    case CRN_OP_NONE:
        return run_empty(m, CRN_OBJ_NONE, err);
    case CRN_OP_NEWTRUE:
        return crn_vm_push_bool(m, true, err);
    case CRN_OP_NEWFALSE:
        return crn_vm_push_bool(m, false, err);
    case CRN_OP_INT:
    case CRN_OP_LONG:
        return crn_vm_run_text_int(m, err);
    case CRN_OP_BININT:
        return crn_vm_run_binary_int(m, 4, err);
    case CRN_OP_BININT1:
        return crn_vm_run_binary_int(m, 1, err);
    case CRN_OP_BININT2:
        return crn_vm_run_binary_int(m, 2, err);
    case CRN_OP_LONG1:
        return crn_vm_run_long(m, 1, err);
    case CRN_OP_LONG4:
        return crn_vm_run_long(m, 4, err);
    case CRN_OP_FLOAT:
        return crn_vm_run_text_float(m, err);
    case CRN_OP_BINFLOAT:
        return crn_vm_run_binary_float(m, err);

    case CRN_OP_STRING:
    case CRN_OP_UNICODE:
        return crn_vm_run_text_string(m, err);
    case CRN_OP_BINSTRING:
        return crn_vm_run_binary_string(m, 4, err);
    case CRN_OP_SHORT_BINSTRING:
        return crn_vm_run_binary_string(m, 1, err);
    case CRN_OP_BINUNICODE:
        return crn_vm_run_binary_unicode(m, 4, err);
    case CRN_OP_SHORT_BINUNICODE:
        return crn_vm_run_binary_unicode(m, 1, err);
    case CRN_OP_BINUNICODE8:
        return crn_vm_run_binary_unicode(m, 8, err);
    case CRN_OP_BINBYTES:
        return crn_vm_run_bytes(m, CRN_OBJ_BYTES, 4, err);
    case CRN_OP_SHORT_BINBYTES:
        return crn_vm_run_bytes(m, CRN_OBJ_BYTES, 1, err);
    case CRN_OP_BINBYTES8:
        return crn_vm_run_bytes(m, CRN_OBJ_BYTES, 8, err);
    case CRN_OP_BYTEARRAY8:
        return crn_vm_run_bytes(m, CRN_OBJ_BYTEARRAY, 8, err);

    case CRN_OP_TUPLE:
        return crn_vm_run_marked(m, CRN_OBJ_TUPLE, err);
    case CRN_OP_EMPTY_TUPLE:
        return run_empty(m, CRN_OBJ_TUPLE, err);
    case CRN_OP_TUPLE1:
        return crn_vm_run_small_tuple(m, 1, err);
    case CRN_OP_TUPLE2:
        return crn_vm_run_small_tuple(m, 2, err);
    case CRN_OP_TUPLE3:
        return crn_vm_run_small_tuple(m, 3, err);
    case CRN_OP_LIST:
        return crn_vm_run_marked(m, CRN_OBJ_LIST, err);
    case CRN_OP_EMPTY_LIST:
        return run_empty(m, CRN_OBJ_LIST, err);
    case CRN_OP_DICT:
        return crn_vm_run_marked(m, CRN_OBJ_DICT, err);
    case CRN_OP_EMPTY_DICT:
        return run_empty(m, CRN_OBJ_DICT, err);
    case CRN_OP_FROZENSET:
        return crn_vm_run_marked(m, CRN_OBJ_FROZENSET, err);
    case CRN_OP_EMPTY_SET:
        return run_empty(m, CRN_OBJ_SET, err);
    case CRN_OP_APPEND:
        return crn_vm_run_add(m, 1, err);
    case CRN_OP_SETITEM:
        return crn_vm_run_add(m, 2, err);
    case CRN_OP_APPENDS:
    case CRN_OP_SETITEMS:
    case CRN_OP_ADDITEMS:
        return crn_vm_run_batch(m, err);

    case CRN_OP_GLOBAL:
        return crn_vm_run_global(m, err);
    case CRN_OP_STACK_GLOBAL:
        return crn_vm_run_stack_global(m, err);
    case CRN_OP_REDUCE:
        return crn_vm_run_call(m, CRN_BY_REDUCE, err);
    case CRN_OP_NEWOBJ:
        return crn_vm_run_call(m, CRN_BY_NEWOBJ, err);
    case CRN_OP_NEWOBJ_EX:
        return crn_vm_run_call(m, CRN_BY_NEWOBJ_EX, err);
    case CRN_OP_INST:
    case CRN_OP_OBJ:
        return crn_vm_run_inst(m, err);
    case CRN_OP_PERSID:
    case CRN_OP_BINPERSID:
        return crn_vm_run_persid(m, err);
    case CRN_OP_BUILD:
        return crn_vm_run_build(m, err);

    case CRN_OP_EXT1:
    case CRN_OP_EXT2:
    case CRN_OP_EXT4:
        return crn_vm_refuse(m, CRN_UNSUPPORTED, "names of copyreg's extension registry", err);
    case CRN_OP_NEXT_BUFFER:
    case CRN_OP_READONLY_BUFFER:
        return crn_vm_refuse(m, CRN_UNSUPPORTED, "data outside the file (out-of-band buffers)",
                             err);
    }
    return crn_fail_at(err, CRN_FORMAT, m->offset, "0x%02x is not a pickle opcode", m->opcode);
}

crn_status crn_pickle_run(crn_pickle_stream *stream, crn_error *err)
{
    crn_vm m = {.stream = stream, .in = stream->in};
    crn_status status = CRN_OK;
    while (status == CRN_OK && !m.stopped) {
        m.offset = crn_bytes_offset(m.in);
        status = crn_bytes_u8(m.in, &m.opcode, err);
        if (status == CRN_OK)
            status = run_opcode(&m, err);
        int protocol = opcode_protocol(m.opcode);
        m.newest = protocol > m.newest ? protocol : m.newest;
    }
    if (!m.has_proto)
        stream->protocol = m.newest;
    free(m.stack);
    free(m.marks);
    free(m.memo);
    return status;
}
