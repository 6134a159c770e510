import Glibc

/// A server with votes of two million accounts: its memory is measured first, then its recovery.
final class FilledServer {
    let server: TallyServer
    let votes: Int
    let fillSeconds: Double
    /// Before the first vote, and with all of them; bytes.
    let emptyBytes: Int
    let filledBytes: Int

    init(_ session: Session) throws {
        let scale = session.scale
        let population = Population(
            accounts: scale.memoryAccounts, votesPerAccount: scale.votesPerAccount,
            proposals: scale.proposals)
        server = try TallyServer(session, on: session.workspace.directory("tally-filled"))
        try server.define(proposals: scale.proposals)
        emptyBytes = try server.residentBytes()
        fillSeconds = try population.fill(server)
        votes = population.votes
        let held = try Int(server.metric("tally_votes"))
        guard held == votes else { throw Fault("\(held) votes are held, not \(votes)") }
        // What was only needed to take the votes may be given back now.
        sleep(2)
        filledBytes = try server.residentBytes()
        session.note(
            "  \(votes) votes in \(Figure.number(fillSeconds)) s, \(filledBytes >> 20) MiB resident"
        )
    }
}
