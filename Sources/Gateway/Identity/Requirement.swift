/// What a route asks of whoever calls it.
package enum Requirement: Equatable, Sendable {
    /// Nothing: no credential is looked at.
    case nothing
    /// One of these scopes.
    case anyOf(ScopeSet)
    /// The scope; or `votes:self`, by the very account that the path names.
    case scopeOrSelf(ScopeSet)

    /// - Parameter isOwn: the path names the account that the identity may vote for.
    /// - Returns: the scopes of which one is missing; nil when it is met.
    package func missing(to identity: Identity, isOwn: @autoclosure () -> Bool) -> ScopeSet? {
        switch self {
        case .nothing: nil
        case .anyOf(let scopes): identity.scopes.isDisjoint(with: scopes) ? scopes : nil
        case .scopeOrSelf(let scope):
            identity.scopes.isDisjoint(with: scope) && !isOwn() ? scope : nil
        }
    }
}
