import Glibc

/// `base ^ exponent`, exact products for small whole exponents.
func power(_ base: Double, _ exponent: Double) -> Double {
  guard let whole = Int(exactly: exponent), (1...8).contains(whole) else {
    return pow(base, exponent)
  }
  return (1..<whole).reduce(base) { product, _ in product * base }
}

/// `base ^ exponent` for a count; nil where it overflows.
func power(_ base: Int, _ exponent: Int) -> Int? {
  var result = 1
  for _ in 0..<exponent {
    let (product, overflow) = result.multipliedReportingOverflow(by: base)
    if overflow { return nil }
    result = product
  }
  return result
}
