/// Batches of votes as bytes for PostgreSQL.
enum PostgresBatches {
    /// Numbers of types in PostgreSQL's catalogue.
    private static let smallintType: Int32 = 21
    private static let textType: Int32 = 25
    private static let uuidType: Int32 = 2950

    static func bytes(_ votes: [PeerVote], _ form: PostgresForm) -> [[UInt8]] {
        stride(from: 0, to: votes.count, by: form.batch).map { start in
            let batch = lastVotes(votes[start..<min(start + form.batch, votes.count)])
            switch form.feed {
            case .copy: return copy(batch)
            case .arrays: return arrays(batch, form.key)
            }
        }
    }

    /// Of several votes on one proposal by one account the last: a statement can set a row only once.
    private static func lastVotes(_ votes: ArraySlice<PeerVote>) -> [PeerVote] {
        var seen: Set<UInt64> = []
        return votes.reversed().filter { vote in
            seen.insert(UInt64(vote.account) << 16 | UInt64(vote.proposal)).inserted
        }
    }

    private static func copy(_ votes: [PeerVote]) -> [UInt8] {
        var rows: [UInt8] = []
        for vote in votes {
            rows += AccountName.bytes(Int(vote.account))
            rows += Array("\t\(vote.proposal)\t\(vote.choice.rawValue)\n".utf8)
        }
        return PostgresMessage.copyData(rows) + PostgresMessage.copyDone()
    }

    private static func arrays(_ votes: [PeerVote], _ key: PostgresForm.Key) -> [UInt8] {
        let accounts = votes.map { vote in
            let name = AccountName.bytes(Int(vote.account))
            return key == .uuid ? packed(name) : name
        }
        let proposals = votes.map { [UInt8($0.proposal >> 8), UInt8($0.proposal & 255)] }
        let choices = votes.map { [0, $0.choice.rawValue] }
        return PostgresMessage.execute(
            "vote",
            [
                PostgresMessage.array(of: key == .uuid ? uuidType : textType, accounts),
                PostgresMessage.array(of: smallintType, proposals),
                PostgresMessage.array(of: smallintType, choices),
            ])
    }

    /// The 16 bytes that a UUID spells.
    private static func packed(_ name: [UInt8]) -> [UInt8] {
        let digits = name.filter { $0 != UInt8(ascii: "-") }.map { digit in
            digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
