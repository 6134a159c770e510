/// What goes when there is a snapshot more.
public enum Retention {
    /// Keeps the two newest snapshots and the journal from the older one of them on; deletes older
    /// snapshots, segments that lie wholly behind, and temporary files.
    ///
    /// To be called when a snapshot is finished, and no other one is being written; the journal may be
    /// written meanwhile. What recovery found to be damaged is not under a snapshot's name any
    /// more, so that both that are kept are good.
    ///
    /// - Parameter erasing: deletes the kept torn tails and damaged snapshots, too.
    public static func apply(to directory: DataDirectory, erasing: Bool = false)
        throws(StorageFault) -> RetentionReport
    {
        let content = DirectoryContent(try directory.storage.list())
        let removed = obsolete(content, erasing: erasing)
        for name in removed {
            try directory.storage.remove(name)
        }
        if !removed.isEmpty {
            try directory.storage.syncDirectory()
        }
        let kept = content.segments.first { !removed.contains(FileName.segment($0)) }
        return RetentionReport(
            removed: removed, oldestSnapshot: content.snapshots.suffix(2).first,
            firstSequence: kept)
    }

    /// How many files an erasing `apply` would delete now: torn tails and damaged snapshots that
    /// recovery put aside, and what a process that died just then did not delete.
    public static func keptFiles(in directory: DataDirectory) throws(StorageFault) -> Int {
        obsolete(DirectoryContent(try directory.storage.list()), erasing: true).count
    }

    /// The names to delete, in an order in which any of them may be the last one that is deleted:
    /// what is left is a directory that recovery takes.
    package static func obsolete(_ content: DirectoryContent, erasing: Bool) -> [String] {
        var names = content.temporary
        names += content.snapshots.dropLast(2).map(FileName.snapshot)
        if content.snapshots.count >= 2 {
            let older = content.snapshots[content.snapshots.count - 2]
            let behind = zip(content.segments, content.segments.dropFirst())
                .prefix { $0.1 <= older + 1 }
            names += behind.map { FileName.segment($0.0) }
        }
        if erasing {
            names += content.keptEvidence
        }
        return names
    }
}
