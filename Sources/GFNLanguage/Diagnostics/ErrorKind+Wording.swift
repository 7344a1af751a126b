/// What a diagnostic says.
struct Wording {
  var code: String
  var message: String
  var fix: String?

  init(_ code: String, _ message: String, _ fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }
}

extension ErrorKind {
  /// The wording of every code, in one place: lower case, no full stop, the input in quotes.
  var wording: Wording {
    switch self {
    case .unexpectedCharacter(let text): Wording("unexpected-character", "unexpected \(text)")
    case .typographicQuote(let quote):
      Wording("unexpected-character", "'\(quote)' is a typographic quote", "type \" or '")
    case .unterminatedString: Wording("unterminated-string", "the string is never closed")
    case .malformedNumber(let text):
      Wording("malformed-number", "'\(text)' is not a number", "text needs quotes: \"\(text)\"")
    case .numberTooLarge(let text):
      Wording("out-of-range", "'\(text)' is too large for a number")
    case .trailingBackslash:
      Wording("syntax", "'\\' continues a line, but nothing follows", "remove it")
    case .cellMarkInBracket:
      Wording("cell-mark-in-bracket", "a cell starts while a bracket is open", "close it first")
    case .dollarInWord(let word):
      Wording(
        "dollar-in-word", "'$' does not stand inside a word",
        "write \"\(Self.interpolated(word))\"")
    case .quotesNeeded(let text, let why): Wording("quotes-needed", why, "write \"\(text)\"")
    case .flag(let name):
      Wording(
        "syntax", "options are written 'name=value', without dashes", "write '\(name)=VALUE'")
    case .emptyInterpolation:
      Wording("syntax", "'{}' holds no expression", "write '\\{' for the character")
    case .malformedFormat(let text):
      Wording("malformed-format", "'\(text)' is not a format", "valid are '.3f', '.2e', '.4g', 'd'")
    case .unexpected(let found, let expected):
      Wording("syntax", "expected \(expected), found \(found)")
    case .unclosed(let bracket): Wording("unclosed-bracket", "'\(bracket)' is never closed")
    case .unopened(let bracket):
      Wording("syntax", "'\(bracket)' closes nothing", "remove it, or open the bracket before")
    case .nestingTooDeep:
      Wording("nesting-too-deep", "more than 200 levels of nesting", "use a 'def' or a 'let'")
    case .elsePlacement:
      Wording(
        "else-placement", "'else' stands on the line of the '}' before it", "write '} else {'")
    case .missingLet(let name):
      Wording("missing-let", "a variable is set with 'let'", "write 'let \(name) = …'")
    case .equalsInExpression:
      Wording("syntax", "'=' does not stand in an expression", "'==' compares")
    case .chainedComparison:
      Wording("syntax", "comparisons do not chain", "write 'a < b and b < c'")
    case .expressionAsStatement(let text):
      Wording("syntax", "a statement starts with a command", "write 'print \(text)'")
    case .argumentsInParentheses(let command, let arguments):
      Wording(
        "arguments-in-parentheses", "arguments follow a blank, without parentheses",
        "write '\(arguments.isEmpty ? command : "\(command) \(arguments)")'")
    case .functionWithoutParentheses(let name):
      Wording(
        "function-without-parentheses", "'\(name)' is a function", "write '\(name)(…)', no blank")
    case .arithmeticInArgument(let text):
      Wording(
        "arithmetic-in-argument", "arithmetic in an argument needs parentheses",
        text.isEmpty ? "write '(…)'" : "write '(\(text))'")
    case .blankAroundEquals(let name):
      Wording(
        "blank-around-equals", "no blank stands around '=' in an option",
        "write '\(name)=VALUE'")
    case .bareName(let name):
      Wording(
        "bare-name", "'\(name)' is a bare name",
        "write '$\(name)' for its value, "
          + "\"\(name)\" for the text")
    case .variableOrText(let word):
      Wording(
        "variable-or-text", "'\(word)' may be a value or a text",
        "write '$\(word)' for its value, \"\(word)\" for the text")
    case .misplaced(let word, let place):
      Wording("misplaced-\(word)", "'\(word)' stands only in \(place)")
    case .reservedName(let name, let owner):
      Wording(
        "reserved-name",
        "'\(name)' is the name of \("aeiou".contains(owner.prefix(1)) ? "an" : "a") \(owner)",
        "choose another name")
    case .duplicateParameter(let name):
      Wording("duplicate-parameter", "the parameter '\(name)' is declared twice")
    case .unknownCommand(let name, let suggestion, let inValue):
      Wording(
        "unknown-command",
        "unknown command '\(name)'",
        [suggestion.map { "did you mean '\($0)'?" }, inValue ? "text needs quotes" : nil]
          .compactMap { $0 }.joined(separator: " ").nonEmpty ?? "'help' lists the commands")
    case .unknownFunction(let name, let suggestion):
      Wording(
        "unknown-function", "unknown function '\(name)'",
        suggestion.map { "did you mean '\($0)'?" })
    case .undefinedVariable(let name, let suggestion):
      Wording(
        "undefined-variable", "'$\(name)' has no value",
        suggestion.map { "did you mean '$\($0)'?" } ?? "set it with 'let \(name) = …'")
    case .unsetVariable(let name):
      Wording("undefined-variable", "'$\(name)' has no value, as the statement that sets it failed")
    case .unknownBinding(let name, let suggestion):
      Wording(
        "unknown-binding", "the script has no 'let \(name) ?= …' for '\(name)='",
        suggestion.map { "did you mean '\($0)='?" })
    case .unknownField(let name, let owner, let known):
      Wording("unknown-field", "\(owner) has no field '\(name)'", Self.advice(name, known))
    case .unknownFormulaName(let name, let known):
      Wording(
        "unknown-name", "'\(name)' means nothing in this formula", Self.advice(name, known))
    case .unknownSnapshot(let name, let known):
      Wording(
        "unknown-snapshot", "there is no snapshot '\(name)'",
        known.isEmpty ? "'snapshot \(name)' makes one" : Self.advice(name, known))
    case .unknownTopic(let name, let suggestion):
      Wording(
        "unknown-topic", "there is no help on '\(name)'",
        suggestion.map { "did you mean '\($0)'?" } ?? "'help' lists the commands")
    case .unknownOption(let name, let command, let known):
      Wording("unknown-option", "'\(command)' has no option '\(name)'", Self.advice(name, known))
    case .unknownWord(let word, let parameter, let known):
      Wording("unknown-word", "'\(word)' is no value of '\(parameter)'", Self.advice(word, known))
    case .missingArgument(let name, let command, let help):
      Wording("missing-argument", "'\(command)' needs \(name)", help.nonEmpty)
    case .tooManyArguments(let command, let limit):
      Wording(
        "too-many-arguments",
        "'\(command)' takes \(limit == 0 ? "no" : "\(limit)") unnamed "
          + "argument\(limit > 1 ? "s" : "")",
        "options are written 'name=value', and 'help \(command)' lists them")
    case .duplicateArgument(let name):
      Wording("duplicate-argument", "'\(name)' is given twice", "keep one of them")
    case .wrongType(let parameter, let expected, let found):
      Wording("wrong-type", "'\(parameter)' takes \(expected), not \(found)")
    case .outOfRange(let parameter, let value, let range):
      Wording("out-of-range", "'\(parameter)' is \(value), but must be \(range)")
    case .wrongArgumentCount(let function, let expected, let found):
      Wording("wrong-argument-count", "'\(function)' takes \(expected), not \(found)")
    case .typeMismatch(let text): Wording("type-mismatch", text)
    case .divisionByZero: Wording("division-by-zero", "division by zero")
    case .indexOutOfRange(let index, let count):
      Wording(
        "index-out-of-range", "there is no element \(index) of \(count)",
        count == 0 ? nil : "valid are 0 to \(count - 1), and -1 for the last")
    case .assertionFailed(let text, let message):
      Wording("assertion", "\(text) does not hold" + (message.map { ": \($0)" } ?? ""))
    case .recursionLimit(let name):
      Wording("recursion-limit", "'\(name)' calls itself too deeply", "the limit is 1000 calls")
    case .valueTooLarge(let what): Wording("value-too-large", "the \(what) grows too large")
    case .errorExpected(let code, let found):
      Wording(
        "expected-error",
        found.map { "expected the error '\(code)', got '\($0)'" }
          ?? "expected the error '\(code)', but nothing failed")
    case .nothingShown:
      Wording("undefined-variable", "'$it' has no value", "it is the last value that was shown")
    case .nothingToUndo: Wording("nothing-to-undo", "there is nothing to undo")
    case .interrupted(let command):
      Wording(CommandError.interruptedCode, "'\(command)' was interrupted and has no result")
    case .aborted: Wording("aborted", "aborted")
    case .noValue(let command): Wording("no-value", "'\(command)' returns no value")
    case .other(let code, let message, let fix): Wording(code, message, fix)
    case .fileNotFound(let path): Wording("file-not-found", "there is no file '\(path)'")
    case .fileTooLarge(let path, let limit):
      Wording("file-too-large", "'\(path)' is larger than \(limit) bytes")
    case .fileNoText(let path, let remedy):
      Wording("file", "'\(path)' is not UTF-8 text", remedy)
    case .fileUnreadable(let path, let reason):
      Wording("file-unreadable", "'\(path)' cannot be read: \(reason)")
    case .fileUnwritable(let path, let reason):
      Wording("file-unwritable", "'\(path)' cannot be written: \(reason)")
    case .writeRefused(let path):
      Wording(
        "write-refused", "'\(path)' is outside the working and the temporary directory",
        "start gfn with --allow-write DIR to permit more")
    case .runRefused(let program):
      Wording(
        "run-refused", "a script may not start the program '\(program)'",
        "start gfn with --allow-run \(program) to permit it (help programs)")
    case .fileOfOthers(let path):
      Wording(
        "file-exists", "'\(path)' is there already, not as gfn wrote it",
        "overwrite=true replaces it, or name another file")
    case .includeCycle(let path): Wording("include-cycle", "'\(path)' includes itself")
    case .unknownFormat(let path):
      Wording(
        "unknown-format", "the extension of '\(path)' names no format",
        "valid are .csv, .tsv, .json, .jsonl")
    case .notATable(let what): Wording("not-a-table", "'to=' writes tables, not \(what)")
    }
  }

  /// `did you mean 'x'?`, else the valid ones.
  private static func advice(_ word: String, _ known: [String]) -> String? {
    if let nearest = Suggestion.nearest(to: word, in: known) { return "did you mean '\(nearest)'?" }
    guard !known.isEmpty else { return nil }
    let more = known.count > 12 ? ", …" : ""
    return "valid are " + known.prefix(12).joined(separator: ", ") + more
  }

  /// `out/$seed.csv` as `out/{$seed}.csv`.
  private static func interpolated(_ word: String) -> String {
    var result = ""
    var inName = false
    for character in word {
      if inName, !(character.isLetter || character.isNumber || character == "_") {
        result += "}"
        inName = false
      }
      if character == "$" {
        result += inName ? "}{$" : "{$"
        inName = true
      } else {
        result.append(character)
      }
    }
    return inName ? result + "}" : result
  }
}

extension String {
  var nonEmpty: String? { isEmpty ? nil : self }
}
