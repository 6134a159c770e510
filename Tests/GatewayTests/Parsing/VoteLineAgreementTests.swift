import Gateway
import TallyActors
import Testing

@Suite("The fast path and the full parser of the vote stream")
struct VoteLineAgreementTests {
    @Test(
        "agree on random lines, valid and broken", arguments: [1, 20_261_101, 424_242] as [UInt64])
    func agreement(seed: UInt64) {
        print("agreement of the two parsers: seed \(seed)")
        var random = ParsingRandom(seed: seed)
        let phases: [Identifier] = ["support", "choice", "budget", "ranking", "points"]
        let routes = [.anyPhase] + phases.map { VoteRoute.phase(consultation: "c", phase: $0) }
        for route in routes {
            var fast = VoteLineGrammar(accountHash: ParsingFixture.hash, route: route)
            var full = VoteLineGrammar(accountHash: ParsingFixture.hash, route: route)
            fast.follow(ParsingFixture.catalogue)
            full.follow(ParsingFixture.catalogue)
            var usual = 0
            var ballots = 0
            for turn in 0..<8_000 {
                let line = RandomVoteLine.make(&random)
                guard let reading = Self.readUsual(line, &fast, &random) else { continue }
                usual += 1
                if case .ballot = reading { ballots += 1 }
                let expected = Self.readAny(line, &full)
                #expect(
                    reading == expected,
                    "seed \(seed), line \(turn): \(String(decoding: line, as: UTF8.self))")
            }
            #expect(usual > 700, "the fast path was hardly met")
            #expect(ballots > 30, "hardly a ballot was accepted")
        }
    }

    @Test("agree through the decoder, however the stream is cut", arguments: [7, 99] as [UInt64])
    func agreementInStreams(seed: UInt64) {
        print("agreement of the two parsers in streams: seed \(seed)")
        var random = ParsingRandom(seed: seed)
        for _ in 0..<40 {
            let lines = (0..<100).map { _ in RandomVoteLine.make(&random) }
            let chunks = (0..<20).map { _ in Int.random(in: 1...700, using: &random) }
            let (sink, count) = VoteLineDecoder.decode(
                Array(lines.joined(separator: [UInt8(ascii: "\n")])), chunks: chunks)
            var full = VoteLineGrammar(accountHash: ParsingFixture.hash, route: .anyPhase)
            full.follow(ParsingFixture.catalogue)
            for (index, line) in lines.enumerated() {
                let isBlank = line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
                let expected =
                    isBlank ? nil : Self.readAny(line, &full)
                #expect(
                    sink.lines[UInt64(index + 1)] == expected,
                    "seed \(seed), line: \(String(decoding: line, as: UTF8.self))")
            }
            let hasEmptyEnd = lines.last?.isEmpty ?? true
            #expect(count == (hasEmptyEnd ? 99 : 100))
        }
    }

    /// Reads a line with a newline and random bytes behind it, as it stands in a stream.
    private static func readUsual(
        _ line: [UInt8], _ grammar: inout VoteLineGrammar, _ random: inout ParsingRandom
    ) -> DecodedLine? {
        var stream = line + [UInt8(ascii: "\n")]
        for _ in 0..<15 { stream.append(UInt8.random(in: 0...255, using: &random)) }
        return stream.withUnsafeBytes { bytes in
            var reading = LineReading.refused(.internalFault)
            let start = bytes.baseAddress!
            guard let end = grammar.readUsual(start, into: &reading) else { return nil }
            #expect(end == start + line.count + 1)
            return DecodedLine(reading, by: grammar)
        }
    }

    private static func readAny(_ line: [UInt8], _ grammar: inout VoteLineGrammar) -> DecodedLine {
        let reading = line.withUnsafeBytes { grammar.readAny($0) }
        return DecodedLine(reading, by: grammar)
    }
}
