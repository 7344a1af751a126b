/// Everything that can go wrong, as data. `ErrorKind+Wording.swift` puts it into words.
package enum ErrorKind: Sendable {
  // Reading the text
  case unexpectedCharacter(String)
  case typographicQuote(String)
  case unterminatedString
  case malformedNumber(String)
  case numberTooLarge(String)
  case trailingBackslash
  case cellMarkInBracket
  case dollarInWord(String)
  case quotesNeeded(String, why: String)
  /// An option with dashes before its name, which are left out here.
  case flag(String)
  case emptyInterpolation
  case malformedFormat(String)
  // Grammar
  case unexpected(found: String, expected: String)
  case unclosed(String)
  case unopened(String)
  case nestingTooDeep
  case elsePlacement
  case missingLet(name: String)
  case equalsInExpression
  case chainedComparison
  case expressionAsStatement(String)
  case argumentsInParentheses(command: String, arguments: String)
  case functionWithoutParentheses(String)
  case arithmeticInArgument(String)
  case blankAroundEquals(name: String)
  case bareName(String)
  case variableOrText(String)
  case misplaced(word: String, place: String)
  case reservedName(String, by: String)
  case duplicateParameter(String)
  // Names
  case unknownCommand(String, suggestion: String?, inValue: Bool)
  case unknownFunction(String, suggestion: String?)
  case undefinedVariable(String, suggestion: String?)
  /// The statement that should have set the variable failed.
  case unsetVariable(String)
  case unknownBinding(String, suggestion: String?)
  case unknownField(String, of: String, known: [String])
  case unknownFormulaName(String, known: [String])
  case unknownSnapshot(String, known: [String])
  case unknownTopic(String, suggestion: String?)
  // Arguments
  case unknownOption(String, command: String, known: [String])
  case unknownWord(String, parameter: String, known: [String])
  case missingArgument(String, command: String, help: String)
  case tooManyArguments(command: String, limit: Int)
  case duplicateArgument(String)
  case wrongType(parameter: String, expected: String, found: String)
  case outOfRange(parameter: String, value: String, range: String)
  case wrongArgumentCount(function: String, expected: String, found: Int)
  // Running
  case typeMismatch(String)
  case divisionByZero
  case indexOutOfRange(Int, count: Int)
  case assertionFailed(String, message: String?)
  case recursionLimit(String)
  case valueTooLarge(String)
  case errorExpected(code: String, found: String?)
  case nothingShown
  case nothingToUndo
  case aborted
  /// A command that stopped on Ctrl-C and has no result.
  case interrupted(command: String)
  case noValue(command: String)
  // Files
  case fileNotFound(String)
  case fileTooLarge(String, limit: Int)
  case fileNoText(String, remedy: String)
  case fileUnreadable(String, reason: String)
  case fileUnwritable(String, reason: String)
  case writeRefused(String)
  case runRefused(String)
  /// A file is there that gfn did not write, or that was changed since.
  case fileOfOthers(String)
  case includeCycle(String)
  case unknownFormat(String)
  case notATable(String)
  /// From another layer, already in words.
  case other(code: String, message: String, fix: String?)
}
