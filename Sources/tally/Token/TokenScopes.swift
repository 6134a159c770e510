import ArgumentParser
import Gateway

/// `votes:write,tallies:read`: each a scope that a token may have.
struct TokenScopes: ExpressibleByArgument, Equatable {
    var set: ScopeSet

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        set = ScopeSet(known: names)
        guard !set.isEmpty, set.isSubset(of: .ofTokens),
            names.allSatisfy({ Scope(rawValue: String($0)) != nil })
        else { return nil }
    }
}
