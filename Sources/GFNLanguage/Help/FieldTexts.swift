/// What the fields of results mean, for `help WORD`.
enum FieldTexts {
  static let all: [(name: String, text: String)] = [
    ("step", "training steps taken since 'env' or 'reset'"),
    (
      "loss",
      "the objective on the step's batch: for tb, subtb and moddb a mean squared residual, for db their "
        + "sum over each trajectory's steps, for fm the mean squared imbalances, for vargrad the variance "
        + "of log R + log P_B − log P_F, for rl, trpo and ppo J_F"
    ),
    (
      "log_z",
      "the learned log Z: a parameter (tb, rl, trpo, ppo), log F(s0) (db, subtb, fm), the last batch's mean "
        + "of log R + log P_B − log P_F (vargrad), none (moddb)"
    ),
    ("log_z_exact", "log Σ R(x) over all objects"),
    ("log_z_error", "|log_z − log_z_exact|"),
    ("grad_norm", "Euclidean norm of π_F's gradient, before any clip"),
    ("entropy", "mean entropy of π_F over the steps of the batch, in nats"),
    ("length", "mean number of actions before exit"),
    ("mean_reward", "mean R(x): of the batch in 'train', under P_F in 'evaluate'"),
    ("mean_reward_se", "standard error of mean_reward"),
    ("mean_log_reward", "mean log R(x), where R is an exponential (bayesnet), unclipped"),
    ("evaluations", "rewards of sampled objects that training has asked for"),
    (
      "guide_evaluations",
      "rewards that a guide (RL-G's on grids) or an objective read beside those of the sampled objects"
    ),
    ("distinct_rewards", "distinct states whose reward was asked for, by sampling or by a guide"),
    (
      "seconds",
      "wall-clock time since the command began, in 'compare' of the training steps alone; left out of "
        + "text in a pipe"
    ),
    ("csv", "the CSV file that 'log' writes to"),
    ("jsonl", "the file of JSON lines that 'log' writes to"),
    ("tensorboard", "the folder of TensorBoard's files that 'log' writes to"),
    ("tv", "total variation ½ Σ |P_F − P*|, exact"),
    ("states", "how many states the environment has, terminating or not"),
    ("jsd", "Jensen–Shannon divergence of P_F and P*, in nats, exact"),
    ("kl_target", "KL(P* ‖ P_F), in nats, exact"),
    ("kl_learned", "KL(P_F ‖ P*), in nats, exact"),
    ("accuracy", "min(E_{P_F}[R] / E_{P*}[R], 1), the paper's mean-reward accuracy"),
    ("tv_sampled", "½ Σ |count/N − P*| of N samples; compare it with tv_noise_floor only"),
    ("tv_noise_floor", "the tv_sampled that a perfect sampler shows at the same N"),
    ("elbo", "mean of log R + log P_B − log P_F over trajectories of π_F: at most log Z*"),
    ("elbo_se", "standard error of elbo"),
    ("eubo", "the same mean over x ~ P*, trajectories backward with π_B: at least log Z*"),
    ("eubo_se", "standard error of eubo"),
    ("mean_log_reward", "mean log R(x) under P_F, not clipped"),
    ("mean_log_reward_se", "standard error of mean_log_reward"),
    ("top_k", "the k best distinct sampled objects, or how many there were"),
    ("top_k_reward", "mean R of the k best distinct sampled objects"),
    ("top_k_reward_se", "its standard error, by a jackknife over ten groups of the sample"),
    ("top_k_log_reward", "mean log R of the k best distinct sampled objects"),
    ("top_k_log_reward_se", "its standard error, by a jackknife over ten groups of the sample"),
    (
      "top_k_diversity",
      "mean share of cells in which two of the k best differ (Hamming distance / cells)"
    ),
    ("top_k_diversity_se", "its standard error, by a jackknife over ten groups of the sample"),
    ("heldout", "distinct held-out objects whose P_F was estimated backward"),
    ("spearman", "rank correlation of log R and the estimated log P_F over the held-out set"),
    ("spearman_se", "its standard error, √(1 + ρ²/2) (1 − ρ²)/√(n − 3) (Bonett & Wright 2000)"),
    ("pearson", "correlation of log R and the estimated log P_F over the held-out set"),
    ("pearson_se", "its standard error by Fisher's z, (1 − r²)/√(n − 3)"),
    ("tv_heldout", "½ Σ |P_F − R| over the held-out set, both renormalised to it"),
    (
      "tv_heldout_floor",
      "the tv_heldout that a perfect policy shows with estimates as noisy as these"
    ),
    ("modes_found", "modes among the objects sampled in training"),
    ("regions_found", "corners of the grid in which a mode was sampled in training"),
    ("states_visited", "distinct states, terminating or not, met in training"),
    ("step_accepted", "1 where the trust region's line search accepted a step, else 0"),
    ("trajectory", "which trajectory of the batch, from 0"),
    ("log_z_before", "log Z before the step"),
    (
      "not_finite",
      "what is infinite or undefined in a step that was not taken: quantity, how many of how many"
    ),
    (
      "norm_pf",
      "Euclidean norm of the gradient of π_F, before any clip; norm_pb: of π_B, and so on"
    ),
    (
      "moved_pf",
      "Euclidean norm of the step's change of π_F's parameters; moved_pb: of π_B's, and so on"
    ),
    ("pf", "π_F(action|state), the forward policy"),
    ("pb", "π_B(action|state), the backward policy"),
    ("log_pf", "log π_F of an action; of a trajectory the sum"),
    ("log_pb", "log π_B of undoing a step, 0 at exit; of a trajectory the sum"),
    ("log_reward", "log R(x); in 'trace' as training sees it, clipped from below"),
    (
      "r",
      "the policy-dependent reward r_t = log π_F − log π_B, at exit log π_F − log R + log Z: a cost"
    ),
    ("v", "the critic V(s): the expected sum of the rewards r_t still to come"),
    ("advantage", "the λ-advantage A_t of an action: how much dearer it is than V says"),
    ("total", "Σ r_t of the trajectory"),
    (
      "j_f",
      "J_F = KL(P_F ‖ P_B R/Z*) + log Z − log Z*: in 'gradient' the batch mean of Σ r_t, else exact"
    ),
    ("holds", "no identity of 'verify' failed"),
    ("verdict", "holds, fails, or – for a figure of which nothing is claimed"),
    ("tolerance", "what rounding or sampling (5 standard errors) may make of the difference"),
    ("baseline", "what is subtracted from the costs to come: none, the critic, or exact V_F"),
    ("variance", "trace of the covariance of one batch's gradient of π_F's parameters"),
    ("norm", "norm of the mean gradient over the batches"),
    ("bias", "‖mean gradient − ∇J_F‖; compare it with noise"),
    ("noise", "√(variance/batches), what bias shows of an estimator without any"),
    ("cosine", "cosine of the mean gradient with the exact ∇J_F"),
    ("batch_cosine", "mean cosine of single batches' gradients with the exact ∇J_F"),
    ("norm_exact", "‖∇J_F‖, exact"),
    ("batches", "batches that all estimators saw alike"),
    (
      "critic_loss",
      "the critic's squared error, summed over steps, mean over trajectories; with critic=subeb the "
        + "weighted square of the partial episodes' residuals"
    ),
    ("grad_log_z", "∂loss/∂log Z"),
    ("visits", "states that the batch's trajectories visit, each as often as it is visited"),
    ("distinct_states", "the same, each once: what goes through the networks"),
    ("visiting", "the exact probability that a trajectory passes through the state"),
    ("log_flow", "log F(s), learned (db, subtb, fm); in 'inspect' else log Z + log visiting"),
    ("norm_log_state_flow", "Euclidean norm of the gradient of log F(s)"),
    ("norm_log_edge_flow", "Euclidean norm of the gradient of the log F(s → s') of flow matching"),
    ("error", "P_F(x) − P*(x), in 'top'; by=error sorts by its size"),
    ("target", "P*(x) = R(x)/Z*, in 'top'; of an edge, in 'edges'"),
    ("learned", "P_F(x), the learned distribution, in 'top'; P(cause → effect) in 'edges'"),
    ("draws", "how often an object was drawn, in 'top samples='"),
    ("cause", "the variable an edge comes from"),
    ("effect", "the variable an edge leads to"),
    ("learned_se", "standard error of a sampled edge probability"),
    ("truth", "1 where the true graph has the edge, else 0"),
    ("best", "the graph with the greatest reward: of all, or of those drawn"),
    ("expected_edges", "the sum of the learned edge probabilities"),
    (
      "shd",
      "pairs of variables between which the graph of learned > 0.5 and the truth differ: missing, "
        + "superfluous and reversed edges count 1 each"
    ),
    ("shd_best", "the same distance for the best graph"),
    (
      "auroc",
      "the probability that a true edge has a greater learned probability than a pair without one; "
        + "ties count half"
    ),
  ]
}

extension FieldTexts {
  /// What a statistic of a field is called, by the suffix of its name.
  private static let statistics: [(suffix: String, text: String)] = [
    ("_sd", "standard deviation, over n − 1, of"),
    ("_mean", "mean of"),
    ("_n", "how many numbers there were of"),
  ]

  /// The text of a field, or of the mean or deviation of one that `compare` or `summary` makes.
  static func text(on name: String) -> String? {
    if let field = all.first(where: { $0.name == name }) { return field.text }
    for (suffix, text) in statistics where name.hasSuffix(suffix) {
      let base = String(name.dropLast(suffix.count))
      if let field = all.first(where: { $0.name == base }) {
        return "\(text) \(base): \(field.text)"
      }
    }
    return nil
  }
}
