import Foundation

/// A run of h2load, the load generator of nghttp2: one thread, eight connections, a hundred requests in
/// flight on each.
struct RequestLoad {
    /// What ends the load.
    enum Extent {
        case requests(Int)
        /// After one second to warm up.
        case seconds(Int)
    }

    let process: ChildProcess

    static let connections = 8
    static let inFlight = 100

    /// - Parameters:
    ///   - addresses: one URL, or a file of them that every connection goes through in order.
    ///   - body: sent with every request, which then is a PUT.
    init(
        _ addresses: Addresses, extent: Extent, body: String? = nil, in workspace: Workspace
    ) throws {
        var command = ["h2load", "-c", "\(Self.connections)", "-m", "\(Self.inFlight)", "-t", "1"]
        switch extent {
        case .requests(let count): command += ["-n", "\(count)"]
        case .seconds(let seconds): command += ["-D", "\(seconds)", "--warm-up-time", "1"]
        }
        if let body {
            let file = workspace.file("body.json")
            try body.write(toFile: file, atomically: true, encoding: .utf8)
            command += [
                "-H", ":method: PUT", "-H", "content-type: application/json", "-d", file,
            ]
        }
        switch addresses {
        case .url(let url): command.append(url)
        case .file(let path): command += ["-i", path]
        }
        process = try ChildProcess(
            command.resolved(), output: .pipe(errors: workspace.file("h2load.log")))
    }

    /// Where the requests go.
    enum Addresses {
        case url(String)
        case file(String)
    }

    /// Waits for the end.
    /// - Returns: requests answered in a second.
    /// - Throws: `Fault` unless every request was answered with success.
    func perSecond() throws -> Double {
        let text = try process.readToEnd()
        try process.finish()
        // finished in 5.00s, 123456.78 req/s, 12.34MB/s
        // status codes: 617283 2xx, 0 3xx, 0 4xx, 0 5xx
        guard let rate = Self.number(before: " req/s", in: text),
            let done = Self.number(before: " 2xx", in: text), done > 0,
            Self.number(before: " 3xx", in: text) == 0, Self.number(before: " 4xx", in: text) == 0,
            Self.number(before: " 5xx", in: text) == 0,
            Self.number(before: " errored", in: text) == 0
        else {
            throw Fault("h2load reports:\n\(text)")
        }
        return rate
    }

    private static func number(before word: String, in text: String) -> Double? {
        guard let range = text.range(of: word) else { return nil }
        let digits = text[..<range.lowerBound].reversed()
            .prefix { $0.isNumber || $0 == "." }.reversed()
        return Double(String(digits))
    }
}
