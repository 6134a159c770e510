import Foundation
import Gateway
import Testing

@Suite("The JSON reader")
struct JSONReaderTests {
    private func read<Value: Sendable>(
        _ text: String, _ body: (inout JSONReader) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        try read(Array(text.utf8), body)
    }

    private func read<Value>(
        _ bytes: [UInt8], _ body: (inout JSONReader) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONFault) in try JSONReader.read(bytes, body) }
        }
        return try result.get()
    }

    private func reason(_ text: String, string: Bool = true) -> JSONFault.Reason? {
        reason(Array(text.utf8), string: string)
    }

    private func reason(_ bytes: [UInt8], string: Bool = true) -> JSONFault.Reason? {
        do throws(JSONFault) {
            if string {
                _ = try read(bytes) { reader throws(JSONFault) in try reader.readText() }
            } else {
                _ = try read(bytes) { reader throws(JSONFault) in try reader.readInteger() }
            }
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("unescapes strings")
    func strings() throws {
        let cases = [
            #""""#: "", #""plain""#: "plain", #""\"\\\/\b\f\n\r\t""#: "\"\\/\u{8}\u{C}\n\r\t",
            #""\u0041\u00e9\u20AC""#: "Aé€", #""\ud83d\ude00 x""#: "😀 x",
            #""a long string beyond sixteen bytes, \u0041nd on""#:
                "a long string beyond sixteen bytes, And on",
            "\"é€😀\u{7F}\u{2028}\"": "é€😀\u{7F}\u{2028}", #" "x" "#: "x", #""\u0000""#: "\0",
        ]
        for (text, expected) in cases {
            let value = try read(text) { reader throws(JSONFault) in try reader.readText() }
            #expect(value == expected)
        }
    }

    @Test("refuses what is no string of JSON")
    func brokenStrings() {
        #expect(reason(#""\ud83d""#) == .loneSurrogate)
        #expect(reason(#""\ud83dx""#) == .loneSurrogate)
        #expect(reason(#""\ud83d\u0041""#) == .loneSurrogate)
        #expect(reason(#""\ude00""#) == .loneSurrogate)
        #expect(reason(#""\x""#) == .invalidEscape)
        #expect(reason(#""\u12g4""#) == .invalidEscape)
        #expect(reason(#""\u12"#) == .endedEarly)
        #expect(reason(#""\"#) == .endedEarly)
        #expect(reason(#""abc"#) == .endedEarly)
        #expect(reason("\"a\u{1F}b\"") == .controlCharacter)
        #expect(reason("\"a\nb\"") == .controlCharacter)
        #expect(reason("'a'") == .notAString)
        #expect(reason("") == .endedEarly)
        #expect(reason(#""a" "b""#) == .trailingBytes)
    }

    @Test(
        "refuses every ill-formed sequence of UTF-8",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func illFormed(sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for padding in 0..<9 {
            let bytes = [quote] + [UInt8](repeating: 0x61, count: padding) + sequence + [quote]
            #expect(reason(bytes) == .invalidUTF8)
        }
    }

    @Test("reads integers, and those beyond 64 bits as the nearest")
    func integers() throws {
        let cases: [String: Int64] = [
            "0": 0, "-0": 0, "7": 7, "1234567890": 1_234_567_890, " 12 ": 12, "-5": -5,
            "9007199254740991": 9_007_199_254_740_991, "9223372036854775807": .max,
            "9223372036854775808": .max, "123456789012345678901234567890": .max,
            "-9223372036854775808": .min, "-99999999999999999999": .min,
        ]
        for (text, expected) in cases {
            let value = try read(text) { reader throws(JSONFault) in try reader.readInteger() }
            #expect(value == expected, "\(text)")
        }
        for text in ["1.0", "1e3", "1E3", "01", "-", "-01", "+1", "\"1\"", "true", "00"] {
            #expect(reason(text, string: false) == .notAnInteger, "\(text)")
        }
        #expect(reason("1 2", string: false) == .trailingBytes)
    }

    @Test("walks through objects and arrays")
    func structure() throws {
        let text = #" { "a" : [ true , false ] , "\u0062":{}, "c":[], "d":[[1],{"e":2}] } "#
        let seen = try read(text) { reader throws(JSONFault) in
            var seen: [String] = []
            try reader.beginObject()
            while let key = try reader.nextKey() {
                seen.append(String(decoding: key, as: UTF8.self))
                switch seen.last! {
                case "a":
                    try reader.beginArray()
                    while try reader.nextElement() { seen.append("\(try reader.readBoolean())") }
                case "b":
                    try reader.beginObject()
                    while try reader.nextKey() != nil {}
                case "c":
                    try reader.beginArray()
                    while try reader.nextElement() {}
                default:
                    try reader.beginArray()
                    _ = try reader.nextElement()
                    try reader.beginArray()
                    while try reader.nextElement() { seen.append("\(try reader.readInteger())") }
                    _ = try reader.nextElement()
                    try reader.beginObject()
                    while try reader.nextKey() != nil { seen.append("\(try reader.readInteger())") }
                    while try reader.nextElement() {}
                }
            }
            return seen
        }
        #expect(seen == ["a", "true", "false", "b", "c", "d", "1", "2"])
    }

    @Test(
        "refuses broken objects",
        arguments: [
            "{", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1]",
            "{a:1}", "{\"a\":1}}", "{\"a\" 1}", "{1:1}", "[", "{\"a\":1,,\"b\":1}",
        ])
    func brokenObjects(text: String) {
        #expect(throws: JSONFault.self) {
            try read(text) { reader throws(JSONFault) in
                try reader.beginObject()
                while try reader.nextKey() != nil { _ = try reader.readInteger() }
            }
        }
    }

    @Test("accepts nothing that Foundation's parser refuses", arguments: [3, 2027] as [UInt64])
    func againstFoundation(seed: UInt64) {
        print("the JSON reader against Foundation: seed \(seed)")
        var random = ParsingRandom(seed: seed)
        var accepted = 0
        for _ in 0..<3_000 {
            let line = RandomVoteLine.make(&random)
            let isAccepted =
                (try? read(line) { reader throws(JSONFault) in
                    try reader.beginObject()
                    while try reader.nextKey() != nil {
                        if try reader.isAtString() {
                            _ = try reader.readString()
                        } else {
                            _ = try reader.readBoolean()
                        }
                    }
                    return true
                }) ?? false
            guard isAccepted else { continue }
            accepted += 1
            #expect(
                (try? JSONSerialization.jsonObject(with: Data(line))) != nil,
                "seed \(seed): \(String(decoding: line, as: UTF8.self))")
        }
        #expect(accepted > 500)
    }

    @Test("says what is wrong and where")
    func detail() {
        #expect(
            JSONFault(reason: .notAString, offset: 17).detail
                == "At byte 17: a string belongs here.")
    }
}
