import ArgumentParser
import Foundation

/// The server that a run talks to, from its URL.
package struct ServerAddress: Equatable, Sendable, CustomStringConvertible {
    package var host: String
    package var port: Int
    /// Presented with every request.
    var token: String?

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Parameter url: `http://HOST[:PORT]`; the port is 80 unless it says so.
    package init?(url: String) {
        guard let parts = URLComponents(string: url), parts.scheme == "http",
            var host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/",
            parts.query == nil, parts.user == nil
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.init(host: host, port: parts.port ?? 80)
    }

    /// As requests name it.
    package var authority: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The fields of a request, with the token.
    func fields(_ own: [(String, String)] = []) -> [(String, String)] {
        own + (token.map { [("authorization", "Bearer \($0)")] } ?? [])
    }

    package var description: String { "http://\(authority)" }
}

extension ServerAddress: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(url: argument)
        // Not a flag: the arguments of a process can be seen by all of its machine.
        token = ProcessInfo.processInfo.environment["TALLY_TOKEN"]
    }
}
