/// Whether a server may start where it is to listen: closed by default.
package enum StartRule {
    /// What is missing on an address that others reach.
    package enum Missing: Equatable, Sendable {
        case encryption
        case credentials
        case both
    }

    /// - Parameter hasCredentials: at least one token or trusted key exists.
    package static func missing(
        isLoopback: Bool, hasTLS: Bool, hasCredentials: Bool, isInsecure: Bool
    ) -> Missing? {
        if isLoopback || isInsecure { return nil }
        switch (hasTLS, hasCredentials) {
        case (true, true): return nil
        case (true, false): return .credentials
        case (false, true): return .encryption
        case (false, false): return .both
        }
    }
}
