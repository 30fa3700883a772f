/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of the HDF5 reader share: the bounded file, the budget, and the decoded
 * messages. Names follow the HDF5 File Format Specification 3.0. Only src/format/hdf5_*.c
 * include this. */
#ifndef CRN_FORMAT_HDF5_READER_H
#define CRN_FORMAT_HDF5_READER_H

#include "base/bytes.h"
#include "cornichon/limits.h"
#include "format/hdf5.h"

/* The tree owns every node and string through one arena; the list of nodes lets it be taken
 * down and written without recursion. A node always stands behind its parent in the list. */
struct crn_h5 {
    crn_arena *arena;
    crn_h5_node **nodes; /* nodes[0] is the root */
    size_t node_count, node_capacity;
};

/* What was read at an address. */
typedef struct crn_h5_map_slot {
    uint64_t address;
    void *value; /* NULL: free slot */
} crn_h5_map_slot;

/* Open addressing; a power of two of slots. All-zero is empty. */
typedef struct crn_h5_map {
    crn_h5_map_slot *slots;
    size_t count, capacity;
} crn_h5_map;

typedef struct crn_h5_reader {
    crn_h5 *h5;
    crn_buffer *file;
    crn_bytes bytes;                  /* from the superblock on: addresses count from here */
    crn_limits limits;                /* no field is 0 */
    uint8_t offset_size, length_size; /* bytes of an address and of a length in this file */
    uint64_t root;                    /* address of the root group's object header */
    /* An honest file's metadata is walked about once, so the bytes visited stay near the size
     * of the file. Each structure takes its size off the budget; a loop or an overlap soon
     * finds it empty. */
    uint64_t budget;
    uint64_t stored, unpacked; /* bytes of chunks in the file and in memory, for the limits */
    crn_h5_map nodes;          /* of object headers: to find cycles and second hard links */
    crn_h5_map heaps;          /* of global heap collections */
} crn_h5_reader;

/* ---- hdf5_bytes.c: addresses and structures ---- */

#define CRN_H5_UNDEFINED UINT64_MAX /* "undefined address", whatever the size of addresses */

/* `size` bytes at an address. */
crn_status crn_h5_at(const crn_h5_reader *reader, uint64_t address, uint64_t size,
                     crn_bytes *out, crn_error *err);
/* The same, taken off the budget. */
crn_status crn_h5_block(crn_h5_reader *reader, uint64_t address, uint64_t size, crn_bytes *out,
                        crn_error *err);
/* The same for a structure that begins with a signature and a version; the position is behind
 * both. */
crn_status crn_h5_structure(crn_h5_reader *reader, uint64_t address, uint64_t size,
                            const char signature[4], uint8_t version, crn_bytes *out,
                            crn_error *err);
/* The same whose last four bytes are a checksum of those before; it is cut off `out`. */
crn_status crn_h5_checked(crn_h5_reader *reader, uint64_t address, uint64_t size,
                          const char signature[4], uint8_t version, crn_bytes *out,
                          crn_error *err);
crn_status crn_h5_charge(crn_h5_reader *reader, uint64_t bytes, crn_error *err);
/* An unsigned little-endian number of 1 to 8 bytes. */
crn_status crn_h5_number(crn_bytes *in, unsigned size, uint64_t *out, crn_error *err);
crn_status crn_h5_offset(const crn_h5_reader *reader, crn_bytes *in, uint64_t *out,
                         crn_error *err);
crn_status crn_h5_length(const crn_h5_reader *reader, crn_bytes *in, uint64_t *out,
                         crn_error *err);
crn_status crn_h5_skip(crn_bytes *in, uint64_t size, crn_error *err);
/* The next `size` bytes as a reader of their own. */
crn_status crn_h5_slice(crn_bytes *in, uint64_t size, crn_bytes *out, crn_error *err);
unsigned crn_h5_log2(uint64_t value); /* floor; 0 for 0 */
void crn_h5_swap(uint8_t *bytes, size_t count,
                 size_t size); /* reverses the bytes of each element */
