import TallyActors
import Testing

/// The vectors are those that RFC 8785 itself prints.
@Suite("JSON in canonical form (RFC 8785)")
struct CanonicalJSONTests {
    private static func text(_ text: String) -> CanonicalJSON { .string(Array(text.utf8)) }

    private static func object(_ members: [(String, CanonicalJSON)]) -> CanonicalJSON {
        .object(members.map { (name: Array($0.0.utf8), value: $0.1) })
    }

    private func string(_ value: CanonicalJSON) -> String {
        String(decoding: value.bytes, as: UTF8.self)
    }

    @Test("members are sorted by the UTF-16 of their names (section 3.2.3)")
    func sorting() {
        let members = [
            ("\u{20ac}", "Euro Sign"), ("\r", "Carriage Return"),
            ("\u{fb33}", "Hebrew Letter Dalet With Dagesh"), ("1", "One"),
            ("\u{1f600}", "Emoji: Grinning Face"), ("\u{80}", "Control"),
            ("\u{f6}", "Latin Small Letter O With Diaeresis"),
        ]
        let expected = [
            "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
            "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
        ]
        let written = string(Self.object(members.map { ($0.0, Self.text($0.1)) }))
        let values = written.dropFirst().dropLast().split(separator: ",").map {
            $0.split(separator: "\":\"")[1].dropLast()
        }
        #expect(values.map(String.init) == expected)
        #expect(written.hasPrefix(#"{"\r":"Carriage Return","1":"One","#))
        for (name, value) in members.dropFirst(2) {
            #expect(written.contains("\"\(name)\":\"\(value)\""))
        }
        #expect(string(Self.object(members.reversed().map { ($0.0, Self.text($0.1)) })) == written)
    }

    @Test("only the needed escapes, in their one spelling (section 3.2.2.2)")
    func escapes() {
        // The RFC's sample of section 3.2.2: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"
        #expect(
            string(Self.text("\u{20ac}$\u{f}\u{a}A'\u{42}\u{22}\u{5c}\\\"/"))
                == "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"")
        #expect(
            string(Self.text("\u{8}\u{9}\u{a}\u{c}\u{d}")) == #""\b\t\n\f\r""#)
        #expect(string(Self.text("\u{0}\u{1}\u{b}\u{1f}")) == #""\u0000\u0001\u000b\u001f""#)
        let bare = "\u{7f}\u{80}\u{2028}\u{1f600}"
        #expect(string(Self.text(bare)) == "\"\(bare)\"")
    }

    @Test("the bytes of section 3.2.4's sample, as far as its values go")
    func sampleBytes() {
        // "string":"€$\u000f\nA'B\"\\\\\"/"
        let value = Self.object([("string", Self.text("\u{20ac}$\u{f}\nA'B\"\\\\\"/"))])
        let published: [UInt8] = [
            0x22, 0x73, 0x74, 0x72, 0x69, 0x6e, 0x67, 0x22, 0x3a, 0x22, 0xe2, 0x82, 0xac, 0x24,
            0x5c, 0x75, 0x30, 0x30, 0x30, 0x66, 0x5c, 0x6e, 0x41, 0x27, 0x42, 0x5c, 0x22, 0x5c,
            0x5c, 0x5c, 0x5c, 0x5c, 0x22, 0x2f, 0x22,
        ]
        #expect(value.bytes == [0x7b] + published + [0x7d])
    }

    @Test("no white space, in nothing and in nested things")
    func structure() {
        #expect(string(.array([])) == "[]")
        #expect(string(Self.object([])) == "{}")
        let inner = CanonicalJSON.array([.integer(1), Self.text("")])
        let nested = CanonicalJSON.array([
            .integer(0), Self.object([("b", inner), ("a", .integer(2))]),
        ])
        #expect(string(nested) == #"[0,{"a":2,"b":[1,""]}]"#)
    }

    @Test(
        "integers as their digits", arguments: [0, 1, 10, 4_294_967_296, (1 << 53) - 1] as [UInt64])
    func integers(value: UInt64) {
        #expect(string(.integer(value)) == "\(value)")
    }

    @Test("a name that begins another comes first, and case matters")
    func prefixes() {
        let names = ["ab", "a", "B", "", "aa", "a\u{0}"]
        let object = Self.object(names.map { ($0, .integer(1)) })
        #expect(string(object) == #"{"":1,"B":1,"a":1,"a\u0000":1,"aa":1,"ab":1}"#)
    }
}
