import Foundation

/// The consultation that a run creates: one phase of one kind of ballot, open at once.
package struct BallotPlan: Equatable, Sendable {
    package struct Proposal: Equatable, Sendable {
        package var id: String
        package var title: String?
        /// What it takes out of a budget; nil in every other kind.
        package var cost: Int?

        package init(id: String, title: String? = nil, cost: Int? = nil) {
            self.id = id
            self.title = title
            self.cost = cost
        }
    }

    package var consultation: String
    package var title: String
    package var phase: String
    package var kind: BallotKind
    package var proposals: [Proposal]

    package init(
        consultation: String, title: String, phase: String, kind: BallotKind,
        proposals: [Proposal]
    ) {
        self.consultation = consultation
        self.title = title
        self.phase = phase
        self.kind = kind
        self.proposals = proposals
    }

    package var consultationPath: String { Self.consultationPath(consultation) }

    package static func consultationPath(_ consultation: String) -> String {
        "/v1/consultations/\(escaped(consultation))"
    }

    package var phasePath: String { "\(consultationPath)/phases/\(Self.escaped(phase))" }
    /// Where whole ballots go, but for the account.
    package var ballotsPath: String { "\(phasePath)/ballots/" }

    package func proposalPath(_ proposal: Int) -> String {
        "\(phasePath)/proposals/\(Self.escaped(proposals[proposal].id))"
    }

    /// The body of the `PUT` that defines it.
    package func definition() throws -> [UInt8] {
        let definition = Definition(
            title: title,
            phases: [
                Definition.Phase(
                    id: phase,
                    ballot: Definition.Ballot(kind),
                    proposals: proposals.map {
                        Definition.Proposal(id: $0.id, title: $0.title, cost: $0.cost)
                    })
            ])
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return Array(try encoder.encode(definition))
    }

    /// An identifier as one segment of a path.
    package static func escaped(_ identifier: String) -> String {
        var segment = ""
        for byte in identifier.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                segment.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                segment += byte < 16 ? "%0" : "%"
                segment += String(byte, radix: 16, uppercase: true)
            }
        }
        return segment
    }

    private struct Definition: Encodable {
        struct Phase: Encodable {
            var id: String
            var ballot: Ballot
            var proposals: [Proposal]
        }

        struct Ballot: Encodable {
            var kind: String
            var choices: [String]?
            var budget: Int?
            var maxVotes: Int?
            var maxPoints: Int?
            var maxPointsPerProposal: Int?

            init(_ ballot: BallotKind) {
                kind = ballot.name
                switch ballot {
                case .support(let maxVotes): self.maxVotes = maxVotes
                case .choice(let choices): self.choices = choices
                case .budget(let budget): self.budget = budget
                case .ranking(let maxVotes): self.maxVotes = maxVotes
                case .points(let maxVotes, let maxPoints, let maxPointsPerProposal):
                    self.maxVotes = maxVotes
                    self.maxPoints = maxPoints
                    self.maxPointsPerProposal = maxPointsPerProposal
                }
            }
        }

        struct Proposal: Encodable {
            var id: String
            var title: String?
            var cost: Int?
        }

        var title: String
        var phases: [Phase]
    }
}
