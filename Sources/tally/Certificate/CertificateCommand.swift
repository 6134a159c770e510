import ArgumentParser
import Foundation
import Glibc

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Make a self-signed certificate to try TLS with.",
        discussion: """
            Writes certificate.pem and key.pem (P-256, valid \(DevelopmentCertificate.days) days), and replaces
            nothing. It is for development: clients must be told to trust it, as by curl --cacert.
            """)

    @Option(help: "A name or address it is for; as often as needed, instead of the usual ones.")
    var host: [CertificateHost] = DevelopmentCertificate.usualHosts.compactMap {
        CertificateHost(argument: $0)
    }

    @Option(help: "The directory to write to; made when it is missing.")
    var to = "."

    func run() async throws {
        let certificate = "\(to)/certificate.pem"
        let key = "\(to)/key.pem"
        try await blocking { [host, to] in
            let made = try DevelopmentCertificate(hosts: host, from: Date())
            try FileManager.default.createDirectory(
                atPath: to, withIntermediateDirectories: true)
            if FileManager.default.fileExists(atPath: certificate) {
                throw ValidationError("'\(certificate)' is there already, and is not replaced.")
            }
            try Self.write(made.key, to: key, mode: 0o600)
            try Self.write(made.certificate, to: certificate, mode: 0o644)
        }
        print(
            """
            certificate: \(certificate)
            key:         \(key)
            serve:       tally serve --tls-certificate \(certificate) --tls-key \(key)
            """)
    }

    /// Makes a file that is not there yet; nobody sees the key before its mode is set.
    private static func write(_ text: String, to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw ValidationError("'\(path)' is there already, and is not replaced.")
            }
            throw ValidationError("'\(path)' cannot be made: \(String(cString: strerror(errno))).")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
    }
}
