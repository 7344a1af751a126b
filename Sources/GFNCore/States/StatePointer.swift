/// The cells of one state. What they mean is the environment's business.
package typealias StatePointer = UnsafePointer<Int32>
package typealias MutableStatePointer = UnsafeMutablePointer<Int32>
