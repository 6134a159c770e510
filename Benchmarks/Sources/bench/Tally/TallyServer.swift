import Foundation

/// A `tally serve` on a data directory of its own.
final class TallyServer {
    let port: Int
    let process: ChildProcess
    let directory: String
    /// nil: it serves in the clear.
    private let certificate: TestCertificate?
    /// From its start until it said that it listens, seconds.
    let startSeconds: Double

    /// Starts a server on an empty data directory.
    convenience init(_ session: Session, certificate: TestCertificate? = nil) throws {
        try self.init(
            session, on: session.workspace.directory("tally-data"), certificate: certificate)
    }

    /// Starts a server on a data directory, which it may have to recover.
    init(
        _ session: Session, on directory: String, certificate: TestCertificate? = nil
    ) throws {
        self.directory = directory
        self.certificate = certificate
        let watch = Stopwatch()
        process = try ChildProcess(
            [session.program, "serve", "--data", directory, "--listen", "127.0.0.1:0"]
                + (certificate?.serverOptions ?? []),
            output: .pipe(errors: session.workspace.file("tally.log")))
        port = try Self.port(process)
        startSeconds = watch.seconds
    }

    /// Waits for the one line that the server prints: `listening on http://127.0.0.1:8080`.
    private static func port(_ process: ChildProcess) throws -> Int {
        let handle = FileHandle(
            fileDescriptor: process.standardOutput, closeOnDealloc: false)
        var line = ""
        while !line.hasSuffix("\n") {
            let bytes = handle.availableData
            guard !bytes.isEmpty else {
                throw Fault("tally serve ends before it listens:\n\(process.complaint)")
            }
            line += String(decoding: bytes, as: UTF8.self)
        }
        let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("listening on "), let port = Int(text.split(separator: ":").last ?? "")
        else {
            throw Fault("tally serve says: \(text)")
        }
        return port
    }

    var url: String { "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// What `tally load` needs beside the URL.
    var clientOptions: [String] { certificate?.clientOptions ?? [] }

    /// Memory that is resident at the moment, bytes.
    func residentBytes() throws -> Int {
        let status = try String(
            contentsOfFile: "/proc/\(process.processID)/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            if let kilobytes = Int(line.filter(\.isNumber)) { return kilobytes << 10 }
        }
        throw Fault("tally serve has no VmRSS: it has ended:\n\(process.complaint)")
    }

    /// The value of a metric without labels.
    func metric(_ name: String) throws -> Double {
        let text = String(
            decoding: try HTTPConnection(port: port).success("GET", "/metrics"), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("\(name) ") {
            if let value = Double(line.dropFirst(name.count + 1)) { return value }
        }
        throw Fault("/metrics has no \(name)")
    }

    /// Puts the consultation that all of the harness's own load is about: one open phase, three choices.
    func define(proposals: Int) throws {
        let list = (0..<proposals).map { "{\"id\":\"\(ProposalName.text($0))\"}" }
        let choices = Choice.allCases.map { "\"\($0.text)\"" }
        try HTTPConnection(port: port).success(
            "PUT", "/v1/consultations/\(Self.consultation)",
            body: """
                {"phases":[{"id":"\(Self.phase)",\
                "ballot":{"kind":"choice","choices":[\(choices.joined(separator: ","))]},\
                "proposals":[\(list.joined(separator: ","))]}]}
                """)
    }

    static let consultation = "benchmark"
    static let phase = "opinions"
    static let phasePath = "/v1/consultations/\(consultation)/phases/\(phase)"

    /// Ends it as an operator would.
    func stop() throws {
        let status = process.end()
        guard status == 0 else {
            throw Fault("tally serve ended with \(status):\n\(process.complaint)")
        }
    }

    /// Ends it as a crash would.
    func crash() {
        process.end(SIGKILL)
    }
}
