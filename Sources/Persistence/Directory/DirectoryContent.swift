/// A directory listing, sorted by what the files are.
package struct DirectoryContent: Equatable, Sendable {
    /// First sequences, ascending.
    package var segments: [UInt64] = []
    /// Sequences, ascending.
    package var snapshots: [UInt64] = []
    /// Unfinished files.
    package var temporary: [String] = []
    package var hasSpare = false
    /// Torn tails and damaged snapshots that an earlier recovery kept.
    package var keptEvidence: [String] = []
    package var hasMark = false
    package var reserveBytes: Int64?

    package init(_ entries: [StorageEntry]) {
        for entry in entries {
            if let sequence = FileName.segmentSequence(of: entry.name) {
                segments.append(sequence)
            } else if let sequence = FileName.snapshotSequence(of: entry.name) {
                snapshots.append(sequence)
            } else if FileName.isTemporary(entry.name) {
                temporary.append(entry.name)
            } else if entry.name == FileName.spare {
                hasSpare = true
            } else if FileName.isKeptEvidence(entry.name) {
                keptEvidence.append(entry.name)
            } else if entry.name == FileName.durableMark {
                hasMark = true
            } else if entry.name == FileName.reserve {
                reserveBytes = entry.size
            }
        }
        segments.sort()
        snapshots.sort()
        temporary.sort()
        keptEvidence.sort()
    }

    /// The same without the segments and snapshots of these names.
    func without(_ names: Set<String>) -> DirectoryContent {
        var content = self
        content.segments.removeAll { names.contains(FileName.segment($0)) }
        content.snapshots.removeAll { names.contains(FileName.snapshot($0)) }
        return content
    }

    package var hasRecords: Bool { !segments.isEmpty || !snapshots.isEmpty }

    /// A file that only a key can make sense of.
    package var anyData: String? {
        if let first = snapshots.first { return FileName.snapshot(first) }
        if let first = segments.first { return FileName.segment(first) }
        return hasMark ? FileName.durableMark : keptEvidence.first
    }
}
