/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving objects as a stream: what pickle_save.c, pickle_save_array.c and pickle_write.c share.
 */
#ifndef CRN_FORMAT_PICKLE_SAVE_H
#define CRN_FORMAT_PICKLE_SAVE_H

#include "format/pickle_emit.h"
#include "format/pickle_lower.h"

typedef enum crn_save_kind {
    CRN_SAVE_OBJECT,
    CRN_SAVE_TUPLE_ITEMS,
    CRN_SAVE_MARKED_ITEMS,
    CRN_SAVE_BATCHES,
    CRN_SAVE_GLOBAL_NAMES,
    CRN_SAVE_INSTANCE_PARTS
} crn_save_kind;

/* Something that is half done. */
typedef struct crn_save_task {
    crn_save_kind kind;
    const crn_object *self; /* what the memo knows */
    const crn_object *body; /* what is written for it */
    const crn_object_items *items;
    size_t next;         /* item, or part */
    size_t stride;       /* CRN_SAVE_BATCHES: 2 for keys with values */
    uint8_t one, many;   /* CRN_SAVE_BATCHES: opcodes; one 0: always the other */
    bool of_c_container; /* CRN_SAVE_BATCHES: an exact list, dict or set under the C pickler */
} crn_save_task;

typedef struct crn_pickle_saver {
    crn_pickle_output o;
    crn_pickle_lowering lowering;
    crn_save_task *tasks;
    size_t count, capacity;
    uint64_t begin; /* where the outermost stream begins in o.out */
} crn_pickle_saver;

/* A whole stream, PROTO to STOP. Uses the saver up. */
crn_status crn_pickle_save(crn_pickle_saver *saver, const crn_object *root, crn_error *err);

/* What follows the wrapper of a joblib array: its bytes, or a pickle of its own. `self` is the
 * array, `body` the wrapper that was written for it. */
crn_status crn_pickle_save_array(crn_pickle_saver *saver, const crn_object *self,
                                 const crn_object *body, crn_error *err);

/* pickle_save.c: the tasks. */
crn_status crn_save_push(crn_pickle_saver *s, crn_save_task t, crn_error *err);
crn_status crn_save_push_object(crn_pickle_saver *s, const crn_object *object, crn_error *err);
crn_save_task *crn_save_current(crn_pickle_saver *s);
void crn_save_finish(crn_pickle_saver *s);
bool crn_save_was_read_as(const crn_pickle_saver *s, const crn_object *object, uint8_t opcode);

/* pickle_save_items.c: tuples, lists, dicts, sets, and the items of instances. */
crn_status crn_save_begin_tuple(crn_pickle_saver *s, const crn_object *tuple, crn_error *err);
crn_status crn_save_continue_tuple(crn_pickle_saver *s, crn_error *err);
crn_status crn_save_continue_batches(crn_pickle_saver *s, crn_error *err);
crn_status crn_save_push_appends(crn_pickle_saver *s, const crn_object_items *items,
                                 bool of_container, crn_error *err);
crn_status crn_save_push_set_items(crn_pickle_saver *s, const crn_object_items *items,
                                   bool of_container, crn_error *err);
crn_status crn_save_begin_container(crn_pickle_saver *s, const crn_object *self,
                                    const crn_object *body, crn_error *err);
crn_status crn_save_continue_marked(crn_pickle_saver *s, crn_error *err);
crn_status crn_save_begin_frozenset(crn_pickle_saver *s, const crn_object *set, crn_error *err);

#endif
