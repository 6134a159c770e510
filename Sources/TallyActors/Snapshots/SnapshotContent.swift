package import Persistence

/// What a snapshot holds: the whole state at a record boundary, shared with the running machines
/// until they write again.
package struct SnapshotContent: Sendable {
    var sequence: UInt64
    var instant: Instant
    var chainDigest: ChainDigest
    var catalogue: Catalogue
    /// One a ballot shard, in any order.
    var ballots: [BallotMachine]
    /// Commands naming deleted accounts that this snapshot and the next one make physical.
    var erasures: ErasureLedger.Class
    let progress: SnapshotProgress

    package init(
        sequence: UInt64, instant: Instant, chainDigest: ChainDigest, catalogue: Catalogue,
        ballots: [BallotMachine], erasures: ErasureLedger.Class = .none
    ) {
        self.sequence = sequence
        self.instant = instant
        self.chainDigest = chainDigest
        self.catalogue = catalogue
        self.ballots = ballots
        self.erasures = erasures
        progress = SnapshotProgress(
            chunks: ballots.reduce(0) { $0 + $1.tables.reduce(0) { $0 + $1.chunks.count } })
    }
}

/// The kinds of a snapshot's chunks, in the order in which they come. The raw values stand in the
/// files: never renumbered.
///
/// - 1 catalogue: a piece of the catalogue's encoding (`CatalogueCodec`); all pieces together are
///   one encoding.
/// - 2 locks: pairs of 32-bit phase and proposal numbers.
/// - 3 frozen: what deletions froze: a 32-bit phase, 32-bit options, 64-bit voters, the 32-bit index
///   of the first count, their 32-bit number, and the 64-bit counts, by proposal × option; pieces of a
///   phase add up.
/// - 4 accounts: 16 bytes of key, 32-bit number of votes (0 for a deleted account), 32 bits of
///   zeros, and as many 64-bit vote words, sorted; repeated. An account whose votes do not fit a
///   chunk comes again in the next one, with the rest of them.
/// - 5 erasures, if there are any: commands that name deleted accounts and still stand in files when
///   this snapshot is durable: their 64-bit number, and 64 bits of time since when the first does.
///
/// Integers are little-endian. Counts are not stored: they are what the votes come to.
enum SnapshotChunk: UInt8 {
    case catalogue = 1
    case locks = 2
    case frozen = 3
    case accounts = 4
    case erasures = 5
}
