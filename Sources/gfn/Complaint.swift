import GFNLanguage
import GFNTerminal

/// Does what may fail for reasons outside the program; the result is the exit status of a failure, which
/// has been told.
@MainActor
func failure(of body: () throws -> Void) -> Int32? {
  do {
    try body()
    return nil
  } catch let error as CommandError {
    let fix = error.code == "file-exists" ? "--force replaces it" : error.fix
    complain([error.message, fix].compactMap(\.self).joined(separator: "; "))
  } catch {
    complain("\(error)")
  }
  return ExitStatus.failure
}

@MainActor
func complain(_ message: String) {
  let errors = TextStream(descriptor: 2, colour: .never)
  errors.writeLine("gfn: \(message)")
  errors.flush()
}
