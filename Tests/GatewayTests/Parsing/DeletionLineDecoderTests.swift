import Gateway
import TallyActors
import Testing

@Suite("The lines of the stream of deletions")
struct DeletionLineDecoderTests {
    private func decode(_ text: String) -> (lines: CollectedLines, unusual: UInt64) {
        var decoder = DeletionLineDecoder(accountHash: ParsingFixture.hash)
        var sink = CollectedLines()
        let stream = Array(text.utf8)
        let consumed = stream.withUnsafeBytes { decoder.decode($0, limit: .max, into: &sink) }
        #expect(consumed == stream.count)
        decoder.finish(into: &sink)
        return (sink, decoder.unusualLineCount)
    }

    @Test("delete the account that they name")
    func deletions() {
        let (sink, unusual) = decode(
            """
            {"account":"a"}
            { "account" : "b" }\r

            {"acc\\u006funt":"\\u00e9"}
            {"account":"é"}
            """)
        #expect(sink.order == [1, 2, 4, 5])
        for (line, account) in [(1, "a"), (2, "b"), (4, "é"), (5, "é")] {
            #expect(
                sink.lines[UInt64(line)] == .command(.delete(ParsingFixture.key(account))))
        }
        #expect(unusual == 3)
    }

    @Test(
        "are malformed otherwise",
        arguments: [
            "x", "{}", #"{"account":""}"#, #"{"account":".."}"#, #"{"account":1}"#,
            #"{"account":"a","account":"a"}"#, #"{"account":"a","choice":"agree"}"#,
            #"{"account":"a"}x"#, #"{"account":"a"#,
        ])
    func malformed(line: String) {
        #expect(decode(line).lines.lines == [1: .refused(.malformed)])
        #expect(decode(line + "\n").lines.lines == [1: .refused(.malformed)])
    }
}
