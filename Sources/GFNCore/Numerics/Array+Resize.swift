extension Array where Element: BitwiseCopyable {
  /// Makes it `count` elements long, without an allocation where there is room for them. New elements
  /// are `value`; those that were there stay.
  mutating func resize(_ count: Int, filling value: Element) {
    if count < self.count {
      removeLast(self.count - count)
    } else {
      append(contentsOf: repeatElement(value, count: count - self.count))
    }
  }
}
