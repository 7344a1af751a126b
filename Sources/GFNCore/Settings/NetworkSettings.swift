public struct NetworkSettings: Sendable, Equatable {
  public var isTabular = false
  public var layers: Int
  public var hidden: Int

  public init(layers: Int, hidden: Int) {
    self.layers = layers
    self.hidden = hidden
  }

  var encoding: InputEncoding { isTabular ? .stateIndex : .kHot }
}
