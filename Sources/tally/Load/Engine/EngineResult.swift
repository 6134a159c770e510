/// What a run leaves behind.
struct EngineResult<Script: CommandScript>: Sendable {
    var scripts: [Script]
    var votes = TrafficResult()
    var deletions = TrafficResult()
    var reads: TallyReader.Result?
    /// Nanoseconds of the monotonic clock.
    var startedAt: UInt64

    /// From the start to the last acknowledgement of a vote.
    var voteSeconds: Double { seconds(votes.lastAcknowledgedAt) }
    /// From the start to the last acknowledgement at all.
    var seconds: Double { seconds(max(votes.lastAcknowledgedAt, deletions.lastAcknowledgedAt)) }

    private func seconds(_ end: UInt64) -> Double {
        end > startedAt ? Double(end - startedAt) / 1e9 : 0
    }
}
