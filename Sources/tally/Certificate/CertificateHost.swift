import ArgumentParser
import Glibc
import SwiftASN1
package import X509

/// A host that a certificate is for: a DNS name, or an IP address.
package struct CertificateHost: ExpressibleByArgument, Equatable {
    package let text: String
    package let name: GeneralName

    package init?(argument: String) {
        text = argument
        if let address = Self.bytes(ofAddress: argument) {
            name = .ipAddress(ASN1OctetString(contentBytes: address[...]))
        } else if Self.isName(argument) {
            name = .dnsName(argument)
        } else {
            return nil
        }
    }

    package var defaultValueDescription: String { text }

    /// RFC 1123, and `*` as the first label.
    private static func isName(_ text: String) -> Bool {
        var labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels[0].elementsEqual("*".utf8) { labels.removeFirst() }
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                    && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"),
                            UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                            true
                        default: false
                        }
                    }
            }
    }

    /// 4 bytes or 16, in the order of the network; nil when it is no address.
    private static func bytes(ofAddress text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
