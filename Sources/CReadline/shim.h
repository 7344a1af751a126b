#ifndef GFN_READLINE_SHIM_H
#define GFN_READLINE_SHIM_H

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <readline/readline.h>
#include <readline/history.h>

// Swift 6 refuses every mutable C global, so readline's are read and set through functions.

typedef char **gfn_completion_function(const char *text, int start, int end);
typedef void gfn_display_function(char **matches, int count, int longest);
typedef int gfn_hook_function(void);

/// Empties the line and presses Enter.
static inline int gfn_end_line(void) {
  rl_replace_line("", 0);
  return '\n';
}

/// Waits for a key and reads it. While readline waits by itself, a signal that arrives between two
/// keys never reaches the hook; here signals come in only while this waits, and each is noticed. Where
/// the hook says so the line is over, and empty.
static inline int gfn_getc(FILE *stream) {
  sigset_t held, before;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGWINCH);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGHUP);
  for (;;) {
    rl_check_signals();
    if (rl_signal_event_hook && rl_signal_event_hook()) return gfn_end_line();
    sigprocmask(SIG_BLOCK, &held, &before);
    int ready = 0;
    if (rl_pending_signal() == 0) {
      fd_set keys;
      FD_ZERO(&keys);
      FD_SET(fileno(stream), &keys);
      ready = pselect(fileno(stream) + 1, &keys, NULL, NULL, NULL, &before);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (ready > 0) {
      // A signal held back until here came before the key, which belongs to the line after it.
      rl_check_signals();
      if (rl_signal_event_hook && rl_signal_event_hook()) return gfn_end_line();
      return rl_getc(stream);
    }
  }
}

/// What does not change while the program runs. Call before the first `readline`; the user's
/// inputrc is read after it and wins.
static inline void gfn_readline_configure(
    const char *name, const char *word_breaks, gfn_completion_function *complete,
    gfn_display_function *display, gfn_hook_function *signal_hook) {
  rl_readline_name = name;
  rl_change_environment = 0;
  rl_basic_word_break_characters = word_breaks;
  rl_completer_word_break_characters = (char *)word_breaks;
  rl_completer_quote_characters = "";
  rl_basic_quote_characters = "";
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = display;
  rl_signal_event_hook = signal_hook;
  rl_getc_function = gfn_getc;
  rl_variable_bind("show-all-if-ambiguous", "on");
}

/// Readline resets these before every completion.
static inline void gfn_completion_rules(int appends_blank) {
  rl_attempted_completion_over = 1;
  rl_sort_completion_matches = 0;
  rl_ignore_completion_duplicates = 0;
  rl_filename_completion_desired = 0;
  rl_completion_append_character = ' ';
  rl_completion_suppress_append = !appends_blank;
}

/// Whether the terminal has been told to mark what is pasted, as readline tells it while it reads. A
/// handler of signals may ask.
static inline int gfn_has_marked_pastes(void) {
  return (rl_readline_state & RL_STATE_TERMPREPPED) != 0 && rl_terminal_name &&
         strcmp(rl_terminal_name, "dumb") != 0;
}

static inline const char *gfn_line_buffer(void) { return rl_line_buffer; }

/// Drops the line being typed and starts an empty one under `prompt`.
static inline void gfn_restart_line(const char *prompt) {
  rl_replace_line("", 0);
  rl_crlf();
  rl_set_prompt(prompt);
  rl_on_new_line();
  rl_redisplay();
}

/// Draws prompt and line again below what a completion hook printed.
static inline void gfn_redraw_line(void) {
  rl_on_new_line();
  rl_forced_update_display();
}

#endif
