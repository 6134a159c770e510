import Gateway
import Testing

@Suite struct ClientStreamsTests {
    private var streams = ClientStreams()

    @Test mutating func aStreamThatTheClientEndedIsClosed() {
        #expect(streams.headers(1, ends: true) == nil)
        #expect(streams.headers(3, ends: false) == nil)
        #expect(streams.data(3, ends: false) == nil)
        #expect(streams.data(3, ends: true) == nil)
        #expect(streams.headers(5, ends: false) == nil)
        #expect(streams.headers(5, ends: true) == nil)
        for number: Int32 in [1, 3, 5] {
            #expect(streams.headers(number, ends: true) == .streamClosed)
            #expect(streams.data(number, ends: false) == .streamClosed)
        }
    }

    @Test mutating func aStreamThatTheClientResetIsClosed() {
        #expect(streams.headers(1, ends: false) == nil)
        #expect(streams.headers(3, ends: false) == nil)
        streams.reset(1)
        streams.reset(1)
        #expect(streams.data(1, ends: true) == .streamClosed)
        #expect(streams.headers(1, ends: true) == .streamClosed)
        #expect(streams.data(3, ends: true) == nil)
    }

    @Test mutating func aStreamThatIsNotEndedTakesBodyAndTrailersAmongOthers() {
        for number: Int32 in [1, 3, 5, 7] { #expect(streams.headers(number, ends: false) == nil) }
        #expect(streams.data(5, ends: true) == nil)
        #expect(streams.data(1, ends: false) == nil)
        #expect(streams.headers(7, ends: true) == nil)
        #expect(streams.headers(1, ends: true) == nil)
        #expect(streams.data(3, ends: false) == nil)
        #expect(streams.data(5, ends: false) == .streamClosed)
    }

    @Test mutating func aNumberThatWasPassedOverIsUnexpected() {
        for number: Int32 in [5, 7, 13] { #expect(streams.headers(number, ends: true) == nil) }
        for number: Int32 in [1, 3, 9, 11] {
            #expect(streams.headers(number, ends: true) == .unexpectedStream)
            #expect(streams.data(number, ends: true) == .streamClosed)
        }
        for number: Int32 in [5, 7, 13] {
            #expect(streams.headers(number, ends: true) == .streamClosed)
        }
    }

    @Test mutating func evenAndUnusedNumbersAreLeftToTheSession() {
        #expect(streams.headers(9, ends: true) == nil)
        for number: Int32 in [0, 2, 8, 10] {
            #expect(streams.headers(number, ends: true) == nil)
            #expect(streams.data(number, ends: true) == nil)
        }
        #expect(streams.data(11, ends: true) == nil)
        streams.reset(11)
    }

    @Test mutating func theLargestNumberIsTheLast() {
        #expect(streams.headers(.max, ends: true) == nil)
        #expect(streams.headers(.max, ends: true) == .streamClosed)
        #expect(streams.headers(.max - 2, ends: true) == .unexpectedStream)
    }

    @Test mutating func memoryIsBoundedAndForgetsInFavourOfTheClient() {
        let count = Int32(ClientStreams.rememberedStreams)
        #expect(streams.headers(1, ends: true) == nil)
        for number in 1...count { #expect(streams.headers(2 * number + 1, ends: false) == nil) }
        #expect(streams.data(1, ends: false) == .streamClosed)
        #expect(streams.headers(2 * count + 3, ends: false) == nil)
        for number in 0...count + 1 { #expect(streams.data(2 * number + 1, ends: false) == nil) }
        #expect(streams.headers(2 * count + 5, ends: true) == nil)
        #expect(streams.data(2 * count + 5, ends: false) == .streamClosed)
    }

    @Test mutating func oldGapsAreForgottenAndStayErrors() {
        for number in 0...ClientStreams.rememberedGaps {
            #expect(streams.headers(Int32(number) * 4 + 3, ends: true) == nil)
        }
        #expect(streams.headers(1, ends: true) == .streamClosed)
        #expect(streams.headers(5, ends: true) == .unexpectedStream)
    }
}
