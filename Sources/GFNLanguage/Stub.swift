public final class Session {}
public struct Arguments {}
public struct Diagnostic: Sendable {}
