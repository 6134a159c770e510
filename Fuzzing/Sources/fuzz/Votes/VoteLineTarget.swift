import Gateway
import TallyActors

/// A stream of votes or deletions, cut into chunks anywhere, comes to what the contract says of each
/// of its lines.
///
/// Input: a byte for the route, one for the size of chunks, one for how many lines are taken at
/// once, then the stream.
enum VoteLineTarget {
    private static let routes: [VoteRoute] =
        [.anyPhase]
        + ["support", "choice", "budget", "ranking", "points"].map {
            .phase(consultation: "c", phase: $0)
        }

    static func run(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var input = FuzzInput(bytes)
        let route = input.number(below: routes.count + 1)
        let chunk = input.number(below: 256)
        let limit = input.number(below: 8)
        let stream = input.takeRest()
        let cut = Cut(
            chunk: chunk == 0 ? .max : chunk, limit: limit == 0 ? .max : limit, stream: stream)
        let lines = stream.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if route < routes.count {
            var decoder = VoteLineDecoder(accountHash: ParsingFixture.hash, route: routes[route])
            let decoded = cut.decode { bytes, limit, sink in
                decoder.decode(
                    bytes, catalogue: ParsingFixture.catalogue, limit: limit, into: &sink)
            } finish: {
                decoder.finish(into: &$0)
            }
            compare(decoded, lines.map { NaiveVotes.line(Array($0), route: routes[route]) })
        } else {
            var decoder = DeletionLineDecoder(accountHash: ParsingFixture.hash)
            let decoded = cut.decode { bytes, limit, sink in
                decoder.decode(bytes, limit: limit, into: &sink)
            } finish: {
                decoder.finish(into: &$0)
            }
            compare(decoded, lines.map { NaiveVotes.deletion(Array($0)) })
        }
        return 0
    }

    private static func compare(_ decoded: CollectedLines, _ expected: [DecodedLine?]) {
        expect(decoded.order == decoded.order.sorted(), "lines come out of order")
        for (index, line) in expected.enumerated() {
            let found = decoded.lines[UInt64(index + 1)]
            expect(
                found == line,
                "line \(index + 1) is \(found.map { "\($0)" } ?? "blank"),"
                    + " but should be \(line.map { "\($0)" } ?? "blank")")
        }
        expect(decoded.lines.count == expected.count { $0 != nil }, "there are other lines")
    }
}

/// A stream as it arrives.
private struct Cut {
    let chunk: Int
    let limit: Int
    let stream: [UInt8]

    func decode(
        _ decode: (UnsafeRawBufferPointer, _ limit: Int, inout CollectedLines) -> Int,
        finish: (inout CollectedLines) -> Void
    ) -> CollectedLines {
        var sink = CollectedLines()
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + min(chunk, stream.count))
            // A buffer of its own: a read beyond its end is one beyond the allocation's, too.
            let arrived = UnsafeMutableRawBufferPointer.allocate(
                byteCount: end - start, alignment: 1)
            defer { arrived.deallocate() }
            arrived.copyBytes(from: stream[start..<end])
            let done = decode(UnsafeRawBufferPointer(arrived), limit, &sink)
            expect(done > 0, "the decoder does not go on")
            start += done
        }
        finish(&sink)
        return sink
    }
}
