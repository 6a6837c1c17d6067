/* The quantities that `flowcert eval` knows. */
#ifndef FC_TOOLS_COMMAND_QUANTITIES_H
#define FC_TOOLS_COMMAND_QUANTITIES_H

/* NAME, name, shape of the value, what it is (d is the dimension) */
#define FC_QUANTITY_LIST(X)                                                    \
  X(SCHEDULE, "schedule", "[4]", "a, b, a', b' at t")                          \
  X(DENSITY, "density", "[]", "p_t(x)")                                        \
  X(LOG_DENSITY, "log-density", "[]", "log p_t(x)")                            \
  X(SCORE, "score", "[d]", "gradient of log p_t at x")                         \
  X(POSTERIOR_MEAN, "posterior-mean", "[d]", "M = E[X_1 | X_t = x]")           \
  X(POSTERIOR_COVARIANCE, "posterior-covariance", "[d,d]",                     \
    "C = Cov(X_1 | X_t = x)")                                                  \
  X(VELOCITY, "velocity", "[d]", "v(t, x)")                                    \
  X(VELOCITY_JACOBIAN, "velocity-jacobian", "[d,d]",                           \
    "derivative of v in x at (t, x)")                                          \
  X(VELOCITY_LIPSCHITZ, "velocity-lipschitz", "[]",                            \
    "sup over all x of the largest eigenvalue of grad v(t, x)")                \
  X(VELOCITY_TIME_DERIVATIVE, "velocity-time-derivative", "[d]",               \
    "derivative of v in t at (t, x)")                                          \
  X(FLOW, "flow", "[d]", "X_{s,t}(x): where what is at x at s is at t")        \
  X(FLOW_JACOBIAN, "flow-jacobian", "[d,d]", "derivative of X_{s,t} at x")     \
  X(FLOW_LIPSCHITZ, "flow-lipschitz", "[]",                                    \
    "sup over all x of |grad X_{s,t}(x)|")                                     \
  X(CDF, "cdf", "[]", "distribution function of p_t at x (d = 1)")             \
  X(QUANTILE, "quantile", "[]",                                                \
    "quantile of p_t at the probability x (d = 1)")                            \
  X(BOUND, "bound", "[]", "what the claim given by --claim bounds by at t")    \
  X(CONSTANTS, "constants", "object", "class constants with provenance")

#define X(NAME, name, shape, help) FC_QUANTITY_##NAME,
typedef enum fc_quantity { FC_QUANTITY_LIST(X) FC_QUANTITY_COUNT } fc_quantity;
#undef X

#endif
