/// The words that start a statement, with what help and completion say of them.
enum StatementWord: String, CaseIterable {
  case `let`
  case `if`
  case `else`
  case `for`
  case `while`
  case `repeat`
  case def
  case environment
  case `return`
  case `break`
  case `continue`
  case assert
  case print
  case include
  case expect
  case time
  case quiet
  case exit
  case quit

  var synopsis: String {
    switch self {
    case .let: "let NAME = VALUE|COMMAND"
    case .if: "if CONDITION { … } else if CONDITION { … } else { … }"
    case .else: "if CONDITION { … } else { … }"
    case .for: "for NAME in LIST|RANGE { … }"
    case .while: "while CONDITION { … }"
    case .repeat: "repeat COUNT { … }"
    case .def: "def NAME(PARAMETER, PARAMETER=DEFAULT) { … }"
    case .environment: "environment NAME(PARAMETER=DEFAULT, …) { CELLS, ACTIONS, EXIT, REWARD }"
    case .return: "return [VALUE|COMMAND]"
    case .break: "break"
    case .continue: "continue"
    case .assert: "assert CONDITION [, MESSAGE]"
    case .print: "print VALUE, VALUE, …"
    case .include: "include \"FILE.gfn\""
    case .expect: "expect error CODE { … }"
    case .time: "time COMMAND"
    case .quiet: "quiet COMMAND"
    case .exit, .quit: "\(rawValue) [STATUS]"
    }
  }

  var summary: String {
    switch self {
    case .let: "keep a value or a result as $NAME ('?=' keeps a value given from outside)"
    case .if, .else: "run one of several blocks"
    case .for: "run a block for every element"
    case .while: "run a block as long as a condition holds"
    case .repeat: "run a block so many times"
    case .def: "define a command"
    case .environment: "declare an environment, which 'env NAME' makes"
    case .return: "leave a 'def' with a value"
    case .break: "leave the loop"
    case .continue: "go on with the next turn of the loop"
    case .assert: "stop with an error unless a condition holds"
    case .print: "show values"
    case .include: "run another script here"
    case .expect: "run a block that must fail with this error"
    case .time: "say how long something takes"
    case .quiet: "run without showing results"
    case .exit, .quit: "end the session"
    }
  }
}
