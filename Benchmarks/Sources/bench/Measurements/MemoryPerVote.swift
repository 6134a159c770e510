/// Resident memory per live vote.
enum MemoryPerVote {
    static func measure(_ session: Session) throws -> Findings {
        let scale = session.scale
        let filled = try session.filledServer()
        let votes = Double(filled.votes)
        let accounts = Figure.grouped(scale.memoryAccounts)
        let name = "resident memory, \(Figure.grouped(filled.votes)) votes of \(accounts) accounts"
        return Findings(
            rows: [
                Row(
                    name: name, tally: Figure([Double(filled.filledBytes) / votes], .bytesPerVote),
                    target: .atMost(64)),
                Row(
                    name: "\(name), less the empty server's",
                    tally: Figure(
                        [Double(filled.filledBytes - filled.emptyBytes) / votes], .bytesPerVote)),
            ],
            method: [
                """
                `VmRSS` of the server, once, two seconds after the last vote: \
                \(filled.filledBytes >> 20) MiB, and \(filled.emptyBytes >> 20) MiB before the first. Every \
                account has cast \(scale.votesPerAccount) votes on different proposals of \
                \(Figure.grouped(scale.proposals)), in turns with the others.
                """
            ])
    }
}
