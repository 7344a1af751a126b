import GFNCore
package import GFNLanguage

extension FieldText {
  /// What the fields of the core's results mean.
  package static let science: [FieldText] =
    explained
    + Measure.all.filter { measure in !explained.contains { $0.name == measure.name } }
    .map { FieldText($0.name, $0.help) }

  /// What needs more words than a measure's help, and what is none.
  private static let explained: [FieldText] = [
    FieldText("step", "training steps taken since 'env' or 'reset'"),
    FieldText(
      "loss",
      "the objective on the step's batch: for tb, subtb and moddb a mean squared residual, for db their "
        + "sum over each trajectory's steps, for fm the mean squared imbalances, for vargrad the variance "
        + "of log R + log P_B − log P_F, for rl, trpo and ppo J_F"),
    FieldText(
      "log_z",
      "the learned log Z: a parameter (tb, rl, trpo, ppo), log F(s0) (db, subtb, fm), the last batch's mean "
        + "of log R + log P_B − log P_F (vargrad), none (moddb)"),
    FieldText("log_z_exact", "log Σ R(x) over all objects"),
    FieldText("log_z_error", "|log_z − log_z_exact|"),
    FieldText("grad_norm", "Euclidean norm of π_F's gradient, before any clip"),
    FieldText("entropy", "mean entropy of π_F over the steps of the batch, in nats"),
    FieldText("length", "mean number of actions before exit"),
    FieldText("mean_reward", "mean R(x): of the batch in 'train', under P_F in 'evaluate'"),
    FieldText("mean_reward_se", "standard error of mean_reward"),
    FieldText("mean_log_reward", "mean log R(x), where R is an exponential (bayesnet), unclipped"),
    FieldText("exact_figures", "which of the figures are exact"),
    FieldText("estimated_figures", "which of the figures are estimates from samples"),
    FieldText(
      "program_evaluations", "objects that the program itself has scored, without those kept"),
    FieldText("evaluations", "rewards of sampled objects that training has asked for"),
    FieldText(
      "guide_evaluations",
      "rewards that a guide (RL-G's on grids) or an objective read beside those of the sampled objects"
    ),
    FieldText(
      "distinct_rewards", "distinct states whose reward was asked for, by sampling or by a guide"),
    FieldText(
      "seconds",
      "wall-clock time since the command began, in 'compare' of the training steps alone; left out of "
        + "text in a pipe"),
    FieldText("csv", "the CSV file that 'log' writes to"),
    FieldText("jsonl", "the file of JSON lines that 'log' writes to"),
    FieldText("tensorboard", "the folder of TensorBoard's files that 'log' writes to"),
    FieldText("tv", "total variation ½ Σ |P_F − P*|, exact"),
    FieldText("states", "how many states the environment has, terminating or not"),
    FieldText("jsd", "Jensen–Shannon divergence of P_F and P*, in nats, exact"),
    FieldText("kl_target", "KL(P* ‖ P_F), in nats, exact"),
    FieldText("kl_learned", "KL(P_F ‖ P*), in nats, exact"),
    FieldText("accuracy", "min(E_{P_F}[R] / E_{P*}[R], 1), the paper's mean-reward accuracy"),
    FieldText("tv_sampled", "½ Σ |count/N − P*| of N samples; compare it with tv_noise_floor only"),
    FieldText("tv_noise_floor", "the tv_sampled that a perfect sampler shows at the same N"),
    FieldText("elbo", "mean of log R + log P_B − log P_F over trajectories of π_F: at most log Z*"),
    FieldText("elbo_se", "standard error of elbo"),
    FieldText("eubo", "the same mean over x ~ P*, trajectories backward with π_B: at least log Z*"),
    FieldText("eubo_se", "standard error of eubo"),
    FieldText("mean_log_reward", "mean log R(x) under P_F, not clipped"),
    FieldText("mean_log_reward_se", "standard error of mean_log_reward"),
    FieldText("top_k", "the k best distinct sampled objects, or how many there were"),
    FieldText("top_k_reward", "mean R of the k best distinct sampled objects"),
    FieldText(
      "top_k_reward_se", "its standard error, by a jackknife over ten groups of the sample"),
    FieldText("top_k_log_reward", "mean log R of the k best distinct sampled objects"),
    FieldText(
      "top_k_log_reward_se", "its standard error, by a jackknife over ten groups of the sample"),
    FieldText(
      "top_k_diversity",
      "mean share of cells in which two of the k best differ (Hamming distance / cells)"),
    FieldText(
      "top_k_diversity_se", "its standard error, by a jackknife over ten groups of the sample"),
    FieldText("heldout", "distinct held-out objects whose P_F was estimated backward"),
    FieldText(
      "spearman", "rank correlation of log R and the estimated log P_F over the held-out set"),
    FieldText(
      "spearman_se", "its standard error, √(1 + ρ²/2) (1 − ρ²)/√(n − 3) (Bonett & Wright 2000)"),
    FieldText("pearson", "correlation of log R and the estimated log P_F over the held-out set"),
    FieldText("pearson_se", "its standard error by Fisher's z, (1 − r²)/√(n − 3)"),
    FieldText("tv_heldout", "½ Σ |P_F − R| over the held-out set, both renormalised to it"),
    FieldText(
      "tv_heldout_floor",
      "the tv_heldout that a perfect policy shows with estimates as noisy as these"),
    FieldText("modes_found", "modes among the objects sampled in training"),
    FieldText("regions_found", "corners of the grid in which a mode was sampled in training"),
    FieldText("states_visited", "distinct states, terminating or not, met in training"),
    FieldText("step_accepted", "1 where the trust region's line search accepted a step, else 0"),
    FieldText("trajectory", "which trajectory of the batch, from 0"),
    FieldText("log_z_before", "log Z before the step"),
    FieldText(
      "not_finite",
      "what is infinite or undefined in a step that was not taken: quantity, how many of how many"),
    FieldText(
      "norm_pf",
      "Euclidean norm of the gradient of π_F, before any clip; norm_pb: of π_B, and so on"),
    FieldText(
      "moved_pf",
      "Euclidean norm of the step's change of π_F's parameters; moved_pb: of π_B's, and so on"),
    FieldText("pf", "π_F(action|state), the forward policy"),
    FieldText("pb", "π_B(action|state), the backward policy"),
    FieldText("log_pf", "log π_F of an action; of a trajectory the sum"),
    FieldText("log_pb", "log π_B of undoing a step, 0 at exit; of a trajectory the sum"),
    FieldText("log_reward", "log R(x); in 'trace' as training sees it, clipped from below"),
    FieldText(
      "r",
      "the policy-dependent reward r_t = log π_F − log π_B, at exit log π_F − log R + log Z: a cost"
    ),
    FieldText("v", "the critic V(s): the expected sum of the rewards r_t still to come"),
    FieldText("advantage", "the λ-advantage A_t of an action: how much dearer it is than V says"),
    FieldText("total", "Σ r_t of the trajectory"),
    FieldText(
      "j_f",
      "J_F = KL(P_F ‖ P_B R/Z*) + log Z − log Z*: in 'gradient' the batch mean of Σ r_t, else exact"
    ),
    FieldText("holds", "no identity of 'verify' failed"),
    FieldText("verdict", "holds, fails, or – for a figure of which nothing is claimed"),
    FieldText(
      "tolerance", "what rounding or sampling (5 standard errors) may make of the difference"),
    FieldText(
      "baseline", "what is subtracted from the costs to come: none, the critic, or exact V_F"),
    FieldText("variance", "trace of the covariance of one batch's gradient of π_F's parameters"),
    FieldText("norm", "norm of the mean gradient over the batches"),
    FieldText("bias", "‖mean gradient − ∇J_F‖; compare it with noise"),
    FieldText("noise", "√(variance/batches), what bias shows of an estimator without any"),
    FieldText("cosine", "cosine of the mean gradient with the exact ∇J_F"),
    FieldText("batch_cosine", "mean cosine of single batches' gradients with the exact ∇J_F"),
    FieldText("norm_exact", "‖∇J_F‖, exact"),
    FieldText("batches", "batches that all estimators saw alike"),
    FieldText(
      "critic_loss",
      "the critic's squared error, summed over steps, mean over trajectories; with critic=subeb the "
        + "weighted square of the partial episodes' residuals"),
    FieldText("grad_log_z", "∂loss/∂log Z"),
    FieldText(
      "visits", "states that the batch's trajectories visit, each as often as it is visited"),
    FieldText("distinct_states", "the same, each once: what goes through the networks"),
    FieldText("visiting", "the exact probability that a trajectory passes through the state"),
    FieldText(
      "log_flow", "log F(s), learned (db, subtb, fm); in 'inspect' else log Z + log visiting"),
    FieldText("norm_log_state_flow", "Euclidean norm of the gradient of log F(s)"),
    FieldText(
      "norm_log_edge_flow", "Euclidean norm of the gradient of the log F(s → s') of flow matching"),
    FieldText("error", "P_F(x) − P*(x), in 'top'; by=error sorts by its size"),
    FieldText("target", "P*(x) = R(x)/Z*, in 'top'; of an edge, in 'edges'"),
    FieldText(
      "learned", "P_F(x), the learned distribution, in 'top'; P(cause → effect) in 'edges'"),
    FieldText("draws", "how often an object was drawn, in 'top samples='"),
    FieldText("cause", "the variable an edge comes from"),
    FieldText("effect", "the variable an edge leads to"),
    FieldText("learned_se", "standard error of a sampled edge probability"),
    FieldText("truth", "1 where the true graph has the edge, else 0"),
    FieldText("best", "the graph with the greatest reward: of all, or of those drawn"),
    FieldText("expected_edges", "the sum of the learned edge probabilities"),
    FieldText(
      "shd",
      "pairs of variables between which the graph of learned > 0.5 and the truth differ: missing, "
        + "superfluous and reversed edges count 1 each"),
    FieldText("shd_best", "the same distance for the best graph"),
    FieldText(
      "auroc",
      "the probability that a true edge has a greater learned probability than a pair without one; "
        + "ties count half"),
  ]
}
