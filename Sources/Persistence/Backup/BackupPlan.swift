/// Which files of a data directory belong into a copy of it.
package enum BackupPlan {
    /// Everything that a start reads: the two newest snapshots, the journal from the older one of
    /// them on, and the configuration that lies beside them.
    ///
    /// Not in a copy are what the next retention deletes anyway, what is unfinished, what recovery
    /// put aside, and what is only taken ahead. The key and the durable mark are written, not
    /// copied: the key last of all, the mark for what the copy reaches.
    ///
    /// - Returns: names, snapshots first, then segments, each ascending.
    package static func files(of entries: [StorageEntry]) -> [String] {
        let content = DirectoryContent(entries)
        let obsolete = Set(Retention.obsolete(content, erasing: false))
        let present = Set(entries.map(\.name))
        let names =
            content.snapshots.map(FileName.snapshot) + content.segments.map(FileName.segment)
            + FileName.configuration.filter(present.contains)
        return names.filter { !obsolete.contains($0) }
    }
}
