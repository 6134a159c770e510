import TallyActors
import Testing

@Suite("A recount comes to what was counted step by step")
struct RecountTests {
    private static let rules: [BallotRule] = [
        .support, .support.limited(minimum: 2, maximum: 4), .choice("a", "b", "c"),
        .choice("a", "b").limited(minimum: 3), .ranking(4), .points(),
        .points(votes: 3, sum: 12, each: 9), .points(sum: 1_000_000),
    ]

    @Test("in every kind, on random commands of every sort", arguments: UInt64(1)...8)
    func history(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ballots = BallotDriver()
        let phases =
            Self.rules.enumerated().map {
                PhaseDefinition.phase(Identifier(validated: "\($0)".utf8), ballot: $1)
            } + [.budget("budget", of: 10, costs: 6, 4, 3)]
        ballots.change {
            _ = $0.apply(
                .define(
                    consultation: "c", definition: ConsultationDefinition(phases: phases)))
        }
        for round in 0..<6_000 {
            let account = random.int(0..<150)
            let phase = UInt32(random.int(0..<phases.count))
            switch random.int(0..<60) {
            case 0: _ = ballots.delete(account)
            case 1..<12: _ = ballots.withdraw(account, phase, UInt32(random.int(0..<3)))
            case 12..<30:
                let proposals = [UInt32(0), 1, 2].shuffled(using: &random)
                let votes = proposals.prefix(random.int(0..<4)).map {
                    ballots.vote(account, phase, $0, Self.value(&random))
                }
                _ = ballots.ballot(account, phase, votes)
            default:
                _ = ballots.cast(account, phase, UInt32(random.int(0..<3)), Self.value(&random))
            }
            // One phase after the other closes.
            if round % 900 == 899 {
                ballots.change { _ = $0.close(phases[round / 900].id) }
            }
            if round % 100 == 0 {
                #expect(ballots.recount.counts == ballots.counts)
                #expect(ballots.recount.voters == ballots.voters)
            }
        }
        #expect(ballots.recount.counts == ballots.counts)
        #expect(ballots.recount.voters == ballots.voters)
        #expect(ballots.machine.frozen.phases.contains { $0 != nil })
    }

    private static func value(_ random: inout SeededRandom) -> UInt32 {
        random.oneIn(3) ? 0 : UInt32(random.int(1..<6))
    }
}
