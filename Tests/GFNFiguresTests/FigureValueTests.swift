import GFNLanguage
import Testing

@Suite struct FigureValueTests {
  @Test func aPictureIsItsDataInJSON() {
    let figure = Figure(
      "TV",
      .lines([
        LineChart(xLabel: "step", yLabel: "tv", [.init("RL", [.init(0, 1), .init(50, 0.5)])])
      ]))
    #expect(
      Value.figure(figure).json
        == #"{"figure": "lines", "title": "TV", "data": [{"x": "step", "y": "tv", "#
        + #""series": [{"name": "RL", "x": [0, 50], "y": [1, 0.5]}]}]}"#)
  }
}
