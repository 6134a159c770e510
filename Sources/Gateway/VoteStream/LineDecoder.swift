/// Cuts a stream into lines, wherever its chunks begin and end, and lets a grammar read them.
///
/// Lines are read where they lie; only one that a chunk's end cuts (or nearly so: the grammar reads
/// sixteen bytes at once) is copied first. Nothing is allocated for a line that was not also
/// allocated for an earlier one.
package struct LineDecoder<Grammar: LineGrammar> {
    /// The longest line in bytes, without its newline.
    package static var maximumLineLength: Int { 64 * 1024 }

    /// Bytes behind a line's newline that a grammar may read.
    private static var slack: Int { PlainRun.width - 1 }

    var grammar: Grammar
    /// The lines that are decided: accepted, refused or blank.
    package private(set) var lineCount: UInt64 = 0
    /// Of these, the ones that were not of the usual shape.
    package private(set) var unusualLineCount: UInt64 = 0
    /// The beginning of a line whose end has not arrived yet.
    private var partial: [UInt8] = []
    /// Within a line that is too long and already refused.
    private var isSkipping = false

    init(grammar: Grammar) {
        self.grammar = grammar
    }

    /// Decodes what has arrived.
    ///
    /// - Parameter limit: after so many accepted and refused lines it stops, to bound what is in
    ///   flight and what is to be answered.
    /// - Returns: how many of the bytes are done with; all, unless the limit was met. The others
    ///   are to be given again, with what follows them.
    mutating func decodeLines<Sink: LineSink>(
        _ bytes: UnsafeRawBufferPointer, limit: Int, into sink: inout Sink
    ) -> Int {
        var offset = 0
        var allowance = limit
        while offset < bytes.count, allowance > 0 {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            if isSkipping {
                offset += skip(rest)
            } else if partial.isEmpty, case let end = readableEnd(of: rest), end > 0 {
                offset += decodeInPlace(rest, end: end, allowance: &allowance, into: &sink)
            } else {
                offset += gather(rest, allowance: &allowance, into: &sink)
            }
        }
        return offset
    }

    /// Decodes a last line that has no newline. Everything before it must have been decoded, and
    /// the sink must take one more line.
    package mutating func finish<Sink: LineSink>(into sink: inout Sink) {
        guard !partial.isEmpty else { return }
        var allowance = 1
        decodePartial(allowance: &allowance, into: &sink)
    }

    /// Behind the last newline that has the slack after it; 0 when there is none.
    private func readableEnd(of bytes: UnsafeRawBufferPointer) -> Int {
        var end = bytes.count - Self.slack
        while end > 0, bytes[end - 1] != UInt8(ascii: "\n") { end -= 1 }
        return max(end, 0)
    }

    /// Decodes the whole lines before `end`, which stands behind a newline.
    private mutating func decodeInPlace<Sink: LineSink>(
        _ bytes: UnsafeRawBufferPointer, end: Int, allowance: inout Int, into sink: inout Sink
    ) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var reading = LineReading.refused(.malformed)
        var offset = 0
        while offset < end, allowance > 0 {
            let start = base + offset
            if let next = grammar.readUsual(start, into: &reading),
                next - start <= Self.maximumLineLength + 1
            {
                offset += next - start
                deliver(reading, allowance: &allowance, into: &sink)
                continue
            }
            let rest = UnsafeRawBufferPointer(start: start, count: end - offset)
            guard let length = ByteMask.firstNewline(in: rest) else {
                preconditionFailure("whole lines end with a newline")
            }
            let line = UnsafeRawBufferPointer(start: start, count: length)
            decodeUnusual(line, allowance: &allowance, into: &sink)
            offset += length + 1
        }
        return offset
    }

    /// Adds to the partial line, and decodes it when its end is there.
    private mutating func gather<Sink: LineSink>(
        _ bytes: UnsafeRawBufferPointer, allowance: inout Int, into sink: inout Sink
    ) -> Int {
        let newline = ByteMask.firstNewline(in: bytes)
        let length = newline ?? bytes.count
        if partial.count + length > Self.maximumLineLength {
            partial.removeAll(keepingCapacity: true)
            isSkipping = newline == nil
            deliver(.refused(.tooLarge), allowance: &allowance, into: &sink)
            return newline.map { $0 + 1 } ?? length
        }
        partial.append(contentsOf: bytes[..<length])
        guard newline != nil else { return length }
        decodePartial(allowance: &allowance, into: &sink)
        return length + 1
    }

    private mutating func decodePartial<Sink: LineSink>(
        allowance: inout Int, into sink: inout Sink
    ) {
        // Taken out while it is read, so that reading it may change everything else.
        var whole: [UInt8] = []
        swap(&whole, &partial)
        let length = whole.count
        whole.append(UInt8(ascii: "\n"))
        for _ in 0..<Self.slack { whole.append(0) }
        whole.withUnsafeBytes { bytes in
            var reading = LineReading.refused(.malformed)
            if let start = bytes.baseAddress, grammar.readUsual(start, into: &reading) != nil {
                deliver(reading, allowance: &allowance, into: &sink)
            } else {
                decodeUnusual(
                    UnsafeRawBufferPointer(rebasing: bytes[..<length]), allowance: &allowance,
                    into: &sink)
            }
        }
        whole.removeAll(keepingCapacity: true)
        swap(&whole, &partial)
    }

    @inline(never)
    private mutating func decodeUnusual<Sink: LineSink>(
        _ line: UnsafeRawBufferPointer, allowance: inout Int, into sink: inout Sink
    ) {
        unusualLineCount += 1
        if line.count > Self.maximumLineLength {
            deliver(.refused(.tooLarge), allowance: &allowance, into: &sink)
        } else if isBlank(line) {
            lineCount += 1
        } else {
            deliver(grammar.readAny(line), allowance: &allowance, into: &sink)
        }
    }

    @inline(__always)
    private mutating func deliver<Sink: LineSink>(
        _ reading: LineReading, allowance: inout Int, into sink: inout Sink
    ) {
        lineCount += 1
        allowance -= 1
        switch reading {
        case .command(let command): sink.accept(command, line: lineCount)
        case .ballot(let account, let phase):
            sink.accept(
                ballot: grammar.ballotVotes, of: account, in: phase, line: lineCount)
        case .refused(let refusal): sink.refuse(line: lineCount, with: refusal)
        }
    }

    private mutating func skip(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let newline = ByteMask.firstNewline(in: bytes) else { return bytes.count }
        isSkipping = false
        return newline + 1
    }

    private func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
