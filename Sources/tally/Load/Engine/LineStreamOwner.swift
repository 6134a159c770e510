/// Whose lines a `LineStream` sends.
protocol LineStreamOwner: AnyObject {
    /// The stream takes more, or more is acknowledged, or all is.
    func goOn()
    func failed(_ failure: LoadFailure)
}
