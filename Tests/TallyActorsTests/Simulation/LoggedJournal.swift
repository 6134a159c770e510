import Persistence
import TallyActors

/// The journal, which tells the history what it is given before it writes it.
final class LoggedJournal: Journal {
    private let journal: any Journal
    private let history: History

    init(_ journal: any Journal, history: History) {
        self.journal = journal
        self.history = history
    }

    var lastSequence: UInt64 { journal.lastSequence }
    var chainDigest: ChainDigest { journal.chainDigest }

    func append(
        _ record: RecordFields, payload: [UnsafeRawBufferPointer], mayUseReserve: Bool
    ) throws(StorageFault) {
        history.begin(record, payload.flatMap { Array($0) })
        do {
            try journal.append(record, payload: payload, mayUseReserve: mayUseReserve)
            history.complete()
            if mayUseReserve, record.kind == RecordKind.commands.rawValue {
                history.fate.happened(.deletionWithoutRoom)
            }
        } catch {
            history.takeBack()
            throw error
        }
    }

    func markDurable() throws(StorageFault) { try journal.markDurable() }
    func roll() throws(StorageFault) { try journal.roll() }
    func close() throws(StorageFault) { try journal.close() }
}
