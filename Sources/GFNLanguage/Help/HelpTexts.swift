/// What `help` says of the language itself.
enum HelpTexts {
  static let language = """
    A script is lines; ';' separates statements on one line, '#' starts a comment.
    '( [ {' may span lines; '\\' at the end continues a line; '# %%' starts a cell.

    command        train 500 batch=64 until="tv < 0.05"
    variables      let n = 100          let r = evaluate       let n ?= 100
    values         128  1e-3  1..5  true  word  'text'  "n = {$n:.1f}"  [1, two, "3"]
    use            $n   $r.tv   $table.loss   $table[-1].loss   (evaluate).tv   $it
    arithmetic     + - * / // % ^   == != < <= > >=   and or not
                   in an argument in parentheses: train (2 * $n)
    functions      abs exp log sqrt min max sum prod mean std len round floor count
                   all any range keys exists near(a, b, tolerance) if(c, a, b)
    branches       if $r.tv < 0.1 { … } else if $n > 3 { … } else { … }
    loops          for seed in 1..5 { … }   while CONDITION { … }   repeat 3 { … }
                   break   continue
    commands       def run(n, side=8) { … return $n }   then: run 100 side=16, run(100)
    checks         assert $r.tv < 0.1, "too far"   expect error out-of-range { train -1 }
    others         print $r.tv   include "setup.gfn"   time train 10   quiet { … }   exit 1

    In 'let', in '( )' and in a 'def' called for its value, commands show nothing.
    A word means itself; text with blanks needs quotes; '$' marks a variable.
    """

  /// What follows the synopsis of `environment`.
  static var environment: String {
    """
    Lines between the braces, in any order:
    \(EnvironmentWord.allCases.map { "    \($0.synopsis)" }.joined(separator: "\n"))

    A state is its cells, which start at LOW; 'inputs' says which of their values the networks see, 'letters' how \
    they are written. An action makes its changes, each possible only where the cell has the value A or stays \
    within its bounds, and is undone by going back; so π_B needs no second declaration, and an action may be \
    undone where its condition held before. Without 'exit' a trajectory may end anywhere. R is 'reward', or \
    exp(log_reward), or comes from reward=, rewards= or program= of 'env'.

    Formulas know the parameters, the cells, the indices of their action, arithmetic, comparisons, if(c, a, b), \
    count(cells, value), and sum, prod, all, any, min and max(F for i in A..B). A condition in a sum is 1 or 0.

    'env NAME' lists the states, up to 1,048,576, and proves that no path leads back, none ends in a dead end, \
    every step can be undone and R is finite, ≥ 0 and somewhere positive.

        environment knapsack(weights=[3, 4, 2], limit=6) {
          cells packed[len(weights)] in 0..1 letters "_x"
          action pack(i in 0..len(weights)-1) when sum(packed * weights) + weights[i] <= limit {
            packed[i]: 0 -> 1
          }
          reward 1 + sum(packed)
        }
        env knapsack limit=7
    """
  }

  /// Programs that score objects.
  static let programs = """
    A program of your own scores objects: env … program="python3 score.py" or reward program="…"

    It is started without a shell when it is asked first, as workers= copies, and spoken to over its standard input \
    and output, a JSON object a line:
        {"gfn": 1, "environment": "…", "returns": "reward"}        once, at the start
        {"id": 7, "objects": ["ACGT", …]}                          then, for each batch
    and it answers each batch by a line, flushed at once:
        {"id": 7, "scores": [0.12, …]}        or  {"id": 7, "error": "what is wrong"}
    What else it has to say belongs on standard error. No object is asked for twice: within a run gfn remembers, \
    from run to run cache=FILE does. returns= says whether a score is R, log R or any number.

    What fails is started again once; then the command stops, and what was trained is that of the last whole step. \
    Ctrl-C ends a wait at once. The program ends with gfn.

    What you type at the prompt may start a program; a script needs --allow-run, or --allow-run NAME for one of \
    that name (repeatable), and so do lessons and notebooks (GFN_OPTIONS="--allow-run python3").
    """

  static let functions: [String: String] = [
    "abs": "abs(x)\n  the absolute value of a number, or of each of a list",
    "exp": "exp(x)\n  e to the power x",
    "log": "log(x)\n  the natural logarithm",
    "sqrt": "sqrt(x)\n  the square root",
    "min":
      "min(a, b, …) or min(list)\n  the least number\nmin(F for i in A..B), in a formula\n  over a range",
    "max":
      "max(a, b, …) or max(list)\n  the greatest number\nmax(F for i in A..B), in a formula\n  over a range",
    "sum":
      "sum(a, b, …) or sum(list)\n  the sum of numbers\nsum(F for i in A..B), in a formula\n  over a range",
    "prod":
      "prod(a, b, …) or prod(list)\n  the product of numbers\nprod(F for i in A..B), in a formula\n  over a range",
    "count": "count(list, value)\n  how many elements are this value",
    "all":
      "all(a, b, …) or all(list)\n  whether all conditions hold\nall(C for i in A..B), in a formula\n  over a range",
    "any":
      "any(a, b, …) or any(list)\n  whether one of the conditions holds\nany(C for i in A..B), in a formula\n  over a range",
    "if": "if(condition, a, b)\n  a where the condition holds, else b; the other is not looked at",
    "mean": "mean(a, b, …) or mean(list)\n  the mean of numbers",
    "std": "std(a, b, …) or std(list)\n  the standard deviation of a sample, over n − 1",
    "len": "len(x)\n  how many characters, elements, rows or fields",
    "round": "round(x) or round(x, digits)\n  the nearest integer, or so many decimals",
    "floor": "floor(x)\n  the greatest integer that is not greater",
    "range": "range(n), range(a, b) or range(a, b, step)\n  0 … n−1, or from a on, before b",
    "keys": "keys(x)\n  the names of the fields of a record, or of the columns of a table",
    "exists": "exists(\"file\")\n  whether there is such a file",
    "near": "near(a, b, tolerance)\n  whether a and b differ by at most the tolerance",
  ]

