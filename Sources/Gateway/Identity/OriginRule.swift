/// Which requests come from here, as far as a browser tells: it keeps pages of the web from speaking
/// to a server that asks nobody for a credential (DNS rebinding, cross-site requests).
package struct OriginRule: Sendable {
    /// On a loopback address `Host` must be this machine's own, and so must `Origin`, when there is one. On
    /// any other, where no name is known to be the server's, `Origin` must be what `Host` is.
    let isLoopback: Bool
    /// Then a page that came in the clear is none of the server's, but on a loopback address, where nobody
    /// stands between. In the clear either may be: TLS may end in front of the server.
    let hasTLS: Bool
    /// May be foreign.
    let allowed: AllowedOrigins

    package init(isLoopback: Bool, hasTLS: Bool, allowed: AllowedOrigins) {
        self.isLoopback = isLoopback
        self.hasTLS = hasTLS
        self.allowed = allowed
    }

    /// What a browser is told whose page is of another origin.
    func crossOrigin(of exchange: Exchange) -> CrossOrigin {
        if allowed.origins.isEmpty { return .none }
        let origin = exchange.withHeader(.origin) { allowed.matching($0) } ?? nil
        return origin.map { .allowed(origin: $0) } ?? .refused
    }

    func isOwn(_ exchange: Exchange) -> Bool {
        if isLoopback,
            exchange.withHeader(.host, { !LoopbackRule.isLoopback(authority: $0) }) == true
        {
            return false
        }
        return exchange.withHeader(.origin) { origin in
            if allowed.matching(origin) != nil { return true }
            if isLoopback { return LoopbackRule.isLoopback(origin: origin) }
            if hasTLS, !origin.starts(with: "https://".utf8) { return false }
            guard let own = Self.authority(of: origin) else { return false }
            return exchange.withHeader(.host) { $0.elementsEqual(own) } ?? false
        } ?? true
    }

    /// What stands behind `http://` or `https://`.
    static func authority(of origin: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        for scheme in ["http://", "https://"] where origin.starts(with: scheme.utf8) {
            return UnsafeRawBufferPointer(rebasing: origin[scheme.utf8.count...])
        }
        return nil
    }
}
