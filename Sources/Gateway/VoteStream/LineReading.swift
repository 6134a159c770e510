package import TallyActors

/// What one line came to.
package enum LineReading: Sendable {
    case command(Command)
    case refused(Refusal)
}
