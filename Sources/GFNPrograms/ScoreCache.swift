import GFNParameters
import GRDB

/// A file that keeps the scores that programs gave, from run to run: an SQLite database that several
/// processes may use at once.
///
/// A score belongs to a problem, which is all that it depends on beside its object: the environment, the
/// command and what it returns.
final class ScoreCache: Sendable {
  private let database: DatabaseQueue
  private let problem: Int64
  private let path: String

  /// `gfn1`: marks the file as such a cache.
  private static let mark: Int64 = 0x6766_6E31
  /// Rows that are read at once at the start.
  private static let mostAtOnce = 2_000_000
  private static let secondsToWait = 30.0

  /// - Throws: `ProgramFault` where the file is no such cache, or cannot be opened.
  init(_ path: String, key: [String]) throws {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(Self.secondsToWait)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    let text = key.joined(separator: "\u{1F}")
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let mark = try database.read { try Int64.fetchOne($0, sql: "PRAGMA application_id") } ?? 0
      let tables =
        try database.read {
          try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master")
        } ?? 0
      guard mark == Self.mark || tables == 0 else {
        throw ProgramFault(
          reason: "'\(path)' is a database of another program",
          remedy: "name another file as cache=")
      }
      _ = try database.writeWithoutTransaction {
        try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL")
      }
      problem = try database.write { database in
        try database.execute(sql: "PRAGMA application_id = \(Self.mark)")
        try database.execute(
          sql: """
            CREATE TABLE IF NOT EXISTS problem (number INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL);
            CREATE TABLE IF NOT EXISTS score (
              problem INTEGER NOT NULL, object TEXT NOT NULL, score REAL NOT NULL,
              PRIMARY KEY (problem, object)) WITHOUT ROWID;
            """)
        try database.execute(
          sql: "INSERT OR IGNORE INTO problem (text) VALUES (?)", arguments: [text])
        return try Int64.fetchOne(
          database, sql: "SELECT number FROM problem WHERE text = ?", arguments: [text]) ?? 0
      }
      self.database = database
    } catch let error as DatabaseError {
      throw Self.fault(path, error)
    }
  }

  private static func fault(_ path: String, _ error: DatabaseError) -> ProgramFault {
    error.resultCode == .SQLITE_NOTADB
      ? ProgramFault(
        reason: "'\(path)' is no cache of scores", remedy: "name another file as cache=")
      : ProgramFault(
        reason: "the cache '\(path)' cannot be used: \(error.message ?? "\(error.resultCode)")",
        remedy: "free it, or name another file as cache=")
  }

  private func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw Self.fault(path, error)
    }
  }

  /// All that it knows of the problem, or the first of it.
  func all() throws -> [String: Double] {
    try failing {
      try database.read { database in
        let rows = try Row.fetchCursor(
          database, sql: "SELECT object, score FROM score WHERE problem = ? LIMIT ?",
          arguments: [problem, Self.mostAtOnce])
        var known: [String: Double] = [:]
        while let row = try rows.next() { known[row[0]] = row[1] }
        return known
      }
    }
  }

  /// What it knows of these objects.
  func scores(of objects: [String]) throws -> [String: Double] {
    try failing {
      try database.read { database in
        // One question for all of them: each by itself would cost more than a program's answer.
        let statement = try database.cachedStatement(
          sql: """
            SELECT object, score FROM score
            WHERE problem = ? AND object IN (SELECT value FROM json_each(?))
            """)
        let list = JSONNode.list(objects.map { .text($0) }).text()
        let rows = try Row.fetchCursor(statement, arguments: [problem, list])
        var known: [String: Double] = [:]
        while let row = try rows.next() { known[row[0]] = row[1] }
        return known
      }
    }
  }

  /// Keeps answers, whole or not at all.
  func keep(_ answers: [(object: String, score: Double)]) throws {
    try failing {
      try database.write { database in
        let statement = try database.cachedStatement(
          sql: "INSERT OR IGNORE INTO score (problem, object, score) VALUES (?, ?, ?)")
        for answer in answers {
          // The statement is ours: its arguments fit.
          statement.setUncheckedArguments([problem, answer.object, answer.score])
          try statement.execute()
        }
      }
    }
  }
}
