#define _GNU_SOURCE

#include "allocations.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_long count, products;
static _Thread_local long own;
static uintptr_t library_start, library_end;

// Where oneDNN lies in memory.
static int find_library(struct dl_phdr_info *library, size_t size, void *unused) {
  (void)size, (void)unused;
  if (!strstr(library->dlpi_name, "dnnl")) return 0;
  for (int part = 0; part < library->dlpi_phnum; part++) {
    uintptr_t start = library->dlpi_addr + library->dlpi_phdr[part].p_vaddr;
    uintptr_t end = start + library->dlpi_phdr[part].p_memsz;
    if (library->dlpi_phdr[part].p_type != PT_LOAD) continue;
    if (!library_start || start < library_start) library_start = start;
    if (end > library_end) library_end = end;
  }
  return 1;
}

__attribute__((constructor)) static void prepare(void) { dl_iterate_phdr(find_library, NULL); }

static void note(void *caller) {
  atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
  if ((uintptr_t)caller >= library_start && (uintptr_t)caller < library_end) {
    atomic_fetch_add_explicit(&products, 1, memory_order_relaxed);
  } else {
    own++;
  }
}

long gfn_allocations(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

long gfn_thread_allocations(void) { return own; }

long gfn_allocations_of_products(void) {
  return atomic_load_explicit(&products, memory_order_relaxed);
}

void *malloc(size_t size) {
  note(__builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  note(__builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  note(__builtin_return_address(0));
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  note(__builtin_return_address(0));
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}
