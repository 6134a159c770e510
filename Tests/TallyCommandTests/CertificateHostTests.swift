import SwiftASN1
import Testing
import X509
import tally

@Suite struct CertificateHostTests {
    @Test(
        "is a name by the rules of DNS",
        arguments: [
            "localhost", "vote.example", "*.vote.example", "A-1.example", "1.example",
            String(repeating: "a", count: 63), "xn--bcher-kva.example", "256.1.1.1",
        ])
    func names(text: String) {
        #expect(CertificateHost(argument: text)?.name == .dnsName(text))
    }

    @Test(
        "is an address, in the order of the network",
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]), ("192.0.2.7", [192, 0, 2, 7]),
            ("::1", Array(repeating: 0, count: 15) + [1]),
            ("2001:db8::1", [0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [1]),
        ] as [(String, [UInt8])])
    func addresses(text: String, bytes: [UInt8]) {
        let name = GeneralName.ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        #expect(CertificateHost(argument: text)?.name == name)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", ".", "a..b", ".a", "a.", "-a.example", "a-.example", "a b", "a_b", "bücher.example",
            "https://vote.example", "vote.example:8080", "[::1]", "*", "a.*.example", "*a.example",
            String(repeating: "a", count: 64),
            Array(repeating: "abcdefg", count: 32).joined(separator: "."),
        ])
    func refused(text: String) {
        #expect(CertificateHost(argument: text) == nil)
    }
}
