#include "kernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// The thread sanitizer cannot start a program whose loader picks functions.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define FOR_ALL_PROCESSORS __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define FOR_ALL_PROCESSORS
#endif

/// Columns whose sums stay in registers while rows go by.
enum { strip = 64 };

FOR_ALL_PROCESSORS
void gfn_add_bias(float *restrict values, const float *restrict bias, long rows, long width) {
  for (long row = 0; row < rows; row++, values += width) {
    for (long column = 0; column < width; column++) values[column] += bias[column];
  }
}

FOR_ALL_PROCESSORS
void gfn_add_bias_rectify(
    float *restrict values, const float *restrict bias, long rows, long width) {
  for (long row = 0; row < rows; row++, values += width) {
    for (long column = 0; column < width; column++) {
      float value = values[column] + bias[column];
      values[column] = value <= 0 ? 0 : value;
    }
  }
}

FOR_ALL_PROCESSORS
void gfn_rectify(float *values, long count) {
  for (long index = 0; index < count; index++) {
    values[index] = values[index] <= 0 ? 0 : values[index];
  }
}

FOR_ALL_PROCESSORS
void gfn_mask(
    float *restrict values, const float *restrict activation, long rows, long width) {
  long count = rows * width;
  for (long index = 0; index < count; index++) {
    values[index] = activation[index] <= 0 ? 0 : values[index];
  }
}

FOR_ALL_PROCESSORS
void gfn_mask_and_sum(
    float *restrict values, const float *restrict activation, long rows, long width,
    float *restrict sums) {
  long column = 0;
  for (; column + strip <= width; column += strip) {
    float sum[strip] = {0};
    for (long row = 0; row < rows; row++) {
      float *v = values + row * width + column;
      const float *a = activation + row * width + column;
      for (int lane = 0; lane < strip; lane++) {
        float value = a[lane] <= 0 ? 0 : v[lane];
        v[lane] = value;
        sum[lane] += value;
      }
    }
    memcpy(sums + column, sum, sizeof sum);
  }
  for (; column < width; column++) {
    float sum = 0;
    for (long row = 0; row < rows; row++) {
      long index = row * width + column;
      if (activation[index] <= 0) values[index] = 0;
      sum += values[index];
    }
    sums[column] = sum;
  }
}

FOR_ALL_PROCESSORS
void gfn_add(float *restrict sum, const float *restrict values, long count) {
  for (long index = 0; index < count; index++) sum[index] += values[index];
}

FOR_ALL_PROCESSORS
void gfn_add_scaled(
    float *restrict sum, float scale, const float *restrict values, long count) {
  for (long index = 0; index < count; index++) sum[index] += scale * values[index];
}

FOR_ALL_PROCESSORS
void gfn_scale_and_add(float *restrict y, float scale, const float *restrict x, long count) {
  for (long index = 0; index < count; index++) y[index] = x[index] + scale * y[index];
}

void gfn_transpose(
    float *restrict result, const float *restrict values, long rows, long columns) {
  // Tiles of a few cache lines each way.
  enum { tile = 16 };
  for (long top = 0; top < rows; top += tile) {
    long bottom = top + tile < rows ? top + tile : rows;
    for (long left = 0; left < columns; left += tile) {
      long right = left + tile < columns ? left + tile : columns;
      for (long column = left; column < right; column++) {
        for (long row = top; row < bottom; row++) {
          result[column * rows + row] = values[row * columns + column];
        }
      }
    }
  }
}

FOR_ALL_PROCESSORS
void gfn_gather(
    float *restrict result, const float *restrict bias, const float *restrict weight,
    const int32_t *restrict inputs, long count, long width) {
  long column = 0;
  for (; column + strip <= width; column += strip) {
    float sum[strip];
    for (int lane = 0; lane < strip; lane++) sum[lane] = bias[column + lane];
    for (long input = 0; input < count; input++) {
      const float *values = weight + inputs[input] * width + column;
      for (int lane = 0; lane < strip; lane++) sum[lane] += values[lane];
    }
    for (int lane = 0; lane < strip; lane++) result[column + lane] = sum[lane];
  }
  for (; column < width; column++) {
    float sum = bias[column];
    for (long input = 0; input < count; input++) sum += weight[inputs[input] * width + column];
    result[column] = sum;
  }
}

FOR_ALL_PROCESSORS
double gfn_dot(const float *a, const float *b, long count) {
  // As many running sums as a wide register has lanes, twice: the order is the same on all processors.
  double sums[16] = {0};
  long index = 0;
  for (; index + 16 <= count; index += 16) {
    for (int lane = 0; lane < 16; lane++) {
      sums[lane] += (double)a[index + lane] * (double)b[index + lane];
    }
  }
  double sum = 0;
  for (int lane = 0; lane < 16; lane++) sum += sums[lane];
  for (; index < count; index++) sum += (double)a[index] * (double)b[index];
  return sum;
}

FOR_ALL_PROCESSORS
void gfn_adam_step(
    float *restrict parameters, float *restrict first, float *restrict second,
    const float *restrict gradient, long count, struct gfn_adam step) {
  for (long index = 0; index < count; index++) {
    float slope = gradient[index] * step.scale;
    float m = step.beta1 * first[index] + step.fresh1 * slope;
    float v = step.beta2 * second[index] + step.fresh2 * slope * slope;
    first[index] = m;
    second[index] = v;
    parameters[index] -= step.rate * m / (__builtin_elementwise_sqrt(v) * step.root + step.epsilon);
  }
}
