import GFNLanguage

/// Lets through the reports of long operations, at most two a second: enough for a person who watches
/// a page, and nothing of what is over before.
struct ProgressPace {
  private static let interval = Duration.milliseconds(500)

  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?
  private var hasShown = false

  mutating func isDue(_ progress: Progress) -> Bool {
    if progress.isLast {
      defer { (last, hasShown) = (nil, false) }
      return hasShown
    }
    let now = clock.now
    // The first report only starts the time.
    guard let last else {
      last = now
      return false
    }
    guard now - last >= Self.interval else { return false }
    self.last = now
    hasShown = true
    return true
  }
}
