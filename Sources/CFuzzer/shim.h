#ifndef GFN_FUZZER_SHIM_H
#define GFN_FUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, which a program starts with its own arguments.
int LLVMFuzzerRunDriver(
    int *argument_count, char ***arguments, int (*take)(const uint8_t *bytes, size_t count));

#endif
