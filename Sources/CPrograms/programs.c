#define _GNU_SOURCE
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int make_pipe(int ends[2], int ours) {
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  return fcntl(ends[ours], F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
}

// Starts a process in a group (0: one of its own) with plain signals and these three files alone.
static int start(
    char *const arguments[], char *const environment[], pid_t group, const int files[3],
    pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (int i = 0; i < 3; i++) {
    if (files[i] >= 0)
      posix_spawn_file_actions_adddup2(&actions, files[i], i);
    else
      posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_setpgroup(&attributes, group);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int error = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

// This program's environment, in which Python does not keep an answer back until its buffer is full. Null where
// there is no memory.
static char **make_environment(void) {
  static char unbuffered[] = "PYTHONUNBUFFERED=1";
  size_t count = 0;
  while (environ[count]) count++;
  char **copy = malloc((count + 2) * sizeof(char *));
  if (!copy) return NULL;
  memcpy(copy, environ, count * sizeof(char *));
  if (!getenv("PYTHONUNBUFFERED")) copy[count++] = unbuffered;
  copy[count] = NULL;
  return copy;
}

static void reap(pid_t process) {
  while (process > 0 && waitpid(process, NULL, 0) < 0 && errno == EINTR) {
  }
}

int gfn_program_start(char *const arguments[], struct gfn_program *program) {
  int life[2] = {-1, -1}, in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  // The end of its input, which comes when this program is gone, ends the group and so itself. Whatever the
  // program does to the group meanwhile, the watchdog sits through it.
  char script[] =
      "trap '' HUP INT QUIT TERM USR1 USR2 PIPE ALRM TSTP TTIN TTOU; read -r line; kill -KILL 0";
  char shell[] = "/bin/sh", option[] = "-c", name[] = "gfn-watchdog";
  char *const watchdog[] = {shell, option, script, name, NULL};
  program->process = program->watchdog = 0;
  char **environment = make_environment();
  int error = environment ? make_pipe(life, 1) : ENOMEM;
  if (!error) error = make_pipe(in, 1);
  if (!error) error = make_pipe(out, 0);
  if (!error) error = make_pipe(err, 0);
  if (!error) {
    int files[3] = {life[0], -1, -1};
    error = start(watchdog, environment, 0, files, &program->watchdog);
  }
  if (!error) {
    int files[3] = {in[0], out[1], err[1]};
    error = start(arguments, environment, program->watchdog, files, &program->process);
  }
  free(environment);
  gfn_program_close(&life[0]);
  gfn_program_close(&in[0]);
  gfn_program_close(&out[1]);
  gfn_program_close(&err[1]);
  program->lifeline = life[1];
  program->input = in[1];
  program->output = out[0];
  program->errors = err[0];
  if (error) gfn_program_kill(program);
  return error;
}

void gfn_program_close(int *descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}

ssize_t gfn_program_write(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe, old, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  int was_pending = sigismember(&pending, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &old);
  ssize_t written = write(descriptor, bytes, count);
  int error = errno;
  if (written < 0 && error == EPIPE && !was_pending) {
    struct timespec now = {0, 0};
    while (sigtimedwait(&pipe, NULL, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  errno = error;
  return written;
}

int gfn_program_has_ended(const struct gfn_program *program, int *status) {
  siginfo_t information;
  information.si_pid = 0;
  // It stays a zombie, so that no other process gets its number.
  int result = waitid(P_PID, (id_t)program->process, &information, WEXITED | WNOHANG | WNOWAIT);
  if (result < 0 || information.si_pid != program->process) return 0;
  *status = information.si_code == CLD_EXITED ? information.si_status : 128 + information.si_status;
  return 1;
}

void gfn_program_kill(struct gfn_program *program) {
  if (program->watchdog > 0) kill(-program->watchdog, SIGKILL);
  reap(program->process);
  reap(program->watchdog);
  program->process = program->watchdog = 0;
  gfn_program_close(&program->lifeline);
  gfn_program_close(&program->input);
  gfn_program_close(&program->output);
  gfn_program_close(&program->errors);
}