/* Keeps an error's message as the reason why something is not read. */
crn_status crn_h5_refuse(crn_h5_reader *reader, const crn_error *cause, const char **reason,
                         crn_error *err);

void *crn_h5_map_get(const crn_h5_map *map, uint64_t address); /* NULL: not there */
/* `address` must not be there yet. */
crn_status crn_h5_map_put(crn_h5_map *map, uint64_t address, void *value, crn_error *err);

/* ---- hdf5_checksum.c ---- */

/* True when the last four bytes hold the lookup3 checksum of those before. */
bool crn_h5_checksum_holds(const uint8_t *bytes, size_t size);

/* ---- hdf5_header.c: object headers ---- */

enum {
    CRN_H5_DATASPACE = 0x01,
    CRN_H5_LINK_INFO = 0x02,
    CRN_H5_DATATYPE = 0x03,
    CRN_H5_FILL_VALUE = 0x05,
    CRN_H5_LINK = 0x06,
    CRN_H5_EXTERNAL_FILES = 0x07,
    CRN_H5_LAYOUT = 0x08,
    CRN_H5_FILTERS = 0x0b,
    CRN_H5_ATTRIBUTE = 0x0c,
    CRN_H5_CONTINUATION = 0x10,
    CRN_H5_SYMBOL_TABLE = 0x11,
    CRN_H5_ATTRIBUTE_INFO = 0x15
};

enum { CRN_H5_SHARED = 0x02 }; /* message flag: the body only says where the message is */

typedef struct crn_h5_message {
    uint16_t type;
    uint8_t flags;
    crn_bytes body;
} crn_h5_message;

typedef struct crn_h5_header {
    crn_h5_message *messages;
    size_t count, capacity;
} crn_h5_header;

/* All messages of the object header at an address, continuations included. */
crn_status crn_h5_header_read(crn_h5_reader *reader, uint64_t address, crn_h5_header *out,
                              crn_error *err);
void crn_h5_header_free(crn_h5_header *header);
/* The first message of a type, or NULL. */
const crn_h5_message *crn_h5_message_find(const crn_h5_header *header, uint16_t type);

/* ---- hdf5_datatype.c: types and shapes ---- */

typedef enum crn_h5_kind {
    CRN_H5_NUMBER,
    CRN_H5_OPAQUE2, /* two bytes that only an attribute can make bfloat16 */
    CRN_H5_FIXED_TEXT,
    CRN_H5_VARIABLE_TEXT
} crn_h5_kind;

enum { CRN_H5_NULL_TERMINATED = 0, CRN_H5_NULL_PADDED = 1, CRN_H5_SPACE_PADDED = 2 };

typedef struct crn_h5_type {
    crn_h5_kind kind;
    crn_dtype dtype; /* numbers */
    uint32_t size;   /* bytes of an element in the file */
    bool swapped;    /* not in this machine's byte order */
    bool utf8;
    uint8_t padding; /* fixed text */
} crn_h5_type;

typedef struct crn_h5_space {
    bool is_null; /* no value at all, h5py.Empty */
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    uint64_t most[CRN_MAX_NDIM]; /* maximum shape; CRN_H5_UNDEFINED: unlimited */
    uint64_t count;              /* elements */
} crn_h5_space;

/* CRN_UNSUPPORTED, with the type's name, for types that are valid but not ours. */
crn_status crn_h5_type_read(crn_bytes *in, crn_h5_type *out, crn_error *err);
/* The same through a shared message's reference to a named datatype. */
crn_status crn_h5_type_read_message(crn_h5_reader *reader, crn_bytes *in, bool shared,
                                    crn_h5_type *out, crn_error *err);
crn_status crn_h5_space_read(const crn_h5_reader *reader, crn_bytes *in, crn_h5_space *out,
                             crn_error *err);
/* Bytes of all elements in the file, checked for overflow. */
crn_status crn_h5_value_size(const crn_h5_type *type, const crn_h5_space *space, uint64_t *out,
                             crn_error *err);

/* ---- hdf5_attribute.c: attributes, and values of text ---- */

