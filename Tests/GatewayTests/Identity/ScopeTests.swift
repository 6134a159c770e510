import Gateway
import Testing

@Suite("Scopes")
struct ScopeTests {
    @Test("are the eight of the contract, each under its name")
    func names() {
        let names = [
            "votes:write", "votes:self", "accounts:delete", "accounts:read", "consultations:write",
            "tallies:read", "tallies:withheld", "admin",
        ]
        #expect(Scope.allCases.map(\.rawValue) == names)
        #expect(ScopeSet(known: names).names == names)
        #expect(Scope.allCases.map { ScopeSet($0).names } == names.map { [$0] })
    }

    @Test("of other services are left out")
    func unknown() {
        #expect(ScopeSet(known: ["openid", "ADMIN", "admin ", ""]).isEmpty)
        #expect(ScopeSet(known: ["openid", "admin"]) == .admin)
    }

    @Test("of anybody are all but withheld results and what only a JWT can have")
    func anybody() {
        #expect(ScopeSet.ofTokens.names.count == 7)
        #expect(!ScopeSet.ofTokens.contains(.votesSelf))
        #expect(ScopeSet.ofAnybody.union(.talliesWithheld) == .ofTokens)
        #expect(!ScopeSet.ofAnybody.contains(.talliesWithheld))
    }

    @Test("are asked for by name when they are missing")
    func requirements() {
        let voter = Identity(.anonymous, scopes: .votesWrite)
        #expect(Requirement.nothing.missing(to: voter, isOwn: false) == nil)
        #expect(Requirement.anyOf(.votesWrite).missing(to: voter, isOwn: false) == nil)
        #expect(Requirement.anyOf(.admin).missing(to: voter, isOwn: true) == .admin)
        let either: ScopeSet = [.admin, .votesWrite]
        #expect(Requirement.anyOf(either).missing(to: voter, isOwn: false) == nil)
        #expect(Requirement.scopeOrSelf(.accountsRead).missing(to: voter, isOwn: true) == nil)
        #expect(
            Requirement.scopeOrSelf(.accountsRead).missing(to: voter, isOwn: false)
                == .accountsRead)
    }
}
