import Persistence
import TallyActors
import Testing

@Suite("A record in words")
struct RecordWordsTests {
    private static let account = AccountKey(low: 0x0706_0504_0302_0100, high: 0xf)
    private static let digits = "account 00010203040506070f00000000000000"

    /// Phase 0 is "a", with a choice; phase 1 is "b", with ranks.
    private static let catalogue: Catalogue = {
        var driver = CatalogueDriver()
        _ = driver.define(
            .phase("a", ballot: .choice("yes", "no")), .phase("b", ballot: .ranking(3)))
        return driver.catalogue
    }()

    /// The words of each command in a record of several.
    private func words(
        named: Bool = true, _ fill: (CommandBatch) -> Void
    ) -> [[String]] {
        let batch = CommandBatch(capacity: 16, completion: NobodyWaits())
        fill(batch)
        let fields = RecordFields(
            kind: RecordKind.commands.rawValue, firstSequence: 100, count: UInt32(batch.count),
            timestamp: 0)
        return (0..<UInt64(batch.count)).map { index in
            RecordWords(
                fields, payload: UnsafeRawBufferPointer(batch.commandBuffer),
                sequence: 100 + index, catalogue: named ? Self.catalogue : nil
            ).command
        }
    }

    @Test("of single votes: what, on what, where, and by whom")
    func votes() {
        let words = words { batch in
            batch.append(.cast(Self.account, phase: 0, proposal: 1, choice: 1))
            batch.append(.cast(Self.account, phase: 1, proposal: 2, rank: 3))
            batch.append(.withdraw(Self.account, phase: 1, proposal: 0))
            batch.append(.delete(Self.account))
        }
        #expect(
            words == [
                [#"\#(Self.digits) votes "no" on the proposal "p1" in the phase "a" of "c""#],
                [#"\#(Self.digits) gives the rank 3 to the proposal "p2" in the phase "b" of "c""#],
                [
                    #"\#(Self.digits) withdraws its vote on the proposal "p0""#
                        + #" in the phase "b" of "c""#
                ],
                ["\(Self.digits) is deleted"],
            ])
    }

    @Test("by number where no catalogue is known, or nothing has the number")
    func numbers() {
        let vote: (CommandBatch) -> Void = { batch in
            batch.append(.cast(Self.account, phase: 7, proposal: 8, points: 9))
            batch.append(.cast(Self.account, phase: 7, proposal: 8))
        }
        for words in [words(vote), words(named: false, vote)] {
            #expect(
                words == [
                    ["\(Self.digits) gives 9 points to proposal number 8 in phase number 7"],
                    ["\(Self.digits) votes for proposal number 8 in phase number 7"],
                ])
        }
    }

    @Test("of a whole ballot: a line for each vote, and none of them is the next command")
    func ballots() {
        let votes: [Command] = [
            .cast(Self.account, phase: 1, proposal: 2, rank: 1),
            .cast(Self.account, phase: 1, proposal: 0, rank: 2),
        ]
        let words = words { batch in
            votes.withUnsafeBufferPointer {
                batch.appendBallot(of: Self.account, phase: 1, votes: $0)
            }
            batch.appendBallot(
                of: Self.account, phase: 1, votes: UnsafeBufferPointer(start: nil, count: 0))
            batch.append(.delete(Self.account))
        }
        #expect(
            words == [
                [
                    #"\#(Self.digits) puts a whole ballot of 2 votes in the phase "b" of "c":"#,
                    #"  gives the rank 1 to the proposal "p2""#,
                    #"  gives the rank 2 to the proposal "p0""#,
                ],
                [#"\#(Self.digits) empties its ballot in the phase "b" of "c""#],
                ["\(Self.digits) is deleted"],
            ])
    }

    private func words(_ bytes: [UInt8], kind: UInt8) -> RecordWords {
        bytes.withUnsafeBytes { payload in
            RecordWords(
                RecordFields(kind: kind, firstSequence: 5, count: 1, timestamp: 0),
                payload: payload, sequence: 5, catalogue: nil)
        }
    }

    @Test("of a change of the catalogue")
    func catalogueCommands() {
        let definition = ConsultationDefinition(phases: [
            .phase("a", ballot: .choice("yes", "no"), proposals: ["p0"]), .phase("b"),
        ])
        let commands: [(CatalogueCommand, [String])] = [
            (
                .define(consultation: "c", definition: definition),
                [
                    #"defines the consultation "c":"#, #"  phase "a", choice, 1 proposal"#,
                    #"  phase "b", support, 3 proposals"#,
                ]
            ),
            (
                .putProposal(
                    consultation: "c", phase: "a", proposal: ProposalDefinition(id: "p9")),
                [#"puts the proposal "p9" into the phase "a" of "c""#]
            ),
            (
                .openPhase(consultation: "c", phase: "a"),
                [#"opens the phase "a" of "c""#]
            ),
            (
                .closePhase(consultation: "c", phase: "a"),
                [#"closes the phase "a" of "c""#]
            ),
            (.remove(consultation: "c"), [#"removes the consultation "c" with every vote"#]),
        ]
        for (command, expected) in commands {
            var writer = ByteWriter()
            writer.command(command)
            let words = words(writer.bytes, kind: RecordKind.catalogue.rawValue)
            #expect(words.command == expected)
            #expect(words.content == "a change of the catalogue")
        }
    }

    @Test("of what is not known, or not whole")
    func unknown() {
        let unreadable = ["cannot be read by this version"]
        #expect(words([], kind: RecordKind.commands.rawValue).command == unreadable)
        #expect(words([99], kind: RecordKind.catalogue.rawValue).command == unreadable)
        #expect(words([], kind: 200).command == unreadable)
        #expect(words([], kind: 200).content.contains("200"))
        #expect(words([], kind: RecordKind.mark.rawValue).content == "a mark")
        // A ballot whose votes are missing.
        var head = [UInt8](repeating: 0, count: Command.size)
        head[16] = Command.Operation.ballot.rawValue | 0x10
        #expect(words(head, kind: RecordKind.commands.rawValue).command == unreadable)
    }
}
