import Gateway
import NIOCore
import Testing

@Suite struct FrameMeterTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private var limits: TransportLimits {
        var limits = TransportLimits()
        limits.controlFrames = .init(burst: 10, perSecond: 1)
        limits.streamErrors = .init(burst: 10, perSecond: 1)
        limits.continuationFrames = 2
        return limits
    }

    private static func frame(
        _ kind: UInt8, flags: UInt8 = 0, _ payload: [UInt8] = []
    ) -> [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags]
            + [0, 0, 0, 1] + payload
    }

    /// Gives the bytes in pieces of a size.
    private func take(
        _ bytes: [UInt8], into meter: inout FrameMeter, pieces: Int = .max,
        at now: NIODeadline = start
    ) -> Limit? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            if let limit = piece.withUnsafeBytes({ meter.take($0, at: now) }) { return limit }
        }
        return nil
    }

    @Test(
        "each kind of frame that asks for work and brings nothing is counted",
        arguments: [
            0, 2, 3, 4, 6, 7, 8, 16, 250,
        ] as [UInt8])
    func floods(kind: UInt8) {
        var meter = FrameMeter(limits)
        let frame = Self.frame(kind)
        #expect(take(Self.preface, into: &meter) == nil)
        for _ in 0..<10 { #expect(take(frame, into: &meter) == nil) }
        #expect(take(frame, into: &meter) == .controlFrames)
    }

    @Test func bodiesAndTheirEndsAreNotCounted() {
        var meter = FrameMeter(limits)
        var bytes = Self.preface
        for _ in 0..<1_000 {
            bytes += Self.frame(0, [1]) + Self.frame(0, flags: 1)
        }
        for size in [1, 2, 7, 9, 10, 4096] {
            var again = meter
            #expect(take(bytes, into: &again, pieces: size) == nil)
            #expect(!again.isWithinHead)
        }
        #expect(take(bytes, into: &meter) == nil)
    }

    @Test func requestsAndSentFramesRefillTheBudget() {
        var meter = FrameMeter(limits)
        #expect(take(Self.preface, into: &meter) == nil)
        for _ in 0..<100 {
            #expect(take(Self.frame(1, flags: 4, [0x82]), into: &meter) == nil)
            for _ in 0..<4 { #expect(take(Self.frame(8, [0, 0, 0, 1]), into: &meter) == nil) }
            meter.sent(1)
            for _ in 0..<2 { #expect(take(Self.frame(8, [0, 0, 0, 1]), into: &meter) == nil) }
        }
    }

    @Test func framesCutSmallByAClosedWindowAreCounted() {
        var meter = FrameMeter(limits)
        let limits = (0..<11).map { _ in meter.dribbled(1, at: Self.start) }
        #expect(limits == Array(repeating: nil, count: 10) + [.controlFrames])
    }

    @Test func longSettingsCountForMore() {
        var meter = FrameMeter(limits)
        let settings = Self.frame(4, [UInt8](repeating: 0, count: 256 * 9))
        #expect(take(Self.preface + settings, into: &meter) == nil)
        #expect(take(settings, into: &meter) == .controlFrames)
    }

    @Test func aHeaderBlockHasFewContinuations() {
        var meter = FrameMeter(limits)
        #expect(take(Self.preface + Self.frame(1, [0x82]), into: &meter) == nil)
        #expect(meter.isWithinHead)
        #expect(take(Self.frame(9, [0x84]), into: &meter) == nil)
        #expect(take(Self.frame(9, [0x84]), into: &meter) == nil)
        #expect(take(Self.frame(9, [0x84]), into: &meter) == .continuationFrames)
        // The next block begins anew.
        var other = FrameMeter(limits)
        #expect(take(Self.preface, into: &other) == nil)
        for _ in 0..<5 {
            let block = Self.frame(1, [0x82]) + Self.frame(9, [0x84]) + Self.frame(9, flags: 4)
            #expect(take(block, into: &other) == nil)
            #expect(!other.isWithinHead)
        }
    }

    @Test func itIsKnownWhatTheClientHasBegunAndNotCompleted() {
        var meter = FrameMeter(limits)
        #expect(meter.isWithinHead)
        #expect(take(Self.preface, into: &meter) == nil)
        #expect(!meter.isWithinHead)
        for count in 1..<9 {
            var part = meter
            #expect(take(Array(Self.frame(1, [1, 2]).prefix(count)), into: &part) == nil)
            #expect(part.isWithinHead)
        }
        // A part of a body is for the body's own limits.
        #expect(take(Array(Self.frame(0, [1, 2]).prefix(10)), into: &meter) == nil)
        #expect(!meter.isWithinHead)
        #expect(take([9], into: &meter) == nil)

        // A block that comes in many frames is one thing that was begun.
        #expect(take(Self.frame(1, [1]), into: &meter) == nil)
        let begun = meter.begun
        #expect(take(Self.frame(9, [1]) + [0, 0], into: &meter) == nil)
        #expect(meter.begun == begun && meter.isWithinHead)
    }

    @Test func errorsOfStreamsAreCountedByWhatTheyCost() {
        var meter = FrameMeter(limits)
        let limits = [
            meter.streamError(FrameMeter.costOfRefusedHead, at: Self.start),
            meter.streamError(at: Self.start),
            meter.streamError(at: Self.start + .seconds(5)),
        ]
        #expect(limits == [nil, .streamErrors, nil])
    }

    @Test("resets by the client are errors of streams, whatever their code", arguments: [0, 8])
    func resets(code: UInt8) {
        var limits = limits
        limits.controlFrames = .init(burst: 100, perSecond: 1)
        var meter = FrameMeter(limits)
        #expect(take(Self.preface, into: &meter) == nil)
        let reset = Self.frame(3, [0, 0, 0, code])
        for _ in 0..<10 { #expect(take(reset, into: &meter) == nil) }
        #expect(take(reset, into: &meter) == .streamErrors)
    }
}
