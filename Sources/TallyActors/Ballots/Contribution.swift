/// What one vote adds to the counts of its proposal: 1 to an option, and to the option behind it the
/// points, if it gives any.
struct Contribution: BitwiseCopyable {
    var optionCount: Int
    var option: Int
    /// At least 1 where votes give points, else 0.
    var points: Int64
}
