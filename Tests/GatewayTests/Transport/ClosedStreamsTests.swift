import Gateway
import Testing

@Suite struct ClosedStreamsTests {
    private var streams = ClosedStreams()

    /// A stream that the session took.
    private mutating func open(_ number: Int32) {
        #expect(streams.judge(.headers, number) == .allowed)
        streams.noteTaken()
    }

    @Test mutating func aStreamThatTheClientEndedIsClosed() {
        for number: Int32 in [1, 3, 5] { open(number) }
        for number: Int32 in [1, 3, 5] {
            #expect(streams.judge(.headers, number) == .closed)
            #expect(streams.judge(.data, number) == .closed)
        }
    }

    @Test mutating func whatIsOnItsWayToAStreamThatTheServerResetIsAllowed() {
        open(1)
        open(3)
        streams.noteReset(1)
        #expect(streams.judge(.data, 1) == .allowed)
        #expect(streams.judge(.headers, 1) == .allowed)
        #expect(streams.judge(.data, 3) == .closed)
    }

    @Test mutating func theBodyOfAStreamThatTheSessionDidNotTakeIsAllowed() {
        #expect(streams.judge(.headers, 1) == .allowed)
        #expect(streams.judge(.data, 1) == .allowed)
        open(3)
        #expect(streams.judge(.data, 1) == .allowed)
    }

    @Test mutating func aNumberThatWasLeftOutIsUnexpected() {
        open(5)
        open(7)
        open(13)
        for number: Int32 in [1, 3, 9, 11] {
            #expect(streams.judge(.headers, number) == .unexpected)
            #expect(streams.judge(.data, number) == .closed)
        }
        for number: Int32 in [5, 7, 13] { #expect(streams.judge(.headers, number) == .closed) }
    }

    @Test mutating func evenAndUnusedNumbersAreLeftToTheSession() {
        open(9)
        for number: Int32 in [0, 2, 8, 10] {
            #expect(streams.judge(.headers, number) == .allowed)
            #expect(streams.judge(.data, number) == .allowed)
        }
        #expect(streams.judge(.data, 11) == .allowed)
    }

    @Test mutating func theLargestNumberIsTheLast() {
        open(.max)
        #expect(streams.judge(.headers, .max) == .closed)
        #expect(streams.judge(.headers, .max - 2) == .unexpected)
    }

    @Test mutating func memoryIsBoundedAndForgetsInFavourOfTheClient() {
        let last = Int32(2 * ClosedStreams.rememberedResets + 3)
        for number in stride(from: Int32(1), through: last, by: 2) {
            open(number)
            if number != 1, number != last { streams.noteReset(number) }
        }
        #expect(streams.judge(.data, 1) == .closed)
        open(last + 2)
        streams.noteReset(last + 2)
        for number in stride(from: Int32(1), to: last, by: 2) {
            #expect(streams.judge(.data, number) == .allowed)
        }
        #expect(streams.judge(.data, last) == .closed)
    }

    @Test mutating func oldGapsAreForgottenAndStayErrors() {
        for number in 0...ClosedStreams.rememberedGaps { open(Int32(number) * 4 + 3) }
        #expect(streams.judge(.headers, 1) == .closed)
        #expect(streams.judge(.headers, 5) == .unexpected)
    }
}
