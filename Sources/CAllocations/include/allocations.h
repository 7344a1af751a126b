#ifndef GFN_ALLOCATIONS_H
#define GFN_ALLOCATIONS_H

/// Blocks of memory that all threads have asked for so far. A program that links this library has its
/// calls of malloc and the like counted; the C library of GNU does the work.
long gfn_allocations(void);

/// Those of the calling thread, without oneDNN's.
long gfn_thread_allocations(void);

/// Those among all of them that oneDNN asked for itself, inside its products.
long gfn_allocations_of_products(void);

#endif
