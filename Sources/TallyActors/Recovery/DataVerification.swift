public import Persistence

/// Checks a data directory that no server holds: every byte of it, and the counts against a
/// recount of the votes.
public enum DataVerification {
    public struct Report: Sendable {
        public var files: VerificationReport
        public var votes: Int
        public var accounts: Int
        public var deletedAccounts: Int
    }

    /// The counts, or the seal of a closed phase, are not what the votes come to: a defect of the
    /// machines that made them.
    public struct CountsDiffer: Error, CustomStringConvertible {
        var difference: String

        public var description: String {
            "the counts differ from a recount of the votes: \(difference)"
        }
    }

    /// Blocks the calling thread.
    ///
    /// - Throws: `StorageFault`, `DirectoryFault`, `Damage`, `Replay.UnknownContent`, or
    ///   `CountsDiffer`.
    public static func run(
        _ storage: any Storage, configuration: ServiceConfiguration
    ) throws -> Report {
        let target = VerifyingReplay(configuration)
        let files = try Verification.run(
            storage, rulesVersion: TallyService.rulesVersion, into: target)
        let replay = target.folded
        replay.finish()
        if files.markHasTornSlot {
            // A start tolerates it: a power cut may have torn it, and the other slot holds.
            throw Damage(
                file: "durable-mark", offset: 0, reason: "one of its two slots is damaged")
        }
        let rows = replay.rows
        let state = AuditedState(cut: rows.settledCut(), machines: rows.freeze())
        if let difference = state.difference() { throw CountsDiffer(difference: difference) }
        let totals = HeldTotals(state.machines)
        return Report(
            files: files, votes: totals.votes, accounts: totals.accounts,
            deletedAccounts: totals.deletedAccounts)
    }
}

/// Folds a directory's records, and compares what they come to with each later snapshot.
private final class VerifyingReplay: ReplayTarget {
    private let configuration: ServiceConfiguration
    let folded: Replay
    private var hasBegun = false
    /// A later snapshot that is being read.
    private var compared: Replay?

    init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration
        folded = Replay(configuration)
    }

    func begin(_ snapshot: SnapshotHeader?) throws {
        if hasBegun { compared = Replay(configuration) }
        hasBegun = true
        try (compared ?? folded).begin(snapshot)
    }

    func chunk(kind: UInt8, _ bytes: UnsafeRawBufferPointer) throws {
        try (compared ?? folded).chunk(kind: kind, bytes)
    }

    func endSnapshot() throws {
        try (compared ?? folded).endSnapshot()
        guard let compared else { return }
        self.compared = nil
        folded.finish()
        let left = HeldTotals(folded.rows.freeze())
        let right = HeldTotals(compared.rows.freeze())
        guard left == right else {
            throw DataVerification.CountsDiffer(
                difference: "the journal comes to \(left), the snapshot to \(right)")
        }
        let cut = folded.rows.settledCut()
        let other = compared.rows.settledCut()
        guard cut.catalogue.encoded == other.catalogue.encoded else {
            throw DataVerification.CountsDiffer(
                difference: "the journal and the snapshot have other definitions")
        }
        if let difference = cut.difference(from: other) {
            throw DataVerification.CountsDiffer(difference: difference)
        }
    }

    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) throws {
        try folded.record(fields, payload: payload)
    }
}

extension Catalogue {
    fileprivate var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.catalogue(self)
        return writer.bytes
    }
}

/// What the machines of all ballot shards hold together.
private struct HeldTotals: Equatable, CustomStringConvertible {
    var votes = 0
    var accounts = 0
    var deletedAccounts = 0

    init(_ machines: [BallotMachine]) {
        for var machine in machines {
            // How far the sweep of removed phases has come says nothing.
            while machine.isSweeping { machine.sweepStep() }
            votes += machine.voteCount
            accounts += machine.accountCount
            deletedAccounts += machine.tombstoneCount
        }
    }

    var description: String {
        "\(votes) votes, \(accounts) accounts and \(deletedAccounts) deleted ones"
    }
}
