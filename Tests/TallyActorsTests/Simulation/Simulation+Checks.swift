import Persistence
import TallyActors

extension Simulation {
    /// Everything that the rows hold, against the model and against each other.
    func compare(_ rows: ShardRows) {
        let state = AuditedState(cut: rows.settledCut(), machines: rows.freeze())
        let model = history.model
        let difference =
            state.difference() ?? model.difference(from: state.cut)
            ?? model.difference(from: state.machines)
        if let difference { return fate.fail(difference) }
        for account in 0..<Self.accounts {
            rows.read(.numbered(account)) { [fate] held in
                fate.expect(held.sequence == model.position, "a shard lags behind")
                if let difference = model.difference(of: account, from: held) {
                    fate.fail(difference)
                }
            }
        }
        host.letShardsWork()
        fate.note("compared", model.position)
    }

    /// Reads the whole directory again, as a person would who mistrusts the server.
    func verify(_ memory: MemoryStorage) {
        let bystander = SimulatedHost(Fate(seed: fate.random.next(), notesContents: false))
        defer { bystander.end() }
        var configuration = ServiceConfiguration(
            ballotShards: 1 + fate.int(0..<8), tallyShards: 1 + fate.int(0..<8))
        configuration.host = bystander
        do {
            let copy = memory.afterProcessDeath()
            _ = try Verification.run(
                copy, rulesVersion: TallyService.rulesVersion,
                into: RecordComparison(history, fate))
            let report = try DataVerification.run(copy, configuration: configuration)
            fate.expect(
                report.files.lastSequence == history.model.position
                    && report.votes == history.model.voteCount
                    && report.accounts == history.model.votes.count
                    && report.deletedAccounts == history.model.deleted.count,
                "a verification says \(report)")
        } catch let damage as Damage where damage.reason.contains("two slots") {
            // A death that tears the mark leaves the other slot.
        } catch {
            fate.fail("a verification says: \(error)")
        }
    }

    /// Nothing of accounts that were deleted at this position, and not named since, is in any
    /// file, nor would be after a power loss, but one remembered refusal in each snapshot.
    func checkErased(asOf position: UInt64) {
        guard let model = history.model(at: position) else {
            return fate.fail("an erasure was asked for in the middle of a record")
        }
        let named = history.accounts(namedAfter: position)
        var gone: [UInt64: AccountKey] = [:]
        for account in model.deleted.map({ AccountKey.numbered($0) })
        where !named.contains(account) {
            gone[account.low] = account
        }
        for memory in [disk.memory, disk.memory.afterPowerLoss()] {
            for (name, bytes) in (try? memory.contents()) ?? [] {
                for (offset, account) in Self.places(of: gone, in: bytes) {
                    let isRefusal = name.hasSuffix(".snap") && Self.isRefusal(bytes, at: offset)
                    fate.expect(
                        isRefusal,
                        "\(account) stands in \(name) at byte \(offset) after an erasure as of "
                            + "\(position): \(history.mentions(of: account))")
                }
            }
        }
        fate.note("erased", UInt64(gone.count))
        if !gone.isEmpty { fate.happened(.erasure) }
    }

    private static func places(
        of accounts: [UInt64: AccountKey], in bytes: [UInt8]
    ) -> [(Int, AccountKey)] {
        guard !accounts.isEmpty, bytes.count >= 16 else { return [] }
        return bytes.withUnsafeBytes { words in
            stride(from: 0, through: words.count - 16, by: 8).compactMap { offset in
                let low = words.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard low != 0, let account = accounts[low] else { return nil }
                let high = words.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
                return high == account.high ? (offset, account) : nil
            }
        }
    }

    /// An account with no votes: the remembered refusal.
    private static func isRefusal(_ bytes: [UInt8], at offset: Int) -> Bool {
        bytes.count >= offset + 24 && bytes[offset + 16..<offset + 24].allSatisfy { $0 == 0 }
    }
}

/// Every record in the files is the one that the journal was given.
private final class RecordComparison: ReplayTarget {
    private let history: History
    private let fate: Fate

    init(_ history: History, _ fate: Fate) {
        self.history = history
        self.fate = fate
    }

    func begin(_ snapshot: SnapshotHeader?) {}
    func chunk(kind: UInt8, _ content: UnsafeRawBufferPointer) {}
    func endSnapshot() {}

    func record(_ fields: RecordFields, payload: UnsafeRawBufferPointer) {
        let given = history.record(from: fields.firstSequence)
        fate.expect(
            given?.fields == fields && given?.payload == Array(payload),
            "record \(fields.firstSequence) is not what was written")
    }
}
