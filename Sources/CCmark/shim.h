#ifndef GFN_CMARK_SHIM_H
#define GFN_CMARK_SHIM_H

#include <cmark.h>

#endif