/* The header's attributes, compact and dense, into the node. */
crn_status crn_h5_attributes_read(crn_h5_reader *reader, const crn_h5_header *header,
                                  crn_h5_node *node, crn_error *err);
/* Decodes strings; `data` holds all of them as stored. */
crn_status crn_h5_text_read(crn_h5_reader *reader, const crn_h5_type *type,
                            const crn_h5_space *space, crn_bytes data, crn_h5_attribute *out,
                            crn_error *err);

/* ---- hdf5_dataset.c, hdf5_chunk.c, hdf5_chunk_index.c, hdf5_filter.c ---- */

/* A dataset's header into the node, whose attributes are already there. */
crn_status crn_h5_dataset_read(crn_h5_reader *reader, const crn_h5_header *header,
                               crn_h5_node *node, crn_error *err);

enum { CRN_H5_DEFLATE = 1, CRN_H5_SHUFFLE = 2, CRN_H5_FLETCHER32 = 3 };
enum { CRN_H5_MAX_FILTERS = 8 };

typedef struct crn_h5_pipeline {
    uint32_t count;
    uint16_t filter[CRN_H5_MAX_FILTERS]; /* in the order of writing */
} crn_h5_pipeline;

crn_status crn_h5_pipeline_read(crn_bytes *in, crn_h5_pipeline *out, crn_error *err);
/* Undoes the filters but those of `mask` on one stored chunk, to `size` bytes at `out`.
 * `scratch` has room for 2 x (size + 4 x CRN_H5_MAX_FILTERS) bytes. */
crn_status crn_h5_pipeline_undo(const crn_h5_pipeline *pipeline, uint32_t mask,
                                uint32_t element, crn_bytes stored, uint8_t *scratch,
                                uint8_t *out, size_t size, crn_error *err);

typedef struct crn_h5_chunk {
    uint64_t address, size;        /* as stored */
    uint32_t mask;                 /* bit i: filter i was not applied */
    uint64_t origin[CRN_MAX_NDIM]; /* first element */
} crn_h5_chunk;

/* What a chunked layout message says, with the chunks that its index lists. */
typedef struct crn_h5_chunks {
    const crn_h5_space *space;
    uint32_t element; /* bytes */
    uint64_t shape[CRN_MAX_NDIM];
    uint64_t bytes; /* of one chunk, unpacked */
    bool filtered;
    bool whole_only; /* chunks that stick out of the dataset's shape are not filtered */
    crn_h5_chunk *at;
    size_t count, capacity;
    uint64_t stored; /* bytes of them all in the file */
} crn_h5_chunks;

/* A chunked dataset's elements, dense, from the layout message behind its class. *out is one
 * reference. */
crn_status crn_h5_chunked_read(crn_h5_reader *reader, crn_bytes layout, uint8_t version,
                               const crn_h5_header *header, const crn_h5_type *type,
                               const crn_h5_space *space, crn_buffer **out, crn_error *err);
/* Notes a chunk; those outside the shape were left when the dataset shrank, and are passed
 * over. */
crn_status crn_h5_chunks_add(crn_h5_reader *reader, crn_h5_chunks *chunks, crn_h5_chunk chunk,
                             crn_error *err);
/* Adds the chunks of one index; `address` is where it begins. */
typedef crn_status (*crn_h5_chunk_index)(crn_h5_reader *reader, uint64_t address,
                                         crn_h5_chunks *chunks, crn_error *err);
crn_status crn_h5_chunks_in_btree1(crn_h5_reader *reader, uint64_t address,
                                   crn_h5_chunks *chunks, crn_error *err);
crn_status crn_h5_chunks_in_btree2(crn_h5_reader *reader, uint64_t address,
                                   crn_h5_chunks *chunks, crn_error *err);
crn_status crn_h5_chunks_implicit(crn_h5_reader *reader, uint64_t address,
                                  crn_h5_chunks *chunks, crn_error *err);
crn_status crn_h5_chunks_in_fixed_array(crn_h5_reader *reader, uint64_t address,
                                        crn_h5_chunks *chunks, crn_error *err);
