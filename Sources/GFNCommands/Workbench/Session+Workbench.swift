import GFNLanguage

extension Session {
  /// What the commands train.
  package var workbench: Workbench {
    get {
      guard let bench = bench as? Workbench else {
        preconditionFailure("commands of the core need a session on a Workbench, not \(bench)")
      }
      return bench
    }
    set { bench = newValue }
  }
}
