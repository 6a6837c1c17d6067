/* The entries of an fc_ops table in terms of OP(name); no include guard. */
OP(init), OP(clear), OP(set), OP(set_si), OP(set_d), OP(set_mpfr), OP(set_mpq),
    OP(set_inf), OP(set_pi), OP(set_interval),

    OP(neg), OP(abs), OP(inv), OP(sqr), OP(sqrt), OP(exp), OP(expm1), OP(log),
    OP(log1p), OP(sin), OP(cos), OP(sin_pi), OP(cos_pi), OP(tan), OP(atan),
    OP(erf), OP(erfc), OP(erfcx),

    OP(add), OP(sub), OP(mul), OP(div), OP(pow), OP(min), OP(max), OP(hull),
    OP(addmul), OP(submul), OP(dot),

    OP(add_si), OP(mul_si), OP(div_si), OP(mul_2exp_si), OP(pow_si),

    OP(lt), OP(le), OP(eq), OP(is_zero), OP(is_positive), OP(is_negative),
    OP(is_finite), OP(cmp_mid),

    OP(get_d), OP(get_mid), OP(get_rad), OP(get_enclosure),
