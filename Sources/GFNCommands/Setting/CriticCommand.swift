import GFNCore
import GFNLanguage

extension CommandSpec {
  static let critic = network(
    "critic", "shape the critics",
    "Two hidden layers of 256 ReLU units unless said otherwise. A critic whose shape changes starts anew, all "
      + "else goes on.",
    CommandExample("critic layers=2 hidden=64", "a smaller critic"),
    { $0.critic }, { $0.critic = $1 })
}
