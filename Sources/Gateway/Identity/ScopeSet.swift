/// Several scopes at once.
package struct ScopeSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package init(_ scope: Scope) {
        guard let index = Scope.allCases.firstIndex(of: scope) else {
            preconditionFailure("a scope that is none of all")
        }
        self.init(rawValue: 1 << UInt16(index))
    }

    package static let votesWrite = ScopeSet(.votesWrite)
    package static let votesSelf = ScopeSet(.votesSelf)
    package static let accountsDelete = ScopeSet(.accountsDelete)
    package static let accountsRead = ScopeSet(.accountsRead)
    package static let consultationsWrite = ScopeSet(.consultationsWrite)
    package static let talliesRead = ScopeSet(.talliesRead)
    package static let talliesWithheld = ScopeSet(.talliesWithheld)
    package static let admin = ScopeSet(.admin)

    /// What a token of the server's own may hold: `votes:self` needs a JWT, which names an account.
    package static let ofTokens: ScopeSet = [
        .votesWrite, .accountsDelete, .accountsRead, .consultationsWrite, .talliesRead,
        .talliesWithheld, .admin,
    ]

    /// What whoever reaches an open server may do.
    package static let ofAnybody = ofTokens.subtracting(.talliesWithheld)

    /// Those of the names that are scopes; others belong to other services.
    package init(known names: some Sequence<some StringProtocol>) {
        self = names.reduce(into: []) { scopes, name in
            if let scope = Scope(rawValue: String(name)) { scopes.insert(ScopeSet(scope)) }
        }
    }

    /// In the order of `Scope`.
    package var names: [String] {
        Scope.allCases.filter { contains(ScopeSet($0)) }.map(\.rawValue)
    }
}
