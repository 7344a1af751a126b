/// The loops around the products, eight numbers at a time: the compiler does not vectorise a
/// conditional store by itself.
enum Elementwise {
  private typealias Lanes = SIMD8<Float>
  private static let width = Lanes.scalarCount

  /// `values = max(values, 0)`.
  static func rectify(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
    let whole = count & ~(width - 1)
    for index in stride(from: 0, to: whole, by: width) {
      let lanes = load(values + index)
      store(lanes.replacing(with: 0, where: lanes .<= 0), values + index)
    }
    for index in whole..<count where values[index] <= 0 { values[index] = 0 }
  }

  /// Zero where the activation is.
  static func mask(
    _ values: UnsafeMutablePointer<Float>, by activation: UnsafePointer<Float>, _ count: Int
  ) {
    let whole = count & ~(width - 1)
    for index in stride(from: 0, to: whole, by: width) {
      let lanes = load(values + index)
      store(lanes.replacing(with: 0, where: load(activation + index) .<= 0), values + index)
    }
    for index in whole..<count where activation[index] <= 0 { values[index] = 0 }
  }

  /// `sum += values`.
  static func add(
    _ values: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let whole = count & ~(width - 1)
    for index in stride(from: 0, to: whole, by: width) {
      store(load(sum + index) + load(values + index), sum + index)
    }
    for index in whole..<count { sum[index] += values[index] }
  }

  private static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  private static func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
  }
}
