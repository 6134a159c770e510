import Gateway
import TallyActors
import Testing

@Suite("Identifiers from outside")
struct IdentifierValidationTests {
    private func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { Identifier.isValid($0) }
    }

    private func isValid(_ text: String) -> Bool { isValid(Array(text.utf8)) }

    @Test("are 1 to 128 bytes of UTF-8")
    func lengths() {
        #expect(!isValid(""))
        #expect(isValid("a"))
        #expect(isValid(String(repeating: "a", count: 128)))
        #expect(!isValid(String(repeating: "a", count: 129)))
        #expect(isValid(String(repeating: "é", count: 64)))
        #expect(!isValid(String(repeating: "é", count: 64) + "a"))
        #expect(!isValid([0x61, 0xC3]))
        #expect(!isValid([0xC3, 0x28]))
    }

    @Test("are not the names that paths give a meaning to")
    func dots() {
        #expect(!isValid("."))
        #expect(!isValid(".."))
        #expect(isValid("..."))
        #expect(isValid(".a"))
    }

    @Test("have no control characters, wherever they stand")
    func controls() {
        let forbidden = Array(0...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029]
        let allowed: [UInt32] = [0x20, 0x7E, 0xA0, 0xFF, 0x2027, 0x202A, 0xFEFF, 0x1F600, 0x10FFFF]
        for position in 0..<20 {
            for value in forbidden {
                #expect(!isValid(text(UInt32(value), at: position)), "U+\(value)")
            }
            for value in allowed { #expect(isValid(text(value, at: position))) }
        }
    }

    @Test("may hold slashes, spaces and quotes")
    func unusual() {
        for name in ["L5/04/VII", "a b", "quo\"te", "back\\slash", "100%", "a+b", "#", "?"] {
            #expect(isValid(name))
            let identifier = Array(name.utf8).withUnsafeBytes { Identifier(validating: $0) }
            #expect(identifier?.bytes == Array(name.utf8))
        }
    }

    private func text(_ scalar: UInt32, at position: Int) -> String {
        var text = String(repeating: "x", count: position)
        text.unicodeScalars.append(Unicode.Scalar(scalar)!)
        return text + String(repeating: "y", count: 19 - position)
    }
}
