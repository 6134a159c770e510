import Testing
import tally

@Suite struct ColumnsTests {
    @Test func sizesAreRoundedAndExact() {
        #expect(ByteCount.short(0) == "0 bytes")
        #expect(ByteCount.short(1) == "1 byte")
        #expect(ByteCount.short(1023) == "1023 bytes")
        #expect(ByteCount.short(1024) == "1.0 KiB")
        #expect(ByteCount.short(64 << 20) == "64.0 MiB")
        #expect(ByteCount.short((1 << 20) - 1) == "1.0 MiB")
        #expect(ByteCount.short(3 << 50) == "3,072.0 TiB")
        #expect(ByteCount.exact(48) == "48 bytes")
        #expect(ByteCount.exact(12_897_280) == "12.3 MiB (12,897,280 bytes)")
    }

    @Test func columnsAreAsWideAsWhatStandsInThem() {
        var columns = Columns(("from", .right), ("name", .left), ("n", .right))
        columns.add("1", "a", "12,345")
        columns.add("1,234,567", "longer", "6")
        #expect(
            columns.lines(.output).map(plain) == [
                "       from  name         n",
                "          1  a       12,345",
                "  1,234,567  longer       6",
            ])
    }

    @Test func nothingStandsBehindTheLastCell() {
        var columns = Columns(("a", .left), ("b", .left))
        columns.add("x", "")
        columns.add("y", "long")
        #expect(columns.lines(.output).map(plain) == ["  a  b", "  x", "  y  long"])
    }

    /// Without the styles of a terminal that the tests may run in.
    private func plain(_ line: String) -> String {
        line.replacing("\u{1b}[2m", with: "").replacing("\u{1b}[0m", with: "")
    }
}
