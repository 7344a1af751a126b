/// Aligned storage that grows and is never copied: the workspaces of the hot loops stand on it.
///
/// What lies beyond the elements written so far is not initialised.
final class Buffer<Element: BitwiseCopyable> {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  private static var alignment: Int { 64 }

  init(capacity: Int = 0) {
    self.capacity = Swift.max(capacity, 16)
    base = Self.allocate(self.capacity)
  }

  deinit { base.deallocate() }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Element>.stride, alignment: alignment
    ).bindMemory(to: Element.self, capacity: capacity)
  }

  /// Makes room for `count` elements and keeps the first `used`. Pointers taken before are invalid
  /// afterwards.
  func reserve(_ count: Int, keeping used: Int = 0) {
    guard count > capacity else { return }
    let grown = Swift.max(count, capacity + capacity / 2)
    let fresh = Self.allocate(grown)
    fresh.update(from: base, count: used)
    base.deallocate()
    base = fresh
    capacity = grown
  }

  /// Room for `count` elements, the first `count` of them set to `value`.
  func fill(_ count: Int, with value: Element) {
    reserve(count)
    base.update(repeating: value, count: count)
  }

  subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

  func array(_ count: Int) -> [Element] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }
}
