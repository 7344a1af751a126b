#define _GNU_SOURCE
#include "files.h"

#include <fcntl.h>
#include <sys/xattr.h>

int gfn_folder_flags(void) { return O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC; }

int gfn_set_attribute(int descriptor, const char *name, const void *bytes, size_t count) {
  return fsetxattr(descriptor, name, bytes, count, 0);
}

long gfn_attribute(int descriptor, const char *name, void *bytes, size_t size) {
  return (long)fgetxattr(descriptor, name, bytes, size);
}
