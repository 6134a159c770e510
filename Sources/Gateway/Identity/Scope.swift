/// What a credential may allow. The raw value is the name that clients, tokens and JWTs use.
package enum Scope: String, CaseIterable, Sendable {
    case votesWrite = "votes:write"
    case votesSelf = "votes:self"
    case accountsDelete = "accounts:delete"
    case accountsRead = "accounts:read"
    case consultationsWrite = "consultations:write"
    case talliesRead = "tallies:read"
    case talliesWithheld = "tallies:withheld"
    case admin = "admin"
}
