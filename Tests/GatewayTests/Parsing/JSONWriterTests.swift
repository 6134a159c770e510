import Foundation
import Gateway
import NIOCore
import TallyActors
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(ByteBuffer())
        body(&json)
        return String(buffer: json.buffer)
    }

    @Test("sets commas where they belong")
    func commas() {
        let text = written { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.integer(UInt64(1))
            json.integer(Int64(-2))
            json.beginArray()
            json.endArray()
            json.beginObject()
            json.endObject()
            json.endArray()
            json.key("b")
            json.boolean(true)
            json.key("ü\"" as Identifier)
            json.string("x")
            json.endObject()
            json.newline()
            json.beginObject()
            json.endObject()
        }
        #expect(text == #"{"a":[1,-2,[],{}],"b":true,"ü\"":"x"}"# + "\n{}")
    }

    @Test("escapes what JSON does not take as it is, and nothing else")
    func escapes() throws {
        for count in 0..<20 {
            let padding = String(repeating: "x", count: count)
            let special = "\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}é😀\u{2028}"
            let text = written { $0.string(padding + special) }
            #expect(
                text == "\"" + padding + #"\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é😀\u{2028}\"")
        }
        let all = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) }))
        let decoded = try JSONSerialization.jsonObject(
            with: Data(written { $0.string(all) }.utf8), options: .fragmentsAllowed)
        #expect(decoded as? String == all)
    }

    @Test("writes integers of every length")
    func integers() {
        var value: UInt64 = 1
        for _ in 0..<20 {
            for number in [value - 1, value, value + 1] {
                #expect(written { $0.integer(number) } == "\(number)")
            }
            value = value &* 10
        }
        #expect(written { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(written { $0.integer(Int64.min) } == "-9223372036854775808")
    }

    @Test("appends to a buffer that it takes over")
    func takingOver() {
        var buffer = ByteBuffer(string: "x")
        var json = JSONWriter(taking: &buffer)
        json.integer(UInt64(1))
        #expect(buffer.readableBytes == 0)
        #expect(String(buffer: json.buffer) == "x1")
    }
}
