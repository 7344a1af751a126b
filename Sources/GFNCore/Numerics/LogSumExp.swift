import Glibc

/// `log Σ exp(x)`, −∞ for no terms.
package func logSumExp(_ values: some Sequence<Double>) -> Double {
  let greatest = values.reduce(-Double.infinity, max)
  guard greatest.isFinite else { return greatest }
  return greatest + log(values.reduce(0) { $0 + exp($1 - greatest) })
}

/// The natural logarithm, for layers that do not import the C library.
package func logarithm(_ value: Double) -> Double { log(value) }

/// `log n!`
func logFactorial(_ n: Double) -> Double {
  var sign: Int32 = 0
  // Not `lgamma`, which writes a global from every thread.
  return lgamma_r(n + 1, &sign)
}
