import Glibc

/// Where the time of training steps goes.
package final class StepProfile {
  /// What a step is doing; it does one thing at a time.
  package enum Part: Int, CaseIterable, Sendable {
    /// The policy's products on the new rows of a rollout.
    case rollout
    /// Drawing actions, stepping, finding rows, encoding and masking new ones, sorting the paths.
    case sampling
    /// Estimators on whole batches.
    case forward
    /// Rewards, advantages and gradients on the estimators' outputs.
    case loss
    /// Parameter gradients.
    case backward
    /// Curvature and line search of a trust-region step.
    case trustRegion
    case optimiser
    case other
  }

  private var nanoseconds: [UInt64] = Array(repeating: 0, count: Part.allCases.count)
  private var part = Part.other
  private var since: UInt64 = 0

  /// Seconds spent on a part.
  package func seconds(_ part: Part) -> Double { Double(nanoseconds[part.rawValue]) / 1e9 }

  func begin() {
    part = .other
    since = monotonicNanoseconds()
  }

  /// From here on the step does something else.
  func enter(_ next: Part) {
    let now = monotonicNanoseconds()
    nanoseconds[part.rawValue] &+= now &- since
    part = next
    since = now
  }
}

func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000
    &+ UInt64(truncatingIfNeeded: time.tv_nsec)
}
