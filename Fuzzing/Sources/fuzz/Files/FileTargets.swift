import Persistence

/// A journal that is changed in any way tells nothing that was not written into it, and says so
/// when something is missing.
///
/// Input: what is written (`WrittenDirectory`), then what is changed (`FileChanges`).
enum JournalTarget {
    static func run(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        DirectoryCheck.run(bytes, withSnapshots: false, suffix: ".seg")
    }
}

/// The same of snapshots, between which and behind which there are records.
enum SnapshotTarget {
    static func run(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        DirectoryCheck.run(bytes, withSnapshots: true, suffix: ".snap")
    }
}
