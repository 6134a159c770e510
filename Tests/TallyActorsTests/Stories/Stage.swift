import Persistence
import TallyActors

/// Plays the sentences of stories to a real service, and says how each should have read.
struct Stage {
    private var storage = MemoryStorage()
    private let clock = TestClock(0)
    var service: TallyService
    private var connection = Connection()
    /// By the name of a phase: the consultation in which it was defined last.
    var homes: [String: Identifier] = [:]

    init() async throws {
        service = try await TallyService.start(storage, clock)
    }

    func end() async { await service.shutdown() }

    /// A power cut after everything was answered.
    mutating func restart(snapshot: Bool) async throws {
        if snapshot { _ = await service.snapshot() }
        storage = storage.afterPowerLoss()
        await service.shutdown()
        service = try await TallyService.start(storage, clock)
        connection = Connection()
    }

    /// - Returns: the sentence with what really came of it; nil when it is not understood.
    mutating func play(_ line: String) async throws -> String? {
        if let match = line.wholeMatch(of: /At (.+)/) {
            guard let instant = StoryTime.instant(match.1) else { return nil }
            clock.advance(by: instant.milliseconds - clock.read().wall.milliseconds)
            // An empty batch waits for what has become due.
            await connection.run([], on: service)
            return line
        }
        if line.hasPrefix("Then ") { return await observe(line) }
        guard let colon = line.ranges(of: ": ").last else { return nil }
        let sentence = String(line[..<colon.lowerBound])
        if sentence == "The server restarts" {
            try await restart(snapshot: false)
            return sentence + ": ready"
        }
        if let outcome = await vote(sentence) { return "\(sentence): \(outcome)" }
        if let outcome = await define(sentence) { return "\(sentence): \(outcome)" }
        return nil
    }

    // MARK: - Votes

    private func vote(_ sentence: String) async -> String? {
        if let match = sentence.wholeMatch(of: /(\w+) leaves/) {
            let outcome = await run([.delete(account(match.1))])
            return "\(Self.votes(outcome.retracted)) retracted, \(outcome.frozen) frozen"
        }
        if let match = sentence.wholeMatch(of: /(\w+) withdraws "(.+?)" in "(.+?)"/) {
            let phase = entry(match.3)
            return Self.word(
                await run([
                    .withdraw(
                        account(match.1), phase: phase?.number ?? Self.unknown,
                        proposal: number(match.2, in: phase))
                ]))
        }
        if let match = sentence.wholeMatch(of: /(\w+) votes (.+) in "(.+?)"/) {
            guard let vote = cast(match.1, match.2, in: match.3) else { return nil }
            return Self.word(await run([vote]))
        }
        if let match = sentence.wholeMatch(of: /(\w+)'s whole ballot in "(.+?)" is (.+)/) {
            let items = match.3 == "empty" ? [] : match.3.split(separator: " and ")
            let votes = items.compactMap { cast(match.1, $0, in: match.2) }
            guard votes.count == items.count else { return nil }
            let phase = entry(match.2)?.number ?? Self.unknown
            return Self.word(await run(ballotOf: account(match.1), phase, votes))
        }
        return nil
    }

    /// One vote: `for "x"`, `agree on "x"`, `rank 1 for "x"`, `5 points for "x"`.
    private func cast(_ name: Substring, _ item: Substring, in phaseName: Substring) -> Command? {
        let phase = entry(phaseName)
        func command(_ proposal: Substring, _ value: UInt32, _ content: VoteContent) -> Command {
            .cast(
                account(name), phase: phase?.number ?? Self.unknown,
                proposal: number(proposal, in: phase), value: value, as: content)
        }
        if let match = item.wholeMatch(of: /for "(.+)"/) {
            return command(match.1, 0, .nothing)
        }
        if let match = item.wholeMatch(of: /rank (\d+) for "(.+)"/) {
            return command(match.2, UInt32(match.1)!, .rank)
        }
        if let match = item.wholeMatch(of: /(\d+) points? for "(.+)"/) {
            return command(match.2, UInt32(match.1)!, .points)
        }
        if let match = item.wholeMatch(of: /(\w+) on "(.+)"/) {
            let choice = Array(match.1.utf8).withUnsafeBytes { phase?.choice(named: $0) }
            return command(match.2, choice ?? Self.unknown, .choice)
        }
        return nil
    }

    private func run(_ commands: [Command]) async -> Outcome {
        await connection.run(commands, on: service).outcomes[0]
    }

    private func run(
        ballotOf account: AccountKey, _ phase: PhaseNumber, _ votes: [Command]
    ) async -> Outcome {
        connection.submit(capacity: 1, to: service) { batch in
            votes.withUnsafeBufferPointer {
                batch.appendBallot(of: account, phase: phase, votes: $0)
            }
        }
        await connection.settle()
        return connection.batches.last!.outcomes[0]
    }

    // MARK: - Names and words

    /// A number that nothing has.
    private static let unknown = VoteWord.fieldLimit - 1

    func account(_ name: Substring) -> AccountKey {
        service.accountHash.key(of: Array(name.utf8))
    }

    func entry(_ phase: Substring) -> PhaseEntry? {
        homes[String(phase)].flatMap { service.catalogue.consultation(named: $0) }?
            .phase(named: Identifier(validated: phase.utf8))
    }

    private func number(_ proposal: Substring, in phase: PhaseEntry?) -> ProposalNumber {
        phase?.proposal(named: Identifier(validated: proposal.utf8)) ?? Self.unknown
    }

    static func votes(_ count: Int) -> String { count == 1 ? "1 vote" : "\(count) votes" }

    private static func word(_ outcome: Outcome) -> String {
        if let refusal = outcome.code.refusal { return "refused, \(refusal.rawValue)" }
        return outcome.code == .pendingReplaced ? "pending" : outcome.code.name
    }
}
