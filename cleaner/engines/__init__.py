"""Ways to run one pure function over many batches; results come in the order of the batches."""
