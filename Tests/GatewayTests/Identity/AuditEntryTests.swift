import Gateway
import NIOCore
import TallyActors
import Testing

@Suite("A line of the audit log")
struct AuditEntryTests {
    private let time = Instant(milliseconds: 1_793_000_000_123)

    private func line(_ entry: AuditEntry) -> String { String(buffer: entry.line(at: time)) }

    @Test("tells what was done to what, by whom, and what became of it")
    func whole() {
        var entry = AuditEntry(
            .putProposal, by: .token(id: "ab", name: "the \"platform\""), outcome: "created")
        entry.consultation = "c\"1"
        entry.phase = "ph"
        entry.proposal = "p"
        entry.sequence = 17
        #expect(
            line(entry) == """
                {"time":"2026-10-26T07:33:20.123Z","act":"put-proposal","by":{"token":"ab",\
                "name":"the \\"platform\\""},"consultation":"c\\"1","phase":"ph","proposal":"p",\
                "sequence":17,"outcome":"created"}

                """)
    }

    @Test("names whoever it was")
    func bearers() {
        func by(_ bearer: Bearer) -> String {
            line(AuditEntry(.erase, by: bearer, outcome: "done"))
        }
        #expect(by(.anonymous).contains(#""by":{"anonymous":true},"outcome":"done"}"#))
        #expect(by(.token(id: "ab", name: nil)).contains(#""by":{"token":"ab"},"#))
        #expect(by(.operatingUser(5)).contains(#""by":{"user":5},"#))
        #expect(
            by(.jwt(issuer: "https://i", mark: "00ff")).contains(
                #""by":{"issuer":"https://i","jwt":"00ff"},"#))
    }

    @Test("has what a stream of deletions came to, and no account")
    func counts() {
        var entry = AuditEntry(.deleteAccounts, by: .anonymous, outcome: "done")
        entry.counts = [("deleted", 3), ("refused", 0)]
        entry.sequence = 9
        #expect(line(entry).contains(#""deleted":3,"refused":0,"sequence":9,"outcome":"done"}"#))
    }
}
