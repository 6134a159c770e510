import Gateway
import TallyActors
import Testing

@Suite("Cutting a stream into lines")
struct LineFramingTests {
    private let vote =
        #"{"consultation":"c","phase":"choice","proposal":"p1","account":"a","choice":"agree"}"#
    private let agree = ParsingFixture.cast("p1", by: "a", choice: "agree")

    @Test("gives the same wherever the chunks end")
    func chunks() {
        let stream = Array("\(vote)\n\n \t\r\n\(vote)\r\nnonsense\n\(vote)\n\(vote)".utf8)
        let whole = VoteLineDecoder.decode(stream, chunks: [.max])
        #expect(whole.count == 7)
        #expect(whole.lines.order == [1, 4, 5, 6, 7])
        #expect(whole.lines.lines[5] == .refused(.malformed))
        for size in 1...stream.count {
            let (lines, count) = VoteLineDecoder.decode(stream, chunks: [size])
            #expect(lines == whole.lines)
            #expect(count == whole.count)
        }
    }

    @Test("stops at the limit and goes on from there", arguments: 1...7)
    func limit(limit: Int) {
        let stream = Array("\(vote)\n\nnonsense\n\(vote)\n\(vote)\n\n\(vote)".utf8)
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        var start = 0
        while start < stream.count {
            let before = sink.order.count
            start += stream[start...].withUnsafeBytes {
                decoder.decode(
                    $0, catalogue: ParsingFixture.catalogue, limit: limit, into: &sink)
            }
            #expect(sink.order.count - before <= limit)
        }
        decoder.finish(into: &sink)
        #expect(sink == VoteLineDecoder.decode(stream, chunks: [.max]).lines)
        #expect(decoder.lineCount == 7)
    }

    @Test("takes nothing when it may take nothing")
    func noAllowance() {
        var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: .anyPhase)
        var sink = CollectedLines()
        let consumed = Array(vote.utf8).withUnsafeBytes {
            decoder.decode($0, catalogue: ParsingFixture.catalogue, limit: 0, into: &sink)
        }
        #expect(consumed == 0)
    }

    @Test(
        "refuses a line of more than 64 KiB and goes on behind it",
        arguments: [1000, 70_000, .max])
    func longLines(chunk: Int) {
        let limit = VoteLineDecoder.maximumLineLength
        for length in [limit, limit + 1, 3 * limit] {
            let padding = String(repeating: " ", count: length - vote.utf8.count)
            let stream = Array("\(vote)\n\(vote)\(padding)\n\(vote)\n".utf8)
            let (sink, count) = VoteLineDecoder.decode(stream, chunks: [chunk])
            #expect(sink.order == [1, 2, 3])
            #expect(sink.lines[2] == (length > limit ? .refused(.tooLarge) : agree))
            #expect(sink.lines[3] == agree)
            #expect(count == 3)
        }
    }

    @Test("refuses a last line that is too long and never ends")
    func endlessLine() {
        let stream = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
        let (sink, count) = VoteLineDecoder.decode(stream, chunks: [777])
        #expect(sink.lines == [1: .refused(.tooLarge)])
        #expect(count == 1)
    }

    @Test("counts a blank last line only when it has bytes")
    func blankEnd() {
        #expect(VoteLineDecoder.decode(Array("\(vote)\n".utf8), chunks: [.max]).count == 1)
        #expect(VoteLineDecoder.decode(Array("\(vote)\n \r".utf8), chunks: [.max]).count == 2)
        #expect(VoteLineDecoder.decode([], chunks: [.max]).count == 0)
    }
}
