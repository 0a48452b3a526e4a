"""Tests of `examples/`: what other packages and code locations build on this one."""
