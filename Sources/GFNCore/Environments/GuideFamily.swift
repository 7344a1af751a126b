/// How an environment makes its π_G.
package enum GuideFamily: Sendable, Equatable {
  /// The current π_F, held back from exiting where the reward is at most a threshold (Niu et al. 2024,
  /// appendix), or log R where R is an exponential; the natural threshold, where there is one, and the
  /// floor.
  case heldBack(threshold: Double?, floor: Double)
  /// The replayed terminating sequences that agree with the partial one (Shen et al. 2023,
  /// arXiv:2305.07170).
  case replay(length: Int, letters: Int)
  /// The replayed sequences that have the same letters at the same offset, for words that grow at both
  /// ends.
  case blocks(length: Int, letters: Int)
  /// The replayed objects that a state can still reach.
  case reachability
}
