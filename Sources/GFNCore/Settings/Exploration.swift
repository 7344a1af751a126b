import Glibc

/// How sampling departs from π_F for off-policy objectives.
package struct Exploration: Sendable, Equatable {
  /// Probability of a uniform action at the first step; it decays from there.
  package var epsilon: Double = 0
  /// Factor of ε from one training step to the next.
  package var decay: Double = 0.99
  /// Divides log π_F.
  package var temperature: Double = 1
  /// Added to the exit action's log π_F.
  package var exitBias: Double = 0
  /// What of earlier batches comes again.
  package var replay = ReplaySettings()

  package init() {}

  /// Sampling departs from π_F; replay is another matter.
  package var isActive: Bool { epsilon > 0 || temperature != 1 || exitBias != 0 }

  /// ε at a training step, counted from 0.
  package func epsilon(atStep step: Int) -> Double { epsilon * pow(decay, Double(step)) }
}
