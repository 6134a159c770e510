package import TallyActors

/// The body of `PUT …/ballots/{account}`: `{"votes":[{"proposal":"p","rank":1},…]}`. One value
/// reads body after body.
package struct UnaryBallot {
    private var draft = BallotDraft()
    /// The casts of the ballot that was read last, when it was not refused.
    package private(set) var votes: [Command] = []

    package init() {}

    /// Reads a body. What is wrong with it as such is reported before an unknown place, and that
    /// before votes that the place does not take.
    ///
    /// - Returns: why it was refused; nil when it was not.
    package mutating func read(
        _ body: UnsafeRawBufferPointer, of account: AccountKey, at place: UnaryVote.Place
    ) -> Refusal? {
        do throws(JSONFault) {
            return try JSONReader.read(body) { reader throws(JSONFault) in
                try readVotes(&reader)
                return switch place {
                case .unknown(let refusal): refusal
                case .phase(let phase): draft.judge(of: account, in: phase, into: &votes)
                }
            }
        } catch {
            return error.voteRefusal
        }
    }

    private mutating func readVotes(_ reader: inout JSONReader) throws(JSONFault) {
        var isThere = false
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard name.equals("votes") else { throw reader.fault(.unknownKey) }
            guard !isThere else { throw reader.fault(.repeatedKey) }
            isThere = true
            try draft.read(&reader)
        }
        guard isThere else { throw reader.fault(.missingKey("votes")) }
    }
}
