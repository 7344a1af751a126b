#ifndef GFN_FILES_H
#define GFN_FILES_H

#include <stddef.h>

// What Swift's Glibc module leaves out.

/// The flags that open a folder only to reach what lies in it; a symbolic link is none.
int gfn_folder_flags(void);

/// Sets an extended attribute of an open file; -1 where the file system has none.
int gfn_set_attribute(int descriptor, const char *name, const void *bytes, size_t count);

/// Reads an extended attribute of an open file; the number of its bytes, or -1.
long gfn_attribute(int descriptor, const char *name, void *bytes, size_t size);

#endif
