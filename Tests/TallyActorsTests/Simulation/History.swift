import Persistence
import TallyActors

/// Everything that was given a number, in order, with the naive model after each record; and what
/// anybody was told of it.
///
/// `@unchecked Sendable`: one thread runs all of a simulation.
final class History: @unchecked Sendable {
    /// A record as the journal was given it.
    struct Record {
        var fields: RecordFields
        var payload: [UInt8]
    }

    /// What clients have asked for and have no answer to, in the order of the sequencer's inbox.
    enum Waiting {
        case batch(CommandBatch)
        case wish(CatalogueCommand)
    }

    let fate: Fate
    let clock: SimulatedClock
    var records: [Record] = []
    /// One more than records: before the first, and after each.
    var models = [NaiveModel()]
    /// By number, from 1 on: what should become of the command; nil where it is none on an account.
    var outcomes: [Outcome?] = []
    var waiting: [Waiting] = []
    /// What the model says of the wish that was the last to be journaled.
    var journaledWish: (position: UInt64, verdict: NaiveVerdict)?
    /// The highest number that was acknowledged.
    var acknowledged: UInt64 = 0
    /// The highest number of which anybody has seen anything.
    var seen: UInt64 = 0
    /// The last number that may be acknowledged.
    var durable: UInt64 = 0
    /// The last number of the record that is being written.
    var underway: UInt64 = 0
    /// The disk was too small at some time since the process started.
    var mayLackRoom = false
    let numbers: [AccountKey: Int]

    init(fate: Fate, clock: SimulatedClock) {
        self.fate = fate
        self.clock = clock
        numbers = Dictionary(
            uniqueKeysWithValues: (0..<Simulation.accounts).map { (.numbered($0), $0) })
    }

    var model: NaiveModel { models.last! }

    /// The model at a record boundary; nil elsewhere.
    func model(at position: UInt64) -> NaiveModel? { index(of: position).map { models[$0] } }

    private func index(of position: UInt64) -> Int? {
        var low = 0
        var high = models.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if models[middle].position <= position { low = middle } else { high = middle - 1 }
        }
        return models[low].position == position ? low : nil
    }

    /// Accounts that commands after this position name.
    func accounts(namedAfter position: UInt64) -> Set<AccountKey> {
        var named: Set<AccountKey> = []
        for record in records
        where record.fields.lastSequence > position
            && record.fields.kind == RecordKind.commands.rawValue
        {
            for command in Self.commands(record.payload) { named.insert(command.head.account) }
        }
        return named
    }

    /// The last commands that name an account, and what they come to, for people.
    func mentions(of account: AccountKey) -> String {
        var mentions: [String] = []
        for record in records where record.fields.kind == RecordKind.commands.rawValue {
            var number = record.fields.firstSequence
            for command in Self.commands(record.payload) {
                if command.head.account == account, let outcome = outcomes[Int(number) - 1] {
                    mentions.append("\(number) \(outcome.code.name)")
                }
                number += 1
            }
        }
        return mentions.suffix(5).joined(separator: ", ")
    }

    /// The record that begins with this number.
    func record(from first: UInt64) -> Record? {
        guard let index = index(of: first - 1), index < records.count else { return nil }
        return records[index]
    }

    // MARK: - Deaths

    /// The last number that can be found after the machine has died just now.
    private(set) var latestPossible: UInt64 = 0

    private(set) var isServing = false

    /// What is given and told from now on does not count.
    func machineDied() {
        if isServing { latestPossible = max(underway, model.position) }
        isServing = false
    }

    /// A process found this much: it is what there was from now on.
    func survived(_ position: UInt64) {
        fate.note("survived", position)
        fate.expect(
            position >= seen, "number \(seen) was seen, but \(position) is the last that is found")
        fate.expect(position <= latestPossible, "\(position) was found, but never written")
        fate.expect(
            model(at: position) != nil, "\(position) is the last, in the middle of a record")
        while model.position > position {
            let record = records.removeLast()
            models.removeLast()
            outcomes.removeLast(Int(record.fields.count))
        }
        underway = position
        durable = position
        acknowledged = position
        seen = position
        waiting = []
        journaledWish = nil
        isServing = true
    }
}
