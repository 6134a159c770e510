/// Who asks, as a limiter may key by it and as the audit log names it. It names no person.
package enum Bearer: Hashable, Sendable {
    /// No credential was wanted.
    case anonymous
    /// A token of the server's own.
    case token(id: String, name: String?)
    /// A JWT: its issuer, and the first 16 hexadecimal digits of the SHA-256 of it. Never its subject.
    case jwt(issuer: String, mark: String)
    /// A command on the server's own machine, by the number of the user who gave it.
    case operatingUser(UInt32)
}
