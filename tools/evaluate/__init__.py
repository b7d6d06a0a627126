"""How well questions are understood and answered: `make evaluate`, one package for every figure of the kind."""
