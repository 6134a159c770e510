import TallyActors
import Testing

@Suite("The seal of a closed phase")
struct SealTests {
    /// The expected digests are those of `sha256sum` over the very bytes.
    private static let digest =
        "sha256:54a605e9415242c25e1980726c679f807312e6d91de9e6f8f7fccc1e5147141a"
    private static let dalet: Identifier = "\u{fb33}"
    private static let grin: Identifier = "\u{1f600}"

    /// Proposals and choices in an order that is none; RFC 8785 sorts the choices by UTF-16, where
    /// the emoji comes first, and the contract the proposals by UTF-8, where it comes last.
    private static func ballots() -> BallotDriver {
        var ballots = BallotDriver()
        let phase = PhaseDefinition.phase(
            "L5/04 \"VII\"", title: "Trees", ballot: .choice(dalet, "yes", grin, "no"),
            proposals: [grin, "b", dalet, "a"])
        ballots.change {
            $0.now = 7
            let definition = ConsultationDefinition(title: .text("Budget"), phases: [phase])
            _ = $0.apply(.define(consultation: "Budget 2027", definition: definition))
        }
        for (account, proposal, choice): (Int, UInt32, UInt32) in [
            (1, 3, 1), (2, 3, 1), (3, 3, 0), (1, 2, 3), (2, 0, 2),
        ] {
            #expect(ballots.cast(account, 0, proposal, choice) == .counted)
        }
        return ballots
    }

    private static func close(_ ballots: inout BallotDriver, at instant: Int64) {
        ballots.change {
            $0.now = instant
            _ = $0.apply(.closePhase(consultation: "Budget 2027", phase: "L5/04 \"VII\""))
        }
    }

    private static let json =
        #"{"consultation":"Budget 2027","kind":"choice","phase":"L5/04 \"VII\"","proposals":["#
        + counts(0, 2, 0, 1, "a") + "," + counts(0, 0, 0, 0, "b") + ","
        + counts(1, 0, 0, 0, "\u{fb33}") + "," + counts(0, 0, 1, 0, "\u{1f600}")
        + #"],"voters":3}"#

    private static func counts(
        _ no: Int, _ yes: Int, _ grin: Int, _ dalet: Int, _ id: String
    ) -> String {
        "{\"counts\":{\"no\":\(no),\"yes\":\(yes),\"\u{1f600}\":\(grin),\"\u{fb33}\":\(dalet)},"
            + "\"id\":\"\(id)\"}"
    }

    private static func seal(_ ballots: BallotDriver) -> Seal? {
        ballots.definitions.catalogue.phase(0)?.seal
    }

    @Test("its bytes and digest are those of the contract, zeros included, titles not")
    func bytes() throws {
        var ballots = Self.ballots()
        #expect(Self.seal(ballots) == nil)
        Self.close(&ballots, at: 1_234)
        let seal = try #require(Self.seal(ballots))
        #expect(String(decoding: seal.bytes, as: UTF8.self) == Self.json)
        #expect(seal.digest == Self.digest)
        #expect(seal.at == .at(1_234))
    }

    @Test("no deletion, title or closing again alters it")
    func unaltered() throws {
        var ballots = Self.ballots()
        Self.close(&ballots, at: 1_234)
        for account in 1...3 { _ = ballots.delete(account) }
        Self.close(&ballots, at: 9_999)
        ballots.change {
            var definition = $0.catalogue.consultations[0].definition
            definition.phases[0].title = .text("Bäume")
            definition.phases[0].proposals[1].title = .text("Bench")
            #expect(
                $0.apply(.define(consultation: "Budget 2027", definition: definition)) == .updated)
        }
        let seal = try #require(Self.seal(ballots))
        #expect(seal.digest == Self.digest)
        #expect(seal.at == .at(1_234))
    }

    @Test("how the counts came about does not show in it")
    func history() throws {
        var ballots = Self.ballots()
        for account in 10..<20 { _ = ballots.cast(account, 0, 1, 0) }
        _ = ballots.cast(2, 0, 3, 3)
        _ = ballots.ballot(2, 0, (3, 1), (0, 2))
        for account in 10..<20 { _ = ballots.delete(account) }
        Self.close(&ballots, at: 1)
        #expect(Self.seal(ballots)?.digest == Self.digest)
    }

    @Test("ranks and points are sealed as votes and points")
    func points() throws {
        var ballots = BallotDriver()
        ballots.change {
            _ = $0.define(.phase("p", ballot: .points(), proposals: ["p0", "p1"]))
        }
        for account in 1...2 { _ = ballots.cast(account, 0, 0, 1_000_000) }
        ballots.change { _ = $0.close("p") }
        let seal = try #require(Self.seal(ballots))
        #expect(
            String(decoding: seal.bytes, as: UTF8.self)
                == #"{"consultation":"c","kind":"points","phase":"p","proposals":["#
                + #"{"counts":{"points":2000000,"votes":2},"id":"p0"},"#
                + #"{"counts":{"points":0,"votes":0},"id":"p1"}],"voters":2}"#)
        #expect(
            seal.digest
                == "sha256:3ee050998ccc3939b2a0cab3216c2c2ade1fd082b4209741e68cfc9dbb3ea8a7")
    }

    @Test("the digest of no bytes is the published one")
    func empty() {
        #expect(
            Seal(at: .at(0), bytes: []).digest
                == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test("proposals are sorted by the bytes of their ids, whatever these look like")
    func order() throws {
        var driver = CatalogueDriver()
        let names: [Identifier] = ["\u{e9}", "f", "e\u{301}", "e", "F", "10", "9"]
        _ = driver.define(.phase("a", proposals: names))
        _ = driver.close("a")
        let seal = try #require(driver.entry("a")?.seal)
        let ids = String(decoding: seal.bytes, as: UTF8.self).split(separator: "\"id\":\"")
            .dropFirst().map { Array($0.utf8.prefix { $0 != UInt8(ascii: "\"") }) }
        let expected: [Identifier] = ["10", "9", "F", "e", "e\u{301}", "f", "\u{e9}"]
        #expect(ids == expected.map(\.bytes))
    }

    @Test("a phase whose kind changes with the definition that ends it is sealed with zeros")
    func changedAndClosed() {
        var ballots = BallotDriver()
        ballots.change { _ = $0.define(.phase("a", proposals: ["p"])) }
        ballots.change {
            $0.now = 100
            _ = $0.define(
                .phase("a", closesAt: 50, ballot: .choice("yes", "no"), proposals: ["p"]))
        }
        #expect(
            ballots.definitions.entry("a")?.seal.map { String(decoding: $0.bytes, as: UTF8.self) }
                == #"{"consultation":"c","kind":"choice","phase":"a","proposals":["#
                + #"{"counts":{"no":0,"yes":0},"id":"p"}],"voters":0}"#)
    }

    @Test("a phase that closes with its own definition is sealed with what it holds then")
    func closedByDefinition() {
        var driver = CatalogueDriver()
        driver.now = 100
        _ = driver.define(.phase("a", closesAt: 50, proposals: ["p"]), .phase("b"))
        #expect(driver.entry("a")?.seal?.at == .at(100))
        #expect(
            driver.entry("a")?.seal.map { String(decoding: $0.bytes, as: UTF8.self) }
                == #"{"consultation":"c","kind":"support","phase":"a","proposals":["#
                + #"{"counts":{"support":0},"id":"p"}],"voters":0}"#)
        #expect(driver.entry("b")?.seal == nil)
    }
}
