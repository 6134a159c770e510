/// Which deletions are not yet physical: their accounts' hashes still stand in files.
///
/// A command that names a deleted account (its deletion, a repeated one, or a vote that was refused)
/// is gone from the files when two snapshots that began after it are durable: then the journal, the
/// snapshots and whatever else is older is deleted. So commands are kept in two classes, those
/// since the newest snapshot began and those before it, and each snapshot moves them on by one.
///
/// A pure value: figures and times come in as arguments.
package struct ErasureLedger: Sendable, Equatable {
    /// Commands that name deleted accounts, and since when the first of them stands in the files.
    package struct Class: Sendable, Equatable {
        package var count: UInt64
        /// nil exactly when there are none.
        package var since: Instant?

        package static let none = Class(count: 0, since: nil)

        package init(count: UInt64, since: Instant?) {
            self.count = count
            self.since = since
        }

        mutating func add(_ other: Class) {
            count += other.count
            since = [since, other.since].compactMap { $0 }.min()
        }
    }

    /// Since the newest snapshot began, or since the start of the journal.
    private(set) var recent: Class
    /// Named before the newest snapshot began, and after the one before it.
    private(set) var superseded: Class
    /// Moved on by the snapshot that is being written: what comes meanwhile is recent again.
    private var underway: Class?
    /// The total that `observe` was last told.
    private var observed: UInt64

    /// - Parameters:
    ///   - stored: as the snapshot held it from which the service started. It is not known whether the
    ///     journal began another segment there, so that two more snapshots are waited for.
    ///   - keptFiles: files that recovery put aside: they may hold what was erased elsewhere, and go
    ///     with the next snapshot.
    ///   - replayed: commands that name deleted accounts in the journal behind that snapshot.
    ///   - since: a time at or before the first of these.
    package init(
        stored: Class = .none, keptFiles: Int = 0, replayed: UInt64 = 0, since: Instant
    ) {
        recent = stored
        if replayed > 0 { recent.add(Class(count: replayed, since: since)) }
        superseded = keptFiles > 0 ? Class(count: UInt64(keptFiles), since: since) : .none
        observed = replayed
    }

    /// Takes note of the commands since the last call.
    ///
    /// - Parameter total: how many there were in all since the start.
    package mutating func observe(total: UInt64, at instant: Instant) {
        precondition(total >= observed, "deletions were taken back")
        guard total > observed else { return }
        recent.add(Class(count: total - observed, since: instant))
        observed = total
    }

    /// A snapshot begins, at a position at which everything was observed.
    ///
    /// - Returns: what the snapshot must hold: the commands that it alone does not make physical.
    package mutating func beginSnapshot() -> Class {
        precondition(underway == nil, "two snapshots are under way")
        underway = recent
        recent = .none
        return underway ?? .none
    }

    /// What a snapshot must hold that moves nothing on, because the journal's segment goes on
    /// beyond its position: all that is pending.
    package var all: Class {
        var all = recent
        all.add(superseded)
        return all
    }

    /// The snapshot that was begun is durable, and the files that it supersedes are gone; or it could
    /// not be written.
    package mutating func endSnapshot(isDurable: Bool) {
        guard let moved = underway else { preconditionFailure("no snapshot is under way") }
        underway = nil
        if isDurable { superseded = moved } else { recent.add(moved) }
    }

    /// A snapshot is being written that moves the commands before it on.
    package var isSnapshotUnderway: Bool { underway != nil }

    /// Commands whose accounts' hashes still stand in files.
    package var pending: UInt64 { recent.count + superseded.count + (underway?.count ?? 0) }

    /// One more snapshot makes all of them physical.
    package var isSupersededOnly: Bool { recent.count == 0 && (underway?.count ?? 0) == 0 }

    /// Since when the oldest of them does; nil when there are none.
    package var since: Instant? {
        [recent.since, superseded.since, underway?.since].compactMap { $0 }.min()
    }
}
