/// How a terminal shows numbers.
package enum NumberStyle: Sendable {
  /// `%.Ng`; integers below 2^53 are shown whole.
  case significant(Int)
  /// `%.Nf`.
  case fixed(Int)
}