crn_status crn_h5_chunks_in_extensible_array(crn_h5_reader *reader, uint64_t address,
                                             crn_h5_chunks *chunks, crn_error *err);
/* Takes `unpacked` bytes, got from `stored` ones, off the limits on inflating. */
crn_status crn_h5_unpack(crn_h5_reader *reader, uint64_t stored, uint64_t unpacked,
                         crn_error *err);
/* `count` elements of the fill value, or zeros. */
crn_status crn_h5_fill(const crn_h5_header *header, uint32_t element, uint64_t count,
                       crn_buffer **out, crn_error *err);

/* ---- hdf5_group.c ---- */

/* Adds the group's members as nodes whose `offset` is the address of their header. */
crn_status crn_h5_group_read(crn_h5_reader *reader, const crn_h5_header *header,
                             crn_h5_node *node, crn_error *err);

/* ---- hdf5_btree.c, hdf5_heap.c ---- */

/* Calls visit for each record (version 2) or each key with its child (version 1, level 0). */
typedef crn_status (*crn_h5_visit)(void *context, crn_bytes record, uint64_t child,
                                   crn_error *err);

crn_status crn_h5_btree1_walk(crn_h5_reader *reader, uint64_t address, uint8_t type,
                              size_t key_size, crn_h5_visit visit, void *context,
                              crn_error *err);
crn_status crn_h5_btree2_walk(crn_h5_reader *reader, uint64_t address, uint8_t type,
                              size_t record_size, crn_h5_visit visit, void *context,
                              crn_error *err);

/* An object of a global heap collection. */
crn_status crn_h5_global_heap_object(crn_h5_reader *reader, uint64_t collection, uint32_t index,
                                     crn_bytes *out, crn_error *err);

typedef struct crn_h5_fractal_heap {
    uint64_t huge_btree;
    uint64_t root;
    uint64_t start_block, most_direct;
    uint16_t id_size, width, rows, most_bits;
    uint8_t offset_size, length_size;
} crn_h5_fractal_heap;

crn_status crn_h5_fractal_heap_read(crn_h5_reader *reader, uint64_t address,
                                    crn_h5_fractal_heap *out, crn_error *err);
/* The object that a heap ID names. */
crn_status crn_h5_fractal_heap_object(crn_h5_reader *reader, const crn_h5_fractal_heap *heap,
                                      crn_bytes id, crn_bytes *out, crn_error *err);

/* ---- hdf5_tree.c, hdf5_build.c ---- */

/* A node without parent or attributes, owned by the tree; `name` is copied. */
crn_status crn_h5_node_create(crn_h5 *h5, const char *name, size_t size, crn_h5_node **out,
                              crn_error *err);
/* Adds a member to a group; `sorted` keeps the members in name order. */
crn_status crn_h5_node_adopt(crn_h5_node *group, crn_h5_node *child, bool sorted,
                             crn_error *err);
/* The member of a group by the first `size` bytes of a name, or NULL. Needs sorted members. */
crn_h5_node *crn_h5_member_find(const crn_h5_node *group, const char *name, size_t size);
/* The next part of a path, which moves behind it; false at its end. */
bool crn_h5_next_part(const char **path, const char **part, size_t *size);
/* A free attribute at the end of the node's. */
crn_status crn_h5_attribute_add(crn_h5_node *node, crn_h5_attribute **out, crn_error *err);
/* Makes an attribute text with room for `count` strings; puts string i. */
crn_status crn_h5_text_room(crn_h5 *h5, crn_h5_attribute *attribute, size_t count,
                            crn_error *err);
crn_status crn_h5_text_put(crn_h5 *h5, crn_h5_attribute *attribute, size_t i, const char *text,
                           size_t size, crn_error *err);
/* Puts the node's path into a recorded error's `where` unless one is there; returns `status`.
 */
crn_status crn_h5_where(const crn_h5_node *node, crn_status status, crn_error *err);
crn_status crn_h5_tree_create(uint64_t memory_bytes, crn_h5 **out, crn_error *err);

#endif
