import Foundation

/// A phase's tally as the server answers it, as far as a run looks at it.
package struct PhaseTally: Decodable, Equatable, Sendable {
    package struct Proposal: Decodable, Equatable, Sendable {
        package var id: String
        package var counts: [String: Int]
    }

    package var sequence: Int
    package var voters: Int
    package var proposals: [Proposal]

    /// Nil: not such a tally.
    package init?(json: some Sequence<UInt8>) {
        guard let tally = try? JSONDecoder().decode(PhaseTally.self, from: Data(json)) else {
            return nil
        }
        self = tally
    }
}
