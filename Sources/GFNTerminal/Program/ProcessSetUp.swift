import Glibc

/// What the process needs before a session runs in it.
package enum ProcessSetUp {
  /// Gives a standard stream that the caller has closed to the null device, before a file takes its number
  /// and gets what is written there.
  package static func openStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// - Returns: the size that the main thread's stack may have, in bytes.
  package static func prepare() -> Int {
    // A reader that has had enough, as `head`, ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    // A file that may not grow is an error of writing, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    StopSignals.useOwnStack()
    FatalSignals.install()
    useCharacterSet()
    return growStack()
  }

  /// Makes room for a script's recursion: the main thread's stack grows up to the limit in force.
  private static func growStack() -> Int {
    let stack = __rlimit_resource_t(RLIMIT_STACK.rawValue)
    // Less than what Linux leaves free below the stack of any program.
    let wanted: rlim_t = 64 << 20
    var limit = rlimit()
    guard getrlimit(stack, &limit) == 0 else { return 8 << 20 }
    if limit.rlim_cur < wanted {
      let before = limit.rlim_cur
      limit.rlim_cur = min(wanted, limit.rlim_max)
      if setrlimit(stack, &limit) != 0 { return Int(before) }
    }
    return Int(min(wanted, limit.rlim_cur))
  }

  /// Lets readline and the widths of characters follow the user's locale, or UTF-8 where it says
  /// nothing.
  private static func useCharacterSet() {
    setlocale(LC_CTYPE, "")
    if let set = nl_langinfo(Int32(CODESET)), String(cString: set) != "UTF-8" {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
  }
}
