#ifndef GFN_WIDTH_SHIM_H
#define GFN_WIDTH_SHIM_H

#include <wchar.h>

/// Columns of a terminal that a character takes, by the locale; -1 for one that it cannot print. Declared
/// here because <wchar.h> hides it from a plain import.
extern int wcwidth(wchar_t character);
static inline int gfn_character_width(unsigned character) { return wcwidth((wchar_t)character); }

#endif