  /// The codes of the errors, for `expect error CODE`.
  static var errors: String {
    let width = codes.map(\.code.count).max() ?? 0
    return "The codes of the errors, as 'expect error CODE { … }' names them:\n"
      + codes.map { "  \($0.code.padded(to: width))  \($0.meaning)" }.joined(separator: "\n")
  }

  static let codes: [(code: String, meaning: String)] = [
    ("syntax", "something else was expected here"),
    ("unexpected-character", "a character that stands nowhere"),
    ("unterminated-string", "a string without its closing quote"),
    ("unclosed-bracket", "a bracket without its closing one"),
    ("malformed-number", "a number with letters in it"),
    ("malformed-format", "'{…:format}' with an unknown format"),
    ("cell-mark-in-bracket", "'# %%' inside an open bracket"),
    ("nesting-too-deep", "more than 200 levels"),
    ("else-placement", "'else' not on the line of its '}'"),
    ("missing-let", "'x = 1' without 'let'"),
    ("bare-name", "a name without '$' in an expression"),
    ("variable-or-text", "'r.tv' where '$r' is a variable"),
    ("dollar-in-word", "'$' inside a word"),
    ("quotes-needed", "a text that needs quotes"),
    ("blank-around-equals", "a blank around the '=' of an option"),
    ("arguments-in-parentheses", "'train(200)' for 'train 200'"),
    ("arithmetic-in-argument", "'$n-1' for '($n-1)'"),
    ("function-without-parentheses", "'abs 3' for 'abs(3)'"),
    ("misplaced-break", "'break' outside a loop; likewise misplaced-continue, -return"),
    ("reserved-name", "a 'def' with the name of a command"),
    ("duplicate-parameter", "a parameter of a 'def' declared twice"),
    ("unknown-command", "no such command"),
    ("unknown-function", "no such function"),
    ("unknown-option", "the command has no such option"),
    ("unknown-word", "not one of the words of an option"),
    ("unknown-field", "the value has no such field"),
    ("run-refused", "a script may not start a program without --allow-run"),
    ("program", "a program that scores objects gives no scores"),
    ("declaration", "what was declared is no environment"),
    ("unknown-name", "a name that the formula does not know"),
    ("unknown-binding", "NAME=VALUE without a 'let NAME ?='"),
    ("unknown-snapshot", "no such snapshot"),
    ("unknown-topic", "no help on this word"),
    ("undefined-variable", "a variable without a value"),
    ("missing-argument", "a required argument is missing"),
    ("too-many-arguments", "more arguments than the command takes"),
    ("duplicate-argument", "an option given twice"),
    ("wrong-argument-count", "a function with too few or too many arguments"),
    ("wrong-type", "an argument of the wrong kind"),
    ("out-of-range", "a number outside its range"),
    ("type-mismatch", "an operator or a function on the wrong kind of value"),
    ("division-by-zero", "'/', '//' or '%' by zero"),
    ("index-out-of-range", "no element at this place"),
    ("no-value", "a command that returns nothing, used for its value"),
    ("assertion", "an 'assert' does not hold"),
    ("expected-error", "the block of an 'expect error' did not fail that way"),
    ("recursion-limit", "a 'def' calls itself too deeply"),
    ("value-too-large", "a text or a list grows too large"),
    ("nothing-to-undo", "no earlier state is kept"),
    ("aborted", "interrupted twice"),
    ("not-a-table", "'to=' with a value that is no table"),
    ("unknown-format", "a file name whose extension names no format"),
    ("file-not-found", "no such file"),
    ("file-too-large", "a file beyond the limit"),
    ("file-unreadable", "a file that cannot be read"),
    ("file-unwritable", "a file that cannot be written"),
    ("write-refused", "a file outside the permitted folders"),
    ("include-cycle", "a script that includes itself"),
    ("lesson", "a lesson that is not there or cannot be gone through here, or a word of lessons"),
    ("no-environment", "a command that needs an environment, before 'env'"),
    ("option", "a value that an option cannot have here, or one without effect"),
    ("state", "a text that is no state of the environment"),
    ("trajectory", "a trajectory that is not possible"),
    ("file", "a file whose contents are not what they should be"),
    ("shape", "a tensor that does not fit the configured network"),
    ("conflict", "parts of a configuration that do not go together"),
    ("too-large", "something that would not fit in memory"),
    ("mismatch", "a file that belongs to another environment, configuration or seed"),
    ("non-finite", "a number that became infinite or undefined"),
    ("identity", "'verify' found an identity that does not hold"),
    ("no-gnuplot", "a picture that gnuplot, if there is one, could not draw as a file"),
    ("machine", "a processor that computes matrix products wrongly"),
    ("interrupted", "a measurement stopped by Ctrl-C"),
    ("not-recorded", "'export' in a session that keeps no record of its cells"),
  ]
}
