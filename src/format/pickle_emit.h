/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing one pickle stream opcode by opcode: frames, the memo, and values without parts,
 * spelled as CPython's picklers spell them (Lib/pickle.py and Modules/_pickle.c of 3.13). */
#ifndef CRN_FORMAT_PICKLE_EMIT_H
#define CRN_FORMAT_PICKLE_EMIT_H

#include "format/object.h"
#include "format/pickle_opcodes.h"

typedef struct crn_memo_slot {
    const crn_object *object; /* NULL: free */
    size_t index;
} crn_memo_slot;

typedef struct crn_pickle_output {
    crn_text *out; /* offsets in it are offsets in the file */
    int protocol;
    bool framed;    /* with FRAME opcodes, from protocol 4 on */
    bool c_pickler; /* with the habits of the C pickler where they differ from the Python one's
                     */
    bool raw_controls; /* see pickle_text.h */
    bool exact;        /* objects that were read are spelled as they were */

    bool in_frame;
    size_t frame; /* where the current frame's header is */
    crn_memo_slot *memo;
    size_t memo_slots; /* a power of two, or 0 */
    size_t memo_keys;
    size_t memo_count; /* the next index */
    crn_status status; /* of the memo; out has its own */
} crn_pickle_output;

void crn_emit_begin(crn_pickle_output *o); /* PROTO */
void crn_emit_end(crn_pickle_output *o);   /* STOP; frees the memo */
crn_status crn_emit_status(const crn_pickle_output *o, crn_error *err);

void crn_emit_opcode(crn_pickle_output *o, uint8_t opcode);
/* Ends the frame: always, or when 64 KiB are in it. */
void crn_emit_commit(crn_pickle_output *o, bool force);
/* Bytes outside of frames and opcodes: joblib's arrays. */
void crn_emit_raw(crn_pickle_output *o, const void *bytes, size_t size);

void crn_emit_bool(crn_pickle_output *o, const crn_object *object);
void crn_emit_int(crn_pickle_output *o, const crn_object *object); /* INT and LONG */
void crn_emit_float(crn_pickle_output *o, const crn_object *object);
void crn_emit_str(crn_pickle_output *o, const crn_object *object);
void crn_emit_bytes(crn_pickle_output *o, const crn_object *object); /* BYTES and BYTEARRAY */
/* "line\n" behind PERSID, GLOBAL or INST, and again for a second line (opcode 0). */
void crn_emit_line(crn_pickle_output *o, uint8_t opcode, const crn_object *text);

/* Puts the object on top of the stack into the memo, unless it was read and was not put there.
 * With `shared` false it takes an index, but will not be found again. */
void crn_emit_memoize(crn_pickle_output *o, const crn_object *object, bool shared);
/* Gets the object from the memo; false when it is not there. */
bool crn_emit_get(crn_pickle_output *o, const crn_object *object);
bool crn_emit_has(const crn_pickle_output *o, const crn_object *object);

#endif
