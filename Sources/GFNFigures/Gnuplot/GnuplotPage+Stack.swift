import GFNLanguage

extension GnuplotPage {
  /// A page for charts one above the other, each with its legend to the right.
  struct Stack {
    let page: GnuplotPage
    /// Where the charts stand, from the top.
    let areas: [Area]

    /// - Parameters:
    ///   - panel: the height of a chart with what stands below it.
    ///   - legends: what each chart's legend says; empty for none.
    init(of figure: Figure, plotHeight: Double, panel: Double, legends: [[String]]) {
      let (left, plotWidth) = (76.0, 540.0)
      let legend = legends.map(GnuplotPage.legendWidth).max() ?? 0
      let page = GnuplotPage(
        of: figure, width: left + plotWidth + max(legend, 24),
        contentHeight: panel * Double(max(legends.count, 1)))
      self.page = page
      areas = legends.indices.map { index in
        Area(
          left: left, bottom: page.content.top - panel * Double(index) - 10 - plotHeight,
          width: plotWidth, height: plotHeight)
      }
    }
  }

  /// What a legend has to tell apart; nothing where the axis says it.
  static func legendNames(_ names: [String], yLabel: String) -> [String] {
    names.count > 1 || names.contains { !$0.isEmpty && $0 != yLabel } ? names : []
  }
}
