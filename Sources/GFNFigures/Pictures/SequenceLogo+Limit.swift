import GFNLanguage

extension SequenceLogo {
  /// Where the axes of all logos of a picture end, in bits: at the most that a place can say, or where
  /// none says half of that, a little above the most that one says.
  static func shownLimit(of logos: [SequenceLogo]) -> Double {
    let limit = logos.map(\.limit).filter { $0.isFinite && $0 > 0 }.max() ?? 1
    let heights = logos.flatMap(\.places).map { letters in
      letters.map(\.height).filter { $0.isFinite && $0 > 0 }.reduce(0, +)
    }
    let most = heights.max() ?? 0
    return most > limit * 1e-3 && most < limit / 2 ? most * 1.1 : limit
  }
}
