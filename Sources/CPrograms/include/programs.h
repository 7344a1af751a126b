#ifndef GFN_PROGRAMS_H
#define GFN_PROGRAMS_H

#include <stddef.h>
#include <sys/types.h>

/// A program that runs beside this one in a process group of its own, with a watchdog that ends the group
/// when this program is gone, however it went.
struct gfn_program {
  pid_t process;
  /// Leads the group.
  pid_t watchdog;
  /// Our ends of the pipes, none of which waits: the watchdog's lifeline, and what the program reads, says
  /// and complains.
  int lifeline;
  int input;
  int output;
  int errors;
};

/// Starts a program, looked up in PATH, without a shell.
/// - Returns: 0, or the error's number, and then nothing runs.
int gfn_program_start(char *const arguments[], struct gfn_program *program);

/// Writes without a signal where nobody reads any more.
ssize_t gfn_program_write(int descriptor, const void *bytes, size_t count);

/// Closes a descriptor once.
void gfn_program_close(int *descriptor);

/// Whether the program has ended; its status is then in `status`. Its number stays reserved.
int gfn_program_has_ended(const struct gfn_program *program, int *status);

/// Ends the whole group at once and forgets it.
void gfn_program_kill(struct gfn_program *program);

#endif
