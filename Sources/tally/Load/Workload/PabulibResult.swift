/// What the tally of a replayed election must be: the official figures of its file, and where it has none the
/// count of its ballots. An official figure that counts a project several times on one ballot cannot come
/// out, since an account has one vote on it: there the count with the ballot merged takes its place.
package struct PabulibResult: Sendable {
    /// An official figure that a merged ballot explains.
    package struct Merge: Equatable, Sendable {
        package var project: String
        package var figure: String
        package var official: Int
        package var merged: Int
    }

    /// At most so many merges are named.
    private static let listed = 5

    package private(set) var expected: ExpectedTally
    package private(set) var merges: [Merge] = []
    /// Official figures that the ballots of the file do not add up to, merged or not.
    package private(set) var inconsistent = 0
    /// Figures for which the file has no official one.
    package private(set) var unofficial = 0
    private let replay: PabulibReplay

    package init(_ replay: PabulibReplay) {
        self.replay = replay
        expected = replay.merged
        expected.voters = replay.counted.voters
        let figures = replay.rules.kind.figures
        for (index, project) in replay.election.projects.enumerated() {
            let officials =
                figures.count == 1
                ? [project.votes ?? project.score] : [project.votes, project.score]
            for (figure, official) in officials.enumerated() {
                let merged = replay.merged[index, figure]
                guard let official else {
                    unofficial += 1
                    continue
                }
                expected[index, figure] = official
                if official == merged || official == replay.counted[index, figure] { continue }
                if official == replay.unmerged[index, figure] {
                    expected[index, figure] = merged
                    merges.append(
                        Merge(
                            project: project.id, figure: figures[figure], official: official,
                            merged: merged))
                } else {
                    inconsistent += 1
                }
            }
        }
    }

    package var reference: String {
        if unofficial == expected.counts.count { return "the ballots of the file" }
        return unofficial == 0
            ? "the official results"
            : "the official results and, where there are none, the ballots of the file"
    }

    /// What there is to know about the file, and reasons for what differs.
    package var notes: [String] {
        var notes: [String] = []
        if !merges.isEmpty {
            var list = merges.prefix(Self.listed).map {
                """
                project \($0.project) has \(Figures.grouped($0.merged)) \($0.figure) instead of \
                the official \(Figures.grouped($0.official))
                """
            }
            if merges.count > Self.listed {
                list.append("and \(Figures.grouped(merges.count - Self.listed)) more")
            }
            notes.append(
                """
                \(Self.some(replay.repeatingBallots, "ballot")) naming a project more than once \
                merged into one vote on it: \(list.joined(separator: ", "))
                """)
        }
        if replay.refusedBallots > 0 {
            notes.append(
                """
                \(Self.some(replay.refusedBallots, "ballot")) outside the election's own limits \
                refused, which the official result counts
                """)
        }
        if inconsistent > 0 {
            notes.append(
                """
                \(Self.some(inconsistent, "official figure")) not what the ballots of the file add \
                up to
                """)
        }
        if replay.pointlessMentions > 0 {
            notes.append(
                "\(Self.some(replay.pointlessMentions, "vote")) without a point left out")
        }
        if replay.election.unknownMentions > 0 {
            notes.append(
                """
                \(Self.some(replay.election.unknownMentions, "vote")) for projects that the file \
                does not list left out
                """)
        }
        return notes
    }

    private static func some(_ number: Int, _ what: String) -> String {
        "\(Figures.grouped(number)) \(what)\(number == 1 ? "" : "s")"
    }
}
