extension Environment {
  /// The letters by the values of the cells, where objects are sequences of one length.
  package var sequenceAlphabet: [String]? {
    (base as? any SequenceEnvironment).map { sequence in
      (0..<sequence.letters).map(sequence.task.letter)
    }
  }
}
