/* SPDX-License-Identifier: BSD-3-Clause */
/* Checked sizes, arenas that are dropped whole, and counted buffers. */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool crn_mul_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

void *crn_calloc(size_t n, size_t size)
{
    size_t bytes;
    if (!crn_mul_size(n, size, &bytes))
        return NULL;
    return calloc(1, bytes > 0 ? bytes : 1);
}

crn_status crn_grow(void **items, size_t *capacity, size_t count, size_t size, crn_error *err)
{
    if (count < *capacity)
        return CRN_OK;
    size_t wanted = *capacity > 0 ? *capacity * 2 : 8;
    size_t bytes;
    if (wanted < *capacity || !crn_mul_size(wanted, size, &bytes))
        return crn_no_memory(err);
    void *grown = realloc(*items, bytes);
    if (grown == NULL)
        return crn_no_memory(err);
    *items = grown;
    *capacity = wanted;
    return CRN_OK;
}

/* ---- arena ---- */

enum { ARENA_ALIGN = 16, ARENA_BLOCK = 16 * 1024, ARENA_BLOCK_MAX = 1024 * 1024 };

typedef struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes behind the header */
    size_t used;
    size_t unused; /* keeps the payload aligned */
} arena_block;

struct crn_arena {
    arena_block *blocks; /* the newest first; only the first has room */
    uint64_t handed_out;
    uint64_t limit;
    size_t next_size;
    bool limit_hit;
};

crn_arena *crn_arena_create(uint64_t limit)
{
    crn_arena *arena = crn_calloc(1, sizeof *arena);
    if (arena == NULL)
        return NULL;
    arena->limit = limit > 0 ? limit : UINT64_MAX;
    arena->next_size = ARENA_BLOCK;
    return arena;
}

void crn_arena_destroy(crn_arena *arena)
{
    if (arena == NULL)
        return;
    arena_block *block = arena->blocks;
    while (block != NULL) {
        arena_block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

static arena_block *add_block(crn_arena *arena, size_t at_least)
{
    size_t size = at_least > arena->next_size ? at_least : arena->next_size;
    if (size > SIZE_MAX - sizeof(arena_block))
        return NULL;
    arena_block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    /* A block for one large request must not hide the room left in the current one. */
    if (arena->blocks != NULL && at_least > arena->next_size) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
        if (arena->next_size < ARENA_BLOCK_MAX)
            arena->next_size *= 2;
    }
    return block;
}

void *crn_arena_alloc(crn_arena *arena, size_t n, size_t size)
{
    size_t bytes;
    if (!crn_mul_size(n, size, &bytes) || bytes > SIZE_MAX - ARENA_ALIGN)
        return NULL;
    bytes = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (bytes == 0)
        bytes = ARENA_ALIGN;
    if (bytes > arena->limit - arena->handed_out) {
        arena->limit_hit = true;
        return NULL;
    }

    arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < bytes) {
        block = add_block(arena, bytes);
        if (block == NULL)
            return NULL;
    }
    void *memory = (char *)(block + 1) + block->used;
    block->used += bytes;
    arena->handed_out += bytes;
    return memory;
}

crn_status crn_arena_fail(const crn_arena *arena, crn_error *err)
{
    if (arena->limit_hit)
        return crn_fail(err, CRN_LIMIT, "needs more than the limit memory_bytes = %llu",
                        (unsigned long long)arena->limit);
    return crn_no_memory(err);
}

char *crn_arena_text(crn_arena *arena, const char *text, size_t size)
{
    char *copy = size < SIZE_MAX ? crn_arena_alloc(arena, size + 1, 1) : NULL;
    if (copy != NULL && size > 0)
        memcpy(copy, text, size);
    return copy;
}

/* ---- counted buffers ---- */

struct crn_buffer {
    atomic_size_t references;
    void *data;
    size_t size;
    bool is_file; /* a map that is never written */
    void (*release)(void *context);
    void *context;
};

/* From here on the allocator maps fresh memory for every block, too. */
enum { LARGE = 32 << 20 };

static void unmap(void *context)
{
    const crn_buffer *buffer = context;
    munmap(buffer->data, buffer->size);
}

/* Zeroed memory that takes room only where it is written, in huge pages where the system has
 * them, which makes the first touch of a large model much faster. */
static crn_buffer *map_large(size_t size)
{
    void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
        return NULL;
    madvise(data, size, MADV_HUGEPAGE);
    crn_buffer *buffer = crn_buffer_wrap(data, size, unmap, NULL);
    if (buffer == NULL)
        munmap(data, size);
    else
        buffer->context = buffer;
    return buffer;
}

crn_buffer *crn_buffer_create(size_t size)
{
    enum { ALIGN = 64 };
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    if (size >= LARGE)
        return map_large(size);
    size_t rounded = (size / ALIGN + 1) * ALIGN;
    void *data = aligned_alloc(ALIGN, rounded);
    if (data == NULL)
        return NULL;
    memset(data, 0, rounded);
    crn_buffer *buffer = crn_buffer_wrap(data, size, free, data);
    if (buffer == NULL)
        free(data);
    return buffer;
}

crn_buffer *crn_buffer_wrap(void *data, size_t size, void (*release)(void *context),
                            void *context)
{
    crn_buffer *buffer = crn_calloc(1, sizeof *buffer);
    if (buffer == NULL)
        return NULL;
    atomic_init(&buffer->references, 1);
    buffer->data = data;
    buffer->size = size;
    buffer->release = release;
    buffer->context = context;
    return buffer;
}

crn_buffer *crn_buffer_retain(crn_buffer *buffer)
{
    if (buffer != NULL)
        atomic_fetch_add_explicit(&buffer->references, 1, memory_order_relaxed);
    return buffer;
}

void crn_buffer_release(crn_buffer *buffer)
{
    if (buffer == NULL)
        return;
    if (atomic_fetch_sub_explicit(&buffer->references, 1, memory_order_acq_rel) > 1)
        return;
    if (buffer->release != NULL)
        buffer->release(buffer->context);
    free(buffer);
}

void crn_buffer_mark_file(crn_buffer *buffer)
{
    buffer->is_file = true;
}

void crn_buffer_rest(const crn_buffer *buffer, const void *from, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (buffer == NULL || !buffer->is_file)
        return;
    /* Whole pages only: others may hold what is still asked for. The map begins with one. */
    const size_t offset = (size_t)((const char *)from - (const char *)buffer->data);
    if (offset > buffer->size)
        return;
    const size_t most = buffer->size - offset;
    const size_t begin = (offset + page - 1) / page * page;
    const size_t end = (offset + (size < most ? size : most)) / page * page;
    if (end > begin)
        madvise((char *)buffer->data + begin, end - begin, MADV_DONTNEED);
}

void *crn_buffer_data(const crn_buffer *buffer)
{
    return buffer->data;
}

size_t crn_buffer_size(const crn_buffer *buffer)
{
    return buffer->size;
}
