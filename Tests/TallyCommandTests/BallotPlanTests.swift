import Foundation
import Testing
import tally

struct BallotPlanTests {
    private func ballot(_ kind: BallotKind, cost: Int? = nil) throws -> [String: Any] {
        let plan = BallotPlan(
            consultation: "c", title: "C", phase: "ph", kind: kind,
            proposals: [.init(id: "p", cost: cost)])
        let definition = try JSONSerialization.jsonObject(with: Data(try plan.definition()))
        let phases = try #require((definition as? [String: Any])?["phases"] as? [[String: Any]])
        let proposals = try #require(phases[0]["proposals"] as? [[String: Any]])
        #expect(proposals[0]["cost"] as? Int == cost)
        #expect(proposals[0].count == (cost == nil ? 1 : 2))
        return try #require(phases[0]["ballot"] as? [String: Any])
    }

    @Test func everyKindIsDefinedByItsOwnKeys() throws {
        #expect(try ballot(.support()) as NSDictionary == ["kind": "support"])
        #expect(
            try ballot(.support(maxVotes: 2)) as NSDictionary == [
                "kind": "support", "max_votes": 2,
            ])
        #expect(
            try ballot(.choice(["a"])) as NSDictionary == ["kind": "choice", "choices": ["a"]])
        #expect(
            try ballot(.budget(9), cost: 5) as NSDictionary == ["kind": "budget", "budget": 9])
        #expect(
            try ballot(.ranking(maxVotes: 3)) as NSDictionary
                == ["kind": "ranking", "max_votes": 3])
        let points = BallotKind.points(maxVotes: 1, maxPoints: 7, maxPointsPerProposal: 3)
        #expect(
            try ballot(points) as NSDictionary
                == [
                    "kind": "points", "max_votes": 1, "max_points": 7,
                    "max_points_per_proposal": 3,
                ])
    }

    @Test(
        arguments: [
            (.support(maxVotes: 2), [0, 0], true), (.support(maxVotes: 2), [0, 0, 0], false),
            (.ranking(maxVotes: 2), [1, 0], true), (.ranking(maxVotes: 2), [1, 1], false),
            (.ranking(maxVotes: 2), [2], false), (.ranking(maxVotes: 2), [-1], false),
            (.points(maxVotes: nil, maxPoints: 5, maxPointsPerProposal: nil), [1, 2], true),
            (.points(maxVotes: nil, maxPoints: 4, maxPointsPerProposal: nil), [1, 2], false),
            (.points(maxVotes: nil, maxPoints: nil, maxPointsPerProposal: 2), [2], false),
            (.points(maxVotes: 1, maxPoints: nil, maxPointsPerProposal: nil), [0, 0], false),
        ] as [(BallotKind, [Int], Bool)])
    func theLimitsAreThoseOfTheKind(kind: BallotKind, options: [Int], isAllowed: Bool) {
        let ballot = options.enumerated().map {
            BallotBook.Entry(proposal: $0.offset, option: $0.element)
        }
        #expect(kind.allows(ballot) == isAllowed)
    }
}
