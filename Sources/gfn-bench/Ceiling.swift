import COneDNN
import GFNCore

/// The rate of oneDNN's `sgemm` by the number of rows of the batch: what a step would take if it were
/// nothing but its products.
struct Ceiling {
  /// Operations a second for batches of 2^i …< 2^(i+1) rows.
  let rates: [Double]

  var peak: Double { rates.max() ?? .nan }

  /// Seconds that the products need at these rates.
  func seconds(_ work: DenseWork) -> Double {
    zip(work.operations, rates).reduce(0) { $0 + $1.0 / $1.1 }
  }

  /// Shapes up to this many rows are measured; beyond, the rate no longer changes.
  private static let largest = 12

  /// Products [rows, 256] · [256, 256], the rows in equal shares among the threads, each thread with
  /// its own and without waiting for the others.
  static func measured(_ pool: ThreadPool) -> Ceiling {
    // The best of rounds that lie apart: a thread that the system has just moved or put to sleep spoils
    // all repetitions of a shape or two.
    let rounds = (0..<3).map { _ in (0...largest).map { rate(rows: rows(inBucket: $0), pool) } }
    var rates = (0...largest).map { bucket in rounds.map { $0[bucket] }.max() ?? .nan }
    while rates.count < DenseWork().operations.count { rates.append(rates[largest]) }
    return Ceiling(rates: rates)
  }

  /// The middle of a bucket.
  private static func rows(inBucket bucket: Int) -> Int {
    bucket == 0 ? 1 : 3 << (bucket - 1)
  }

  /// What was measured: rows, and operations a second.
  var shapes: [(rows: Int, rate: Double)] {
    rates.prefix(Self.largest + 1).enumerated().map { (Self.rows(inBucket: $0), $1) }
  }

  private static let width = 256
  private static let repetitions = 7

  private static func rate(rows: Int, _ pool: ThreadPool) -> Double {
    let blocks = min(pool.threads, rows)
    let share = (rows + blocks - 1) / blocks
    let jobs = (0..<blocks).map { _ in Product(rows: share, width: width) }
    let operations = 2 * Double(share * width * width)
    let calls = Int(2e8 / operations) + 1
    // The best of several: a ceiling is what can be reached.
    let best =
      (0..<repetitions).map { _ in
        Machine.seconds {
          pool.run(blocks: blocks) { block in
            for _ in 0..<calls { jobs[block].run() }
          }
        }
      }.min() ?? .infinity
    return operations * Double(blocks * calls) / best
  }

  /// Seconds that the pool takes for a job of nothing, as many blocks as threads.
  static func secondsPerJob(_ pool: ThreadPool) -> Double {
    let jobs = 10_000
    return (0..<repetitions).map { _ in
      Machine.seconds {
        for _ in 0..<jobs { pool.run(blocks: pool.threads, with: ()) { _, _ in } }
      } / Double(jobs)
    }.min() ?? .nan
  }

  private struct Product {
    let rows: Int
    let width: Int
    private let a: UnsafeMutablePointer<Float>
    private let b: UnsafeMutablePointer<Float>
    private let c: UnsafeMutablePointer<Float>

    /// Lives as long as the program.
    init(rows: Int, width: Int) {
      self.rows = rows
      self.width = width
      func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
          .bindMemory(to: Float.self, capacity: count)
        for index in 0..<count { memory[index] = Float(index % 7) - 3 }
        return memory
      }
      a = allocate(rows * width)
      b = allocate(width * width)
      c = allocate(rows * width)
    }

    func run() {
      _ = gfn_sgemm(0, 0, rows, width, width, 1, a, width, b, width, 0, c, width)
    }
  }
}
