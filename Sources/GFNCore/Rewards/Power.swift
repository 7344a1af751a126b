import Glibc

/// `base ^ exponent`, exact products for small whole exponents.
func power(_ base: Double, _ exponent: Double) -> Double {
  guard let whole = Int(exactly: exponent), (1...8).contains(whole) else {
    return pow(base, exponent)
  }
  return (1..<whole).reduce(base) { product, _ in product * base }
}
