/// Holds a data directory for this process, until the last reference is gone.
public protocol StorageLock: AnyObject, Sendable {}
