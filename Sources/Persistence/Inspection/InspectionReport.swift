/// What lies in a data directory.
public struct InspectionReport: Sendable {
    public struct Snapshot: Sendable {
        public var sequence: UInt64
        /// ms since 1970; nil if it cannot be read.
        public var timestamp: Int64?
        /// Of the file.
        public var bytes: Int64
        public var damage: Damage?
    }

    public struct Segment: Sendable {
        public enum Note: Sendable {
            /// A record at the end that is being written, or whose write was cut short.
            case unfinished(TornTail)
            case damaged(Damage)
        }

        public var firstSequence: UInt64
        /// One less than the first if there is no record.
        public var lastSequence: UInt64
        /// Of the last record, ms since 1970; nil if there is none.
        public var lastTimestamp: Int64?
        public var records: Int
        /// Of the header and the records.
        public var usedBytes: Int64
        /// Of the file.
        public var bytes: Int64
        public var note: Note?
    }

    public var fingerprint: KeyFingerprint
    public var rulesVersion: UInt32
    public var durableMark: UInt64
    /// Ascending.
    public var snapshots: [Snapshot]
    /// Ascending.
    public var segments: [Segment]
    /// All other files, by name.
    public var others: [StorageEntry]

    /// What is damaged, the snapshots first.
    public var damages: [Damage] {
        snapshots.compactMap(\.damage)
            + segments.compactMap { segment in
                if case .damaged(let damage) = segment.note { damage } else { nil }
            }
    }

    /// Of the last command that a start would find; 0 if there is none.
    public var lastSequence: UInt64 {
        max(segments.last?.lastSequence ?? 0, snapshots.last?.sequence ?? 0)
    }

    /// Of that command, ms since 1970; nil if it is not known.
    public var lastTimestamp: Int64? {
        let times =
            snapshots.map { ($0.sequence, $0.timestamp) }
            + segments.map { ($0.lastSequence, $0.lastTimestamp) }
        return times.first { $0.0 == lastSequence && $0.1 != nil }?.1
    }
}
