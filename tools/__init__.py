"""What set-up, runs, figures and the benchmark are made of; not part of the product."""
