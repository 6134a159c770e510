/// What recovery is to read, computed from nothing but a directory listing, a first look at the
/// snapshots, and the durable mark.
package struct RecoveryPlan: Equatable, Sendable {
    /// A state that can be built: from a snapshot, or from nothing, and the segments after it.
    package struct Start: Equatable, Sendable {
        /// nil: from nothing.
        package var snapshot: SnapshotHeader?
        /// First sequences of the segments to read, ascending.
        package var segments: [UInt64]

        package init(snapshot: SnapshotHeader?, segments: [UInt64]) {
            self.snapshot = snapshot
            self.segments = segments
        }
    }

    /// In the order in which to try them; the first whose snapshot is good through and through is
    /// taken. At least one.
    package var starts: [Start]
    /// Newest first.
    package var damagedSnapshots: [Damage]
    /// The journal is damaged if it ends before this sequence.
    package var mustReach: UInt64

    /// - Parameters:
    ///   - snapshots: one for each in `content`, ascending.
    ///   - mark: what the durable mark says.
    package init(content: DirectoryContent, snapshots: [SnapshotCondition], mark: UInt64)
        throws(Damage)
    {
        mustReach = max(mark, content.snapshots.last ?? 0)
        damagedSnapshots = snapshots.reversed().compactMap(\.damage)
        starts = []
        for header in snapshots.reversed().compactMap(\.header) {
            if let segments = Self.segments(after: header.sequence, of: content.segments) {
                starts.append(Start(snapshot: header, segments: segments))
            }
        }
        if let segments = Self.segments(after: 0, of: content.segments) {
            starts.append(Start(snapshot: nil, segments: segments))
        } else if content.segments.isEmpty, mustReach == 0 {
            starts.append(Start(snapshot: nil, segments: []))
        }
        if starts.isEmpty {
            throw Self.reason(content: content, snapshots: snapshots, mustReach: mustReach)
        }
    }

    /// The segments from the one on that has, or will have, the sequence after `sequence`.
    static func segments(after sequence: UInt64, of all: [UInt64]) -> [UInt64]? {
        guard let first = all.lastIndex(where: { $0 <= sequence + 1 }) else { return nil }
        return Array(all[first...])
    }

    private static func reason(
        content: DirectoryContent, snapshots: [SnapshotCondition], mustReach: UInt64
    ) -> Damage {
        if let newest = snapshots.reversed().compactMap(\.header).first {
            return missing(newest.sequence + 1, content)
        }
        return snapshots.last?.damage ?? missing(1, content)
    }

    private static func missing(_ sequence: UInt64, _ content: DirectoryContent) -> Damage {
        let first = content.segments.first.map { "the first one there is begins at \($0)" }
        return Damage(
            file: FileName.segment(sequence), offset: 0,
            reason: "the segment that has sequence \(sequence) is missing: "
                + (first ?? "there is none at all"))
    }
}
