import Glibc

/// Waiting for another process.
enum Pause {
  static func shortly() { usleep(100_000) }
}
