#ifndef GFN_ONEDNN_SHIM_H
#define GFN_ONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>
#include <sys/syscall.h>
#include <unistd.h>

// OpenMP's per-thread team size; declared here because <omp.h> belongs to the compiler, not to a
// system include path.
extern void omp_set_num_threads(int);

/// Row-major C[M, N] = alpha · op(A) · op(B) + beta · C; op is the transpose where the flag is set.
/// Returns 0 on success.
static inline int gfn_sgemm(
    int transpose_a, int transpose_b, long m, long n, long k, float alpha, const float *a, long lda,
    const float *b, long ldb, float beta, float *c, long ldc) {
  return dnnl_sgemm(
      transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c,
      ldc);
}

/// Makes OpenMP regions opened by the calling thread run on that thread alone.
static inline void gfn_single_threaded(void) { omp_set_num_threads(1); }

/// Tells the processor that this thread is waiting for another one.
static inline void gfn_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// The processors this process may run on, by its affinity mask; 0 when that cannot be told.
static inline int gfn_available_processors(void) {
#if defined(SYS_sched_getaffinity)
  unsigned long mask[128] = {0};
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long word = 0; word * (long)sizeof mask[0] < bytes; word++) {
    count += __builtin_popcountl(mask[word]);
  }
  return count;
#else
  return 0;
#endif
}

#endif
