"""The learned corrector: how its weights in `qa/weights` are trained, converted and measured (see models/README.md)."""
