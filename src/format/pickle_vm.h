/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the pickle machine: its registers, and what its parts share. Each run_ function
 * does one opcode or one family of them. */
#ifndef CRN_FORMAT_PICKLE_VM_H
#define CRN_FORMAT_PICKLE_VM_H

#include "format/pickle_machine.h"
#include "format/pickle_opcodes.h"

typedef struct crn_vm {
    crn_pickle_stream *stream;
    crn_bytes *in;
    crn_object **stack;
    size_t depth, stack_capacity;
    size_t *marks; /* depths at which MARK was met */
    size_t mark_count, mark_capacity;
    crn_object **memo; /* by index; NULL where nothing was put */
    size_t memo_size, memo_count;
    uint8_t opcode;
    uint64_t offset; /* of the opcode */
    int newest;      /* highest protocol of the opcodes so far */
    bool has_proto;
    bool stopped;
} crn_vm;

/* pickle_vm.c: errors, the stack, new objects, arguments. */
const char *crn_vm_opcode_name(uint8_t opcode);
crn_status crn_vm_refuse(const crn_vm *m, crn_status code, const char *what, crn_error *err);
size_t crn_vm_floor(const crn_vm *m);
crn_status crn_vm_push(crn_vm *m, crn_object *object, crn_error *err);
crn_status crn_vm_need(const crn_vm *m, size_t count, crn_error *err);
crn_object *crn_vm_top(const crn_vm *m, size_t above);
crn_status crn_vm_pop_mark(crn_vm *m, crn_object ***items, size_t *count, crn_error *err);
crn_status crn_vm_new_object(crn_vm *m, crn_object_kind kind, crn_object **out, crn_error *err);
crn_status crn_vm_push_new(crn_vm *m, crn_object_kind kind, crn_object **out, crn_error *err);
crn_status crn_vm_read_uint(crn_vm *m, size_t size, uint64_t *out, crn_error *err);
crn_status crn_vm_read_counted(crn_vm *m, size_t length_size, const char **at, size_t *size,
                               crn_error *err);
crn_status crn_vm_check_text_size(const crn_vm *m, size_t size, crn_error *err);
crn_status crn_vm_new_str(crn_vm *m, const char *text, size_t size, crn_object **out,
                          crn_error *err);

/* pickle_values.c: numbers, strings, containers. */
crn_status crn_vm_push_bool(crn_vm *m, bool value, crn_error *err);
crn_status crn_vm_run_binary_int(crn_vm *m, size_t size, crn_error *err);
crn_status crn_vm_run_long(crn_vm *m, size_t length_size, crn_error *err);
crn_status crn_vm_run_text_int(crn_vm *m, crn_error *err);
crn_status crn_vm_run_text_float(crn_vm *m, crn_error *err);
crn_status crn_vm_run_binary_float(crn_vm *m, crn_error *err);
crn_status crn_vm_run_binary_unicode(crn_vm *m, size_t length_size, crn_error *err);
crn_status crn_vm_run_bytes(crn_vm *m, crn_object_kind kind, size_t length_size,
                            crn_error *err);
crn_status crn_vm_run_binary_string(crn_vm *m, size_t length_size, crn_error *err);
crn_status crn_vm_run_text_string(crn_vm *m, crn_error *err);
crn_status crn_vm_extend(crn_vm *m, crn_object_items *items, crn_object **more, size_t count,
                         crn_error *err);
crn_status crn_vm_run_marked(crn_vm *m, crn_object_kind kind, crn_error *err);
crn_status crn_vm_run_small_tuple(crn_vm *m, size_t count, crn_error *err);
crn_status crn_vm_run_batch(crn_vm *m, crn_error *err);
crn_status crn_vm_run_add(crn_vm *m, size_t count, crn_error *err);

/* pickle_calls.c: marks, the memo, names, calls. */
crn_status crn_vm_run_mark(crn_vm *m, crn_error *err);
crn_status crn_vm_run_pop(crn_vm *m, crn_error *err);
crn_status crn_vm_run_pop_mark(crn_vm *m, crn_error *err);
crn_status crn_vm_run_dup(crn_vm *m, crn_error *err);
crn_status crn_vm_memoize(crn_vm *m, uint64_t index, crn_error *err);
crn_status crn_vm_run_memo(crn_vm *m, size_t size, crn_error *err);
crn_status crn_vm_run_global(crn_vm *m, crn_error *err);
crn_status crn_vm_run_stack_global(crn_vm *m, crn_error *err);
crn_status crn_vm_run_call(crn_vm *m, crn_instance_how how, crn_error *err);
crn_status crn_vm_run_inst(crn_vm *m, crn_error *err);
crn_status crn_vm_run_persid(crn_vm *m, crn_error *err);
crn_status crn_vm_run_build(crn_vm *m, crn_error *err);

#endif
