import Testing
import tally

struct AnswerLineTests {
    private func parse(_ text: String) -> AnswerLine? {
        Array(text.utf8).withUnsafeBytes { AnswerLine($0) }
    }

    @Test func everyKindOfLineIsRead() {
        #expect(
            parse(#"{"through":4096,"sequence":88123}"#) == .through(line: 4096, sequence: 88123))
        #expect(
            parse(#"{"line":17,"error":"phase-closed"}"#)
                == .refused(line: 17, code: "phase-closed"))
        #expect(
            parse(#"{"done":true,"lines":5,"counted":4,"sequence":9}"#)
                == .done(["lines": 5, "counted": 4, "sequence": 9]))
        #expect(
            parse(#"{"done":false,"error":"storage-unavailable","through":3,"sequence":4}"#)
                == .failed(code: "storage-unavailable", through: 3))
    }

    @Test func orderAndSpaceDoNotMatter() {
        #expect(
            parse(#" { "sequence" : 2 , "through":1 } "#) == .through(line: 1, sequence: 2))
    }

    @Test(arguments: [
        "", "{}", "{\"through\":}", "{\"through\":1", "{\"through\":1}x", "[1]", "{\"line\":1}",
        "{\"through\":-1}", "{\"a\\\"\":1}",
    ])
    func anythingElseIsNone(text: String) {
        #expect(parse(text) == nil)
    }

    @Test(arguments: 1...40)
    func cutsDoNotMatter(size: Int) {
        let answer = "{\"through\":1,\"sequence\":2}\n{\"line\":3,\"error\":\"malformed\"}\n"
        var reader = AnswerLineReader()
        var lines: [AnswerLine] = []
        let bytes = Array(answer.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            let isUnderstood = piece.withUnsafeBytes { bytes in
                reader.read(bytes) { lines.append($0) }
            }
            #expect(isUnderstood)
        }
        #expect(lines == [.through(line: 1, sequence: 2), .refused(line: 3, code: "malformed")])
    }
}
