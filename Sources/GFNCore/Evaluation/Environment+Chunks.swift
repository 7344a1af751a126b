extension Environment {
  /// How many trajectories are drawn before an interruption is looked for again: fewer where they are
  /// long and their steps have many actions, so that a person waits well under a second.
  package var drawnAtOnce: Int {
    let (work, isHuge) = max(1, maximumLength).multipliedReportingOverflow(
      by: max(1, forwardActionCount))
    return isHuge ? 4 : max(4, min(1024, (1 << 24) / work))
  }
}
