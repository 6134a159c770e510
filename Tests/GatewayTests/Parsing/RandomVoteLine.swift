import Gateway

/// Lines around the shape of a vote: some as usual, some unusual, some broken.
enum RandomVoteLine {
    static func make(_ random: inout ParsingRandom) -> [UInt8] {
        // A whole ballot in every third line.
        let isBallot = Int.random(in: 0..<3, using: &random) == 0
        let keys: [(String, Double)] =
            isBallot
            ? [
                ("consultation", 0.98), ("phase", 0.98), ("account", 0.98), ("votes", 0.98),
                ("proposal", 0.02), ("choice", 0.02), ("withdraw", 0.02), ("votes", 0.02),
            ]
            : [
                ("consultation", 0.98), ("phase", 0.98), ("proposal", 0.98), ("account", 0.98),
                ("choice", 0.4), ("withdraw", 0.15), ("rank", 0.2), ("points", 0.2), ("x", 0.02),
                ("account", 0.02),
            ]
        // Half of the lines suit the route of one phase.
        let isShort = Bool.random(using: &random)
        var members: [String] = []
        for (key, probability) in keys
        where Double.random(in: 0..<1, using: &random) < probability {
            if isShort, key == "consultation" || key == "phase" { continue }
            members.append(key == "votes" ? votes(&random) : member(key, &random))
        }
        if Int.random(in: 0..<3, using: &random) == 0 { members.shuffle(using: &random) }
        let comma = pick([",", ",", ",", ", ", " ,"], &random)
        let end = pick(["", "", "", "", "", " ", "\r", "\t", " \r", "}"], &random)
        var line = Array("{\(members.joined(separator: comma))}\(end)".utf8)
        if Int.random(in: 0..<3, using: &random) == 0 { mutate(&line, &random) }
        return line
    }

    private static func votes(_ random: inout ParsingRandom) -> String {
        let content = pick(["", "choice", "rank", "points"], &random)
        let entries = (0..<pick([0, 1, 1, 2, 3, 5, 8], &random)).map { _ in
            var members = [member("proposal", &random)]
            if !content.isEmpty { members.append(member(content, &random)) }
            if Int.random(in: 0..<20, using: &random) == 0 {
                let others = ["proposal", "choice", "rank", "points", "account", "withdraw", "x"]
                members.append(member(pick(others, &random), &random))
            }
            if Int.random(in: 0..<3, using: &random) == 0 { members.shuffle(using: &random) }
            return "{\(members.joined(separator: pick([",", ",", ", ", " , "], &random)))}"
        }
        let comma = pick([",", ",", ", ", " ,"], &random)
        let beginning = pick(["[", "[", "[", "[ ", " ["], &random)
        let end = pick(["]", "]", "]", " ]", ",]", ""], &random)
        return "\"votes\":\(beginning)\(entries.joined(separator: comma))\(end)"
    }

    private static func member(_ key: String, _ random: inout ParsingRandom) -> String {
        let values: [String] =
            switch key {
            case "consultation": [#""c""#, #""c""#, #""c""#, #""Ünïcode""#, #""nowhere""#, #""""#]
            case "phase":
                [
                    #""choice""#, #""choice""#, #""support""#, #""budget""#, #""ranking""#,
                    #""points""#, #""none""#, #""ch\u006fice""#,
                ]
            case "proposal":
                ParsingFixture.proposalNames.map { "\"\($0.replacing("\"", with: "\\\""))\"" }
                    + [#""p99""#, #"".""#, #""..""#, #""...""#, #""p\u0031""#, "12"]
            case "account": (0..<10).map { _ in account(&random) } + [#""\u00e9""#, "7"]
            case "choice":
                [#""agree""#, #""mixed""#, #""disagree""#, #""other""#, #""""#, "true"]
            case "withdraw": ["true", "true", "true", "false", "1", "tru"]
            default:
                [
                    "1", "2", "30", "0", "-1", "01", "1.5", "1e3", "1000000", "1000001", "9999999",
                    "10000000", "99999999999999999999", #""1""#, "1 2",
                ]
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
