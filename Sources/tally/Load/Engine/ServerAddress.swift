import ArgumentParser
import Foundation
import Gateway

/// The server that a run talks to, from its URL.
package struct ServerAddress: Equatable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: Int
    /// `https`.
    package var isSecure: Bool
    /// Who may vouch for it; nil as long as nobody has said, and in the clear.
    var trust: TLSTrust?
    /// Presented with every request.
    var token: String?

    package init(host: String, port: Int, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// - Parameter url: `http://HOST[:PORT]` or `https://HOST[:PORT]`; the port is 80 or 443 unless it says
    ///   so.
    package init?(url: String) {
        guard let parts = URLComponents(string: url),
            let isSecure = ["http": false, "https": true][parts.scheme], var host = parts.host,
            !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.user == nil
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.init(
            host: host, port: parts.port ?? (isSecure ? 443 : 80), isSecure: isSecure)
    }

    /// As requests name it.
    package var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private var scheme: String { isSecure ? "https" : "http" }

    /// The head of a request, with the token.
    func head(_ method: String, _ fields: [(String, String)] = []) -> RequestHead {
        RequestHead(
            method: method, authority: authority, scheme: scheme,
            fields + (token.map { [("authorization", "Bearer \($0)")] } ?? []))
    }

    package var description: String { "\(scheme)://\(authority)" }
}

extension ServerAddress: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(url: argument)
        // Not a flag: the arguments of a process can be seen by all of its machine.
        token = ProcessInfo.processInfo.environment["TALLY_TOKEN"]
    }
}
