/// How far a run is.
struct EngineProgress: Equatable, Sendable {
    /// Lines of votes that are acknowledged.
    var votes = 0
    var deletions = 0
    var refused = 0
    var sentBytes = 0
    /// Since the start.
    var seconds = 0.0
}
