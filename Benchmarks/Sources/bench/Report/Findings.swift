/// What a measurement found.
struct Findings {
    var rows: [Row] = []
    /// How the load was made and what else belongs to the figures: one paragraph each, Markdown.
    var method: [String] = []
}
