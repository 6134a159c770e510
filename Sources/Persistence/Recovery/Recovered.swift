/// A journal that goes on where the last one ended, and how that was found.
public struct Recovered: Sendable {
    public let journal: SegmentedJournal
    public let report: RecoveryReport
}
