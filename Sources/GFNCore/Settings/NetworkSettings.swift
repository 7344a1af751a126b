package struct NetworkSettings: Sendable, Equatable {
  package var isTabular = false
  package var layers: Int
  package var hidden: Int

  package init(layers: Int, hidden: Int) {
    self.layers = layers
    self.hidden = hidden
  }

  var encoding: InputEncoding { isTabular ? .stateIndex : .kHot }
}
