import Gateway

/// The files of TLS: certificate, key, and the authorities of clients, if they need certificates.
struct CertificateFiles: Sendable {
    let certificate: SmallFile
    let key: SmallFile
    let clientAuthorities: SmallFile?

    /// What the files are now; nil of one that is not there.
    func stamps() -> [SmallFile.Stamp?] {
        [certificate.stamp(), key.stamp(), clientAuthorities?.stamp()]
    }

    /// Reads them, and hands what they hold to somebody who may find it unfit. Blocks.
    ///
    /// - Throws: `SmallFile.Unfit`, which names the file.
    func use<Value>(_ body: (TLSMaterial) throws -> Value) throws -> Value {
        let material = TLSMaterial(
            certificates: try certificate.content(), key: try key.content(),
            clientAuthorities: try clientAuthorities?.content())
        do {
            return try body(material)
        } catch let fault as TLSMaterial.Fault {
            throw SmallFile.Unfit(file: file(fault.part).path, reason: fault)
        }
    }

    private func file(_ part: TLSMaterial.Part) -> SmallFile {
        switch part {
        case .certificate: return certificate
        case .key: return key
        case .clientAuthority:
            guard let clientAuthorities else {
                preconditionFailure("a fault of authorities that were not given")
            }
            return clientAuthorities
        }
    }
}
