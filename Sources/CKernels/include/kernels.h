#ifndef GFN_KERNELS_H
#define GFN_KERNELS_H

#include <stdint.h>

// The loops around the matrix products. Matrices are row-major and contiguous. They are in C because
// one binary then holds each of them for several generations of processors and the loader picks;
// contraction to fused multiply-adds is off, so all of them give the same bits.

/// values[r, c] += bias[c]
void gfn_add_bias(float *values, const float *bias, long rows, long width);

/// values[r, c] = max(values[r, c] + bias[c], 0); a NaN stays.
void gfn_add_bias_rectify(float *values, const float *bias, long rows, long width);

/// values[i] = max(values[i], 0)
void gfn_rectify(float *values, long count);

/// values[r, c] = 0 where activation[r, c] ≤ 0
void gfn_mask(float *values, const float *activation, long rows, long width);

/// The same, and sums[c] = Σ_r values[r, c] of the result.
void gfn_mask_and_sum(
    float *values, const float *activation, long rows, long width, float *sums);

/// sum[i] += values[i]
void gfn_add(float *sum, const float *values, long count);

/// sum[i] += scale · values[i]
void gfn_add_scaled(float *sum, float scale, const float *values, long count);

/// y[i] = x[i] + scale · y[i]
void gfn_scale_and_add(float *y, float scale, const float *x, long count);

/// result[c, r] = values[r, c]
void gfn_transpose(float *result, const float *values, long rows, long columns);

/// result[c] = bias[c] + Σ_i weight[inputs[i], c]
void gfn_gather(
    float *result, const float *bias, const float *weight, const int32_t *inputs, long count,
    long width);

/// Σ_i a[i] · b[i] in double precision.
double gfn_dot(const float *a, const float *b, long count);

struct gfn_adam {
  float scale, beta1, beta2, fresh1, fresh2, rate, root, epsilon;
};

/// One step of Adam against `scale · gradient` with the bias corrections in `rate` and `root`:
/// m = β1 m + (1 − β1) g, v = β2 v + (1 − β2) g², p −= rate · m / (√v · root + ε).
void gfn_adam_step(
    float *parameters, float *first, float *second, const float *gradient, long count,
    struct gfn_adam step);

#endif
