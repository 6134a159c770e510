import TallyActors

/// A batch of one stream on its way through the service, and what is needed to answer for it.
struct LineBatch {
    var content: BatchLines
    /// The last line that is decided by this batch or an earlier one.
    var lastLine: UInt64 = 0
    /// Body bytes to give back to the stream's window when the batch is applied.
    var bytes = 0

    init(commands: CommandBatch) {
        content = BatchLines(batch: commands)
    }

    var commands: CommandBatch { content.batch }

    /// How many more lines it takes.
    var room: Int { commands.capacity - commands.count - content.refusals.count }
}
