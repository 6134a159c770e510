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
        for route in [VoteRoute.anyPhase, .phase(consultation: "c", phase: "support")] {
            var fast = VoteLineGrammar(accountHash: ParsingFixture.hash, route: route)
            var full = VoteLineGrammar(accountHash: ParsingFixture.hash, route: route)
            fast.follow(ParsingFixture.catalogue)
            full.follow(ParsingFixture.catalogue)
            var usual = 0
            for turn in 0..<8_000 {
                let line = RandomVoteLine.make(&random)
                guard let reading = Self.readUsual(line, &fast, &random) else { continue }
                usual += 1
                let expected = line.withUnsafeBytes { DecodedLine(full.readAny($0)) }
                #expect(
                    reading == expected,
                    "seed \(seed), line \(turn): \(String(decoding: line, as: UTF8.self))")
            }
            #expect(usual > 700, "the fast path was hardly met")
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
                    isBlank ? nil : line.withUnsafeBytes { DecodedLine(full.readAny($0)) }
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
            return DecodedLine(reading)
        }
    }
}

/// Lines around the shape of a vote: some as usual, some unusual, some broken.
enum RandomVoteLine {
    static func make(_ random: inout ParsingRandom) -> [UInt8] {
        var members: [String] = []
        let keys: [(String, Double)] = [
            ("consultation", 0.98), ("phase", 0.98), ("proposal", 0.98), ("account", 0.98),
            ("choice", 0.6), ("withdraw", 0.15), ("rank", 0.03), ("points", 0.03), ("x", 0.02),
            ("account", 0.02),
        ]
        // Half of the lines suit the route of one phase.
        let isShort = Bool.random(using: &random)
        for (key, probability) in keys
        where Double.random(in: 0..<1, using: &random) < probability {
            if isShort, key == "consultation" || key == "phase" { continue }
            members.append(member(key, &random))
        }
        if Int.random(in: 0..<3, using: &random) == 0 { members.shuffle(using: &random) }
        let comma = pick([",", ",", ",", ", ", " ,"], &random)
        let end = pick(["", "", "", "", "", " ", "\r", "\t", " \r", "}"], &random)
        var line = Array("{\(members.joined(separator: comma))}\(end)".utf8)
        if Int.random(in: 0..<3, using: &random) == 0 { mutate(&line, &random) }
        return line
    }

    private static func member(_ key: String, _ random: inout ParsingRandom) -> String {
        let values: [String] =
            switch key {
            case "consultation": [#""c""#, #""c""#, #""c""#, #""Ünïcode""#, #""nowhere""#, #""""#]
            case "phase":
                [#""choice""#, #""choice""#, #""support""#, #""none""#, #""ch\u006fice""#]
            case "proposal":
                ParsingFixture.proposalNames.map { "\"\($0.replacing("\"", with: "\\\""))\"" }
                    + [#""p99""#, #"".""#, #""..""#, #""...""#, #""p\u0031""#, "12"]
            case "account": (0..<10).map { _ in account(&random) } + [#""\u00e9""#, "7"]
            case "choice":
                [#""agree""#, #""mixed""#, #""disagree""#, #""other""#, #""""#, "true"]
            case "withdraw": ["true", "true", "true", "false", "1", "tru"]
            default: ["1", "0", "-1", "1.5", "1e3", "99999999999999999999", #""1""#]
            }
        let colon = pick([":", ":", ":", ": ", " :", " : "], &random)
        let isFirst = Int.random(in: 0..<4, using: &random) > 0 && key != "account"
        return "\"\(key)\"\(colon)\(isFirst ? values[0] : pick(values, &random))"
    }

    private static func account(_ random: inout ParsingRandom) -> String {
        let letters = Array("abcdef0123456789-._~ /\u{7F}")
        let length = pick(
            [1, 8, 15, 16, 17, 31, 36, 36, 36, 36, 36, 36, 64, 127, 128, 129, 200], &random)
        let plain = Double.random(in: 0..<1, using: &random) < 0.9
        let text = (0..<length).map { _ in pick(Array(letters.prefix(plain ? 17 : 22)), &random) }
        return "\"\(String(text))\""
    }

    private static func mutate(_ line: inout [UInt8], _ random: inout ParsingRandom) {
        guard !line.isEmpty else { return }
        let place = Int.random(in: 0..<line.count, using: &random)
        let special = Array("\"\\{}[]:, \t\r.u0".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xE2, 0xFF]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: line[place] = pick(special, &random)
        case 1: line.insert(pick(special, &random), at: place)
        case 2: line.remove(at: place)
        default: line.removeSubrange(place...)
        }
    }

    private static func pick<Element>(
        _ elements: [Element], _ random: inout ParsingRandom
    ) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }
}
