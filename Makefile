# `make bench` prints how fast Toprail is; scripts/test and .ci/run are the rest.
.PHONY: bench
bench:
	scripts/bench
