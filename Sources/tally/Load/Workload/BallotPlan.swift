import Foundation

/// The consultation that a run creates: one phase of one kind of ballot, open at once.
package struct BallotPlan: Equatable, Sendable {
    package struct Proposal: Equatable, Sendable {
        package var id: String
        package var title: String?

        package init(id: String, title: String? = nil) {
            self.id = id
            self.title = title
        }
    }

    package var consultation: String
    package var title: String
    package var phase: String
    /// Empty: the kind `support`, whose votes carry nothing.
    package var choices: [String]
    package var proposals: [Proposal]

    package init(
        consultation: String, title: String, phase: String, choices: [String],
        proposals: [Proposal]
    ) {
        self.consultation = consultation
        self.title = title
        self.phase = phase
        self.choices = choices
        self.proposals = proposals
    }

    /// The names under which a tally counts the options of a proposal.
    package var options: [String] { choices.isEmpty ? ["support"] : choices }

    package var consultationPath: String { "/v1/consultations/\(Self.escaped(consultation))" }
    package var phasePath: String { "\(consultationPath)/phases/\(Self.escaped(phase))" }

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
                    ballot: Definition.Ballot(
                        kind: choices.isEmpty ? "support" : "choice",
                        choices: choices.isEmpty ? nil : choices),
                    proposals: proposals.map { Definition.Proposal(id: $0.id, title: $0.title) })
            ])
        return Array(try JSONEncoder().encode(definition))
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
        }

        struct Proposal: Encodable {
            var id: String
            var title: String?
        }

        var title: String
        var phases: [Phase]
    }
}
