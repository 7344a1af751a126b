import CKernels
import Glibc

/// Adam's running moments of one parameter vector (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1).
package struct AdamMoments: Sendable, Equatable {
  package internal(set) var first: [Float]
  package internal(set) var second: [Float]
  package internal(set) var steps = 0

  static let beta1 = 0.9
  static let beta2 = 0.999
  static let epsilon = 1e-8
  /// Parameters in one block of work.
  private static let blockSize = 1 << 15

  init(count: Int) {
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// One step against the gradient, scaled by `scale` first.
  mutating func update(
    _ parameters: inout [Float], gradient: [Float], scale: Double, rate: Double, _ pool: ThreadPool
  ) {
    precondition(
      parameters.count == gradient.count && first.count == gradient.count,
      "\(parameters.count) parameters, \(gradient.count) gradients, \(first.count) moments")
    steps += 1
    let step = gfn_adam(
      scale: Float(scale), beta1: Float(Self.beta1), beta2: Float(Self.beta2),
      // Not 1 − 0.999 in Float32, which is off by 5e-5.
      fresh1: Float(1 - Self.beta1), fresh2: Float(1 - Self.beta2),
      rate: Float(rate / (1 - pow(Self.beta1, Double(steps)))),
      root: Float(1 / (1 - pow(Self.beta2, Double(steps))).squareRoot()),
      epsilon: Float(Self.epsilon))
    let count = gradient.count
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        parameters.withUnsafeMutableBufferPointer { parameters in
          gradient.withUnsafeBufferPointer { gradient in
            guard let m = first.baseAddress, let v = second.baseAddress,
              let p = parameters.baseAddress, let g = gradient.baseAddress
            else { return }
            let context = (0..<count, p, m, v, g, step)
            pool.run(blocks: blockCount(0..<count, Self.blockSize), with: context) {
              let (all, p, m, v, g, step) = $0
              let range = block($1, of: all, Self.blockSize)
              let start = range.lowerBound
              gfn_adam_step(p + start, m + start, v + start, g + start, range.count, step)
            }
          }
        }
      }
    }
  }
}

/// Adam on one number: log Z.
package struct ScalarAdam: Sendable, Equatable {
  package internal(set) var first = 0.0
  package internal(set) var second = 0.0
  package internal(set) var steps = 0

  package init() {}

  mutating func update(_ value: inout Double, gradient: Double, rate: Double) {
    steps += 1
    first = AdamMoments.beta1 * first + (1 - AdamMoments.beta1) * gradient
    second = AdamMoments.beta2 * second + (1 - AdamMoments.beta2) * gradient * gradient
    let corrected = first / (1 - pow(AdamMoments.beta1, Double(steps)))
    let spread = (second / (1 - pow(AdamMoments.beta2, Double(steps)))).squareRoot()
    value -= rate * corrected / (spread + AdamMoments.epsilon)
  }
}

extension ScalarAdam: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    try coder.code("first", &first)
    try coder.code("second", &second)
    try coder.code("steps", &steps)
  }
}
