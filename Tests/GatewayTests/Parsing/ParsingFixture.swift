import Gateway
import TallyActors

/// A catalogue to decode under, and what decoding gave.
enum ParsingFixture {
    static let hash = SipHash128(key: (17, 4711))

    /// Consultations `c` and `Ünïcode`; a phase of every kind in each, named for it; proposals `p0`
    /// to `p9`, `L5/04/VII`, a long one and one beyond ASCII.
    static let catalogue: Catalogue = {
        var machine = CatalogueMachine()
        for (sequence, name) in [("c" as Identifier), "Ünïcode"].enumerated() {
            let outcome = machine.apply(
                .define(consultation: name, definition: definition), sequence: UInt64(sequence + 1),
                at: Instant(milliseconds: 1_000), locks: VoteLocks(),
                cut: { preconditionFailure("nothing is closed") })
            precondition(outcome.outcome == .created)
        }
        return machine.catalogue
    }()

    static let proposalNames =
        (0..<10).map { "p\($0)" }
        + ["L5/04/VII", "a-proposal-with-a-name-of-forty-bytes-xx", "pröposal", "quo\"te"]

    private static var definition: ConsultationDefinition {
        let proposals = proposalNames.map {
            ProposalDefinition(id: Identifier(validated: $0.utf8))
        }
        let costly = proposals.map { ProposalDefinition(id: $0.id, cost: 5) }
        return ConsultationDefinition(phases: [
            PhaseDefinition(
                id: "choice",
                ballot: BallotRule(kind: .choice, choices: ["agree", "mixed", "disagree"]),
                proposals: proposals),
            PhaseDefinition(
                id: "support", ballot: BallotRule(kind: .support), proposals: proposals),
            PhaseDefinition(
                id: "budget", ballot: BallotRule(kind: .budget, budget: 20), proposals: costly),
            PhaseDefinition(
                id: "ranking", ballot: BallotRule(kind: .ranking, maximumVotes: 3),
                proposals: proposals),
            PhaseDefinition(
                id: "points", ballot: BallotRule(kind: .points, maximumPoints: 10),
                proposals: proposals),
        ])
    }

    static func phase(_ name: Identifier, in consultation: Identifier = "c") -> PhaseEntry {
        catalogue.consultation(named: consultation)!.phase(named: name)!
    }

    static func key(_ account: String) -> AccountKey {
        hash.key(of: Array(account.utf8))
    }

    static func cast(
        _ proposal: Identifier, by account: String, choice: String,
        in phase: PhaseEntry = phase("choice")
    ) -> DecodedLine {
        let value = Array(choice.utf8).withUnsafeBytes { phase.choice(named: $0)! }
        return cast(proposal, by: account, value, in: phase)
    }

    /// - Parameter value: a choice's number, a rank, points, or 0 for nothing.
    static func cast(
        _ proposal: Identifier, by account: String, _ value: UInt32 = 0, in phase: PhaseEntry
    ) -> DecodedLine {
        .command(command(proposal, by: account, value, in: phase))
    }

    static func command(
        _ proposal: Identifier, by account: String, _ value: UInt32 = 0, in phase: PhaseEntry
    ) -> Command {
        .cast(
            key(account), phase: phase.number, proposal: phase.proposal(named: proposal)!,
            value: value, as: phase.kind.content)
    }

    static func ballot(
        _ votes: [(proposal: Identifier, value: UInt32)], by account: String, in phase: PhaseEntry
    ) -> DecodedLine {
        .ballot(
            account: key(account), phase: phase.number,
            words: votes.map { command($0.proposal, by: account, $0.value, in: phase).word })
    }

    static func withdraw(
        _ proposal: Identifier, by account: String, in phase: PhaseEntry = phase("choice")
    ) -> DecodedLine {
        .command(
            .withdraw(
                key(account), phase: phase.number, proposal: phase.proposal(named: proposal)!))
    }
}

/// What a line came to, to be compared.
enum DecodedLine: Equatable, CustomStringConvertible {
    case command(account: AccountKey, word: UInt64)
    case ballot(account: AccountKey, phase: PhaseNumber, words: [UInt64])
    case refused(Refusal)

    static func command(_ command: Command) -> DecodedLine {
        .command(account: command.account, word: command.word)
    }

    static func ballot(
        _ votes: [Command], of account: AccountKey, in phase: PhaseNumber
    ) -> DecodedLine {
        precondition(votes.allSatisfy { $0.account == account && $0.vote.phase == phase })
        return .ballot(account: account, phase: phase, words: votes.map(\.word))
    }

    /// - Parameter grammar: the one that has just read it.
    init(_ reading: LineReading, by grammar: some LineGrammar) {
        switch reading {
        case .command(let command): self = .command(command)
        case .ballot(let account, let phase):
            self = .ballot(grammar.ballotVotes, of: account, in: phase)
        case .refused(let refusal): self = .refused(refusal)
        }
    }

    var description: String {
        switch self {
        case .command(let account, let word):
            "command \(String(account.low, radix: 16)) \(String(word, radix: 16))"
        case .ballot(let account, let phase, let words):
            "ballot \(String(account.low, radix: 16)) \(phase) "
                + words.map { String($0, radix: 16) }.joined(separator: ",")
        case .refused(let refusal): refusal.rawValue
        }
    }
}

/// A sink that keeps everything.
struct CollectedLines: LineSink, Equatable {
    var lines: [UInt64: DecodedLine] = [:]
    /// In the order in which they came.
    var order: [UInt64] = []

    mutating func accept(_ command: Command, line: UInt64) {
        lines[line] = .command(command)
        order.append(line)
    }

    mutating func accept(
        ballot votes: [Command], of account: AccountKey, in phase: PhaseNumber, line: UInt64
    ) {
        lines[line] = .ballot(votes, of: account, in: phase)
        order.append(line)
    }

    mutating func refuse(line: UInt64, with refusal: Refusal) {
        lines[line] = .refused(refusal)
        order.append(line)
    }
}

extension LineDecoder where Grammar == VoteLineGrammar {
    /// Decodes a whole stream that arrives in chunks of these sizes, over and over.
    static func decode(
        _ stream: [UInt8], chunks: [Int], limit: Int = .max, route: VoteRoute = .anyPhase
    ) -> (lines: CollectedLines, count: UInt64) {
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: route)
        var sink = CollectedLines()
        var start = 0
        var turn = 0
        while start < stream.count {
            let end = min(stream.count, start + chunks[turn % chunks.count])
            turn += 1
            // A buffer of its own: a read beyond its end would leave the allocation.
            let chunk = Array(stream[start..<end])
            start += chunk.withUnsafeBytes {
                decoder.decode(
                    $0, catalogue: ParsingFixture.catalogue, limit: limit, into: &sink)
            }
        }
        decoder.finish(into: &sink)
        return (sink, decoder.lineCount)
    }

    static func decode(_ text: String, route: VoteRoute = .anyPhase) -> [DecodedLine] {
        let (sink, _) = decode(Array(text.utf8), chunks: [.max], route: route)
        return sink.order.map { sink.lines[$0]! }
    }
}
