/// A certificate by `tally certificate`, for a server and those that shall trust it.
struct TestCertificate {
    private let directory: String

    init(_ session: Session) throws {
        directory = try session.workspace.directory("certificate")
        _ = try output(of: [session.program, "certificate", "--to", directory])
    }

    private var certificate: String { "\(directory)/certificate.pem" }

    var serverOptions: [String] {
        ["--tls-certificate", certificate, "--tls-key", "\(directory)/key.pem"]
    }

    var clientOptions: [String] { ["--ca", certificate] }
}
