/// What a server proves itself with, and whom it lets in: the contents of PEM files.
package struct TLSMaterial: Sendable {
    package enum Part: Sendable {
        case certificate
        case key
        case clientAuthority
    }

    /// Why it cannot be used, and which part of it is to blame.
    package struct Fault: Error, CustomStringConvertible {
        package var part: Part
        package var description: String
    }

    /// The certificate, followed by those that lead to its authority.
    package var certificates: [UInt8]
    package var key: [UInt8]
    /// Authorities, of which one must have signed a client's certificate; nil: clients need none.
    package var clientAuthorities: [UInt8]?

    package init(certificates: [UInt8], key: [UInt8], clientAuthorities: [UInt8]? = nil) {
        self.certificates = certificates
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}
